/**
 * The end of a part: the episode ends, the conversation closes, and one rating is asked for the last person's part,
 * else the bot's; every other part in which something was said can be rated by a citizen who looks for it. All of
 * it is voluntary and stays open for seven days.
 */
import { randomUUID } from 'node:crypto'
import { callsStore } from '../desk/calls.store.ts'
import { ratingsStore } from '../desk/ratings.store.ts'
import { reasonsStore } from '../desk/reasons.store.ts'
import type { CallerLetters } from './caller-letters.ts'
import { dialogStatesStore } from './dialog-states.store.ts'
import type { Dialogs } from './dialogs/script.ts'
import { episodesStore, type Episode } from './episodes.store.ts'
import type { Talk } from './open-lines.ts'
import { aboutOf } from './pending-ratings.ts'
import { endEpisode, moveTo } from './standing.ts'
import { wording } from './wording.ts'
import type { EpisodeEnd } from './tables.ts'
import { wordlessMattersStore } from './wordless-matters.store.ts'

/** As long as a ticket of the window's own page. */
const windowOpenMs = 30 * 60_000

export type Closing = ReturnType<typeof closing>
type ServedPart = Episode & { spoke: boolean }
type Asks = { rating: boolean; number?: string }
/** `ratedStaffId`: whoever was rated in that case, and is not to learn by whom. */
export type AboutCase = { caseId: string; ratedStaffId: string | undefined }

/** @param letters to callers who are gone; without them they are not asked. */
export function closing(dialogs: Dialogs, letters?: Pick<CallerLetters, 'mayRate' | 'rate' | 'ratePage' | 'forget'>) {
  /** Nobody is on the line: no card is said into it, and one link goes to the telephone. */
  async function askByLink(talk: Talk, parts: readonly ServedPart[], number: string | undefined): Promise<void> {
    const { conversation, tx, now } = talk
    const served = parts.find(({ kind }) => kind === 'agent') ?? parts.find(({ spoke }) => spoke)
    if (!served || !(await letters?.mayRate(talk, number))) return
    const ratingId = await ratingsStore(tx).ask({ episodeId: served.id, conversationId: conversation.id }, now)
    await letters?.rate(talk, ratingId, number)
    for (const part of parts) if (part !== served && part.spoke) await letRate(talk, part)
  }

  async function askRating(
    talk: Talk,
    episode: Episode,
    textOf: (ratingId: string) => string,
    about?: AboutCase,
  ): Promise<void> {
    const { conversation, tx, now } = talk
    const ratingId = await ratingsStore(tx).ask({ episodeId: episode.id, conversationId: conversation.id }, now)
    const reasons = await reasonsStore(tx).inForce()
    const begun = await dialogs.begin('rating', { ratingId, reasons }, now)
    const rating = { ratingId, ...(await aboutOf(tx, episode)) }
    const card = { text: textOf(ratingId), rating, choices: begun.said[0]?.choices, aboutCase: about?.caseId }
    await talk.line.say(card, { speaker: 'bot', hiddenFrom: about?.ratedStaffId })
    const states = dialogStatesStore(tx)
    // A dialog in the middle of its questions keeps its place; the card beside the conversation takes the rating.
    const isBusy = conversation.state === 'bot' && (await states.find(conversation.id)) !== undefined
    if (!isBusy) await states.keep(conversation.id, begun.state, now)
    talk.tell({ kind: 'rating-asked', conversationId: conversation.id, ...rating })
  }

  async function askForRatings(talk: Talk, number: string | undefined): Promise<void> {
    const { conversation, tx } = talk
    const asked = await ratingsStore(tx).askedAbout(conversation.id)
    const parts = await episodesStore(tx).servedSince(conversation.id, asked)
    if (conversation.channel === 'phone' && !(await callsStore(tx).isUp(conversation.id)))
      return askByLink(talk, parts, number)
    const last = parts.find((part) => part.kind === 'agent') ?? parts[0]
    const others = parts.filter((part) => part !== last && part.spoke)
    // The widget lists them; in WeChat a page of ours does.
    const isLinked = conversation.channel === 'wechat' && others.length > 0
    const textOf = (ratingId: string) => {
      const link = isLinked && letters?.ratePage(ratingId)
      return link ? wording.rateHint + wording.rateOthers(link) : wording.rateHint
    }
    if (last) await askRating(talk, last, textOf)
    for (const part of others) await letRate(talk, part)
  }

  async function letRate({ conversation, tx, now, tell }: Talk, episode: Episode): Promise<void> {
    const conversationId = conversation.id
    const ratingId = await ratingsStore(tx).ask({ episodeId: episode.id, conversationId }, now)
    tell({ kind: 'rating-asked', conversationId, ratingId, ...(await aboutOf(tx, episode)), quiet: true })
  }

  return {
    /**
     * Does nothing to a conversation that is closed already. Who has hung up is asked by a link.
     * @param asks whether anybody is asked at all, and of a caller who has just gone, their number
     */
    async end(talk: Talk, by: EpisodeEnd, told: string, asks: Asks = { rating: true }): Promise<void> {
      const { conversation, tx } = talk
      if (conversation.state === 'closed') return
      await endEpisode(talk, by)
      await moveTo(talk, 'closed')
      await talk.line.say({ text: told }, { speaker: by === 'goodbye' ? 'bot' : 'system' })
      if (asks.rating) await askForRatings(talk, asks.number)
      if (conversation.channel === 'phone') await letters?.forget(tx, conversation.id)
    },

    /** A visit to a window, rated by whoever scanned its code where they talk with us. */
    async rateWindow({ conversation, tx, now, line }: Talk, window: { id: string }, text: string): Promise<void> {
      const conversationId = conversation.id
      const episodeId = await wordlessMattersStore(tx).visitIn(conversationId, now)
      const asked = { id: randomUUID(), windowId: window.id, episodeId, conversationId }
      const closesAt = new Date(now.getTime() + windowOpenMs)
      await ratingsStore(tx).askAtWindow({ ...asked, closesAt }, now)
      const reasons = await reasonsStore(tx).inForce()
      const begun = await dialogs.begin('rating', { ratingId: asked.id, reasons }, now)
      await line.say({ text, choices: begun.said[0]?.choices }, { speaker: 'system' })
      await dialogStatesStore(tx).keep(conversationId, begun.state, now)
    },

    /** The handling of a case is a part of its own: the citizen is told what was put right and rates that. */
    async reportBack(
      talk: Talk,
      done: { number: string; remedy: string; ownerId: string } & AboutCase,
    ): Promise<string> {
      const { conversation, tx, now } = talk
      const episodes = episodesStore(tx)
      const id = await episodes.begin({ conversationId: conversation.id, kind: 'case', staffId: done.ownerId, now })
      await episodes.end(id, 'reported_back', now)
      const { number, remedy, caseId, ratedStaffId } = done
      const told = { text: wording.remedy(number, remedy), aboutCase: caseId }
      await talk.line.say(told, { speaker: 'system', hiddenFrom: ratedStaffId })
      const episode: Episode = {
        id,
        conversationId: conversation.id,
        kind: 'case',
        staffId: done.ownerId,
        startedAt: now,
      }
      await askRating(talk, episode, () => wording.rateRemedy, { caseId, ratedStaffId })
      return id
    },
  }
}

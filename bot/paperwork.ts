/** What a conversation leaves on the desk: complaints, callbacks, ratings. Dialogs and forms both end here. */
import type { Level } from '../contract/rating.ts'
import { isBad } from '../contract/rating.ts'
import { callbacks } from '../desk/callbacks.ts'
import type { BadRating } from '../desk/case-filing.ts'
import type { TellStaff } from '../desk/case-news.ts'
import type { OpenedCase } from '../desk/case-opening.ts'
import { cases, type ReRated } from '../desk/cases.ts'
import { handoversStore } from '../desk/handovers.store.ts'
import { maskPhone } from '../desk/masking.ts'
import { ratingsStore } from '../desk/ratings.store.ts'
import type { Sealer } from '../desk/sealer.ts'
import { tellProgress } from './case-enquiry.ts'
import { caseWording } from './case-wording.ts'
import { dayInWords } from './day-in-words.ts'
import { dialogStatesStore } from './dialog-states.store.ts'
import { episodesStore } from './episodes.store.ts'
import type { Talk } from './open-lines.ts'
import { heedOptWord } from './opting-out.ts'
import { matterOf } from './placing.ts'
import { turnsStore } from './turns.store.ts'
import { wording } from './wording.ts'

export type Paperwork = ReturnType<typeof paperwork>

const dayAndTime = new Intl.DateTimeFormat('zh-CN', {
  timeZone: 'Asia/Shanghai',
  dateStyle: 'long',
  timeStyle: 'short',
})

/** @param tellStaff of what becomes theirs. */
export function paperwork(sealer: Sealer, tellStaff?: TellStaff) {
  return {
    /** @returns false where they do not ask where a case of theirs stands; nothing was said then. */
    tellProgress: (talk: Talk, text: string): Promise<boolean> => tellProgress(talk, text, sealer),

    heedOptWord,

    async fileComplaint(talk: Talk, complaint: { text: string; contact?: string }): Promise<OpenedCase> {
      const { tx, conversation, now } = talk
      const filed = { ...complaint, conversationId: conversation.id, city: conversation.region }
      const opened = await cases(tx, sealer, tellStaff).fileComplaint(filed, now)
      await talk.line.say(
        { text: wording.complaintFiled(opened.number, dayInWords(opened.dueOn), opened.provisional) },
        { speaker: 'system' },
      )
      return opened
    },

    async bookCallback(
      talk: Talk,
      wanted: { phone: string; at?: string },
    ): Promise<{ callbackId: string; dueAt: Date }> {
      const { tx, conversation, now } = talk
      const booking = {
        conversationId: conversation.id,
        phone: wanted.phone,
        at: wanted.at ? new Date(wanted.at) : undefined,
        skillId: await matterOf(talk),
      }
      const { callbackId, dueAt, isMoved } = await callbacks(tx, sealer).book(booking, now)
      const words = isMoved ? wording.callbackMoved : wording.callbackBooked
      const text = words(maskPhone(wanted.phone), dayAndTime.format(dueAt))
      await talk.line.say({ text }, { speaker: 'system' })
      talk.tell({ kind: 'queue' })
      talk.tell({ kind: 'callbacks' })
      return { callbackId, dueAt }
    },

    /** They hung up while they waited for a person: a call is owed to them, unless one is already. */
    async oweCall(talk: Talk, phone: string): Promise<void> {
      const { tx, conversation, now } = talk
      const waiting = await handoversStore(tx).find(conversation.id)
      if (!waiting) return
      const { askedAt, priority, skillId } = waiting
      const missed = { conversationId: conversation.id, phone, askedAt, priority, skillId }
      if ((await callbacks(tx, sealer).owe(missed, now)) === undefined) return
      await talk.line.say({ text: wording.missedKept }, { speaker: 'system' })
      talk.tell({ kind: 'callbacks' })
    },

    /**
     * @param by whether it was said in the conversation or given on the card beside it.
     * @returns the case that is worked on because of it, and what the citizen was told.
     * @throws Problem already_rated, rating_closed, not_found
     */
    async giveRating(
      talk: Talk,
      ratingId: string,
      given: { level: Level; reasons: readonly string[]; words?: string },
      by: 'words' | 'card',
      atWindow?: BadRating['atWindow'],
    ): Promise<{ caseNumber?: string; told: string }> {
      const { tx, conversation, now } = talk
      const rating = await ratingsStore(tx).give(ratingId, given, now)
      // Only a rating that was asked for has a dialog of its own; any other leaves the one that is open alone.
      if (await turnsStore(tx).askingFor(conversation.id, ratingId))
        await dialogStatesStore(tx).keep(conversation.id, undefined, now)
      const episode = await episodesStore(tx).find(rating.episodeId)
      const desk = cases(tx, sealer, tellStaff)
      const tell = (text: string) => talk.line.say({ text, aboutRating: by }, { speaker: 'system' })

      if (episode?.kind === 'case') {
        const reRated = await desk.reRated({ episodeId: episode.id, level: given.level, words: given.words }, now)
        const told = reRated ? reRatedWords(reRated) : wording.rated
        await tell(told)
        return { caseNumber: reRated?.reopened ? reRated.number : undefined, told }
      }
      if (!isBad(given.level)) {
        await tell(wording.rated)
        return { told: wording.rated }
      }
      const about = { conversationId: conversation.id, city: conversation.region, ratedStaffId: episode?.staffId }
      const bad = { ...given, ...about, ratingId, atWindow }
      const opened = await desk.openForRating(bad, now)
      const told = wording.ratedBad(opened.number, dayInWords(opened.dueOn))
      await tell(told)
      return { caseNumber: opened.number, told }
    },
  }
}

function reRatedWords({ number, state, reopened, confirmed }: ReRated): string {
  if (reopened) return wording.fixRefused(number)
  return confirmed ? wording.fixAccepted(number) : caseWording.ratedMeanwhile(number, state)
}

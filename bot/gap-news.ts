/**
 * Unanswered questions on their way into the gaps, and the answer on its way back to whoever asked: on the line that is
 * still open, by a letter (in WeChat, or a short message) to whoever is on none, else at the contact's next turn.
 *
 * Invariant: what is told is an approved text that holds today, and each contact is told of each gap once, in one way; a
 * letter that did not arrive told nobody, and one that only calls somebody back leaves the telling to their next turn. A
 * person who talks to a colleague, waits for one or fills in a form is not interrupted; they are told at a later turn.
 */
import type { Answer } from '../contract/answer.ts'
import { isMobile, type OutboxChannel } from '../contract/outbox.ts'
import { maskText } from '../desk/masking.ts'
import { outboxNumbersStore } from '../desk/outbox-numbers.store.ts'
import type { Outgoing } from '../desk/outbox.ts'
import { heldUntil, type QuietHours } from '../desk/outbox-rules.ts'
import type { Sealer } from '../desk/sealer.ts'
import { businessDay } from '../desk/working-days.ts'
import { gaps } from '../knowledge/gaps.ts'
import { gapsStore } from '../knowledge/gaps.store.ts'
import type { Arrivals } from './arrivals.ts'
import { continuesWithinMs, type Conversation } from './conversation.ts'
import { conversationsStore } from './conversations.store.ts'
import { dialogStatesStore } from './dialog-states.store.ts'
import { gapLetterKey, gapLettersStore, type LetterAsker } from './gap-letters.store.ts'
import type { OpenLines, Talk } from './open-lines.ts'
import { answerSaying } from './replies.ts'
import type { Switchboard } from './switchboard.ts'
import type { Db } from './tables.ts'
import { unansweredStore } from './unanswered.store.ts'
import { wording } from './wording.ts'

/** A rating may come so long after the conversation; with a day to spare. */
const lookBackMs = 8 * 24 * 3_600_000
/** After so long without a word nobody takes a choice any more. */
const restMs = 10 * 60_000
const gatheredAtOnce = 500
const toldAtOnce = 200
/** Nobody waits for longer to be written to. */
const writtenWithinMs = 90 * 24 * 3_600_000
/** What fits into a few short messages goes out whole; of more than that, only that it is there. */
const longestInLetter = 160

type Parts = {
  db: Db
  lines: OpenLines
  arrivals: Arrivals
  answers: () => { answerEntry(entryId: string, asked: { on: string }): Answer | undefined }
  sealer: Sealer
  /** By which way somebody is written to; nothing where there is none. */
  letterTo: (tx: Db, told: Letter, now: Date) => Promise<Outgoing | undefined>
  /** Puts it into the outbox. */
  post: (tx: Db, message: Outgoing, now: Date) => Promise<boolean>
  /** Nobody is written to in them: the answer of weeks ago waits for the morning. */
  quiet: QuietHours | undefined
  now: () => Date
  log: { error(about: object, message: string): void }
}
type SettledLetter = { key: string; channel: OutboxChannel; state: 'delivered' | 'dead' }
/** One of outboxKindNames. */
export const gapLetterKind = 'gap_answer'
type Letter = { conversationId: string; kind: string; text: string; key: string; mobile?: string; isOptional: true }
export type GapNews = ReturnType<typeof gapNews>

export function gapNews({ db, lines, arrivals, answers, sealer, letterTo, post, quiet, now, log }: Parts) {
  /** Takes the gap, so that nobody is told of it here and elsewhere at once. */
  async function isStillToTell(tx: Db, gapId: string, contactId: string): Promise<boolean> {
    await gapsStore(tx).lock(gapId)
    return (await gapsStore(tx).untoldOf(contactId)).some((waiting) => waiting.gapId === gapId)
  }

  /** Whatever this contact has waited for; says nothing when there is nothing. */
  async function tell(talk: Talk): Promise<void> {
    if (mayBeTold(talk.conversation, talk.now)) await tellAll(talk)
  }

  async function tellInWechat(talk: Talk): Promise<void> {
    const { channel, state } = talk.conversation
    if (channel === 'wechat' && state === 'closed') await tellAll(talk)
  }

  async function tellAll(talk: Talk): Promise<void> {
    const { conversation, tx } = talk
    const waiting = await gapsStore(tx).untoldOf(conversation.contactId)
    if (waiting.length === 0 || (await dialogStatesStore(tx).find(conversation.id))) return
    for (const { gapId, entryId, question } of onceEach(waiting)) {
      const found = answers().answerEntry(entryId, { on: businessDay(talk.now) })
      const saying = found && answerSaying(found)
      if (!saying || !(await isStillToTell(tx, gapId, conversation.contactId))) continue
      await talk.line.say({ text: wording.gapAnswered(question) }, { speaker: 'system' })
      await talk.line.say(saying)
      await gaps(tx).told(gapId, conversation.contactId, talk.now)
    }
  }

  async function write(tx: Db, asker: LetterAsker): Promise<'letter' | 'no way' | 'nothing'> {
    const { gapId, contactId, conversationId, entryId, question } = asker
    const answer = answers().answerEntry(entryId, { on: businessDay(now()) })?.answer?.spoken
    if (!answer || !(await isStillToTell(tx, gapId, contactId))) return 'nothing'
    const mobile = (await outboxNumbersStore(tx, sealer).of([contactId])).find(isMobile)
    const text = wording.gapLetter(question, answer.length <= longestInLetter ? answer : undefined)
    const about = { conversationId, kind: gapLetterKind, text, key: gapLetterKey(gapId, contactId) }
    const letter = await letterTo(tx, { ...about, ...(mobile && { mobile }), isOptional: true }, now())
    if (!letter) return 'no way'
    await post(tx, letter, now())
    // Where it only calls them back they are told when they come.
    if (letter.text === text) await gaps(tx).told(gapId, contactId, now())
    return 'letter'
  }

  return {
    /** New unanswered questions into their gaps. @returns how many. */
    gather(): Promise<number> {
      return db.transaction().execute(async (tx) => {
        const until = await gapsStore(tx).lockLook()
        const since = new Date(until.getTime() - lookBackMs)
        const rested = new Date(now().getTime() - restMs)
        const found = await unansweredStore(tx).since(since, rested, gatheredAtOnce)
        const fresh = await gaps(tx).gather(
          found.map((one) => ({ ...one, question: maskText(one.question) })),
          now(),
        )
        const last = found.length === gatheredAtOnce ? found.at(-1)?.askedAt : now()
        if (last && last > until) await gapsStore(tx).lookedUntil(last)
        return fresh
      })
    },

    /** What became of drafts, then those whose conversation still goes on. */
    async tellOpenLines(): Promise<void> {
      await db.transaction().execute((tx) => gaps(tx).followDrafts(now()))
      const lately = new Date(now().getTime() - continuesWithinMs)
      const asked = await gapsStore(db).untoldSince(lately, toldAtOnce)
      const places = new Set<string>()
      for (const { conversationId } of asked) places.add(await arrivals.placeToTell(conversationId))
      for (const id of places) {
        const conversation = await conversationsStore(db).find(id)
        if (conversation && mayBeTold(conversation, now())) await lines.hold(id, tell)
      }
    },

    /** To those who are on no line, by day. @returns how many. */
    async writeToAskers(): Promise<number> {
      if (quiet && heldUntil(quiet, now())) return 0
      const since = new Date(now().getTime() - writtenWithinMs)
      const lately = new Date(now().getTime() - continuesWithinMs)
      let written = 0
      for (const asker of await gapLettersStore(db).waiting(since, lately, toldAtOnce)) {
        const how = await db.transaction().execute((tx) => write(tx, asker))
        if (how === 'letter') written++
        // WeChat still takes words there, though the conversation is over.
        if (how === 'no way' && asker.channel === 'wechat') await lines.hold(asker.conversationId, tellInWechat)
      }
      return written
    },

    /** A letter came to its end: joins the transaction of it. */
    async letterSettled(tx: Db, { key, channel, state }: SettledLetter, at: Date): Promise<void> {
      const [, gapId, contactId] = /^gap:([\da-f-]{36}):([\da-f-]{36})/.exec(key) ?? []
      if (!gapId || !contactId) return
      if (state === 'dead') await gaps(tx).untold(gapId, contactId, at)
      else if (channel === 'sms') await gaps(tx).told(gapId, contactId, at)
    },

    /** The switchboard, telling after each turn what the citizen once asked in vain. */
    afterEachTurn(switchboard: Switchboard): Switchboard {
      return {
        ...switchboard,
        async receive(turn, alongside) {
          const kept = await switchboard.receive(turn, alongside)
          if (!kept.isAnyAnswered) return kept
          // The turn is answered and kept; what goes wrong here is made up for at the next one.
          await lines
            .hold(turn.conversationId, tell)
            .catch((error: unknown) =>
              log.error({ err: error, conversationId: turn.conversationId }, 'an answer from a gap was not told'),
            )
          return kept
        },
      }
    },
  }
}

/** A caller hears it while the call is on; whoever writes finds it in the conversation that they would go on with. */
function mayBeTold({ state, channel, lastTurnAt }: Conversation, now: Date): boolean {
  if (state === 'bot') return true
  return state === 'closed' && channel !== 'phone' && now.getTime() - lastTurnAt.getTime() < continuesWithinMs
}

/** However often somebody asked, with the words they used first. */
function onceEach<T extends { gapId: string }>(waiting: readonly T[]): T[] {
  const seen = new Set<string>()
  return waiting.filter(({ gapId }) => !seen.has(gapId) && seen.add(gapId))
}

/**
 * 一次性告知: the card of an entry, sent by bot or agent as words of its own in the conversation, kept with the proof
 * that it was before the citizen's eyes.
 *
 * Invariant: what is sent is the approved text in force for that citizen, word for word, with its card; an entry
 * without a card is not told this way.
 */
import { Problem } from '../contract/problem.ts'
import type { Actor } from '../contract/staff.ts'
import type { SendGuide, Telling } from '../contract/telling.ts'
import type { KeptTurn } from '../contract/turn.ts'
import { staffStore } from '../desk/staff.store.ts'
import { businessDay } from '../desk/working-days.ts'
import type { Answers } from './asking.ts'
import type { CallerLetters } from './caller-letters.ts'
import { conversationsStore } from './conversations.store.ts'
import type { OpenLines, Talk } from './open-lines.ts'
import { answerSaying } from './replies.ts'
import { contactsOfPerson } from './same-person.ts'
import { mustBeUpToDate, mustHold } from './seat.ts'
import type { Switchboard } from './switchboard.ts'
import type { Db } from './tables.ts'
import { tellingsStore } from './tellings.store.ts'
import { turnsStore } from './turns.store.ts'
import { wording } from './wording.ts'

type Parts = {
  lines: OpenLines
  answers: () => Answers
  letters: Pick<CallerLetters, 'card' | 'page'>
  log: { error(about: object, message: string): void }
}
export type Tellings = ReturnType<typeof tellings>

const mostShown = 50

export function tellings({ lines, answers, letters, log }: Parts) {
  /** A telephone says a few words of a card, which is no whole telling: the page of it follows by short message. */
  async function tellCaller(talk: Talk, { seq, answer }: KeptTurn): Promise<void> {
    const letterKey = answer && (await letters.page(talk, answer))
    if (!letterKey) return
    const { entryId, revisionId, question } = answer
    const conversationId = talk.conversation.id
    const told = { conversationId, seq, entryId, revisionId, question, letterKey, now: talk.now }
    await tellingsStore(talk.tx).keep(told)
  }

  const sendPages = (conversationId: string, afterSeq: number): Promise<void> =>
    lines.hold(conversationId, async (talk) => {
      for (const said of await turnsStore(talk.tx).since(conversationId, afterSeq))
        if (said.speaker === 'bot' && said.answer?.guide) await tellCaller(talk, said)
    })

  return {
    /**
     * @throws Problem not_your_conversation; conversation_closed; conversation_moved_on; not_found for an entry without
     * a card in force.
     */
    send(asked: SendGuide & { conversationId: string }, agent: Actor): Promise<{ seq: number }> {
      const { conversationId, clientId, entryId, expectedSeq } = asked
      return lines.hold(conversationId, async (talk) => {
        const before = await turnsStore(talk.tx).byClientId(conversationId, clientId)
        if (before) return { seq: before.seq }
        mustHold(talk, agent)
        await mustBeUpToDate(talk, agent, expectedSeq)
        const { region, insurance } = talk.conversation
        const found = answers().answerEntry(entryId, { question: '', region, insurance, on: businessDay(talk.now) })
        const saying = found && answerSaying(found)
        if (!saying?.answer?.guide) throw new Problem('not_found', `${entryId} has no card in force here`)
        const { staffId, workNumber: agentNumber } = agent
        const isCall = talk.conversation.channel === 'phone'
        const letterKey = isCall ? await letters.card(talk, saying.answer, clientId) : undefined
        const said = isCall ? { ...saying, spoken: wording.cardSpoken } : saying
        const { seq } = await talk.line.say(said, { speaker: 'agent', staffId, agentNumber, clientId })
        const { revisionId, question } = saying.answer
        const told = { conversationId, seq, entryId, revisionId, question, staffId, now: talk.now }
        await tellingsStore(talk.tx).keep({ ...told, letterKey })
        return { seq }
      })
    },

    /** The switchboard, sending callers the cards of what it answered. */
    afterEachTurn(switchboard: Switchboard): Switchboard {
      return {
        ...switchboard,
        async receive(turn, alongside) {
          const kept = await switchboard.receive(turn, alongside)
          if (turn.channel === 'phone')
            // The turn is answered and kept: a message that cannot be sent is no reason to refuse it.
            await sendPages(turn.conversationId, kept.seq).catch((error: unknown) =>
              log.error({ err: error, conversationId: turn.conversationId }, 'a caller was not sent a card'),
            )
          return kept
        },
      }
    },

    /** The citizen has read so far. */
    read(conversationId: string, seq: number): Promise<void> {
      return lines.hold(conversationId, async ({ tx, now, conversation, tell }) => {
        const upTo = Math.min(seq, conversation.lastSeq)
        if (!(await conversationsStore(tx).setRead(conversationId, upTo, now))) return
        await tellingsStore(tx).arrived(conversationId, upTo, now)
        tell({ kind: 'read', conversationId, seq: upTo })
      })
    },
  }
}

/** What the person of this conversation has been told, on whatever channel they are known to be theirs; newest first. */
export async function tellingsOf(db: Db, conversationId: string): Promise<Telling[]> {
  const conversation = await conversationsStore(db).find(conversationId)
  if (!conversation) return []
  const contacts = await contactsOfPerson(db, conversation.contactId)
  const kept = await tellingsStore(db).toContacts(contacts, mostShown)
  const numbers = await staffStore(db).workNumbers([...new Set(kept.flatMap(({ staffId }) => staffId ?? []))])
  return kept.map(({ staffId, ...told }) => ({ ...told, ...(staffId && { agentNumber: numbers.get(staffId) }) }))
}

/**
 * 一次性告知: the card of an entry, sent by bot or agent as words of its own in the conversation, kept with the proof
 * that it was before the citizen's eyes.
 *
 * Invariant: what is sent is the approved text in force for that citizen, word for word, with its card; an entry
 * without a card is not told this way.
 */
import { Problem } from '../contract/problem.ts'
import type { Actor } from '../contract/staff.ts'
import type { Telling } from '../contract/telling.ts'
import { staffStore } from '../desk/staff.store.ts'
import { businessDay } from '../desk/working-days.ts'
import type { Answers } from './asking.ts'
import { conversationsStore } from './conversations.store.ts'
import type { OpenLines } from './open-lines.ts'
import { answerSaying } from './replies.ts'
import { mustHold } from './seat.ts'
import type { Db } from './tables.ts'
import { tellingsStore } from './tellings.store.ts'
import { turnsStore } from './turns.store.ts'

type Parts = { lines: OpenLines; answers: () => Answers }
export type Tellings = ReturnType<typeof tellings>

const mostShown = 50

export function tellings({ lines, answers }: Parts) {
  return {
    /** @throws Problem not_your_conversation; conversation_closed; not_found for an entry without a card in force. */
    send(asked: { conversationId: string; clientId: string; entryId: string }, agent: Actor): Promise<{ seq: number }> {
      const { conversationId, clientId, entryId } = asked
      return lines.hold(conversationId, async (talk) => {
        const before = await turnsStore(talk.tx).byClientId(conversationId, clientId)
        if (before) return { seq: before.seq }
        mustHold(talk, agent)
        const { region, insurance } = talk.conversation
        const found = answers().answerEntry(entryId, { question: '', region, insurance, on: businessDay(talk.now) })
        const saying = found && answerSaying(found)
        if (!saying?.answer?.guide) throw new Problem('not_found', `${entryId} has no card in force here`)
        const { staffId, workNumber: agentNumber } = agent
        const { seq } = await talk.line.say(saying, { speaker: 'agent', staffId, agentNumber, clientId })
        const { revisionId, question } = saying.answer
        await tellingsStore(talk.tx).keep({
          conversationId,
          seq,
          entryId,
          revisionId,
          question,
          staffId,
          now: talk.now,
        })
        return { seq }
      })
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

/** What the person of this conversation has been told, newest first. */
export async function tellingsOf(db: Db, conversationId: string): Promise<Telling[]> {
  const kept = await tellingsStore(db).toPersonOf(conversationId, mostShown)
  const numbers = await staffStore(db).workNumbers([...new Set(kept.flatMap(({ staffId }) => staffId ?? []))])
  return kept.map(({ staffId, ...told }) => ({ ...told, ...(staffId && { agentNumber: numbers.get(staffId) }) }))
}

/**
 * Every citizen who waits for a person's words now, and since when: in the queue since they asked, in an agent's hands since
 * what they asked or said last without an answer. The first answer and every later one are waited for alike.
 */
import { handoversStore } from '../desk/handovers.store.ts'
import { owedSince } from './answer-owed.ts'
import { answersOwedStore } from './answers-owed.store.ts'
import type { Db } from './tables.ts'

/** `agentNumber` has them, if anybody. */
type WaitsForWords = { conversationId: string; since: Date; agentNumber?: string }

export async function waitingForWords(db: Db): Promise<WaitsForWords[]> {
  const queued = await handoversStore(db).waitingList()
  const held = await owedByAgents(db)
  // Somebody may have been taken between the two looks.
  const taken = new Set(held.map(({ conversationId }) => conversationId))
  const waiting = queued.filter(({ conversationId }) => !taken.has(conversationId))
  return [...waiting.map(({ conversationId, askedAt: since }) => ({ conversationId, since })), ...held]
}

/** Those in agents' hands. */
export async function owedByAgents(db: Db): Promise<WaitsForWords[]> {
  return (await answersOwedStore(db).held()).flatMap((held): WaitsForWords[] => {
    const { conversationId, agentNumber } = held
    const since = owedSince(held)
    return since ? [{ conversationId, since, ...(agentNumber !== undefined && { agentNumber }) }] : []
  })
}

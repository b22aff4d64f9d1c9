/**
 * What was said and acknowledged, by conversation. What is said after something was acknowledged comes after it:
 * `highest` is asked for before sending, and the number that the server gives must be above it.
 */
import type { Faults } from './faults.ts'

export type Said = { seq: number; clientId: string }
export type Ledger = ReturnType<typeof ledgerOf>

export function ledgerOf(faults: Faults) {
  const all = new Map<string, Said[]>()
  const of = (conversationId: string) => all.get(conversationId) ?? []
  let messages = 0
  return {
    of,
    highest: (conversationId: string | undefined) =>
      conversationId ? of(conversationId).reduce((most, { seq }) => Math.max(most, seq), 0) : 0,

    acknowledged(conversationId: string, said: Said, above: number): void {
      const { seq, clientId } = said
      if (seq <= above) faults.add('order lost', conversationId, `${clientId} is ${seq}, said after ${above}`)
      if (of(conversationId).some((before) => before.seq === seq && before.clientId !== clientId))
        faults.add('one number given twice', conversationId, String(seq))
      all.set(conversationId, [...of(conversationId), said])
      messages++
    },
    messages: () => messages,
    conversations: () => all.keys(),
  }
}

/** The turns that a client shows of one conversation. Whatever comes twice is shown once. */
import type { KeptTurn } from '../../contract/turn.ts'
import type { Faults } from './faults.ts'

export type Shown = { clientId?: string; text: string }
export type Screen = ReturnType<typeof aScreen>

export function aScreen(faults: Faults) {
  const turns = new Map<number, Shown>()
  let wholeSeq = 0
  return {
    turns,
    /** The highest number up to which nothing is missing: what a reconnect sends. */
    whole: () => wholeSeq,
    show({ conversationId, seq, clientId, text }: KeptTurn): void {
      const before = turns.get(seq)
      if (before && before.text !== text) faults.add('a number was shown with other words', conversationId, String(seq))
      turns.set(seq, { clientId, text })
      while (turns.has(wholeSeq + 1)) wholeSeq++
    },
  }
}

/** What the citizen has read, as the page before their eyes told. */
import type { Telling } from '../../contract/telling.ts'
import type { KeptTurn } from '../../contract/turn.ts'

type Read = { conversation: { conversationId: string }; readSeq: number; tellings: Telling[] }

export function readUpTo<View extends Read>(view: View, seq: number, now: Date): View {
  const { conversationId } = view.conversation
  const tellings = view.tellings.map((told) =>
    told.conversationId === conversationId && told.seq <= seq
      ? { ...told, arrivedAt: told.arrivedAt ?? now.toISOString() }
      : told,
  )
  return { ...view, readSeq: Math.max(view.readSeq, seq), tellings }
}

/** The last of our own words that they have read. */
export function lastRead(turns: readonly KeptTurn[], readSeq: number): number | undefined {
  return turns.findLast(({ seq, speaker }) => seq <= readSeq && speaker !== 'customer')?.seq
}

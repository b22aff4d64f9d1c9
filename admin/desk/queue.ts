/** The agent's list: its order, what a new turn changes in it, and what is still unread. Pure. */
import type { DeskConversation, DeskQueue } from '../../contract/agent-events.ts'
import type { KeptTurn } from '../../contract/turn.ts'

export const emptyQueue: DeskQueue = {
  ...{ waiting: [], mine: [], online: 0, asked: [] },
  late: { amberSeconds: 120, redSeconds: 180 },
}

/** The list with a turn's words in its row. A turn older than what the row shows changes nothing, nor is a row drawn anew. */
export function withTurn(queue: DeskQueue, turn: KeptTurn): DeskQueue {
  const isTold = (row: DeskConversation) => row.conversationId === turn.conversationId && turn.seq > row.lastSeq
  if (![...queue.waiting, ...queue.mine].some(isTold)) return queue
  const told = (row: DeskConversation): DeskConversation =>
    isTold(row) ? { ...row, lastSeq: turn.seq, lastText: turn.text, lastTurnAt: turn.saidAt } : row
  return { ...queue, waiting: queue.waiting.map(told), mine: queue.mine.map(told) }
}

/** The list with whether that citizen's page is connected. */
export function withThere(queue: DeskQueue, conversationId: string, isThere: boolean): DeskQueue {
  const told = (row: DeskConversation) => (row.conversationId === conversationId ? { ...row, isThere } : row)
  return { ...queue, mine: queue.mine.map(told) }
}

/** `now` with the rows of `before` that say the same: what has not changed is not drawn again. */
export function sameRows(before: readonly DeskConversation[], now: readonly DeskConversation[]): DeskConversation[] {
  const known = new Map(before.map((row) => [row.conversationId, row]))
  return now.map((row) => {
    const old = known.get(row.conversationId)
    return old && JSON.stringify(old) === JSON.stringify(row) ? old : row
  })
}

/** @param readUpTo the last seq read; a conversation never read in this browser counts as read. */
export function unreadOf(row: DeskConversation, readUpTo: number | undefined): number {
  return readUpTo === undefined ? 0 : Math.max(0, row.lastSeq - readUpTo)
}

/** "(2) 1 人等待 · 坐席台": what a person sees of the desk from another tab or page. */
export function titleWords(page: string, unread: number, waiting: number): string {
  const name = waiting > 0 ? `${waiting} 人等待 · ${page}` : page
  return unread > 0 ? `(${unread}) ${name}` : name
}

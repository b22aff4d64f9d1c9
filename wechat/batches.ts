/**
 * What is told next in a conversation: what was said and not told yet, and what waits to go again, as batches of
 * messages in the order in which it was said. Pure.
 *
 * Invariant: a turn is in one batch, and of a batch that has begun only what is left of it is told.
 */
import type { KeptTurn } from '../contract/turn.ts'
import { messagesOf, type MenuShape, type Message } from './outgoing.ts'

/** Told together and held up, from message `firstPart` on. `isPlain`: its beginning was a reply on the spot. */
export type HeldUp = { fromSeq: number; toSeq: number; firstPart: number; isPlain: boolean }
export type Batch = { fromSeq: number; toSeq: number; firstPart: number; messages: readonly Message[] }
type Given = {
  /** From the first that is held up on, or the first that was not told. */
  turns: readonly KeptTurn[]
  toldSeq: number
  heldUp: readonly HeldUp[]
  /** Absent where no menu can be sent. */
  menu: MenuShape | undefined
  /** The first message is a reply on the spot: it cannot be a menu. */
  isOnTheSpot: boolean
}

export function batchesOf({ turns, toldSeq, heldUp, menu, isOnTheSpot }: Given): Batch[] {
  const ours = turns.filter(({ speaker }) => speaker !== 'customer')
  const begun = heldUp.filter(({ firstPart }) => firstPart > 0)
  const whole = heldUp.filter(({ firstPart }) => firstPart === 0)
  const isIn = (seq: number, all: readonly HeldUp[]) => all.some(({ fromSeq, toSeq }) => seq >= fromSeq && seq <= toSeq)
  const pieces = [
    ...runs(ours, ({ seq }) => seq > toldSeq || isIn(seq, whole)).map((run) => ({ run, firstPart: 0, isPlain: false })),
    ...begun.map((one) => ({ ...one, run: ours.filter(({ seq }) => isIn(seq, [one])) })),
  ].sort((one, other) => (one.run[0]?.seq ?? 0) - (other.run[0]?.seq ?? 0))
  return pieces.flatMap(({ run, firstPart, isPlain }, at): Batch[] => {
    const [first, last] = [run[0], run.at(-1)]
    const isReply = isOnTheSpot && at === 0 && firstPart === 0
    const messages = messagesOf(run, isPlain || isReply ? undefined : menu).slice(firstPart)
    return first && last && messages.length > 0 ? [{ fromSeq: first.seq, toSeq: last.seq, firstPart, messages }] : []
  })
}

/** Those that are wanted, together as long as nothing stands between them that was told already. */
function runs(turns: readonly KeptTurn[], isWanted: (turn: KeptTurn) => boolean): KeptTurn[][] {
  const all: KeptTurn[][] = []
  let open: KeptTurn[] | undefined
  for (const turn of turns) {
    if (!isWanted(turn)) open = undefined
    else if (open) open.push(turn)
    else all.push((open = [turn]))
  }
  return all
}

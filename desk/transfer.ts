/**
 * A conversation on its way from one agent to a colleague: who may do what about it, and when it is over. Pure.
 *
 * Invariant: it is settled once. Until then the conversation is in the giver's hands, whatever the colleague does or
 * does not do; an answer that comes after the time is no answer.
 */
import type { TransferState } from '../contract/transfer.ts'
import { Problem } from '../contract/problem.ts'

export type Transfer = {
  id: string
  conversationId: string
  fromStaffId: string
  toStaffId?: string
  reason: string
  askedAt: Date
  state: TransferState
  settledAt?: Date
  /** Why it was declined. */
  note?: string
}

export type TransferEvent =
  | { kind: 'accept'; by: string }
  | { kind: 'decline'; by: string; note?: string }
  | { kind: 'take-back'; by: string }
  /** Time has passed. */
  | { kind: 'look' }
  /** The conversation is in the giver's hands no more. */
  | { kind: 'left' }

/** A colleague answers within this time, or the giver goes on. */
export const transferLimitMs = 60_000

export const expiresAt = ({ askedAt }: Pick<Transfer, 'askedAt'>) => new Date(askedAt.getTime() + transferLimitMs)

/**
 * @returns the transfer as it is now: itself where nothing has changed, which includes the same answer given twice.
 * @throws Problem not_allowed to anybody whose move it is not; transfer_over when it was settled otherwise before.
 */
export function after(transfer: Transfer, event: TransferEvent, now: Date): Transfer {
  if (event.kind !== 'look' && event.kind !== 'left') mustBe(transfer, event)
  if (transfer.state !== 'asked') {
    if (event.kind === 'look' || event.kind === 'left' || settledBy[event.kind] === transfer.state) return transfer
    throw new Problem('transfer_over', `${transfer.id} is ${transfer.state}`)
  }
  const settle = (state: TransferState, note?: string): Transfer => ({
    ...transfer,
    state,
    settledAt: now,
    ...(note === undefined ? {} : { note }),
  })
  if (event.kind === 'left') return settle('void')
  if (now >= expiresAt(transfer)) return settle('expired')
  if (event.kind === 'look') return transfer
  return settle(settledBy[event.kind], event.kind === 'decline' ? event.note : undefined)
}

const settledBy = { accept: 'accepted', decline: 'declined', 'take-back': 'taken_back' } as const

function mustBe({ id, fromStaffId, toStaffId }: Transfer, { kind, by }: Extract<TransferEvent, { by: string }>): void {
  if (by !== (kind === 'take-back' ? fromStaffId : toStaffId))
    throw new Problem('not_allowed', `${kind} of ${id} is not the move of ${by}`)
}

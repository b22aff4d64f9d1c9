/** A conversation on its way from one agent to another: to whom it can go, who is asked, what became of it. */
import type { Channel } from './turn.ts'

/** Somebody who could take a conversation over. */
export type Colleague = { staffId: string; workNumber: string; displayName: string; held: number }
/** Whom a conversation may be given to through the queue; `online` are there now, without the giver. */
export type TransferGroups = {
  skills: { id: string; name: string; online: number }[]
  regions: { code: string; online: number }[]
}
/** A colleague asks this agent to take a conversation over; answered until `expiresAt`, or it stays where it is. */
export type AskedTransfer = {
  transferId: string
  conversationId: string
  channel: Channel
  who: string
  lastText: string
  fromNumber: string
  reason: string
  expiresAt: string
}
/** `void`: the conversation left the giver's hands by another way. `queued`: given to the queue, nobody is asked. */
export type TransferState = 'asked' | 'accepted' | 'declined' | 'expired' | 'taken_back' | 'void' | 'queued'
/** The newest transfer of a conversation, settled or not, in the words of its record. */
export type TransferView = {
  transferId: string
  state: TransferState
  fromNumber: string
  toNumber?: string
  reason: string
  note?: string
  expiresAt: string
}

/**
 * A desk phone as the console, the server and the phone process speak of it: it registers with the phone process under
 * its extension, and an agent may take up a call with it instead of with the browser.
 */
import { z } from 'zod'
import { uuid } from './text.ts'

/** Why a desk phone does not have the call, or no longer. */
export const handsetWhys = [
  'unregistered',
  'busy',
  'declined',
  'no-answer',
  'hung-up',
  /** No sound has come from it for half a minute, or it no longer knows the call. */
  'vanished',
  /** By the agent's order, or because the call is over or went elsewhere. */
  'put-down',
  'failed',
] as const
export type HandsetWhy = (typeof handsetWhys)[number]

/** `held` and `resumed`: at the desk phone itself. */
export const handsetTold = z.discriminatedUnion('state', [
  z.strictObject({ conversationId: uuid, state: z.enum(['ringing', 'talking', 'held', 'resumed']) }),
  z.strictObject({ conversationId: uuid, state: z.literal('down'), why: z.enum(handsetWhys) }),
])
export type HandsetTold = z.infer<typeof handsetTold>

/** What a phone process knows of an extension; `on`: the call that it rings for, or talks on. */
export type HandsetFound = {
  isRegistered: boolean
  on?: { conversationId: string; state: 'ringing' | 'talking' | 'held'; since: string; heldAt?: 'console' | 'handset' }
}
/** An agent's own desk phone; without an extension there is none. */
export type HandsetView = { extension?: string } & HandsetFound

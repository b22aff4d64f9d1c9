/**
 * What a console and the phone that carries its call say to each other until sound travels directly between them
 * (WebRTC): the console opens, the phone offers, the console answers, both name addresses. The server passes it on
 * unread, so what is bounded here is bounded everywhere.
 */
import { z } from 'zod'
import { notStorable, storable } from './text.ts'

/** A description of sound alone is about 1 kB. */
const sdp = z.string().min(1, '不能为空').max(8_000, '不能超过 8000 个字').refine(storable, notStorable)
/** One address where a side may be reached, as in SDP. `mid`: the line of the description that it belongs to. */
const candidate = z.strictObject({
  kind: z.literal('candidate'),
  candidate: z.string().max(500, '不能超过 500 个字').refine(storable, notStorable),
  mid: z.string().max(16, '不能超过 16 个字').refine(storable, notStorable),
})

export const consoleSignal = z.discriminatedUnion('kind', [
  /** Asks for a direct way: a new one, or the one that stands from an earlier call. */
  z.strictObject({ kind: z.literal('open'), anew: z.boolean() }),
  z.strictObject({ kind: z.literal('answer'), sdp }),
  candidate,
  /** The direct way is given up; the sound goes through the server. */
  z.strictObject({ kind: z.literal('close') }),
])
export type ConsoleSignal = z.infer<typeof consoleSignal>

export const phoneSignal = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('offer'), sdp }),
  candidate,
  /** The call is on the direct way now. */
  z.strictObject({ kind: z.literal('bound') }),
  /** There is no direct way, or no more; the sound goes through the server. */
  z.strictObject({ kind: z.literal('closed') }),
])
export type PhoneSignal = z.infer<typeof phoneSignal>

/** A console's socket, by the server's name for it. */
export const consoleId = z.string().regex(/^[\w-]{1,40}$/, '应为 1 到 40 位的字母、数字、横线')

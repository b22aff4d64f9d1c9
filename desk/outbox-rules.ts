/**
 * What becomes of a message that leaves the house. Pure: the row as it is, what happened, and the clock.
 *
 * Invariant: a refusal that will not change is tried no more; whatever else goes wrong is tried again with the same key,
 * for as long as somebody still wants to read it. Quiet hours and opting out concern what nobody asked for.
 */
import type { OutboxState } from '../contract/outbox.ts'
import { businessDay, businessMinute, businessTime } from './working-days.ts'

/**
 * What a service made of one try. `unknown`: it may have taken the message, as after a time-out; only its idempotency key
 * keeps it from going out twice.
 */
export type Outcome =
  | { kind: 'delivered' }
  | { kind: 'refused'; why: string; mayHaveArrived?: true }
  | { kind: 'failed' | 'unknown'; why: string }

/** On the bureau's wall, HH:MM; over midnight when `to` is not after `from`. */
export type QuietHours = { from: string; to: string }

export type Message = { state: OutboxState; tries: number; proactive: boolean; nextTryAt?: Date }
/** `later`: it is not its time, or another try may still be under way. */
export type Start =
  | { act: 'leave' }
  | { act: 'later'; at: Date }
  | { act: 'hold'; until: Date }
  | { act: 'opt_out' }
  | { act: 'try' }
export type Ending =
  | { state: 'delivered' }
  | { state: 'waiting'; nextTryAt: Date; lastError: string }
  | { state: 'dead'; lastError: string }

const minuteMs = 60_000
/** The wait after the first try, after the second, and so on; after the last one nobody tries again. About 20 hours. */
const waitMinutes = [1, 5, 15, 60, 180, 360, 600] as const
export const mostTries = waitMinutes.length + 1
/** A try that has not ended by then ended with its process. */
export const tryWithinMs = minuteMs
const longestError = 300

/** When somebody comes to send it. */
export function start(message: Message, optedOut: boolean, quiet: QuietHours | undefined, now: Date): Start {
  if (message.state !== 'waiting' && message.state !== 'sending') return { act: 'leave' }
  if (message.nextTryAt && message.nextTryAt > now) return { act: 'later', at: message.nextTryAt }
  if (!message.proactive) return { act: 'try' }
  if (optedOut) return { act: 'opt_out' }
  const until = quiet && heldUntil(quiet, now)
  return until ? { act: 'hold', until } : { act: 'try' }
}

/** @param tries with this one. */
export function ending(tries: number, outcome: Outcome, now: Date): Ending {
  if (outcome.kind === 'delivered') return { state: 'delivered' }
  const lastError = `${outcome.kind}: ${outcome.why}`.slice(0, longestError)
  const wait = waitMinutes[tries - 1]
  if (outcome.kind === 'refused' || wait === undefined) return { state: 'dead', lastError }
  return { state: 'waiting', nextTryAt: new Date(now.getTime() + wait * minuteMs), lastError }
}

/** @returns the end of the quiet hours that `now` lies in; undefined outside them. */
export function heldUntil({ from, to }: QuietHours, now: Date): Date | undefined {
  const [starts, ends, minute] = [minuteOf(from), minuteOf(to), businessMinute(now)]
  const isQuiet = starts < ends ? minute >= starts && minute < ends : minute >= starts || minute < ends
  if (!isQuiet) return undefined
  const today = businessTime(businessDay(now), to)
  return today > now ? today : new Date(today.getTime() + 24 * 60 * minuteMs)
}

/** 回复 TD: what citizens write to be left alone, however it is spaced or cased. */
export function wantsOut(reply: string): boolean {
  return /^(T|N)$/i.test(bare(reply)) || optWord(reply) === 'out'
}

/** The same in a chat, and its contrary (恢复 HF): the word alone, because "怎么退订" is a question. */
export function optWord(text: string): 'out' | 'in' | undefined {
  const word = bare(text)
  if (/^(TD|退订)$/i.test(word)) return 'out'
  return /^(HF|恢复)$/i.test(word) ? 'in' : undefined
}

const bare = (text: string) => text.normalize('NFKC').replace(/[\s。.!“”"']/g, '')

function minuteOf(time: string): number {
  const [hour = 0, minute = 0] = time.split(':').map(Number)
  return hour * 60 + minute
}

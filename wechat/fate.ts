/** What becomes of a message that WeChat did not take, and of those behind it. Pure. */
import { WechatRefusal, WechatUnreached } from './api.ts'
import type { Failure } from './api-outcome.ts'
import type { DeliveryState } from './tables.ts'

/** What was not taken for now goes again by itself; what may not be sent to this citizen waits for their next word. */
const fates: Record<Failure, DeliveryState> = {
  token: 'delayed',
  busy: 'delayed',
  'set-up': 'delayed',
  window: 'blocked',
  gone: 'refused',
  refused: 'refused',
}

export type Fate = { state: DeliveryState; code?: number }

/**
 * @param isNumbered sent with a number of ours, and taken once however often it is sent: where a server breaks down over
 * it, it is sent again as it was, for it may have been taken
 */
export function fateOf(error: unknown, isNumbered: boolean): Fate {
  if (error instanceof WechatUnreached) return { state: 'delayed' }
  if (!(error instanceof WechatRefusal) || (isNumbered && error.isBroken)) return { state: 'unknown' }
  return { state: fates[error.failure], code: error.code }
}

type Sent = { fromSeq: number }

/**
 * Of those behind it, which are not sent now either: nobody reads an end without its beginning, and what goes again goes
 * in its order. Without a number one that may have arrived is never sent again, so what follows it goes on.
 */
export function sharingFate<T extends Sent>(
  one: Sent,
  behind: readonly T[],
  { state }: Fate,
  isNumbered: boolean,
): readonly T[] {
  if (state === 'sent' || (state === 'unknown' && !isNumbered)) return []
  return state === 'refused' ? behind.filter(({ fromSeq }) => fromSeq === one.fromSeq) : behind
}

const [firstWaitMs, longestWaitMs] = [2_000, 600_000]

/** @param tries how often it was tried before */
export function againAt(tries: number, now: Date): Date {
  return new Date(now.getTime() + Math.min(longestWaitMs, firstWaitMs * 2 ** tries))
}

/**
 * Session timers (RFC 4028): a call whose peer has silently gone ends by itself. Pure: headers in, what was agreed
 * out. Seconds throughout.
 */
import { headerOf, listOf, type Request, type Response } from './message.ts'
import { wholeNumber } from './cursor.ts'
import type { HeaderPair } from './writer.ts'

export type SessionTimer = { intervalSeconds: number; isOurs: boolean }

export const shortestInterval = 90
export const ourInterval = 1_800
const longestInterval = 86_400

type Asked = { intervalSeconds?: number; refresher?: string; minimum: number }

function asked(message: Request | Response): Asked {
  const [seconds = '', ...params] = (headerOf(message, 'session-expires') ?? '').split(';').map((part) => part.trim())
  const refresher = params.find((param) => /^refresher\s*=/i.test(param))
  return {
    intervalSeconds: wholeNumber(seconds, 2 ** 31),
    refresher: refresher?.split('=')[1]?.trim().toLowerCase(),
    minimum: wholeNumber((headerOf(message, 'min-se') ?? '').split(';', 1)[0]?.trim() ?? '', 2 ** 31) ?? 0,
  }
}

const within = (seconds: number) => Math.min(Math.max(seconds, shortestInterval), longestInterval)

/**
 * What we agree to, as the one who answers.
 * @returns 'too-small' for an interval we refuse with 422; undefined when the peer knows no session timers.
 */
export function agreeTimer(request: Request): SessionTimer | 'too-small' | undefined {
  const { intervalSeconds, refresher, minimum } = asked(request)
  const isSupported = listOf(request, 'supported').includes('timer')
  if (intervalSeconds !== undefined && intervalSeconds < shortestInterval && isSupported) return 'too-small'
  if (!isSupported) return undefined
  const seconds = within(Math.max(intervalSeconds ?? ourInterval, minimum))
  return { intervalSeconds: seconds, isOurs: refresher === 'uas' }
}

/** What the peer agreed to, as the one who asked. Without a word from it there is no timer. */
export function agreedTimer(response: Response): SessionTimer | undefined {
  const { intervalSeconds, refresher } = asked(response)
  if (intervalSeconds === undefined) return undefined
  return { intervalSeconds: within(intervalSeconds), isOurs: refresher !== 'uas' }
}

/** In our answer: the refresher by its part in this very exchange. */
export function answerTimer(timer: SessionTimer | undefined): HeaderPair[] {
  if (!timer) return []
  const refresher = timer.isOurs ? 'uas' : 'uac'
  return [
    ['session-expires', `${timer.intervalSeconds};refresher=${refresher}`],
    ...(timer.isOurs ? [] : [['require', 'timer'] as const]),
  ]
}

/** In our request; after a 422, with the interval the peer insists on. */
export function askTimer(timer: SessionTimer | undefined, minimum = 0): HeaderPair[] {
  const seconds = Math.max(timer?.intervalSeconds ?? ourInterval, minimum)
  const refresher = timer ? `;refresher=${timer.isOurs ? 'uac' : 'uas'}` : ''
  return [
    ['session-expires', `${seconds}${refresher}`],
    ['min-se', String(Math.max(shortestInterval, minimum))],
  ]
}

/** How long a refusal with 422 wants the interval to be. */
export const insistedOn = (response: Response) => asked(response).minimum

/**
 * When to act, in seconds after the last refresh: half-way for the one who refreshes; for the other, shortly before the
 * end, to say goodbye while the peer may still hear it (§10).
 */
export function actAfterSeconds({ intervalSeconds, isOurs }: SessionTimer): number {
  return isOurs ? intervalSeconds / 2 : intervalSeconds - Math.min(32, intervalSeconds / 3)
}

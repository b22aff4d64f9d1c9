/** How often one key may knock. Memory of this process: a limit is a brake, not an account. */
import { RateLimiterMemory, RateLimiterRes } from 'rate-limiter-flexible'
import { Problem } from '../contract/problem.ts'
import type { LimitName } from './door.ts'

/** Many citizens share one address behind a carrier's NAT, so public limits by address are wide. */
const budgets: Record<LimitName, { points: number; duration: number }> = {
  page: { points: 600, duration: 60 },
  ask: { points: 300, duration: 60 },
  visitor: { points: 120, duration: 60 },
  'sign-in': { points: 20, duration: 60 },
  staff: { points: 600, duration: 60 },
  turn: { points: 20, duration: 10 },
  form: { points: 20, duration: 60 },
  phone: { points: 20_000, duration: 10 },
  wechat: { points: 30_000, duration: 60 },
  signal: { points: 120, duration: 60 },
  reveal: { points: 30, duration: 60 },
  upload: { points: 60, duration: 60 },
  key: { points: 120, duration: 60 },
}

export type Limits = { take(limit: LimitName, key: string): Promise<void> }

export function limits(isOn: boolean): Limits {
  if (!isOn) return { take: () => Promise.resolve() }
  const limiters = new Map<LimitName, RateLimiterMemory>()
  for (const [name, budget] of Object.entries(budgets)) limiters.set(name as LimitName, new RateLimiterMemory(budget))
  return {
    /** @throws Problem too_many_requests */
    async take(limit, key) {
      try {
        await limiters.get(limit)?.consume(key)
      } catch (refused) {
        if (refused instanceof RateLimiterRes) throw new Problem('too_many_requests', `${limit} for one key`)
        throw refused
      }
    },
  }
}

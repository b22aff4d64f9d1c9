import fc from 'fast-check'
import { expect, it } from 'vitest'
import { noQuota, room, spent, triggered, usualAllowance as allowance, type Quota } from '../../wechat/quota.ts'

const start = new Date('2026-11-22T02:00:00Z')
const after = (seconds: number) => new Date(start.getTime() + seconds * 1_000)
const spend = (quota: Quota, times: number, at: Date) => {
  let left: Quota | undefined = quota
  for (let n = 0; n < times; n++) left = left && spent(left, allowance, at)
  return left
}

it('lets five go out after a message, for two days, and the next message lets five more', () => {
  const asked = triggered(noQuota, 'message', start)
  expect(spend(noQuota, 1, start)).toBeUndefined()
  expect(spend(asked, 6, after(10))).toBeUndefined()
  const used = spend(asked, 5, after(10)) ?? noQuota
  expect(room(used, allowance, after(10)).left).toBe(0)
  expect(room(triggered(used, 'message', after(20)), allowance, after(20)).left).toBe(5)
  expect(room(asked, allowance, after(48 * 3_600 - 1)).left).toBe(5)
  expect(room(asked, allowance, after(48 * 3_600)).left).toBe(0)
})

it('lets three go out within a minute of a tap, and takes from them first', () => {
  const both = triggered(triggered(noQuota, 'message', start), 'moment', start)
  expect(room(both, allowance, after(1))).toEqual({ left: 8, until: after(48 * 3_600) })
  const used = spend(both, 3, after(1)) ?? noQuota
  expect([used.momentUsed, used.messageUsed]).toEqual([3, 0])
  expect(room(both, allowance, after(60)).left).toBe(5)
})

it('never lets more out than Tencent would, whatever happens in whatever order', () => {
  const step = fc.oneof(
    fc.constantFrom('message' as const, 'moment' as const, 'send' as const),
    fc.integer({ min: 1, max: 200_000 }),
  )
  fc.assert(
    fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
      let quota = noQuota
      let at = 0
      let since: { at: number; by: 'message' | 'moment' }[] = []
      let sent = 0
      for (const one of steps) {
        if (typeof one === 'number') at += one
        else if (one === 'send') {
          const next = spent(quota, allowance, after(at))
          if (next) sent++
          quota = next ?? quota
          const open = since.filter(({ at: from, by }) => at - from < (by === 'message' ? 48 * 3_600 : 60))
          if (open.length === 0) expect(next).toBeUndefined()
        } else {
          quota = triggered(quota, one, after(at))
          since = [...since, { at, by: one }]
        }
      }
      const messages = since.filter(({ by }) => by === 'message').length
      const moments = since.filter(({ by }) => by === 'moment').length
      expect(sent).toBeLessThanOrEqual(messages * 5 + moments * 3)
    }),
  )
})

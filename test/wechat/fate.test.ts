import { expect, it } from 'vitest'
import { WechatRefusal, WechatUnreached } from '../../wechat/api.ts'
import { againAt, fateOf, sharingFate } from '../../wechat/fate.ts'

it.each([
  [-1, 'delayed'],
  [45_011, 'delayed'],
  [45_033, 'delayed'],
  [40_164, 'delayed'],
  [48_001, 'delayed'],
  [42_001, 'delayed'],
  [45_015, 'blocked'],
  [45_047, 'blocked'],
  [95_018, 'blocked'],
  [43_004, 'refused'],
  [45_002, 'refused'],
] as const)('is told by what the platform says: %i is %s', (code, state) => {
  expect(fateOf(new WechatRefusal(code, ''), false)).toEqual({ state, code })
})

it('is not known where no answer came, and is known where no call was made', () => {
  expect(fateOf(new Error('timed out'), true)).toEqual({ state: 'unknown' })
  expect(fateOf(new WechatUnreached('no token'), false)).toEqual({ state: 'delayed' })
})

it('of what a server broke down over is another try under the same number, or another try', () => {
  const broken = new WechatRefusal(-1, 'HTTP 502', { isBroken: true })
  expect([fateOf(broken, true).state, fateOf(broken, false).state]).toEqual(['unknown', 'delayed'])
})

it('is shared by what stands behind it: nobody reads an end without its beginning', () => {
  const [one, same, next] = [{ fromSeq: 2 }, { fromSeq: 2 }, { fromSeq: 5 }]
  const shared = (state: 'sent' | 'delayed' | 'blocked' | 'refused' | 'unknown', isNumbered = false) =>
    sharingFate(one, [same, next], { state }, isNumbered)
  expect(shared('sent')).toEqual([])
  expect(shared('refused')).toEqual([same])
  for (const state of ['delayed', 'blocked'] as const) expect(shared(state)).toEqual([same, next])
  expect(shared('unknown', true)).toEqual([same, next])
  expect(shared('unknown')).toEqual([])
})

it('is tried again soon, then ever more seldom, and never less than every ten minutes', () => {
  const now = new Date(0)
  expect([0, 1, 2, 3].map((tries) => againAt(tries, now).getTime())).toEqual([2_000, 4_000, 8_000, 16_000])
  expect(againAt(300, now).getTime()).toBe(600_000)
})

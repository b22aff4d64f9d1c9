/** How far a road to WeChat is set up: each step, and what an operator does about it. */
import { expect, it } from 'vitest'
import { WechatRefusal } from '../../wechat/api.ts'
import { remedies } from '../../wechat/api-outcome.ts'
import { kfRemedies } from '../../wechat/kf/remedies.ts'
import { setUpSteps, type Knocks } from '../../wechat/set-up.ts'

const at = (second: number) => new Date(Date.UTC(2026, 10, 22, 4, 0, second))
const bad = (second: number) => ({ at: at(second), refusedFor: 'signature' as const })
const words = {
  settings: '请设置',
  place: '后台',
  firstWord: '发一条消息',
  remedies: { ...remedies, ...kfRemedies },
}
async function stepsOf({ knocks = {}, heard, fails }: { knocks?: Knocks; heard?: Date; fails?: Error } = {}) {
  const probe = () => (fails ? Promise.reject(fails) : Promise.resolve())
  const lastHeard = () => Promise.resolve(heard)
  const steps = await setUpSteps({ isSetUp: true, callbackUrl: 'https://a/wechat/kf', knocks, lastHeard, probe, words })
  return Object.fromEntries(steps.map(({ step, state, told }) => [step, { state, told }]))
}
const statesOf = async (given: Parameters<typeof stepsOf>[0]) =>
  Object.entries(await stepsOf(given)).map(([step, { state }]) => `${step} ${state}`)

it('begins with what to set', async () => {
  const lastHeard = () => Promise.resolve(undefined)
  const none = { isSetUp: false, callbackUrl: '', knocks: {}, lastHeard, probe: undefined, words }
  expect(await setUpSteps(none)).toEqual([{ step: 'settings', state: 'open', told: '请设置' }])
})

it.each([
  [{}, 'reach open', 'knock open'],
  [{ knocks: { bad: bad(1) } }, 'reach done', 'knock failed'],
  [{ knocks: { bad: bad(1), goodAt: at(2) } }, 'reach done', 'knock open'],
  [{ knocks: { goodAt: at(1), bad: bad(2) } }, 'reach done', 'knock failed'],
  [{ knocks: { bad: bad(2) }, heard: at(1) }, 'reach done', 'knock failed'],
  [{ knocks: { bad: bad(1) }, heard: at(2) }, 'reach done', 'knock done'],
] as [Parameters<typeof stepsOf>[0], string, string][])('tells who has knocked: %o', async (given, reach, knock) => {
  expect(await statesOf(given)).toEqual(['settings done', reach, knock, 'token done', 'ip done'])
})

it('says where the address is to be written while nobody has knocked', async () => {
  expect((await stepsOf())['reach']?.told).toContain('https://a/wechat/kf')
})

it.each([
  [40_164, 'token open', 'ip failed', 'ip'],
  [89_503, 'token open', 'ip failed', 'ip'],
  [40_243, 'token failed', 'ip open', 'token'],
  [60_020, 'token done', 'ip failed', 'ip'],
  [40_001, 'token failed', 'ip open', 'token'],
  [40_013, 'token failed', 'ip open', 'token'],
  [48_002, 'token failed', 'ip open', 'token'],
  [95_017, 'token failed', 'ip open', 'token'],
])('gives the remedy for %i', async (code, token, ip, step) => {
  const fails = new WechatRefusal(code, 'refused')
  expect((await statesOf({ heard: at(1), fails })).slice(3)).toEqual([token, ip])
  expect((await stepsOf({ heard: at(1), fails }))[step]?.told).toMatch(new RegExp(`^微信返回 ${code}。.*请`))
})

it('says so where WeChat is out of reach', async () => {
  const told = await stepsOf({ heard: at(1), fails: new TypeError('fetch failed') })
  expect(told['token']).toMatchObject({ state: 'failed', told: expect.stringContaining('连不上') as string })
})

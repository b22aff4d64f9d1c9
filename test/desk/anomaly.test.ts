/** What is out of the ordinary: how many, of what, within how long, and by night. */
import { expect, it } from 'vitest'
import { anomaliesIn, anomalyAlert, type WatchedAct } from '../../desk/anomaly.ts'

const noon = new Date('2026-11-23T04:00:00Z') // 12:00 on the bureau's wall
const midnight = new Date('2026-11-23T15:30:00Z') // 23:30
const acts = (act: string, count: number, now: Date, { over = 9, staffId = 'a' } = {}): WatchedAct[] =>
  Array.from({ length: count }, (_, at) => ({
    ...{ staffId, act },
    at: new Date(now.getTime() - (over * 60_000 * at) / count),
  }))
const told = (done: WatchedAct[], now = noon) =>
  anomaliesIn(done, now).map(({ staffId, rule, count }) => `${staffId} ${rule} ${count}`)

it.each([
  ['conversation.look', 60, 'look'],
  ['conversation.unmask', 20, 'open'],
  ['attachment.open', 20, 'open'],
  ['data.copy', 6, 'take'],
])('finds %s once it was done %i times, and not before', (act, least, rule) => {
  expect(told(acts(act, least - 1, noon))).toEqual([])
  expect(told(acts(act, least, noon))).toEqual([`a ${rule} ${least}`])
})

it('adds up what shows whole numbers, and adds up nobody with somebody else', () => {
  const mixed = [...acts('callback.phone', 10, noon), ...acts('case.contact', 10, noon)]
  expect(told(mixed)).toEqual(['a open 20'])
  expect(told([...acts('callback.phone', 10, noon), ...acts('case.contact', 10, noon, { staffId: 'b' })])).toEqual([])
})

it('forgets what was done before the span that it counts', () => {
  expect(told(acts('conversation.unmask', 30, noon, { over: 50 }))).toEqual([])
  expect(told(acts('case.export', 6, noon, { over: 50 }))).toEqual(['a take 6'])
})

it('is told of three numbers or tables by night, and of none by day', () => {
  const done = (now: Date) => [...acts('case.export', 2, now), ...acts('case.contact', 1, now)]
  expect(told(done(noon))).toEqual([])
  expect(told(done(midnight), midnight)).toEqual(['a night 3'])
})

it('counts no day’s work', () => {
  expect(told(acts('turn.say', 500, noon))).toEqual([])
})

it('tells of one person and rule once an hour, by name and number of times', () => {
  const [one] = anomaliesIn(acts('conversation.unmask', 25, noon), noon)
  if (!one) return expect.unreachable('nothing was found')
  const alert = anomalyAlert(one, '王芳（工号 1001）', noon)
  expect(alert.text).toBe('王芳（工号 1001） 在 10 分钟内查看完整号码或文件 25 次，请核实。')
  expect(anomalyAlert({ ...one, count: 40 }, '王芳', new Date(noon.getTime() + 59 * 60_000)).fact).toBe(alert.fact)
  expect(anomalyAlert(one, '王芳', new Date(noon.getTime() + 3_600_000)).fact).not.toBe(alert.fact)
})

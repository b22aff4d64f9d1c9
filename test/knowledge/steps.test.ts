import { afterEach, expect, it } from 'vitest'
import { atOnce, inSlices, inSpareTime, type Steps } from '../../knowledge/search/steps.ts'

/** Longer than any slice. */
const stepMs = 6
let round = 0
let isCounting = false

/** @returns in which round of the event loop each step was made. */
function* busy(steps: number): Steps<number[]> {
  const rounds: number[] = []
  for (let at = 0; at < steps; at++) {
    const until = performance.now() + stepMs
    while (performance.now() < until) rounds[at] = round
    yield
  }
  return rounds
}
function countRounds() {
  isCounting = true
  const count = () => {
    round++
    if (isCounting) setImmediate(count)
  }
  setImmediate(count)
}
afterEach(() => (isCounting = false))

it('makes one slice a round, however many are at work', async () => {
  countRounds()
  const rounds = await Promise.all([inSlices(busy(5)), inSlices(busy(5)), inSlices(busy(5))])
  const afterTheFirst = rounds.flatMap(([, ...others]) => others)
  expect(new Set(afterTheFirst).size).toBe(afterTheFirst.length)
})

it('comes to the same end at once, in slices and in spare time', async () => {
  function* sum(upTo: number): Steps<number> {
    let all = 0
    for (let at = 1; at <= upTo; at++) {
      all += at
      yield
    }
    return all
  }
  expect([atOnce(sum(100)), await inSlices(sum(100)), await inSpareTime(sum(100), () => true)]).toEqual([
    5_050, 5_050, 5_050,
  ])
})

it.each([
  ['in slices', inSlices],
  ['in spare time', inSpareTime],
])('stops %s as soon as nobody wants it', async (_how, run) => {
  let made = 0
  function* endless(): Steps<never> {
    for (;;) {
      made++
      atOnce(busy(1))
      yield
    }
  }
  expect(await run(endless(), () => made < 3)).toBeUndefined()
  expect(made).toBe(3)
})

it('throws what the work throws, and goes on with what others work on', async () => {
  function* failing(): Steps<never> {
    atOnce(busy(1))
    yield
    throw new Error('broken')
  }
  const other = inSlices(busy(4))
  await expect(inSlices(failing())).rejects.toThrow('broken')
  expect(await other).toHaveLength(4)
})

it('does nothing in spare time while something is waited for', async () => {
  const order: string[] = []
  function* named(name: string, steps: number): Steps<void> {
    for (let at = 0; at < steps; at++) {
      order.push(name)
      atOnce(busy(1))
      yield
    }
  }
  const spare = inSpareTime(named('spare', 3), () => true)
  await inSlices(named('waited for', 4))
  await spare
  expect(order.join()).toBe(['spare', ...Array<string>(4).fill('waited for'), 'spare', 'spare'].join())
})

it('rests as long as others keep the thread busy', async () => {
  const order: string[] = []
  function* spare(): Steps<void> {
    for (let at = 0; at < 3; at++) {
      order.push('spare')
      atOnce(busy(1))
      yield
    }
  }
  const rested = inSpareTime(spare(), () => true, 2)
  const others = 10
  for (let at = 0; at < others; at++) {
    await new Promise((resolve) => setImmediate(resolve))
    atOnce(busy(2))
    order.push('others')
  }
  await rested
  expect(order).toEqual(['spare', ...Array<string>(others).fill('others'), 'spare', 'spare'])
})

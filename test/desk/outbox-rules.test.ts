/** What becomes of a message: tried in widening steps, given up where trying is of no use, held back at night. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { ending, heldUntil, mostTries, optWord, start, wantsOut, type Message } from '../../desk/outbox-rules.ts'

const at = (time: string) => new Date(`2026-11-22T${time}:00+08:00`)
const noon = at('12:00')
const quiet = { from: '21:00', to: '08:00' }
const aMessage = (more: Partial<Message> = {}): Message => ({
  state: 'waiting',
  tries: 0,
  proactive: false,
  nextTryAt: noon,
  ...more,
})

describe('a try', () => {
  it('that was refused for good is the last one', () => {
    expect(ending(1, { kind: 'refused', why: 'status 400' }, noon)).toEqual({
      state: 'dead',
      lastError: 'refused: status 400',
    })
  })

  it('that failed, or of which nothing is known, is followed by a later one until there have been enough', () => {
    for (const kind of ['failed', 'unknown'] as const) {
      let now = noon
      const waits: number[] = []
      for (let tries = 1; tries < mostTries; tries++) {
        const ended = ending(tries, { kind, why: 'x' }, now)
        if (ended.state !== 'waiting') return expect.unreachable(`${ended.state} after ${tries}`)
        waits.push(ended.nextTryAt.getTime() - now.getTime())
        now = ended.nextTryAt
      }
      expect(waits).toEqual([...waits].sort((a, b) => a - b))
      expect(ending(mostTries, { kind, why: 'x' }, now).state).toBe('dead')
    }
  })
})

describe('a message', () => {
  it.each(['delivered', 'dead', 'opted_out'] as const)('that is %s is left alone', (state) => {
    expect(start(aMessage({ state, nextTryAt: undefined }), false, quiet, noon)).toEqual({ act: 'leave' })
  })

  it('whose time has not come, or whose last try may still go on, waits', () => {
    const later = at('12:01')
    for (const state of ['waiting', 'sending'] as const)
      expect(start(aMessage({ state, nextTryAt: later }), false, quiet, noon)).toEqual({ act: 'later', at: later })
  })

  it('that was asked for goes out at night, and to whoever has opted out', () => {
    expect(start(aMessage({ nextTryAt: at('02:00') }), true, quiet, at('03:00'))).toEqual({ act: 'try' })
  })

  it('that nobody asked for waits for the morning, and never reaches whoever has opted out', () => {
    const message = aMessage({ proactive: true, nextTryAt: at('02:00') })
    expect(start(message, false, quiet, at('03:00'))).toEqual({ act: 'hold', until: at('08:00') })
    expect(start(message, false, undefined, at('03:00'))).toEqual({ act: 'try' })
    expect(start(message, true, quiet, noon)).toEqual({ act: 'opt_out' })
  })
})

describe('quiet hours', () => {
  const time = fc
    .tuple(fc.integer({ min: 0, max: 23 }), fc.integer({ min: 0, max: 59 }))
    .map((parts) => parts.map((n) => String(n).padStart(2, '0')).join(':'))

  it('end when they say, within a day, and at their end nothing is held', () => {
    fc.assert(
      fc.property(time, time, fc.integer({ min: 0, max: 1_439 }), (from, to, minute) => {
        fc.pre(from !== to)
        const now = new Date(at('00:00').getTime() + minute * 60_000)
        const until = heldUntil({ from, to }, now)
        if (!until) return
        expect(until.getTime()).toBeGreaterThan(now.getTime())
        expect(until.getTime() - now.getTime()).toBeLessThanOrEqual(24 * 3_600_000)
        expect(heldUntil({ from, to }, until)).toBeUndefined()
      }),
    )
  })

  it.each([
    ['20:59', undefined],
    ['21:00', '2026-11-23T08:00:00+08:00'],
    ['23:59', '2026-11-23T08:00:00+08:00'],
    ['00:00', '2026-11-22T08:00:00+08:00'],
    ['07:59', '2026-11-22T08:00:00+08:00'],
    ['08:00', undefined],
  ])('from nine to eight hold what comes at %s until %s', (now, until) => {
    expect(heldUntil(quiet, at(now))).toEqual(until && new Date(until))
  })
})

it.each(['TD', 'td', ' T D ', 'Ｔｄ', 'T', '退订', '退订。', 'n'])('takes "%s" for opting out', (reply) => {
  expect(wantsOut(reply)).toBe(true)
})
it.each(['怎么退订', '不退订', 'TDD', '你好', '', '退订医保'])('does not take "%s" for opting out', (reply) => {
  expect(wantsOut(reply)).toBe(false)
})

it.each([
  ['TD', 'out'],
  ['“退订”', 'out'],
  ['ｔｄ', 'out'],
  ['hf', 'in'],
  ['恢复。', 'in'],
  ['T', undefined],
  ['N', undefined],
  ['怎么退订', undefined],
  ['恢复参保', undefined],
  ['医保卡怎么恢复', undefined],
])('hears in a chat of "%s": %s', (text, word) => {
  expect(optWord(text)).toBe(word)
})

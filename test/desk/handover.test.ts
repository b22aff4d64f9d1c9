import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { handoverFlags } from '../../contract/queue.ts'
import { hasWord, inPlace, isEmergency, priorityOf, saysElder, skillNeeded } from '../../desk/handover.ts'

describe('somebody goes first', () => {
  it('one place for age, one for coming again, and before all of that for an urgent word', () => {
    expect(priorityOf('asked', [])).toBe(0)
    expect(priorityOf('asked', ['elder'])).toBe(1)
    expect(priorityOf('asked', ['elder', 'repeat'])).toBe(2)
    expect(priorityOf('asked', ['urgent-word'])).toBe(4)
    expect(priorityOf('transfer', ['elder', 'repeat'])).toBe(4)
    expect(priorityOf('urgent', [])).toBe(5)
    expect(priorityOf('urgent', ['elder'])).toBe(6)
  })

  it('and nobody passes an emergency by age, by coming again or by a word', () => {
    const reason = fc.constantFrom('asked', 'bot_stuck', 'bot_failed', 'agent_gone', 'transfer')
    fc.assert(
      fc.property(reason, fc.subarray([...handoverFlags]), (one, flags) => {
        expect(priorityOf(one, flags)).toBeLessThan(priorityOf('urgent', []))
        expect(priorityOf(one, flags)).toBeGreaterThanOrEqual(priorityOf(one, []))
        expect(priorityOf('urgent', flags)).toBeLessThanOrEqual(9)
      }),
    )
  })
})

describe('the order of those who wait', () => {
  const minuteMs = 60_000
  const waiter = fc.record({
    conversationId: fc.uuid(),
    priority: fc.nat(9),
    askedAt: fc.nat(300 * minuteMs).map((ms) => new Date(ms)),
  })
  const waiters = fc.uniqueArray(waiter, { selector: ({ conversationId }) => conversationId, maxLength: 12 })
  const age = fc.integer({ min: 1, max: 30 })

  it('lets an ordinary citizen be passed for a bounded time alone, whatever goes on coming', () => {
    fc.assert(
      fc.property(waiters, waiter, age, (coming, one, ageMinutes) => {
        fc.pre(
          !isEmergency(one.priority) && coming.every(({ conversationId }) => conversationId !== one.conversationId),
        )
        const before = [...coming, one].sort(inPlace(ageMinutes))
        for (const other of before.slice(0, before.indexOf(one))) {
          if (isEmergency(other.priority)) continue
          const laterMs = other.askedAt.getTime() - one.askedAt.getTime()
          expect(laterMs).toBeLessThanOrEqual(Math.max(0, other.priority - one.priority) * ageMinutes * minuteMs)
        }
      }),
    )
  })

  it('puts emergencies before all others, of two alike the older, and is the same however they come', () => {
    fc.assert(
      fc.property(waiters, age, (some, ageMinutes) => {
        const order = [...some].sort(inPlace(ageMinutes))
        expect([...some].reverse().sort(inPlace(ageMinutes))).toEqual(order)
        const firstUsual = order.findIndex(({ priority }) => !isEmergency(priority))
        if (firstUsual >= 0) expect(order.slice(firstUsual).some(({ priority }) => isEmergency(priority))).toBe(false)
        for (const [i, a] of order.entries())
          for (const b of order.slice(i + 1))
            if (a.priority === b.priority) expect(a.askedAt.getTime()).toBeLessThanOrEqual(b.askedAt.getTime())
      }),
    )
  })
})

describe('who is old is known by what they say of themselves', () => {
  it.each([
    '我今年72岁了',
    '我都七十多岁了，手机不会用',
    '我 68 了，问一下社保卡',
    '我是老年人，听不清',
    '我年纪大了看不清字',
    '我已经八十三岁',
    '身份证 340602194503120017',
  ])('%s', (said) => {
    expect(saysElder(said, 2026)).toBe(true)
  })

  it.each([
    '我妈今年72岁',
    '我今年42岁',
    '老人家怎么参保',
    '60岁以上还交不交',
    '身份证 340602198503120017',
    '我要交72块钱',
    '我等了70多分钟',
  ])('but not: %s', (said) => {
    expect(saysElder(said, 2026)).toBe(false)
  })
})

it('finds the skill whose words were said most', () => {
  const skills = [
    { id: 'abroad', name: '异地就医', words: ['异地', '备案'] },
    { id: 'birth', name: '生育', words: ['生育', '产检', '备案'] },
  ]
  expect(skillNeeded(['我要异地备案'], skills)).toBe('abroad')
  expect(skillNeeded(['产检', '生育津贴怎么备案'], skills)).toBe('birth')
  expect(skillNeeded(['你好'], skills)).toBeUndefined()
  expect(hasWord(['药快没了怎么办'], ['药快没了'])).toBe(true)
  expect(hasWord(['药店在哪'], ['药快没了'])).toBe(false)
})

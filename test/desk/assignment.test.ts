import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Capacity } from '../../contract/queue.ts'
import { presenceStates } from '../../contract/staff.ts'
import { assign, fittingFirstMs, lastAgentFirstMs, whoMayTake } from '../../desk/assignment.ts'
import type { SeatNow, Waiter } from '../../desk/assignment.ts'

const now = new Date('2026-11-23T10:00:00+08:00')
const ago = (ms: number) => new Date(now.getTime() - ms)
const noLoad: Capacity = { phone: 0, web: 0, wechat: 0 }

const aWaiter = (given: Partial<Waiter> = {}): Waiter => ({
  ...{ conversationId: 'c1', askedAt: ago(10_000), channel: 'web' },
  ...given,
})
const aSeat = (staffId: string, given: Partial<SeatNow> = {}): SeatNow => ({
  ...{ staffId, state: 'online', skills: [], regions: [], held: noLoad, idleSince: ago(60_000) },
  ...{ capacity: { phone: 1, web: 3, wechat: 3 } },
  ...given,
})
const given = (waiting: Waiter[], seats: SeatNow[]) =>
  assign(waiting, seats, now).map(({ conversationId, staffId }) => `${conversationId}→${staffId}`)

describe('whoever waits is given', () => {
  it('in their order, and nobody beyond the capacity', () => {
    const waiting = [
      aWaiter({ conversationId: 'urgent', askedAt: ago(1_000) }),
      aWaiter({ conversationId: 'old', askedAt: ago(60_000) }),
      aWaiter({ conversationId: 'young', askedAt: ago(5_000) }),
    ]
    const seats = [aSeat('a', { held: { ...noLoad, web: 1 } })]
    expect(given(waiting, seats)).toEqual(['urgent→a', 'old→a'])
  })

  it('to who has least in hand, and of two alike to who has waited longest for somebody', () => {
    const seats = [
      aSeat('busy', { held: { ...noLoad, web: 2 } }),
      aSeat('rested', { idleSince: ago(600_000) }),
      aSeat('fresh', { idleSince: ago(1_000) }),
    ]
    expect(given([aWaiter()], seats)).toEqual(['c1→rested'])
    expect(given([aWaiter(), aWaiter({ conversationId: 'c2' })], seats)).toEqual(['c1→rested', 'c2→fresh'])
  })

  it('to nobody who is busy or gone, and a call to nobody who holds one', () => {
    const waiting = [aWaiter({ channel: 'phone' })]
    expect(given(waiting, [aSeat('a', { state: 'busy' }), aSeat('b', { state: 'offline' })])).toEqual([])
    expect(given(waiting, [aSeat('a', { held: { ...noLoad, phone: 1 } })])).toEqual([])
    expect(given(waiting, [aSeat('a', { held: { ...noLoad, web: 3 } })])).toEqual(['c1→a'])
  })

  it('to the agent of the last time, who is waited for a while and then no longer', () => {
    const seats = [aSeat('knows', { held: { ...noLoad, web: 3 } }), aSeat('free')]
    const waiter = (waitedMs: number) => [aWaiter({ lastAgentId: 'knows', askedAt: ago(waitedMs) })]
    expect(given(waiter(lastAgentFirstMs - 1), seats)).toEqual([])
    expect(given(waiter(lastAgentFirstMs), seats)).toEqual(['c1→free'])
    expect(given(waiter(0), [aSeat('free'), aSeat('knows')])).toEqual(['c1→knows'])
    expect(given(waiter(0), [aSeat('free'), aSeat('knows', { state: 'offline' })])).toEqual(['c1→free'])
  })

  it('to who knows the matter and the region, while there is somebody and for a bounded time', () => {
    const full = { ...noLoad, web: 3 }
    const knowing = aSeat('knows', { skills: ['birth'], regions: ['340600'], held: full })
    const seats = [knowing, aSeat('other', { regions: ['341000'] })]
    const waiter = (waitedMs: number) => [aWaiter({ skillId: 'birth', region: '340600', askedAt: ago(waitedMs) })]
    expect(given(waiter(fittingFirstMs - 1), seats)).toEqual([])
    expect(given(waiter(fittingFirstMs), seats)).toEqual(['c1→other'])
    expect(given(waiter(0), [aSeat('other')])).toEqual(['c1→other'])
  })

  it('not back to who gave them up, unless nobody else is there', () => {
    const waiting = [aWaiter({ givenUpBy: 'giver' })]
    expect(given(waiting, [aSeat('giver'), aSeat('colleague', { held: { ...noLoad, web: 2 } })])).toEqual([
      'c1→colleague',
    ])
    expect(given(waiting, [aSeat('giver')])).toEqual(['c1→giver'])
  })
})

describe('of any queue and any desk', () => {
  const channel = fc.constantFrom('phone', 'web', 'wechat')
  const staffId = fc.constantFrom('a', 'b', 'c', 'd')
  const skill = fc.constantFrom('birth', 'abroad')
  const region = fc.constantFrom('340600', '341000')
  const numbers = fc.record({ phone: fc.nat(2), web: fc.nat(3), wechat: fc.nat(3) })
  const optional = { requiredKeys: ['conversationId', 'askedAt', 'channel'] as const }
  const waiters = fc.uniqueArray(
    fc.record(
      {
        conversationId: fc.uuid(),
        askedAt: fc.nat(2 * fittingFirstMs).map(ago),
        channel,
        skillId: skill,
        region,
        lastAgentId: staffId,
        givenUpBy: staffId,
      },
      { requiredKeys: [...optional.requiredKeys] },
    ),
    { selector: ({ conversationId }) => conversationId, maxLength: 12 },
  )
  const seats = fc.uniqueArray(
    fc.record({
      staffId,
      state: fc.constantFrom(...presenceStates),
      skills: fc.uniqueArray(skill),
      regions: fc.uniqueArray(region),
      capacity: numbers,
      held: numbers,
      idleSince: fc.nat(600_000).map(ago),
    }),
    { selector: (seat) => seat.staffId },
  )
  const desks = fc.record({ waiting: waiters, seats })
  type Desk = { waiting: Waiter[]; seats: SeatNow[] }
  const after = ({ waiting, seats: all }: Desk) => {
    const offers = assign(waiting, all, now)
    const channelOf = new Map(waiting.map((one) => [one.conversationId, one.channel]))
    const held = (seat: SeatNow, of: keyof Capacity) =>
      seat.held[of] +
      offers.filter((one) => one.staffId === seat.staffId && channelOf.get(one.conversationId) === of).length
    return { offers, held, left: waiting.filter((one) => !offers.some((o) => o.conversationId === one.conversationId)) }
  }

  it('nobody is given twice, and nobody is given more than they hold', () => {
    fc.assert(
      fc.property(desks, (desk) => {
        const { offers, held } = after(desk)
        expect(new Set(offers.map((one) => one.conversationId)).size).toBe(offers.length)
        for (const seat of desk.seats)
          for (const of of ['phone', 'web', 'wechat'] as const)
            expect(held(seat, of)).toBeLessThanOrEqual(Math.max(seat.held[of], seat.capacity[of]))
        for (const { staffId: id } of offers)
          expect(desk.seats.find((seat) => seat.staffId === id)?.state).toBe('online')
      }),
    )
  })

  it('nobody is forgotten: who is left has nobody with room whom they may be given to', () => {
    fc.assert(
      fc.property(desks, (desk) => {
        const { held, left } = after(desk)
        for (const one of left)
          for (const seat of whoMayTake(one, desk.seats, now))
            expect(held(seat, one.channel)).toBeGreaterThanOrEqual(seat.capacity[one.channel])
      }),
    )
  })

  it('the order is kept: who asked later is never given what an earlier one would have taken', () => {
    fc.assert(
      fc.property(desks, (desk) => {
        const { offers } = after(desk)
        const order = desk.waiting
        const agentOf = new Map(offers.map((one) => [one.conversationId, one.staffId]))
        for (const [i, earlier] of order.entries()) {
          if (agentOf.has(earlier.conversationId)) continue
          const wanted = new Set(whoMayTake(earlier, desk.seats, now).map((seat) => seat.staffId))
          const later = order.slice(i + 1).filter((one) => one.channel === earlier.channel)
          for (const one of later) expect(wanted.has(agentOf.get(one.conversationId) ?? '')).toBe(false)
        }
      }),
    )
  })

  it('a wish ends: after its time everybody may be given to anybody there', () => {
    fc.assert(
      fc.property(desks, ({ waiting, seats: all }) => {
        for (const one of waiting) {
          const there = all.filter((seat) => seat.state === 'online' && seat.capacity[one.channel] > 0)
          const late = new Date(one.askedAt.getTime() + Math.max(fittingFirstMs, lastAgentFirstMs))
          expect(whoMayTake(one, all, late)).toEqual(there)
          expect(whoMayTake(one, all, now).length > 0).toBe(there.length > 0)
        }
      }),
    )
  })
})

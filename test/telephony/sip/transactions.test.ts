/** The four machines under every order of events: they end, they answer once, they leave no timer. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  beginClientInvite,
  clientInvite,
  type ClientInviteEvent,
} from '../../../telephony/sip/transactions/client-invite.ts'
import {
  beginClientNonInvite,
  clientNonInvite,
  type ClientNonInviteEvent,
} from '../../../telephony/sip/transactions/client-non-invite.ts'
import type { Action, Line, Step, Timer } from '../../../telephony/sip/transactions/machine.ts'
import {
  beginServerInvite,
  serverInvite,
  type ServerInviteEvent,
} from '../../../telephony/sip/transactions/server-invite.ts'
import {
  beginServerNonInvite,
  serverNonInvite,
  type ServerNonInviteEvent,
} from '../../../telephony/sip/transactions/server-non-invite.ts'

const line = (isReliable: boolean): Line => ({ t1: 500, t2: 4_000, t4: 5_000, isReliable })

/** Plays events on virtual time; between two events the armed timers fire as their moment comes. */
function play<S extends { name: string }, E>(
  first: Step<S>,
  next: (state: S, event: E | { is: 'timer'; timer: Timer }) => Step<S>,
  events: readonly { event: E; afterMs: number }[],
) {
  const armed = new Map<Timer, number>()
  const deeds: { atMs: number; on: E | 'start' | Timer; action: Action }[] = []
  let nowMs = 0
  let state = first.state
  const take = (step: Step<S>, on: E | 'start' | Timer) => {
    state = step.state
    for (const action of step.actions) {
      deeds.push({ atMs: nowMs, on, action })
      if (action.do === 'arm') armed.set(action.timer, nowMs + action.afterMs)
      if (action.do === 'disarm') armed.delete(action.timer)
      if (action.do === 'end') armed.clear()
    }
  }
  const fireUntil = (untilMs: number) => {
    for (let fired = 0; ; fired++) {
      if (fired > 1_000) throw new Error('timers without end')
      const [due] = [...armed].sort((a, b) => a[1] - b[1])
      if (!due || due[1] > untilMs) break
      nowMs = due[1]
      armed.delete(due[0])
      take(next(state, { is: 'timer', timer: due[0] }), due[0])
    }
    nowMs = untilMs
  }
  take(first, 'start')
  for (const { event, afterMs } of events) {
    fireUntil(nowMs + afterMs)
    take(next(state, event), event)
  }
  return { deeds, armed, state: () => state, fireAll: () => fireUntil(nowMs + 600_000) }
}

const count = (deeds: readonly { action: Action }[], what: Action['do']) =>
  deeds.filter(({ action }) => action.do === what).length
const status = fc.constantFrom(100, 180, 200, 202, 302, 404, 486, 487, 503, 603)
const sequence = <E>(event: fc.Arbitrary<E>) =>
  fc.array(fc.record({ event, afterMs: fc.constantFrom(0, 1, 400, 600, 5_000, 40_000) }), { maxLength: 14 })

const answer = fc.record({ is: fc.constant('answer' as const), status })
const answered = fc.record({ is: fc.constant('answered' as const), status })
const broken = fc.constant({ is: 'transport-failed' } as const)
const copy = fc.constant({ is: 'copy' } as const)

describe('the INVITE that we send', () => {
  it('is sent at 0, 0.5, 1.5, 3.5, 7.5, 15.5 and 31.5 s, and given up at 32 s', () => {
    const run = play<ReturnType<typeof beginClientInvite>['state'], ClientInviteEvent>(
      beginClientInvite(line(false)),
      clientInvite,
      [],
    )
    run.fireAll()
    const sent = run.deeds.filter(({ action }) => action.do === 'send').map(({ atMs }) => atMs)
    expect(sent).toEqual([0, 500, 1_500, 3_500, 7_500, 15_500, 31_500])
    expect(run.deeds.filter(({ action }) => action.do === 'fail')).toMatchObject([
      { atMs: 32_000, action: { why: 'timeout' } },
    ])
  })

  it('ends without a timer, passes one refusal up at most and acknowledges every copy of it', () => {
    const event = fc.oneof<fc.Arbitrary<Exclude<ClientInviteEvent, { is: 'timer' }>>[]>(answer, broken)
    fc.assert(
      fc.property(fc.boolean(), sequence(event), (isReliable, events) => {
        const run = play(beginClientInvite(line(isReliable)), clientInvite, events)
        run.fireAll()
        const refusals = run.deeds.filter(
          ({ on, action }) =>
            action.do === 'pass-up' && typeof on === 'object' && on.is === 'answer' && on.status >= 300,
        )
        expect(refusals.length).toBeLessThanOrEqual(1)
        expect(count(run.deeds, 'fail') + refusals.length).toBeLessThanOrEqual(1)
        expect(count(run.deeds, 'ack')).toBeGreaterThanOrEqual(refusals.length)
        if (isReliable) expect(count(run.deeds, 'send')).toBe(1)
        // A peer may ring for ever: only that keeps it open, and giving up ends it.
        if (run.state().name !== 'ended') expect(run.state().name).toBe('proceeding')
        if (run.state().name === 'ended') expect([count(run.deeds, 'end'), run.armed.size]).toEqual([1, 0])
        expect(clientInvite(run.state(), { is: 'abandoned' }).state.name).toBe('ended')
      }),
    )
  })
})

describe('any other request that we send', () => {
  it('is sent eleven times in 32 s, never more than 4 s apart', () => {
    const run = play<ReturnType<typeof beginClientNonInvite>['state'], ClientNonInviteEvent>(
      beginClientNonInvite(line(false)),
      clientNonInvite,
      [],
    )
    run.fireAll()
    const sent = run.deeds.filter(({ action }) => action.do === 'send').map(({ atMs }) => atMs)
    expect(sent).toEqual([0, 500, 1_500, 3_500, 7_500, 11_500, 15_500, 19_500, 23_500, 27_500, 31_500])
  })

  it('always ends without a timer, with one final answer or one failure', () => {
    const event = fc.oneof<fc.Arbitrary<Exclude<ClientNonInviteEvent, { is: 'timer' }>>[]>(answer, broken)
    fc.assert(
      fc.property(fc.boolean(), sequence(event), (isReliable, events) => {
        const run = play(beginClientNonInvite(line(isReliable)), clientNonInvite, events)
        run.fireAll()
        const finals = run.deeds.filter(
          ({ on, action }) =>
            action.do === 'pass-up' && typeof on === 'object' && on.is === 'answer' && on.status >= 200,
        )
        expect(finals.length + count(run.deeds, 'fail')).toBe(1)
        expect([run.state().name, count(run.deeds, 'end'), run.armed.size]).toEqual(['ended', 1, 0])
      }),
    )
  })
})

describe('the INVITE that we are sent', () => {
  it('repeats its refusal until the ACK, then is silent', () => {
    const events: { event: ServerInviteEvent; afterMs: number }[] = [
      { event: { is: 'answered', status: 486 }, afterMs: 0 },
      { event: { is: 'ack' }, afterMs: 1_600 },
      { event: { is: 'copy' }, afterMs: 100 },
    ]
    const run = play<ReturnType<typeof beginServerInvite>['state'], ServerInviteEvent>(
      beginServerInvite(line(false)),
      serverInvite,
      events,
    )
    run.fireAll()
    expect(run.deeds.filter(({ action }) => action.do === 'send').map(({ atMs }) => atMs)).toEqual([0, 500, 1_500])
  })

  it('ends without a timer once it was answered, and never says two different finals', () => {
    const ack = fc.constant({ is: 'ack' } as const)
    const event = fc.oneof<fc.Arbitrary<Exclude<ServerInviteEvent, { is: 'timer' }>>[]>(answered, ack, copy, broken)
    fc.assert(
      fc.property(fc.boolean(), sequence(event), (isReliable, events) => {
        const run = play(beginServerInvite(line(isReliable)), serverInvite, events)
        run.fireAll()
        const said = run.deeds.flatMap(({ on, action }) =>
          action.do === 'send' && typeof on === 'object' && on.is === 'answered' && on.status >= 200 ? [on.status] : [],
        )
        expect(said.filter((one) => one >= 300).length).toBeLessThanOrEqual(1)
        if (said.some((one) => one >= 300)) expect(said).toHaveLength(1)
        if (run.state().name === 'ended') expect([count(run.deeds, 'end'), run.armed.size]).toEqual([1, 0])
        else expect([run.state().name, said, run.armed.size]).toEqual(['proceeding', [], 0])
      }),
    )
  })
})

describe('any other request that we are sent', () => {
  it('is answered once, and a copy gets a copy', () => {
    const event = fc.oneof<fc.Arbitrary<Exclude<ServerNonInviteEvent, { is: 'timer' }>>[]>(answered, copy, broken)
    fc.assert(
      fc.property(fc.boolean(), sequence(event), (isReliable, events) => {
        const run = play(beginServerNonInvite(line(isReliable)), serverNonInvite, events)
        run.fireAll()
        const finals = run.deeds.filter(
          ({ on, action }) =>
            action.do === 'send' && typeof on === 'object' && on.is === 'answered' && on.status >= 200,
        )
        expect(finals.length).toBeLessThanOrEqual(1)
        if (run.state().name === 'ended') expect([count(run.deeds, 'end'), run.armed.size]).toEqual([1, 0])
        else expect([finals.length, run.armed.size]).toEqual([0, 0])
      }),
    )
  })
})

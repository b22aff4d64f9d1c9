import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  errorsAllowed,
  failOver,
  failOverStart,
  unconnectedLimitMs,
  type FailOverEvent,
  type FailOverStep,
} from '../../../telephony/speech/fail-over.ts'

/** [milliseconds since the last event, event] in order, over so many engines. */
function run(events: readonly (readonly [number, FailOverEvent['kind']])[], engines: number): FailOverStep[] {
  let state = failOverStart()
  let nowMs = 0
  return events.map(([after, kind]) => {
    nowMs += after
    const step = failOver(state, { kind }, engines, nowMs)
    state = step.state
    return step
  })
}

describe('which engine serves a call', () => {
  it('stays through one error, and leaves at the second', () => {
    const [first, second] = run(
      [
        [0, 'error'],
        [60_000, 'error'],
      ],
      2,
    )
    expect(first?.switched).toBeUndefined()
    expect(second?.switched).toEqual({ from: 0, to: 1, reason: 'errors', tellCaller: true })
  })

  it('leaves after 3 s without a connection, to the millisecond', () => {
    const [, early, late] = run(
      [
        [0, 'unconnected'],
        [2_999, 'tick'],
        [1, 'tick'],
      ],
      2,
    )
    expect(early?.switched).toBeUndefined()
    expect(late?.switched).toMatchObject({ reason: 'no-connection', to: 1 })
  })

  it('counts the 3 s anew after every connection, and not while nothing is asked', () => {
    const steps = run(
      [
        [0, 'unconnected'],
        [2_900, 'connected'],
        [9_000, 'tick'],
        [0, 'unconnected'],
        [2_900, 'idle'],
        [9_000, 'tick'],
      ],
      2,
    )
    expect(steps.every(({ switched }) => switched === undefined)).toBe(true)
  })

  it('does not start the 3 s again when the same loss is told twice', () => {
    const steps = run(
      [
        [0, 'unconnected'],
        [2_000, 'unconnected'],
        [1_000, 'tick'],
      ],
      2,
    )
    expect(steps.at(-1)?.switched?.reason).toBe('no-connection')
  })
})

describe('whatever happens', () => {
  const event = fc.constantFrom<FailOverEvent['kind']>('unconnected', 'connected', 'idle', 'error', 'tick')
  const events = fc.array(fc.tuple(fc.integer({ min: 0, max: 4_000 }), event), { maxLength: 60 })
  const engines = fc.integer({ min: 1, max: 4 })

  it('goes one engine forward at a time, never back, and never beyond the last', () => {
    fc.assert(
      fc.property(events, engines, (happened, count) => {
        let at = 0
        for (const { state, switched } of run(happened, count)) {
          expect(state.engine).toBe(switched ? at + 1 : at)
          if (switched) expect([switched.from, switched.to]).toEqual([at, at + 1])
          at = state.engine
          expect(at).toBeLessThan(count)
        }
      }),
    )
  })

  it('tells the caller at most once, and at the first switch', () => {
    fc.assert(
      fc.property(events, engines, (happened, count) => {
        const told = run(happened, count).flatMap(({ switched }) => (switched ? [switched.tellCaller] : []))
        expect(told).toEqual(told.map((_, i) => i === 0))
      }),
    )
  })

  it('leaves an engine for a reason alone: two errors on it, or 3 s', () => {
    fc.assert(
      fc.property(events, engines, (happened, count) => {
        let errors = 0
        let [since, nowMs]: [number | undefined, number] = [undefined, 0]
        run(happened, count).forEach(({ switched }, i) => {
          const [after, kind] = happened[i] ?? [0, 'tick']
          nowMs += after
          if (kind === 'error') errors++
          if (kind === 'unconnected') since ??= nowMs
          if (kind === 'connected' || kind === 'idle') since = undefined
          if (!switched) return
          if (switched.reason === 'errors') expect(errors).toBe(errorsAllowed)
          else expect(nowMs - (since ?? nowMs)).toBeGreaterThanOrEqual(unconnectedLimitMs)
          errors = 0
          since = undefined
        })
      }),
    )
  })
})

import fc from 'fast-check'
import { expect, it } from 'vitest'
import { noStats } from '../../../admin/call/audio-path.ts'
import {
  after,
  isLive,
  levelOf,
  talkedWords,
  troubleBetween,
  untaken,
  whyOff,
  type Call,
  type Happening,
} from '../../../admin/call/call.ts'

const through = (...happenings: Happening[]) => happenings.reduce(after, untaken)
const taken: Happening[] = [{ kind: 'take-up' }, { kind: 'opened', at: 1_000 }]

it('goes from the click over the opened line to the talk, and back when it is put down', () => {
  expect(through(...taken)).toEqual({ kind: 'talking', since: 1_000, isMuted: false, isHeld: false, way: 'server' })
  expect(through(...taken, { kind: 'put-down' })).toEqual(untaken)
  expect(through(...taken, { kind: 'opened', at: 9_000 })).toMatchObject({ since: 1_000 })
})

it('says why the microphone is off and lets the agent try again', () => {
  const off = through({ kind: 'take-up' }, { kind: 'microphone-off', why: 'denied' })
  expect(off).toEqual({ kind: 'off', why: 'denied' })
  expect(after(off, { kind: 'take-up' })).toEqual({ kind: 'opening' })
})

it('forgets a trouble when the call is held, and judges no call on hold', () => {
  const troubled = through(...taken, { kind: 'quality', trouble: 'unheard' })
  expect(troubled).toMatchObject({ trouble: 'unheard' })
  const held = after(troubled, { kind: 'hold', on: true })
  expect(after(held, { kind: 'quality', trouble: 'unheard' })).toMatchObject({ isHeld: true, trouble: undefined })
})

it('begins through the server, tells the way as it changes, and never for a call that is not on', () => {
  const straight = through(...taken, { kind: 'way', way: 'direct' })
  expect(straight).toMatchObject({ kind: 'talking', way: 'direct' })
  expect(after(straight, { kind: 'way', way: 'server' })).toMatchObject({ kind: 'talking', way: 'server' })
  expect(through({ kind: 'way', way: 'direct' })).toEqual(untaken)
})

it('is in another window until it is taken up here again, and only a call that was on can go there', () => {
  const elsewhere = through(...taken, { kind: 'taken-elsewhere' })
  expect(elsewhere).toEqual({ kind: 'elsewhere' })
  expect(isLive(elsewhere)).toBe(false)
  expect(after(elsewhere, { kind: 'take-up' })).toEqual({ kind: 'opening' })
  expect(after(elsewhere, { kind: 'over', by: 'citizen' })).toEqual({ kind: 'ended', by: 'citizen' })
  expect(through({ kind: 'taken-elsewhere' })).toEqual(untaken)
})

it('keeps who ended it, until the citizen speaks again', () => {
  const ended = through(...taken, { kind: 'over', by: 'agent' }, { kind: 'over', by: 'citizen' })
  expect(ended).toEqual({ kind: 'ended', by: 'agent' })
  expect(after(ended, { kind: 'take-up' })).toEqual(ended)
  expect(after(ended, { kind: 'citizen-spoke' })).toEqual(untaken)
})

it('never opens a microphone but by a click, and never keeps it open after the end', () => {
  const on = fc.boolean()
  const by = fc.constantFrom('citizen', 'agent')
  const happening: fc.Arbitrary<Happening> = fc.oneof(
    fc.constantFrom<Happening>({ kind: 'take-up' }, { kind: 'put-down' }, { kind: 'citizen-spoke' }),
    fc.constantFrom<Happening>({ kind: 'taken-elsewhere' }, { kind: 'way', way: 'direct' }),
    fc.record({ kind: fc.constant('opened' as const), at: fc.nat() }),
    fc.record({ kind: fc.constantFrom('mute' as const, 'hold' as const), on }),
    fc.record({ kind: fc.constant('over' as const), by }),
    fc.record({ kind: fc.constant('microphone-off' as const), why: fc.constant('unplugged' as const) }),
    fc.record({ kind: fc.constant('quality' as const), trouble: fc.constantFrom('unheard', 'unsteady', undefined) }),
  )
  fc.assert(
    fc.property(fc.array(happening), (happenings) => {
      let call: Call = untaken
      for (const what of happenings) {
        const before: Call = call
        call = after(before, what)
        if (isLive(call) && !isLive(before)) expect(what.kind).toBe('take-up')
        if (['over', 'put-down', 'microphone-off'].includes(what.kind)) expect(isLive(call)).toBe(false)
      }
    }),
  )
})

it('hears from the counts whether the caller is there and whether the way is steady', () => {
  const before = { sent: 100, dropped: 4, received: 50, ranDry: 2 }
  const fine = { sent: 250, dropped: 5, received: 200, ranDry: 3 }
  expect(troubleBetween(before, fine)).toBeUndefined()
  expect(troubleBetween(before, { ...fine, received: 50 })).toBe('unheard')
  expect(troubleBetween(before, { ...fine, dropped: 60 })).toBe('unsteady')
  expect(troubleBetween(before, { ...fine, ranDry: 5 })).toBe('unsteady')
  expect(troubleBetween(before, { ...fine, sent: 100 })).toBe('blocked')
  expect(troubleBetween(noStats, noStats)).toBe('unheard')
})

it('names what a browser throws, and what it has never thrown', () => {
  expect(['NotAllowedError', 'NotFoundError', 'NotReadableError', 'toString'].map(whyOff)).toEqual([
    'denied',
    'no-device',
    'in-use',
    'failed',
  ])
})

it('shows a level between nothing and all there is', () => {
  expect([0, 0.001, 0.0316, 1, 5].map(levelOf)).toEqual([0, 0, 40, 100, 100])
})

it('tells the time talked as a clock', () => {
  expect([-1, 0, 59.9, 61, 3_725].map(talkedWords)).toEqual(['00:00', '00:00', '00:59', '01:01', '1:02:05'])
})

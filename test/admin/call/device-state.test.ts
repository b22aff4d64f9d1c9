/** The desk phone as the console sees it: whatever it is told, it shows one call or none, and why. */
import { expect, it } from 'vitest'
import { dialled, found, gone, heldHere, noCall, told, type DeviceState } from '../../../admin/call/device-state.ts'
import type { HandsetTold } from '../../../contract/handset.ts'

const id = '7b1d6c1e-2f5a-4c6e-9d3b-0a1b2c3d4e5f'
const other = '00000000-2f5a-4c6e-9d3b-0a1b2c3d4e5f'
const now = 5_000
const hears = (state: DeviceState, ...states: ('ringing' | 'talking' | 'held' | 'resumed')[]) =>
  states.reduce((before, one) => told(before, { conversationId: id, state: one }, now), state)
const down = (why: Extract<HandsetTold, { state: 'down' }>['why']): HandsetTold => ({
  conversationId: id,
  state: 'down',
  why,
})

it('goes from the click over the ringing to the talk', () => {
  expect(dialled(id, 1_000).on).toMatchObject({ state: 'dialling', since: 1_000 })
  expect(hears(dialled(id, 1_000), 'ringing').on).toMatchObject({ state: 'ringing' })
  expect(hears(noCall, 'ringing', 'talking').on).toEqual({ conversationId: id, state: 'talking', since: now })
})

it('keeps why there is no call any more until it is rung again, and needs no why for an order of its own', () => {
  const refused = told(dialled(id, 1_000), down('busy'), now)
  expect(refused).toEqual({ refusal: { conversationId: id, why: 'busy' } })
  expect(dialled(id, 2_000).refusal).toBeUndefined()
  expect(told(hears(noCall, 'talking'), down('put-down'), now)).toEqual(noCall)
})

it('is not put out by news of another call', () => {
  const talking = hears(noCall, 'talking')
  expect(told(talking, { ...down('busy'), conversationId: other }, now)).toBe(talking)
})

it('knows at which end a call was put on hold', () => {
  const talking = hears(noCall, 'talking')
  expect(heldHere(talking, true).on).toMatchObject({ state: 'held', heldAt: 'console' })
  expect(heldHere(heldHere(talking, true), false).on).toEqual(talking.on && { ...talking.on, heldAt: undefined })
  expect(hears(talking, 'held').on).toMatchObject({ state: 'held', heldAt: 'handset' })
  expect(hears(talking, 'held', 'resumed').on?.heldAt).toBeUndefined()
  expect(heldHere(noCall, true)).toBe(noCall)
})

it('learns after a reload what the desk phone is at, and forgets a call that it has not', () => {
  const on = { conversationId: id, state: 'talking', since: new Date(9_000).toISOString() } as const
  expect(found(noCall, { isRegistered: true, on }, now).on).toEqual({
    ...{ conversationId: id, state: 'talking', since: 9_000 },
  })
  const talking = hears(noCall, 'talking')
  expect(found(talking, { isRegistered: true, on }, now)).toBe(talking)
  expect(found(talking, { isRegistered: true }, now).on).toBeUndefined()
  expect(found(hears(noCall, 'ringing'), { isRegistered: true, on }, now).on).toMatchObject({ state: 'talking' })
})

it('learns after a reload at which end the call is held', () => {
  const held = { conversationId: id, state: 'held', since: new Date(9_000).toISOString() } as const
  for (const heldAt of ['console', 'handset'] as const)
    expect(found(noCall, { isRegistered: true, on: { ...held, heldAt } }, now).on).toMatchObject({ heldAt })
})

it('does not wait for ever for a phone process that never learned of the order', () => {
  const view = { isRegistered: true }
  expect(found(dialled(id, 1_000), view, 2_000).on).toMatchObject({ state: 'dialling' })
  expect(found(dialled(id, 1_000), view, 60_000).on).toBeUndefined()
})

it('has no call any more that ended or went to somebody else', () => {
  const talking = hears(noCall, 'talking')
  expect(gone(talking, id)).toEqual(noCall)
  expect(gone(talking, other)).toBe(talking)
})

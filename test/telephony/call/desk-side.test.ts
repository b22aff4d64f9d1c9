/** A call as the server sees it, from its first moment on; the clock is turned by hand. */
import { beforeEach, expect, it } from 'vitest'
import type { PhoneReplies } from '../../../contract/phone-events.ts'
import { deskSide, type DeskSide } from '../../../telephony/call/desk-side.ts'
import type { FloorEvent } from '../../../telephony/turn-taking/floor-events.ts'
import { fakeClock } from '../rtp/fake-clock.ts'

type From = PhoneReplies['call:begin']['standing']
let clock: ReturnType<typeof fakeClock>
let events: FloorEvent['kind'][]
let told: string[]
let noted: string[]
let missed: number
let heldNow: boolean

beforeEach(() => {
  clock = fakeClock()
  events = []
  told = []
  noted = []
  missed = 0
  heldNow = false
})

function aSide(from: From): DeskSide {
  return deskSide({
    clock,
    from,
    send: (event) => void events.push(event.kind),
    note: (kind) => void noted.push(kind),
    tell: (text) => void told.push(text),
    waited: () => false,
    missed: () => void missed++,
    hold: (on) => void (heldNow = on),
  })
}
const conversationId = 'c'

it('leaves the greeting to the bot where the bot has the conversation', () => {
  expect(aSide({ state: 'bot' }).pickedUp()).toBe(false)
  expect(events).toEqual([])
})

it('tells a caller who rings again of the same agent, and gives up after thirty seconds', () => {
  expect(aSide({ state: 'agent', agentNumber: '8001' }).pickedUp()).toBe(true)
  expect(events).toEqual(['queued'])
  expect(told.join()).toMatch(/同一位工作人员.*工号8001/)
  clock.pass(29_000)
  expect(missed).toBe(0)
  clock.pass(2_000)
  expect(missed).toBe(1)
  clock.pass(120_000)
  expect(missed).toBe(1)
})

it.each([
  ['takes up the sound', (side: DeskSide) => side.news.audioOpened()],
  ['writes', (side: DeskSide) => side.attended()],
])('waits no longer once the agent %s', (_how, comes) => {
  const side = aSide({ state: 'agent' })
  side.pickedUp()
  comes(side)
  clock.pass(60_000)
  expect(missed).toBe(0)
  expect(noted).toEqual(['queued', 'person'])
})

it('waits no longer for an agent whose conversation went elsewhere', () => {
  const side = aSide({ state: 'agent' })
  side.pickedUp()
  side.news.standing({ conversationId, state: 'waiting' })
  clock.pass(60_000)
  expect(missed).toBe(0)
  expect(events).toEqual(['queued', 'returned', 'queued', 'stillWaiting', 'stillWaiting'])
})

it('greets a caller whose agent closed the conversation before the call was picked up', () => {
  const side = aSide({ state: 'agent' })
  side.news.standing({ conversationId, state: 'closed' })
  expect(side.pickedUp()).toBe(false)
  clock.pass(5_000)
  expect(events).toEqual([])
})

it('tells a caller who waits already that the place is kept, and later which one it is', () => {
  const side = aSide({ state: 'waiting' })
  side.pickedUp()
  side.news.place({ conversationId, place: 2, waitSeconds: 120, range: { from: 2, to: 5 } })
  clock.pass(31_000)
  expect(told).toEqual([expect.stringContaining('仍在排队'), '您排在第2位，大约还要等2到5分钟。'])
})

it.each([
  ['closes the sound', (side: DeskSide) => side.news.audioClosed()],
  ['gives the caller to the bot', (side: DeskSide) => side.news.standing({ conversationId, state: 'bot' })],
  ['is gone', (side: DeskSide) => side.news.standing({ conversationId, state: 'waiting' })],
])('leaves nobody on hold whose agent %s', (_how, leaves) => {
  const side = aSide({ state: 'agent' })
  side.pickedUp()
  side.news.audioOpened()
  side.news.hold(true)
  expect(heldNow).toBe(true)
  leaves(side)
  expect(heldNow).toBe(false)
  expect(events.slice(events.indexOf('held'))).toEqual(expect.arrayContaining(['unheld', 'returned']))
})

it('goes on only when neither console nor desk phone holds the call', () => {
  const side = aSide({ state: 'agent' })
  side.pickedUp()
  side.news.audioOpened('handset')
  side.news.hold(true, 'handset')
  side.news.hold(true)
  side.news.hold(false)
  expect(heldNow).toBe(true)
  side.news.hold(false, 'handset')
  expect(heldNow).toBe(false)
  expect(noted.slice(-2)).toEqual(['held', 'resumed'])
})

it('takes a desk phone off hold when a console takes its call', () => {
  const side = aSide({ state: 'agent' })
  side.pickedUp()
  side.news.audioOpened('handset')
  side.news.hold(true, 'handset')
  side.news.audioOpened()
  expect([side.isBridged(), heldNow]).toEqual([true, false])
})

it('puts nobody on hold who is not in a talk', () => {
  const side = aSide({ state: 'agent' })
  side.pickedUp()
  side.news.hold(true)
  expect([heldNow, events]).toEqual([false, ['queued']])
})

/** How calls ended: told to the server until it has taken it. */
import { expect, it } from 'vitest'
import type { PhoneAsked } from '../../contract/phone-events.ts'
import { Problem } from '../../contract/problem.ts'
import { callEndings } from '../../telephony/call-endings.ts'
import { quietLog } from '../support/phone-peers.ts'

function aRecord(most?: number) {
  const taken: string[] = []
  const timers: (() => void)[] = []
  let isUp = true
  const link = {
    ask(_: string, what: object) {
      if (!isUp) return Promise.reject(new Problem('internal', 'no database'))
      taken.push('callRowId' in what ? String(what.callRowId) : '')
      return Promise.resolve({})
    },
  }
  const made = callEndings({
    // The one ask that is made here has no answer to speak of.
    link: link as Parameters<typeof callEndings>[0]['link'],
    clock: { after: (_, run) => (timers.push(run), () => void timers.splice(timers.indexOf(run), 1)) },
    log: quietLog,
    most,
  })
  return {
    ...made,
    taken,
    timers,
    serverIs: (up: boolean) => void (isUp = up),
    async timePasses() {
      timers.shift()?.()
      await new Promise((resolve) => setImmediate(resolve))
    },
  }
}
const ending = (callRowId: string): PhoneAsked['call:end'] => ({
  ...{ callRowId, endedBy: 'caller', at: '2026-11-23T02:00:00.000Z' },
})

it('tells an end at once, and no more of it once it was taken', async () => {
  const record = aRecord()
  await record.tell(ending('a'))
  expect([record.taken, record.waiting(), record.timers.length]).toEqual([['a'], 0, 0])
})

it('tells again what the server could not take, in its order, until it has', async () => {
  const record = aRecord()
  record.serverIs(false)
  for (const id of ['a', 'b']) await record.tell(ending(id))
  expect(record.timers.length).toBe(1)
  await record.timePasses()
  expect([record.taken, record.waiting()]).toEqual([[], 2])
  record.serverIs(true)
  await record.timePasses()
  expect([record.taken, record.waiting(), record.timers.length]).toEqual([['a', 'b'], 0, 0])
})

it('tries once more when the phone stops, and leaves no timer', async () => {
  const record = aRecord()
  record.serverIs(false)
  await record.tell(ending('a'))
  record.serverIs(true)
  await record.close()
  expect([record.taken, record.timers.length]).toEqual([['a'], 0])
})

it('forgets the oldest when more wait than it can hold', async () => {
  const record = aRecord(2)
  record.serverIs(false)
  for (const id of ['a', 'b', 'c']) await record.tell(ending(id))
  record.serverIs(true)
  await record.timePasses()
  expect(record.taken).toEqual(['b', 'c'])
})

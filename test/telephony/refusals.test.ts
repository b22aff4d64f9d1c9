/** Calls that found no room: each in the record once, also when the server was away meanwhile. */
import { expect, it } from 'vitest'
import { Problem } from '../../contract/problem.ts'
import { refusals } from '../../telephony/refusals.ts'
import { quietLog } from '../support/phone-peers.ts'

function aRecord(most?: number) {
  const told: string[] = []
  let isUp = false
  const link = {
    isUp: () => isUp,
    ask(_: string, what: object) {
      if (!isUp) return Promise.reject(new Problem('not_ready', 'away'))
      told.push('callId' in what ? String(what.callId) : '')
      return Promise.resolve({})
    },
  }
  // The one ask that is made here has no answer to speak of.
  const made = refusals({
    link: link as Parameters<typeof refusals>[0]['link'],
    now: () => new Date(),
    log: quietLog,
    most,
  })
  return { ...made, told, serverIs: (up: boolean) => void (isUp = up) }
}
const call = (id: string) => ({ id, called: '12393' })

it('tells what happened while the server was away, in its order, when it is back', async () => {
  const record = aRecord()
  for (const id of ['a', 'b', 'c']) record.refuse(call(id))
  await record.tell()
  expect(record.told).toEqual([])
  record.serverIs(true)
  await record.tell()
  expect(record.told).toEqual(['a', 'b', 'c'])
  expect(record.waiting()).toBe(0)
})

it('tells at once while the server is there, and a call once, however often it comes', async () => {
  const record = aRecord()
  record.serverIs(true)
  record.refuse(call('a'))
  record.refuse(call('a'))
  await record.tell()
  record.refuse(call('a'))
  await record.tell()
  expect(record.told).toEqual(['a'])
  expect(record.count()).toBe(1)
})

it('forgets the oldest when a night of refusals is longer than its list', async () => {
  const record = aRecord(3)
  for (const id of ['a', 'b', 'c', 'd', 'e']) record.refuse(call(id))
  record.serverIs(true)
  await record.tell()
  expect(record.told).toEqual(['c', 'd', 'e'])
  expect(record.count()).toBe(5)
})

import { afterAll, beforeAll, expect, it } from 'vitest'
import type { Actor } from '../../contract/staff.ts'
import { presenceStore, type PresenceStore } from '../../desk/presence.store.ts'
import { aDatabase, type TestDatabase } from '../support/postgres.ts'
import { aColleague, hoursAfter, sundayNoon } from './rows.ts'

let database: TestDatabase
let presence: PresenceStore
let one: Actor
let other: Actor
beforeAll(async () => {
  database = await aDatabase()
  presence = presenceStore(database.db)
  one = await aColleague(database.pool, 'agent')
  other = await aColleague(database.pool, 'agent')
})
afterAll(() => database.drop())

it('counts who takes conversations, and tells since when somebody is in a state', async () => {
  const later = hoursAfter(sundayNoon, 1)
  await presence.set(one.staffId, 'online', sundayNoon)
  await presence.set(other.staffId, 'busy', sundayNoon)
  await presence.set(one.staffId, 'online', later)
  expect(await presence.onlineCount()).toBe(1)
  expect(await presence.list()).toMatchObject([
    { staffId: one.staffId, workNumber: one.workNumber, state: 'online', since: sundayNoon, seenAt: later },
    { staffId: other.staffId, state: 'busy', since: sundayNoon, seenAt: sundayNoon },
  ])
})

it('finds whose console went silent, until they are seen or leave', async () => {
  const later = hoursAfter(sundayNoon, 2)
  await presence.set(one.staffId, 'online', sundayNoon)
  await presence.set(other.staffId, 'busy', sundayNoon)
  await presence.seen(one.staffId, later)
  expect(await presence.gone(later)).toEqual([other.staffId])
  await presence.set(other.staffId, 'offline', later)
  expect(await presence.gone(hoursAfter(later, 9))).toEqual([one.staffId])
})

it('tells who changed a state: the agent, or the system, which takes off only whoever was not seen again', async () => {
  const later = hoursAfter(sundayNoon, 4)
  await presence.set(one.staffId, 'online', sundayNoon)
  expect(await presence.setAside(one.staffId, later)).toMatchObject({ state: 'busy', cause: 'unseen' })
  expect(await presence.setAside(one.staffId, later)).toBeUndefined()
  expect(await presence.takeOff(one.staffId, later, later)).toMatchObject({ state: 'offline', cause: 'gone' })
  expect(await presence.of(one.staffId)).toEqual({ state: 'offline', cause: 'gone', since: later.toISOString() })
  expect(await presence.set(one.staffId, 'offline', later)).toMatchObject({ cause: 'chosen' })
  await presence.set(one.staffId, 'online', later)
  expect(await presence.takeOff(one.staffId, later, later)).toBeUndefined()
  expect((await presence.of(one.staffId)).state).toBe('online')
})

it('sends everybody offline when the server starts', async () => {
  await presence.set(one.staffId, 'online', sundayNoon)
  await presence.offlineAll(hoursAfter(sundayNoon, 3))
  expect(await presence.onlineCount()).toBe(0)
  expect((await presence.list()).map(({ state }) => state)).toEqual(['offline', 'offline'])
})

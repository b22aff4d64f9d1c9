import { randomBytes } from 'node:crypto'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { wechatEventsStore } from '../../wechat/events.store.ts'
import { wechatUsersStore, type NotedUser } from '../../wechat/users.store.ts'
import { aDatabase, type TestDatabase } from '../support/postgres.ts'

let database: TestDatabase
beforeAll(async () => void (database = await aDatabase()))
afterAll(() => database.drop())

const at = (minute: number) => new Date(Date.UTC(2026, 10, 22, 4, minute))
const aUser = (given: Partial<NotedUser> = {}): NotedUser => ({
  openIdHash: randomBytes(32),
  openIdSealed: 'sealed',
  account: 'gh_1',
  road: 'oa',
  follows: true,
  granted: {},
  now: at(0),
  ...given,
})

it('counts anew on the account that a citizen opened again, and leaves the other as it was', async () => {
  const users = wechatUsersStore(database.db)
  const user = aUser({ granted: { messageAt: at(0), momentAt: at(0) } })
  await users.note(user)
  const used = { messageAt: at(0), messageUsed: 3, momentAt: at(0), momentUsed: 2 }
  await users.pay(user.openIdHash, used, at(1))
  await users.note({ ...user, account: 'gh_2', granted: { messageAt: at(5) }, now: at(5) })
  expect(await users.lock(user.openIdHash)).toMatchObject({
    account: 'gh_2',
    quota: { messageAt: at(5), messageUsed: 0, momentAt: at(0), momentUsed: 2 },
  })
})

it('grants nothing to who does nothing that grants, and notes that they left', async () => {
  const users = wechatUsersStore(database.db)
  const user = aUser({ granted: { messageAt: at(0) } })
  await users.note(user)
  await users.note({ ...user, follows: false, granted: {}, now: at(5) })
  const kept = await users.lock(user.openIdHash)
  expect(kept).toMatchObject({ follows: false, quota: { messageAt: at(0), messageUsed: 0, momentUsed: 0 } })
  expect(kept?.quota.momentAt).toBeUndefined()
})

it('changes nothing of a citizen by what was told before, and says what was answered to it', async () => {
  const events = wechatEventsStore(database.db)
  const users = wechatUsersStore(database.db)
  const user = aUser({ granted: { messageAt: at(0) } })
  const told = { keyHash: randomBytes(32), kind: 'text', rawSealed: 'raw' } as const
  expect(await events.keep(told, user)).toEqual({ isNew: true, isDone: false })
  expect(await events.keep(told, user)).toEqual({ isNew: false, isDone: false })
  await users.pay(user.openIdHash, { messageAt: at(0), messageUsed: 2, momentUsed: 0 }, at(1))
  await events.done({ keyHash: told.keyHash, replySealed: 'the answer', now: at(1) })
  const again = { ...user, granted: { messageAt: at(9) }, now: at(9) }
  expect(await events.keep(told, again)).toEqual({ isNew: false, isDone: true, replySealed: 'the answer' })
  expect(await users.lock(user.openIdHash)).toMatchObject({ quota: { messageAt: at(0), messageUsed: 2 } })
})

it('grants by when they did it: what is heard of late opens nothing anew, and gives nothing back', async () => {
  const users = wechatUsersStore(database.db)
  const user = aUser({ granted: { messageAt: at(5), momentAt: at(5) } })
  await users.note(user)
  const used = { messageAt: at(5), messageUsed: 3, momentAt: at(5), momentUsed: 2 }
  await users.pay(user.openIdHash, used, at(6))
  await users.note({ ...user, granted: { messageAt: at(2), momentAt: at(2) }, now: at(9) })
  expect(await users.lock(user.openIdHash)).toMatchObject({ quota: used })
})

it('gives back what was paid for and not sent, unless they have done something since', async () => {
  const users = wechatUsersStore(database.db)
  const user = aUser({ granted: { messageAt: at(0), momentAt: at(0) } })
  await users.note(user)
  const paid = { messageAt: at(0), messageUsed: 3, momentAt: at(0), momentUsed: 2 }
  await users.pay(user.openIdHash, paid, at(1))
  await users.giveBack(user.openIdHash, { ...paid, messages: 2, moments: 1 }, at(1))
  expect(await users.lock(user.openIdHash)).toMatchObject({ quota: { messageUsed: 1, momentUsed: 1 } })
  await users.note({ ...user, granted: { messageAt: at(5) }, now: at(5) })
  await users.giveBack(user.openIdHash, { ...paid, messages: 1, moments: 1 }, at(6))
  expect(await users.lock(user.openIdHash)).toMatchObject({ quota: { messageUsed: 0, momentUsed: 0 } })
})

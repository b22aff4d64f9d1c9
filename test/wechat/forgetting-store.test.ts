import { randomBytes } from 'node:crypto'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { wechatEventsStore } from '../../wechat/events.store.ts'
import { forgettingStore } from '../../wechat/forgetting.store.ts'
import { kfAccountsStore } from '../../wechat/kf/accounts.store.ts'
import { aDatabase, type TestDatabase } from '../support/postgres.ts'

let database: TestDatabase
beforeAll(async () => void (database = await aDatabase()))
afterAll(() => database.drop())

const day = (n: number) => new Date(Date.UTC(2026, 10, n, 4))

async function told(at: Date, isDone: boolean): Promise<Buffer> {
  const keyHash = randomBytes(32)
  const user = { openIdHash: randomBytes(32), openIdSealed: 'sealed', account: 'gh_1', follows: true, granted: {} }
  const events = wechatEventsStore(database.db)
  await events.keep({ keyHash, kind: 'text', rawSealed: 'words' }, { ...user, road: 'oa', now: at })
  if (isDone) await events.done({ keyHash, replySealed: 'an answer', now: at })
  return keyHash
}

it('forgets what was worked on, but neither what is still to be done nor the last that was heard', async () => {
  const old = await told(day(1), true)
  const undone = await told(day(2), false)
  const last = await told(day(3), true)
  await forgettingStore(database.db).told(day(9))
  const { rows } = await database.pool.query<{ key: Buffer }>('select key_hash as key from wechat_event')
  const left = rows.map(({ key }) => key.toString('hex'))
  expect(left).not.toContain(old.toString('hex'))
  expect(left.sort()).toEqual([undone, last].map((key) => key.toString('hex')).sort())
  expect(await wechatEventsStore(database.db).lastAt('oa')).toEqual(day(3))
})

it('forgets what the customer service sent and nobody could work on, once it is given up', async () => {
  const accounts = kfAccountsStore(database.db)
  const [bad, waiting] = [randomBytes(32), randomBytes(32)]
  const page = [bad, waiting].map((keyHash) => ({ keyHash, personHash: undefined, rawSealed: 'words', isOld: false }))
  await accounts.announced('wk1', 'sealed', day(1))
  const [kept] = await accounts.keep('wk1', page, day(1))
  const one = kept ?? expect.unreachable()
  expect(await accounts.failed(one, { cause: 'broken', againAt: day(3) }, day(2))).toBe(false)
  expect(await accounts.leftOver(day(2), day(2), 9)).toHaveLength(1)
  // Somebody else has tried it meanwhile.
  expect(await accounts.failed(one, { cause: 'broken' }, day(3))).toBe(false)
  expect(await accounts.failed({ ...one, tries: 1 }, { cause: 'broken' }, day(3))).toBe(true)
  expect((await accounts.leftOver(day(9), day(9), 9)).map(({ keyHash }) => keyHash.toString('hex'))).toEqual([
    waiting.toString('hex'),
  ])
  await forgettingStore(database.db).told(day(9))
  const { rows } = await database.pool.query<{ key: Buffer }>('select key_hash as key from wechat_kf_message')
  expect(rows.map(({ key }) => key.toString('hex'))).toEqual([waiting.toString('hex')])
})

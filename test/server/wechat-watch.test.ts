/** Who is told of what becomes of messages in WeChat, over the real tables. */
import { pino } from 'pino'
import { Registry } from 'prom-client'
import { afterAll, beforeAll, expect, it, vi } from 'vitest'
import { wechatWatch } from '../../server/wechat-watch.ts'
import { WechatRefusal } from '../../wechat/api.ts'
import { aDatabase, type TestDatabase } from '../support/postgres.ts'

let database: TestDatabase
beforeAll(async () => void (database = await aDatabase()))
afterAll(() => database.drop())

const at = new Date('2026-11-22T02:00:00Z')
function aWatch(wechatFails: () => Promise<void>) {
  const [metrics, log] = [new Registry(), pino({ level: 'silent' })]
  return wechatWatch({ db: database.db, alerts: { wechatFails }, metrics, remedies: {}, log, now: () => at })
}

/** Thirty messages by the customer service that were refused so. */
async function refused(code: number): Promise<void> {
  await database.pool.query(
    `with who as (insert into contact (created_at) values ($1) returning id),
     talk as (insert into conversation (contact_id, channel, started_at, last_turn_at)
       select id, 'wechat', $1, $1 from who returning id),
     known as (insert into wechat_user (openid_hash, openid_sealed, account, road, changed_at)
       values (convert_to('kf' || $2, 'utf8'), '', '', 'kf', $1) returning openid_hash),
     line as (insert into wechat_line (conversation_id, openid_hash) select talk.id, openid_hash from talk, known
       returning conversation_id)
     insert into wechat_delivery (conversation_id, from_seq, to_seq, part, state, code, at)
     select conversation_id, n, n, 0, 'refused', $2::int, $1 from line, generate_series(1, 30) n`,
    [at, String(code)],
  )
}

it('takes a pile of messages that do not arrive for a fault, but not where citizens refuse them', async () => {
  const tell = vi.fn(() => Promise.resolve())
  const watch = aWatch(tell)
  const look = async () => {
    for (const { work } of watch.rounds) await work()
  }
  await refused(10)
  await refused(43_101)
  await look()
  expect(tell).not.toHaveBeenCalled()
  await refused(45_002)
  await look()
  expect(tell).toHaveBeenCalledTimes(1)
})

it('tells once, and again where the first time was not kept', async () => {
  const tell = vi.fn(() => Promise.resolve()).mockRejectedValueOnce(new Error('the disk is full'))
  const watch = aWatch(tell)
  const refusal = new WechatRefusal(40_164, 'not in the list')
  await expect
    .poll(() => {
      watch.became('oa', 'delayed', 1, refusal)
      return tell.mock.calls.length
    })
    .toBe(2)
  watch.became('oa', 'delayed', 1, refusal)
  watch.gaveUp('kf')
  await expect.poll(() => tell.mock.calls.length).toBe(3)
})

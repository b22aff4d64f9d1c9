/** Telling over the real tables, with what was said, the roads and the clock handed in. */
import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, expect, it } from 'vitest'
import type { KeptTurn } from '../../contract/turn.ts'
import { deliveriesStore } from '../../wechat/deliveries.store.ts'
import { kfFailures } from '../../wechat/kf/failures.store.ts'
import type { Message } from '../../wechat/outgoing.ts'
import { usualAllowance } from '../../wechat/quota.ts'
import type { Road, Ways } from '../../wechat/road.ts'
import { teller } from '../../wechat/teller.ts'
import { wechatUsersStore } from '../../wechat/users.store.ts'
import { aDatabase, type TestDatabase } from '../support/postgres.ts'

let database: TestDatabase
beforeAll(async () => void (database = await aDatabase()))
afterAll(() => database.drop())

const at = new Date('2026-11-22T02:00:00Z')
const textOf = (message: Message) => ('text' in message ? message.text : message.kind)

/** Somebody who has just written by a road, with their conversation. */
async function aCitizen(road: Road) {
  const openId = `o${randomUUID()}`
  const openIdHash = Buffer.from(openId)
  const user = { openIdHash, openIdSealed: openId, account: 'ours', road, follows: true, now: at }
  await wechatUsersStore(database.db).note({ ...user, granted: { messageAt: at } })
  const { rows } = await database.pool.query<{ id: string }>(
    `with who as (insert into contact (created_at) values ($1) returning id), talk as (
       insert into conversation (contact_id, channel, started_at, last_turn_at)
       select id, 'wechat', $1, $1 from who returning id)
     select id from talk`,
    [at],
  )
  const id = rows[0]?.id ?? expect.unreachable('no conversation')
  await database.pool.query('insert into wechat_line (conversation_id, openid_hash) values ($1, $2)', [id, openIdHash])
  return { id, openId, openIdHash }
}

/** What is said in each conversation, and what reaches each citizen, by the roads that are open. */
function aChannel({
  open = ['oa', 'kf'],
  isPersons = true,
  isOpen = true,
}: { open?: readonly Road[]; isPersons?: boolean; isOpen?: boolean } = {}) {
  const said = new Map<string, KeptTurn[]>()
  const heard = new Map<string, string[]>()
  const wayOf = (road: Road) => ({
    allowance: usualAllowance,
    ...(road === 'kf' && { numberOf: (...about: readonly (string | number)[]) => about.join('-') }),
    send({ openId }: { openId: string }, message: Message) {
      heard.set(openId, [...(heard.get(openId) ?? []), textOf(message)])
      return Promise.resolve()
    },
  })
  const ways: Ways = Object.fromEntries(open.map((road) => [road, wayOf(road)]))
  return {
    heardBy: (openId: string) => heard.get(openId) ?? [],
    say: (conversationId: string, speaker: KeptTurn['speaker'], text: string): void => {
      const before = said.get(conversationId) ?? []
      const turn = { conversationId, seq: before.length + 1, speaker, text, saidAt: at.toISOString() }
      said.set(conversationId, [...before, turn])
    },
    teller: teller({
      ...{ db: database.db, ways, sealer: { open: (sealed: string) => sealed } },
      turnsSince: (_tx, id, seq) => Promise.resolve((said.get(id) ?? []).filter((turn) => turn.seq > seq)),
      ...{
        isPersons: () => isPersons,
        mayPersonCome: () => Promise.resolve(isOpen),
        changed: () => undefined,
        became: () => undefined,
      },
      ...{ log: { warn: () => undefined }, now: () => at },
    }),
  }
}
const statesOf = async (conversationId: string) =>
  (
    await database.pool.query<{ state: string }>(
      'select state from wechat_delivery where conversation_id = $1 order by from_seq, part',
      [conversationId],
    )
  ).rows.map(({ state }) => state)
const longWords = '医'.repeat(900)

it.each(['refused', 'unknown', 'delayed'])(
  'goes on in a conversation in which the beginning of an answer did not arrive, and its end is %s',
  async (state) => {
    const { id, openId, openIdHash } = await aCitizen('kf')
    const { teller: told, say, heardBy } = aChannel()
    say(id, 'system', longWords)
    await told.tell(id)
    expect(await statesOf(id)).toEqual(['sent', 'sent'])
    await database.pool.query(
      `update wechat_delivery set state = $2, due_at = case when $2 = 'delayed' then $3::timestamptz end
        where conversation_id = $1 and part = 1`,
      [id, state, new Date(at.getTime() + 60_000)],
    )
    const [first] = (
      await database.pool.query<{ message_id: string }>(
        'select message_id from wechat_delivery where conversation_id = $1 and part = 0',
        [id],
      )
    ).rows
    expect(await kfFailures(database.db).note(first?.message_id ?? '', 6, at)).toBe(id)
    say(id, 'customer', '在吗')
    say(id, 'bot', '在')
    await told.tell(id, { openIdHash })
    expect(heardBy(openId).at(-1)).toContain('在')
    expect(await statesOf(id)).not.toContain('blocked')
  },
)

it.each([
  [true, ['blocked']],
  [false, ['sent']],
])('keeps the last message back while a person may come: %s', async (isOpen, states) => {
  const { id, openIdHash } = await aCitizen('oa')
  await database.pool.query('update wechat_user set message_used = 4 where openid_hash = $1', [openIdHash])
  const { teller: told, say } = aChannel({ isPersons: false, isOpen })
  say(id, 'system', '请稍等')
  await told.tell(id)
  expect(await statesOf(id)).toEqual(states)
})

it('tells what was held up elsewhere oldest first, and keeps one for the answer', async () => {
  const first = await aCitizen('kf')
  const { openId, openIdHash } = first
  const { teller: told, say, heardBy } = aChannel({ isOpen: false })
  const others = [
    first.id,
    ...(await Promise.all([aCitizen('kf'), aCitizen('kf'), aCitizen('kf')])).map(({ id }) => id),
  ]
  for (const [n, id] of others.entries()) {
    await database.pool.query('update wechat_line set openid_hash = $2 where conversation_id = $1', [id, openIdHash])
    await database.pool.query('update wechat_user set message_used = 5 where openid_hash = $1', [openIdHash])
    say(id, 'system', n === 1 ? longWords.repeat(2) : `第${n}句`)
    if (n < 3) await told.tell(id)
  }
  expect(heardBy(openId)).toEqual([])
  await database.pool.query('update wechat_user set message_used = 0 where openid_hash = $1', [openIdHash])
  const now = others[3] ?? expect.unreachable()
  await told.tell(now, { openIdHash })
  expect(heardBy(openId).map((text) => text.slice(0, 3))).toEqual(['第0句', '医医医', '医医医', '医医医', '第3句'])
  expect(await statesOf(others[2] ?? '')).toEqual(['blocked'])
  await database.pool.query('update wechat_user set message_used = 0 where openid_hash = $1', [openIdHash])
  await told.tell(now, { openIdHash })
  expect(heardBy(openId).at(-1)).toContain('第2句')
})

it('sends what may have arrived by one road not again by another, which takes no numbers', async () => {
  const { id, openId } = await aCitizen('kf')
  const other = await aCitizen('oa')
  const { teller: told, say, heardBy } = aChannel()
  say(id, 'system', '可以报销')
  await told.tell(id)
  await database.pool.query(`update wechat_delivery set state = 'unknown', due_at = $2 where conversation_id = $1`, [
    id,
    at,
  ])
  await database.pool.query('update wechat_line set openid_hash = $2 where conversation_id = $1', [
    id,
    other.openIdHash,
  ])
  await told.again()
  expect([heardBy(openId).length, heardBy(other.openId)]).toEqual([1, []])
  expect(await statesOf(id)).toEqual(['unknown'])
})

it('tells again what was delayed, whatever waits by a road that is shut', async () => {
  const delay = (id: string) =>
    database.pool.query(
      `insert into wechat_delivery (conversation_id, from_seq, to_seq, part, state, at, due_at)
       select $1, n, n, 0, 'delayed', $2, $2 from generate_series(1, 60) n`,
      [id, new Date(at.getTime() - 1_000)],
    )
  const shut = await aCitizen('mini')
  await delay(shut.id)
  const { id, openId } = await aCitizen('oa')
  const { teller: told, say, heardBy } = aChannel()
  say(id, 'system', '请带身份证')
  await told.tell(id)
  await database.pool.query(`update wechat_delivery set state = 'delayed', due_at = $2 where conversation_id = $1`, [
    ...[id, at],
  ])
  await told.again()
  expect(heardBy(openId)).toEqual(['请带身份证', '请带身份证'])
  expect(await statesOf(shut.id)).toContain('delayed')
})

it('sends the rest of an answer that began on the spot before what was said after it', async () => {
  const { id, openId, openIdHash } = await aCitizen('oa')
  const { teller: told, say, heardBy } = aChannel()
  say(id, 'customer', '怎么报销')
  say(id, 'system', longWords)
  let later: Promise<void> | undefined
  const settle = () => {
    say(id, 'system', '还有别的吗')
    later = told.tell(id)
    return Promise.resolve()
  }
  const spoken = await told.tellOnTheSpot(id, () => true, { openIdHash, settle })
  await later
  await told.settled()
  expect(spoken).toMatch(/^医+$/)
  expect(heardBy(openId).map((text) => text.at(-1))).toEqual(['医', '吗'])
})

it('knows what another process has held up meanwhile when it is its turn to tell', async () => {
  const { id } = await aCitizen('oa')
  const line = (tx: typeof database.db) => deliveriesStore(tx).lock(id)
  let waiting: Promise<Awaited<ReturnType<typeof line>>> | undefined
  await database.db.transaction().execute(async (tx) => {
    await line(tx)
    waiting = database.db.transaction().execute((other) => line(other))
    await expect
      .poll(async () => {
        const sql = `select from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`
        return (await database.pool.query(sql)).rowCount
      })
      .toBe(1)
    const blocked = { fromSeq: 1, toSeq: 1, part: 0, state: 'blocked', tries: 0 } as const
    await deliveriesStore(tx).claim(id, 1, [blocked], at)
  })
  expect(await waiting).toMatchObject({ toldSeq: 1, isHeldUp: true })
})

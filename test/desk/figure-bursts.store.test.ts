/** What is suddenly asked about, against the same hour of the four weeks before. */
import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { figureBurstsStore } from '../../desk/figure-bursts.store.ts'
import { aDatabase, type TestDatabase } from '../support/postgres.ts'
import { aHistory, keepHistory } from './figure-history.ts'
import { aConversation } from './rows.ts'

let database: TestDatabase
beforeAll(async () => {
  database = await aDatabase()
  const nothing = { ...aHistory(1, 0), call: [] }
  await keepHistory(database.pool, nothing)
})
afterAll(() => database.drop())

const now = new Date('2026-11-22T12:00:00+08:00')
const daysBefore = (days: number, minutes: number) => new Date(now.getTime() - days * 86_400_000 - minutes * 60_000)

/** Asked at these moments, each of a conversation of its own; answered by the entry, or gathered into a gap. */
async function asked(at: readonly Date[], gap?: string): Promise<void> {
  for (const moment of at) {
    const conversationId = await aConversation(database.pool)
    await database.pool.query(
      `insert into turn (conversation_id, seq, speaker, text, said_at) values ($1, 1, 'customer', '怎么办', $2)`,
      [conversationId, moment],
    )
    await database.pool.query(
      `insert into served_answer (conversation_id, seq, question, outcome, revision_id, score, served_at)
       select $1, 1, '怎么办', $3, case $3 when 'answer' then r.id end, 0.5, $2 from revision r`,
      [conversationId, moment, gap ? 'unknown' : 'answer'],
    )
    if (gap)
      await database.pool.query(
        `insert into gap_question (conversation_id, seq, gap_id, contact_id, cause, question, compared, asked_at)
         select $1, 1, $3, contact_id, 'unknown', '怎么办', '怎么办', $2 from conversation where id = $1`,
        [conversationId, moment, gap],
      )
  }
}

it('tells an entry and a gap that are asked far more than at this hour before, masked, and counts what is in the hour alone', async () => {
  const gap = randomUUID()
  await database.pool.query(
    `insert into gap (id, question, opened_at, last_asked_at, moved_at) values ($1, '13812345678 的短信是真的吗', $2, $2, $2)`,
    [gap, now],
  )
  const five = [1, 10, 20, 40, 59].map((minutes) => daysBefore(0, minutes))
  // Three of the same hour in four weeks; others of other hours, of this morning and of five weeks ago.
  const before = [daysBefore(1, 5), daysBefore(7, 30), daysBefore(28, 59)]
  const elsewhen = [daysBefore(1, -5), daysBefore(2, 61), daysBefore(0, 61), daysBefore(29, 30)]
  await asked([...five, ...before, ...elsewhen])
  await asked([...five, daysBefore(0, 30)], gap)
  const bursts = await figureBurstsStore(database.db).now(now)
  expect(bursts).toEqual([
    { kind: 'gap', id: gap, question: '138****5678 的短信是真的吗', lately: 6, usual: 0 },
    { kind: 'entry', id: 'made-for-figures', question: '新生儿怎么参保', lately: 5, usual: 3 / 28 },
  ])
})

it('tells nothing an hour later', async () => {
  expect(await figureBurstsStore(database.db).now(new Date(now.getTime() + 3_600_000))).toEqual([])
})

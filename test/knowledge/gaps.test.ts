import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { GapCause } from '../../contract/gap.ts'
import { gapListsStore } from '../../knowledge/gap-lists.store.ts'
import { gaps, withQuestions } from '../../knowledge/gaps.ts'
import { gapsStore, type UnansweredQuestion } from '../../knowledge/gaps.store.ts'
import { review } from '../../knowledge/review.ts'
import { aDatabase, type TestDatabase } from '../support/postgres.ts'
import { aWording } from '../support/wording.ts'
import { staffNamed } from './staff-rows.ts'

let database: TestDatabase
let editor: string
let reviewer: string
const now = new Date('2026-11-22T02:00:00Z')
const today = '2026-11-22'
const act = () => ({ staffId: editor, now })

beforeAll(async () => {
  database = await aDatabase()
  ;[editor = '', reviewer = ''] = await staffNamed(database.pool, '林编辑', '何审核')
})
afterAll(() => database.drop())

/** Somebody asked in vain: their conversation with its served answer, as the bot leaves them. */
async function asked(question: string, given: { contactId?: string; cause?: GapCause; at?: Date } = {}) {
  const { pool } = database
  const at = given.at ?? now
  const contactId =
    given.contactId ??
    (await pool.query<{ id: string }>('insert into contact (created_at) values ($1) returning id', [at])).rows[0]?.id ??
    ''
  const conversationId = randomUUID()
  await pool.query(
    `insert into conversation (id, contact_id, channel, started_at, last_turn_at) values ($1, $2, 'web', $3, $3)`,
    [conversationId, contactId, at],
  )
  await pool.query(`insert into turn (conversation_id, seq, speaker, text, said_at) values ($1, 1, 'bot', 'x', $2)`, [
    conversationId,
    at,
  ])
  await pool.query(
    `insert into served_answer (conversation_id, seq, question, outcome, score, served_at) values ($1, 1, $2, 'unknown', 0, $3)`,
    [conversationId, question, at],
  )
  const one: UnansweredQuestion = {
    conversationId,
    seq: 1,
    contactId,
    cause: given.cause ?? 'unknown',
    question,
    askedAt: at,
  }
  return one
}

const inOne = <T>(work: (g: ReturnType<typeof gaps>) => Promise<T>) =>
  database.db.transaction().execute((tx) => work(gaps(tx)))
const list = (filter: object = {}) => gapListsStore(database.db).list({ limit: 50, offset: 0, ...filter }, today)
const gapOf = async (q: string) => {
  const [row] = (await list({ q })).rows
  return row ?? expect.unreachable(`no gap of ${q}`)
}

/** Approved and published by the other person. */
async function publish(revisionId: string) {
  await database.db.transaction().execute(async (tx) => {
    await review(tx).move(revisionId, 'submit', act())
    await review(tx).move(revisionId, 'approve', { staffId: reviewer, now })
    await review(tx).move(revisionId, 'publish', act())
  })
}

describe('gathering', () => {
  it('puts what is alike into one gap, however often it looks, and counts who asked', async () => {
    const first = await asked('种植牙能报销吗')
    const again = await asked('种牙可以报销吗', { contactId: first.contactId, at: new Date('2026-11-22T03:00:00Z') })
    const other = await asked('种植牙能不能报', { cause: 'not_helped' })
    expect(await inOne((g) => g.gather([first, again, other], now))).toBe(3)
    expect(await inOne((g) => g.gather([first, again], now))).toBe(0)
    expect(await gapOf('种植牙')).toMatchObject({
      state: 'open',
      question: '种植牙能报销吗',
      asked: 3,
      askers: 2,
      lastAskedAt: '2026-11-22T03:00:00.000Z',
    })
  })

  it('notes what asks nothing, and makes no gap of it', async () => {
    const before = (await list()).total
    expect(await inOne(async (g) => g.gather([await asked('2')], now))).toBe(1)
    expect((await list()).total).toBe(before)
  })

  it('lists by cause, owner and due date, what is overdue first', async () => {
    await inOne(async (g) => g.gather([await asked('无人机怎么年检', { cause: 'bad_rating' })], now))
    const { id } = await gapOf('无人机')
    await inOne((g) => g.give(id, { ownerId: editor, dueOn: '2026-11-21' }))
    expect((await list()).rows[0]).toMatchObject({ id, overdue: true, dueOn: '2026-11-21', owner: { name: '林编辑' } })
    expect((await list({ cause: 'bad_rating' })).rows.map((row) => row.id)).toEqual([id])
    expect((await list({ ownerId: editor })).total).toBe(1)
    expect((await list({ overdue: true })).total).toBe(1)
  })
})

describe('by hand', () => {
  it('merges two gaps that are about the same, and hides the one that is left empty', async () => {
    const [one, two] = [
      await asked('假牙可以报吗'),
      await asked('义齿费用谁承担', { at: new Date('2026-11-22T04:00:00Z') }),
    ]
    await inOne((g) => g.gather([one, two], now))
    const [from, into] = [await gapOf('义齿'), await gapOf('假牙')]
    expect(from.id).not.toBe(into.id)
    expect(await inOne((g) => g.merge(from.id, into.id, now))).toBe(1)
    expect(await gapOf('假牙')).toMatchObject({ id: into.id, asked: 2, lastAskedAt: '2026-11-22T04:00:00.000Z' })
    expect((await list({ q: '义齿' })).rows.map(({ id }) => id)).toEqual([into.id])
    // What is alike to what was moved is gathered where it went.
    await inOne(async (g) => g.gather([await asked('义齿的费用谁来承担')], now))
    expect((await gapOf('假牙')).asked).toBe(3)
    await expect(inOne((g) => g.merge(from.id, into.id, now))).rejects.toMatchObject({ code: 'illegal_move' })
    await expect(inOne((g) => g.merge(into.id, into.id, now))).rejects.toMatchObject({ code: 'invalid_input' })
  })

  it('takes one question out with whatever says the same, and never the last', async () => {
    const gap = await gapOf('假牙')
    const view = await gapListsStore(database.db).view(gap.id, today)
    const one = view?.examples.find(({ question }) => question === '假牙可以报吗') ?? expect.unreachable('not listed')
    const fresh = await inOne((g) => g.takeOut(gap.id, one, now))
    expect(await gapOf('假牙')).toMatchObject({ id: fresh, asked: 1, state: 'open', question: '假牙可以报吗' })
    expect((await gapOf('义齿')).asked).toBe(2)
    await expect(inOne((g) => g.takeOut(fresh, one, now))).rejects.toMatchObject({ code: 'illegal_move' })
    await expect(inOne((g) => g.takeOut(gap.id, one, now))).rejects.toMatchObject({ code: 'not_found' })
  })
})

describe('answering', () => {
  it('makes a draft with what was asked as similar questions, and follows it until all are told', async () => {
    const [one, two] = [
      await asked('轮椅能租吗'),
      await asked('可以租轮椅吗', { at: new Date('2026-11-22T02:01:00Z') }),
    ]
    await inOne((g) => g.gather([one, two], now))
    const { id } = await gapOf('轮椅')
    const draft = await inOne((g) => g.draft(id, aWording({ question: '能不能租轮椅', similar: [] }), act()))
    expect(draft.wording.similar).toEqual(['轮椅能租吗', '可以租轮椅吗'])
    expect(await gapOf('轮椅')).toMatchObject({ state: 'drafting', entryId: draft.entryId })

    expect(await inOne((g) => g.followDrafts(now))).toBe(0)
    await publish(draft.id)
    expect(await inOne((g) => g.followDrafts(now))).toBe(1)
    expect((await gapOf('轮椅')).state).toBe('published')

    const store = gapsStore(database.db)
    expect(await store.untoldOf(one.contactId)).toMatchObject([{ gapId: id, question: '轮椅能租吗' }])
    await inOne((g) => g.told(id, one.contactId, now))
    expect(await store.untoldOf(one.contactId)).toEqual([])
    expect((await gapOf('轮椅')).state).toBe('published')
    await inOne((g) => g.told(id, two.contactId, now))
    expect((await gapOf('轮椅')).state).toBe('told')
  })

  it('opens a gap of its own for what is asked in vain after the answer was published', async () => {
    await inOne(async (g) => g.gather([await asked('轮椅可以租吗')], now))
    expect((await list({ q: '轮椅' })).rows.map(({ state }) => state).sort()).toEqual(['open', 'told'])
  })

  it('hands its questions to an entry that exists, as a new draft of it', async () => {
    const entry = await database.db
      .transaction()
      .execute((tx) => review(tx).draft(aWording({ question: '救护车费报不报', similar: ['救护车'] }), act()))
    await publish(entry.id)
    await inOne(async (g) => g.gather([await asked('叫120的钱报吗')], now))
    const { id } = await gapOf('120')
    const draft = await inOne((g) => g.attach(id, entry.entryId, act()))
    expect(draft).toMatchObject({ number: 2, state: 'draft', entryId: entry.entryId })
    expect(draft.wording.similar).toEqual(['救护车', '叫120的钱报吗'])
  })

  it('falls back to open when its draft is withdrawn', async () => {
    await inOne(async (g) => g.gather([await asked('宠物看病报销吗')], now))
    const { id } = await gapOf('宠物')
    const draft = await inOne((g) => g.draft(id, aWording({ question: '宠物看病' }), act()))
    await database.db.transaction().execute((tx) => review(tx).move(draft.id, 'withdraw', act()))
    await inOne((g) => g.followDrafts(now))
    const fallen = await gapOf('宠物')
    expect(fallen.state).toBe('open')
    expect(fallen.entryId).toBeUndefined()
  })

  it('keeps why it was dismissed, goes on counting, and can be taken up again', async () => {
    await inOne(async (g) => g.gather([await asked('彩票中奖号码是多少')], now))
    const { id } = await gapOf('彩票')
    await inOne((g) => g.dismiss(id, '与医保无关', now))
    await inOne(async (g) => g.gather([await asked('彩票的中奖号码')], now))
    expect(await gapOf('彩票')).toMatchObject({ state: 'dismissed', dismissedReason: '与医保无关', asked: 2 })
    await expect(inOne((g) => g.draft(id, aWording(), act()))).rejects.toMatchObject({ code: 'illegal_move' })
    await inOne((g) => g.reopen(id, now))
    expect((await gapOf('彩票')).dismissedReason).toBeUndefined()
  })

  it('knows no gap of another number', async () => {
    for (const work of [
      () => inOne((g) => g.give(randomUUID(), {})),
      () => inOne((g) => g.dismiss(randomUUID(), '无', now)),
      () => inOne((g) => g.reopen(randomUUID(), now)),
    ])
      await expect(work()).rejects.toMatchObject({ code: 'not_found' })
  })
})

it('adds no question twice, none that is too long, and never more than a wording takes', () => {
  const wording = aWording({ question: '怎么租轮椅', similar: ['轮椅'] })
  expect(
    withQuestions(wording, ['怎么租轮椅？', '轮椅', '租轮椅', '租轮椅！', '138****5678租轮椅', '长'.repeat(201)])
      .similar,
  ).toEqual(['轮椅', '租轮椅'])
  const many = Array.from({ length: 90 }, (_, at) => `问法${at}`)
  expect(withQuestions(wording, many).similar).toHaveLength(60)
})

import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { CaseMove, CaseState } from '../../contract/case.ts'
import type { Actor } from '../../contract/staff.ts'
import { cases } from '../../desk/cases.ts'
import { seedHolidays } from '../../desk/holiday-seed.ts'
import { ratingsStore } from '../../desk/ratings.store.ts'
import { aDatabase, type TestDatabase } from '../support/postgres.ts'
import { aBadRating, aColleague, aConversation, anEpisode, aSealer, sundayNoon } from './rows.ts'

let database: TestDatabase
let desk: ReturnType<typeof cases>
let officer: Actor
let supervisor: Actor
beforeAll(async () => {
  database = await aDatabase()
  await seedHolidays(database.db)
  desk = cases(database.db, aSealer)
})
afterAll(() => database.drop())

beforeEach(async () => {
  await database.pool.query('update staff set disabled_at = created_at')
  officer = await aColleague(database.pool, 'officer')
  supervisor = await aColleague(database.pool, 'supervisor')
})

const wayToReportedBack: CaseMove[] = [
  { to: 'contacted', note: '已联系' },
  { to: 'rectifying', note: '整改' },
  { to: 'to_review', note: '请复核', remedy: '已更正答复口径', evidence: '台账第 12 号' },
  { to: 'reported_back', note: '同意反馈' },
]

async function aComplaint(): Promise<string> {
  const conversationId = await aConversation(database.pool)
  return (await desk.fileComplaint({ conversationId, text: '等了两个小时没人接' }, sundayNoon)).caseId
}

async function reportedBack(caseId: string): Promise<string> {
  for (const move of wayToReportedBack) await desk.move(caseId, move, officer, sundayNoon)
  const { conversationId } = await desk.view(caseId, [], sundayNoon)
  const episodeId = await anEpisode(database.pool, conversationId, officer.staffId)
  await desk.setEpisode(caseId, episodeId)
  return episodeId
}

const stateOf = async (id: string): Promise<CaseState> => (await desk.view(id, [], sundayNoon)).state

describe('moving', () => {
  it('tells the caller what to report back, and leaves an event for every step', async () => {
    const id = await aComplaint()
    let last
    for (const move of wayToReportedBack) last = await desk.move(id, move, officer, sundayNoon)
    const view = await desk.view(id, ['officer'], sundayNoon)
    expect(last).toEqual({
      state: 'reported_back',
      reportedBack: {
        caseId: id,
        number: view.number,
        conversationId: view.conversationId,
        ownerId: officer.staffId,
        remedy: '已更正答复口径',
      },
    })
    expect(view.events.map(({ from, to, by }) => [from, to, by])).toEqual([
      [undefined, 'to_verify', '系统'],
      ['to_verify', 'contacted', officer.name],
      ['contacted', 'rectifying', officer.name],
      ['rectifying', 'to_review', officer.name],
      ['to_review', 'reported_back', officer.name],
    ])
    expect(view.events[3]).toMatchObject({ remedy: '已更正答复口径', evidence: '台账第 12 号' })
  })

  it('changes nothing when it is refused', async () => {
    const id = await aComplaint()
    const before = await desk.view(id, ['officer'], sundayNoon)
    await expect(desk.move(id, { to: 'closed', note: '算了' }, officer, sundayNoon)).rejects.toMatchObject({
      code: 'illegal_move',
    })
    await desk.move(id, { to: 'contacted', note: '已联系' }, officer, sundayNoon)
    await desk.move(id, { to: 'rectifying', note: '整改' }, officer, sundayNoon)
    await expect(desk.move(id, { to: 'to_review', note: '好了' }, officer, sundayNoon)).rejects.toMatchObject({
      code: 'invalid_input',
      fields: [{ path: 'remedy' }, { path: 'evidence' }],
    })
    expect((await desk.view(id, [], sundayNoon)).events).toHaveLength(before.events.length + 2)
  })

  it('waits for a move of the same case that is under way, and then sees what it did', async () => {
    const id = await aComplaint()
    const move = { to: 'contacted', note: '已联系' } as const
    let second: Promise<unknown> = Promise.resolve()
    await database.db.transaction().execute(async (tx) => {
      await cases(tx, aSealer).move(id, move, officer, sundayNoon)
      second = desk.move(id, move, officer, sundayNoon).catch((error: unknown) => error)
      await untilSomebodyWaits()
    })
    expect(await second).toMatchObject({ code: 'illegal_move' })
    expect((await desk.view(id, [], sundayNoon)).events).toHaveLength(2)
  })

  it('lets one of ten that move a case at the same moment through', async () => {
    const id = await aComplaint()
    const move = { to: 'contacted', note: '已联系' } as const
    const tried = await Promise.allSettled(Array.from({ length: 10 }, () => desk.move(id, move, officer, sundayNoon)))
    expect(tried.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
    for (const one of tried) if (one.status === 'rejected') expect(one.reason).toMatchObject({ code: 'illegal_move' })
  })

  it('knows no case that is not there', async () => {
    const nowhere = randomUUID()
    const move = { to: 'contacted', note: '已联系' } as const
    await expect(desk.move(nowhere, move, officer, sundayNoon)).rejects.toMatchObject({ code: 'not_found' })
    await expect(desk.view(nowhere, [], sundayNoon)).rejects.toMatchObject({ code: 'not_found' })
    await expect(desk.contactOf(nowhere)).rejects.toMatchObject({ code: 'not_found' })
  })

  it('reopens after a dissatisfied follow-up, with a new deadline from that day', async () => {
    const id = await aComplaint()
    await reportedBack(id)
    const later = new Date('2026-12-07T10:00:00+08:00')
    const move = { to: 'followed_up', note: '仍不满意', followUp: 'dissatisfied' } as const
    expect(await desk.move(id, move, officer, later)).toEqual({ state: 'rectifying' })
    const view = await desk.view(id, [], later)
    expect(view).toMatchObject({ state: 'rectifying', reopened: 1, dueOn: '2026-12-24', overdue: false })
    expect(view.events.at(-1)).toMatchObject({ kind: 'reopened', followUp: 'dissatisfied' })
  })

  it('takes an excluded rating out of the figures and keeps it', async () => {
    const rating = await aBadRating(database)
    const { caseId } = await desk.openForRating(rating, sundayNoon)
    await desk.move(caseId, { to: 'appeal', note: '恶意差评' }, officer, sundayNoon)
    await expect(desk.move(caseId, { to: 'excluded', note: '同意' }, officer, sundayNoon)).rejects.toMatchObject({
      code: 'illegal_move',
    })
    await desk.move(caseId, { to: 'excluded', note: '同意' }, supervisor, sundayNoon)
    expect(await ratingsStore(database.db).find(rating.ratingId)).toMatchObject({ excluded: true, level: 1 })
    expect(await stateOf(caseId)).toBe('excluded')
  })
})

describe('the rating of the fix', () => {
  it('closes the case when the citizen is content, and both steps are on record', async () => {
    const id = await aComplaint()
    const episodeId = await reportedBack(id)
    const view = await desk.view(id, [], sundayNoon)
    expect(await desk.reRated({ episodeId, level: 4 }, sundayNoon)).toEqual({
      caseId: id,
      number: view.number,
      state: 'closed',
      reopened: false,
    })
    const { events, state } = await desk.view(id, [], sundayNoon)
    expect(state).toBe('closed')
    expect(events.slice(-2)).toMatchObject([
      { kind: 're-rated', by: '市民', to: 'followed_up', level: 4 },
      { kind: 'moved', by: '系统', from: 'followed_up', to: 'closed' },
    ])
  })

  it('reopens the case when the citizen is not, and a second fix is asked about anew', async () => {
    const id = await aComplaint()
    const first = await reportedBack(id)
    expect(await desk.reRated({ episodeId: first, level: 2, words: '还是没解决' }, sundayNoon)).toMatchObject({
      state: 'rectifying',
      reopened: true,
    })
    const again = wayToReportedBack.slice(2)
    for (const move of again) await desk.move(id, { ...move, remedy: '已重新整改' }, officer, sundayNoon)
    const second = await anEpisode(database.pool, (await desk.view(id, [], sundayNoon)).conversationId, officer.staffId)
    await desk.setEpisode(id, second)
    expect(await desk.reRated({ episodeId: second, level: 5 }, sundayNoon)).toMatchObject({ state: 'closed' })
    expect(await desk.reRated({ episodeId: first, level: 1 }, sundayNoon)).toBeUndefined()
  })

  it('that comes after the case was closed moves nothing and is kept', async () => {
    const id = await aComplaint()
    const episodeId = await reportedBack(id)
    await desk.move(id, { to: 'followed_up', note: '未接通', followUp: 'unreachable' }, officer, sundayNoon)
    await desk.move(id, { to: 'closed', note: '办结' }, officer, sundayNoon)
    expect(await desk.reRated({ episodeId, level: 1 }, sundayNoon)).toMatchObject({ state: 'closed', reopened: false })
    expect((await desk.view(id, [], sundayNoon)).events.at(-1)).toMatchObject({ kind: 're-rated', level: 1 })
  })

  it('belongs to no case where the episode is nobody’s handling', async () => {
    expect(await desk.reRated({ episodeId: randomUUID(), level: 1 }, sundayNoon)).toBeUndefined()
  })
})

/** Until some connection to this database waits for a lock that another one holds. */
async function untilSomebodyWaits(): Promise<void> {
  const waiting = `select from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`
  while ((await database.pool.query(waiting)).rowCount === 0) await new Promise((resolve) => setTimeout(resolve, 5))
}

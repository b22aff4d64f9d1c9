import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { CaseMove, CaseState } from '../../contract/case.ts'
import type { Level } from '../../contract/rating.ts'
import type { Actor } from '../../contract/staff.ts'
import { cases } from '../../desk/cases.ts'
import { seedHolidays } from '../../desk/holiday-seed.ts'
import { ratingsStore } from '../../desk/ratings.store.ts'
import { aDatabase, type TestDatabase } from '../support/postgres.ts'
import { aColleague, aConversation, anEpisode, aSealer, hoursAfter, sundayNoon } from './rows.ts'

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

const everything = { limit: 200, offset: 0 }
const wayToReportedBack: CaseMove[] = [
  { to: 'contacted', note: '已联系' },
  { to: 'rectifying', note: '整改' },
  { to: 'to_review', note: '请复核', remedy: '已更正答复口径', evidence: '台账第 12 号' },
  { to: 'reported_back', note: '同意反馈' },
]

async function aComplaint(text = '等了两个小时没人接', contact?: string): Promise<string> {
  const conversationId = await aConversation(database.pool)
  return (await desk.fileComplaint({ conversationId, text, contact }, sundayNoon)).caseId
}

async function aRating(level: Level = 1) {
  const conversationId = await aConversation(database.pool)
  const episodeId = await anEpisode(database.pool, conversationId)
  const ratings = ratingsStore(database.db)
  const ratingId = await ratings.ask({ episodeId, conversationId }, sundayNoon)
  await ratings.give(ratingId, { level, reasons: ['答复错误'] }, sundayNoon)
  return { ratingId, conversationId, level, reasons: ['答复错误'] }
}

async function reportedBack(caseId: string): Promise<string> {
  for (const move of wayToReportedBack) await desk.move(caseId, move, officer, sundayNoon)
  const { conversationId } = await desk.view(caseId, [], sundayNoon)
  const episodeId = await anEpisode(database.pool, conversationId, officer.staffId)
  await desk.setEpisode(caseId, episodeId)
  return episodeId
}

const stateOf = async (id: string): Promise<CaseState> => (await desk.view(id, [], sundayNoon)).state

describe('opening', () => {
  it('gives a complaint a number, an owner and deadlines in working days', async () => {
    const conversationId = await aConversation(database.pool)
    const opened = await desk.fileComplaint({ conversationId, text: '态度不好', contact: '13800138000' }, sundayNoon)
    expect(opened.number).toMatch(/^ZG20261122-\d{4}$/)
    expect(opened).toMatchObject({ dueOn: '2026-12-09', provisional: false })

    const view = await desk.view(opened.caseId, ['officer'], sundayNoon)
    expect(view).toMatchObject({
      kind: 'complaint',
      state: 'to_verify',
      owner: officer.name,
      contact: '138****8000',
      firstContactDueOn: '2026-11-23',
      dueOn: '2026-12-09',
      moves: ['contacted'],
    })
    expect(view.events).toMatchObject([{ seq: 1, kind: 'opened', by: '系统', to: 'to_verify' }])
    expect(await desk.contactOf(opened.caseId)).toBe('13800138000')
    const { rows } = await database.pool.query<{ row: string }>(
      `select c::text as row from case_file c where id = $1`,
      [opened.caseId],
    )
    expect(rows[0]?.row).not.toContain('13800138000')
  })

  it('opens one case for one bad rating, however often it is asked to', async () => {
    const rating = await aRating()
    const first = await desk.openForRating(rating, sundayNoon)
    expect(await desk.openForRating(rating, hoursAfter(sundayNoon, 1))).toEqual(first)
    const view = await desk.view(first.caseId, ['officer'], sundayNoon)
    expect(view).toMatchObject({ kind: 'bad_rating', level: 1, reasons: ['答复错误'], dueOn: '2026-11-27' })
    expect(view.text).toBe('非常不满意。答复错误')
    expect(view.moves).toEqual(['contacted', 'appeal'])
  })

  it('follows the rule of the city where it has one of its own', async () => {
    await database.pool.query(`insert into case_rule values ('340600', 'complaint', 0, 3)`)
    const conversationId = await aConversation(database.pool)
    const of = (city: string) => desk.fileComplaint({ conversationId, text: '投诉', city }, sundayNoon)
    expect((await of('340600')).dueOn).toBe('2026-11-25')
    expect((await of('340100')).dueOn).toBe('2026-12-09')
  })

  it('says that a deadline beyond the last known notice is provisional', async () => {
    const conversationId = await aConversation(database.pool)
    const late = new Date('2026-12-25T10:00:00+08:00')
    expect(await desk.fileComplaint({ conversationId, text: '投诉' }, late)).toMatchObject({ provisional: true })
  })

  it('goes to the officer with the fewest open cases', async () => {
    const other = await aColleague(database.pool, 'officer')
    await database.pool.query('update case_file set owner_id = $1 where closed_at is null', [officer.staffId])
    expect((await desk.view(await aComplaint(), [], sundayNoon)).owner).toBe(other.name)
  })

  it('goes to a supervisor where there is no officer, and to an administrator who is still to be set up', async () => {
    await database.pool.query('update staff set disabled_at = created_at where id = $1', [officer.staffId])
    expect((await desk.view(await aComplaint(), [], sundayNoon)).owner).toBe(supervisor.name)

    await database.pool.query('update staff set disabled_at = created_at where id = $1', [supervisor.staffId])
    const administrator = await aColleague(database.pool, 'administrator')
    await database.pool.query('update staff set password_hash = null where id = $1', [administrator.staffId])
    expect((await desk.view(await aComplaint(), [], sundayNoon)).owner).toBe(administrator.name)
  })

  it('leaves nothing behind when the transaction of the caller fails', async () => {
    const conversationId = await aConversation(database.pool)
    const { total } = await desk.list(everything, sundayNoon)
    await expect(
      database.db.transaction().execute(async (tx) => {
        await cases(tx, aSealer).fileComplaint({ conversationId, text: '投诉' }, sundayNoon)
        throw new Error('undone')
      }),
    ).rejects.toThrow('undone')
    expect((await desk.list(everything, sundayNoon)).total).toBe(total)
  })
})

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

  it('lets one of ten that move a case at the same moment through', async () => {
    const id = await aComplaint()
    const move = { to: 'contacted', note: '已联系' } as const
    const tried = await Promise.allSettled(Array.from({ length: 10 }, () => desk.move(id, move, officer, sundayNoon)))
    expect(tried.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
    for (const one of tried) if (one.status === 'rejected') expect(one.reason).toMatchObject({ code: 'illegal_move' })
    expect((await desk.view(id, [], sundayNoon)).events).toHaveLength(2)
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
    const rating = await aRating()
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

describe('the list', () => {
  it('shows what is overdue first, then by deadline, what is done last; and counts all pages', async () => {
    const own = await aDatabase()
    try {
      await aColleague(own.pool, 'officer')
      const list = cases(own.db, aSealer)
      const fileOn = async (day: string, text: string) => {
        const conversationId = await aConversation(own.pool)
        const { caseId } = await list.fileComplaint({ conversationId, text }, new Date(`${day}T10:00:00+08:00`))
        return caseId
      }
      const actor = await aColleague(own.pool, 'officer')
      const fresh = await fileOn('2026-11-20', '新的')
      const late = await fileOn('2026-10-12', '逾期的')
      const uncontacted = await fileOn('2026-11-18', '没联系的')
      const contacted = await fileOn('2026-11-17', '联系过的')
      const done = await fileOn('2026-10-09', '办结的')
      await list.move(contacted, { to: 'contacted', note: '已联系' }, actor, sundayNoon)
      await own.pool.query(`update case_file set state = 'closed', closed_at = opened_at where id = $1`, [done])

      const { rows, total } = await list.list(everything, sundayNoon)
      expect(rows.map(({ id }) => id)).toEqual([late, uncontacted, contacted, fresh, done])
      expect(rows.map(({ overdue }) => overdue)).toEqual([true, true, false, false, false])
      expect(total).toBe(5)

      const some = await list.list({ limit: 1, offset: 1, overdue: true }, sundayNoon)
      expect([some.rows.map(({ id }) => id), some.total]).toEqual([[uncontacted], 2])
      expect((await list.list({ ...everything, state: 'closed' }, sundayNoon)).total).toBe(1)
      expect((await list.list({ ...everything, kind: 'bad_rating' }, sundayNoon)).total).toBe(0)
      const mine = await list.list({ ...everything, ownerId: actor.staffId }, sundayNoon)
      expect(mine.rows.every(({ owner }) => owner === actor.name)).toBe(true)
      expect(mine.total).toBeGreaterThan(0)
    } finally {
      await own.drop()
    }
  })

  it('masks what a citizen wrote of themselves', async () => {
    const id = await aComplaint('我是11010519491231002X，电话13800138000')
    const { rows } = await desk.list(everything, sundayNoon)
    expect(rows.find((row) => row.id === id)?.text).toBe('我是110105********002X，电话138****8000')
  })
})

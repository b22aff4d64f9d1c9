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
  const episodeId = await anEpisode(database.pool, await talkOf(caseId), officer.staffId)
  await desk.setEpisode(caseId, episodeId)
  return episodeId
}

const talkOf = async (id: string) => (await desk.conversationOf(id)) ?? expect.unreachable('a case without a talk')
const stateOf = async (id: string): Promise<CaseState> => (await desk.view(id, [], sundayNoon)).state

describe('moving', () => {
  it('tells the caller what to report back, and leaves an event for every step', async () => {
    const id = await aComplaint()
    let last
    for (const move of wayToReportedBack) last = await desk.move(id, move, officer, sundayNoon)
    const view = await desk.view(id, ['officer'], sundayNoon)
    expect(last).toEqual({
      state: 'reported_back',
      number: view.number,
      reopened: false,
      reportedBack: {
        caseId: id,
        number: view.number,
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
    expect(await desk.contactOf(nowhere)).toBeUndefined()
  })

  it('reopens after a dissatisfied follow-up, with a new deadline from that day', async () => {
    const id = await aComplaint()
    await reportedBack(id)
    const later = new Date('2026-12-07T10:00:00+08:00')
    const move = { to: 'followed_up', note: '仍不满意', followUp: 'dissatisfied' } as const
    expect(await desk.move(id, move, officer, later)).toMatchObject({ state: 'rectifying', reopened: true })
    const view = await desk.view(id, [], later)
    expect(view).toMatchObject({ state: 'rectifying', reopened: 1, dueOn: '2026-12-24', overdue: false })
    expect(view.events.at(-1)).toMatchObject({ kind: 'reopened', followUp: 'dissatisfied' })
    expect(view.supervisor).toBe(supervisor.name)
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

describe('following up', () => {
  const unreachable = { result: 'unreachable', note: '没有接通' } as const

  it('gives nobody up before they were rung three times, and shows who is to be tried when', async () => {
    const id = await aComplaint()
    await reportedBack(id)
    const early = { to: 'followed_up', note: '没有接通', followUp: 'unreachable' } as const
    await expect(desk.move(id, early, officer, sundayNoon)).rejects.toMatchObject({
      code: 'invalid_input',
      fields: [{ path: 'followUp' }],
    })
    await desk.followUp(id, { ...unreachable, nextOn: '2026-11-24' }, officer, sundayNoon)
    const waiting = (await desk.followUps({ limit: 200, offset: 0 }, sundayNoon)).rows.find((row) => row.id === id)
    expect(waiting).toMatchObject({ done: 1, needed: 3, nextOn: '2026-11-24', lastTriedAt: sundayNoon.toISOString() })
    expect(await desk.followUp(id, unreachable, officer, sundayNoon)).toMatchObject({ state: 'reported_back' })
    await expect(desk.move(id, { to: 'closed', note: '办结' }, officer, sundayNoon)).rejects.toMatchObject({
      code: 'illegal_move',
    })
    expect(await desk.followUp(id, unreachable, officer, sundayNoon)).toMatchObject({ state: 'followed_up' })
    await desk.move(id, { to: 'closed', note: '三次未接通' }, officer, sundayNoon)
    expect(await stateOf(id)).toBe('closed')
    const { events } = await desk.view(id, [], sundayNoon)
    expect(events.filter(({ followUp }) => followUp === 'unreachable').map(({ kind }) => kind)).toEqual([
      'tried',
      'tried',
      'moved',
    ])
  })

  it('begins anew when the case was reopened', async () => {
    const id = await aComplaint()
    await reportedBack(id)
    await desk.followUp(id, unreachable, officer, sundayNoon)
    await desk.followUp(id, { result: 'dissatisfied', note: '还是没解决' }, officer, sundayNoon)
    for (const move of wayToReportedBack.slice(2)) await desk.move(id, move, officer, sundayNoon)
    expect(await desk.view(id, [], sundayNoon)).toMatchObject({ reopened: 1, followUps: { done: 0, needed: 3 } })
  })

  it('is done by nobody while there is nothing to ask about', async () => {
    await expect(desk.followUp(await aComplaint(), unreachable, officer, sundayNoon)).rejects.toMatchObject({
      code: 'illegal_move',
    })
  })

  it('counts, of the bad ratings that can be rung, those that were asked', async () => {
    const before = await desk.followUpRate(sundayNoon)
    const ids: string[] = []
    for (let made = 0; made < 2; made++) {
      const rating = await aBadRating(database)
      await leavesPhone(rating.conversationId)
      ids.push((await desk.openForRating(rating, sundayNoon)).caseId)
    }
    for (const id of ids) await reportedBack(id)
    await desk.followUp(ids[0] ?? '', { result: 'satisfied', note: '好了' }, officer, sundayNoon)
    const { owed, asked } = await desk.followUpRate(sundayNoon)
    expect([owed - before.owed, asked - before.asked]).toEqual([2, 1])
    expect(await desk.contactOf(ids[0] ?? '')).toBe('13800138000')
  })
})

describe('an appeal', () => {
  it('is not judged by whoever made it', async () => {
    const both = await aColleague(database.pool, 'officer', 'supervisor')
    const { caseId } = await desk.openForRating(await aBadRating(database), sundayNoon)
    await desk.move(caseId, { to: 'appeal', note: '点错了', ground: 'misjudged' }, both, sundayNoon)
    const exclude = { to: 'excluded', note: '同意' } as const
    await expect(desk.move(caseId, exclude, both, sundayNoon)).rejects.toMatchObject({ code: 'approver_is_author' })
    await desk.move(caseId, exclude, supervisor, sundayNoon)
    expect((await desk.view(caseId, [], sundayNoon)).events).toMatchObject([{}, { ground: 'misjudged' }, {}])
  })

  it('is not judged by the supervisor who owns the case, and not offered to them', async () => {
    const { caseId } = await desk.openForRating(await aBadRating(database), sundayNoon)
    await database.pool.query('update case_file set owner_id = $1 where id = $2', [supervisor.staffId, caseId])
    await desk.move(caseId, { to: 'appeal', note: '点错了', ground: 'misjudged' }, officer, sundayNoon)
    const exclude = { to: 'excluded', note: '同意' } as const
    await expect(desk.move(caseId, exclude, supervisor, sundayNoon)).rejects.toMatchObject({
      code: 'approver_is_author',
    })
    const offered = async (actor: Actor) => (await desk.view(caseId, actor.roles, sundayNoon, actor.staffId)).moves
    const other = await aColleague(database.pool, 'supervisor')
    expect([await offered(supervisor), await offered(other)]).toEqual([[], ['to_verify', 'excluded']])
    await desk.move(caseId, exclude, other, sundayNoon)
  })
})

it('asks for a first contact anew when an appeal is not upheld, and leaves the deadline where it was', async () => {
  const { caseId, dueOn } = await desk.openForRating(await aBadRating(database), sundayNoon)
  await desk.move(caseId, { to: 'contacted', note: '已联系' }, officer, sundayNoon)
  await desk.move(caseId, { to: 'appeal', note: '点错了' }, officer, sundayNoon)
  const later = new Date('2026-11-25T10:00:00+08:00')
  await desk.move(caseId, { to: 'to_verify', note: '不是误评' }, supervisor, later)
  expect(await desk.view(caseId, [], later)).toMatchObject({ firstContactDueOn: '2026-11-26', dueOn, overdue: false })
})

describe('more time', () => {
  it('is given once, before the deadline, and counts from it', async () => {
    const id = await aComplaint()
    expect(await desk.view(id, [], sundayNoon)).toMatchObject({ dueOn: '2026-12-09', extensionDays: 13 })
    const more = { days: 3, reason: '等参保地回函' }
    expect(await desk.extend(id, more, officer, sundayNoon)).toMatchObject({ dueOn: '2026-12-14', provisional: false })
    await expect(desk.extend(id, more, officer, sundayNoon)).rejects.toMatchObject({ code: 'illegal_move' })
    const view = await desk.view(id, [], sundayNoon)
    expect(view).toMatchObject({ dueOn: '2026-12-14', extended: 1, extensionDays: 0 })
    expect(view.events.at(-1)).toMatchObject({ kind: 'extended', note: '等参保地回函', dueOn: '2026-12-14' })
  })

  it('is refused the day after', async () => {
    const id = await aComplaint()
    const late = new Date('2026-12-10T00:00:00+08:00')
    await expect(desk.extend(id, { days: 1, reason: '再等等' }, officer, late)).rejects.toMatchObject({
      code: 'illegal_move',
      fields: [{ path: 'days' }],
    })
  })
})

it('shows nobody a case about themselves, as long as somebody else owns it', async () => {
  const rating = { ...(await aBadRating(database)), ratedStaffId: supervisor.staffId }
  const { caseId } = await desk.openForRating(rating, sundayNoon)
  await expect(desk.mustMaySee(caseId, supervisor.staffId)).rejects.toMatchObject({ code: 'not_allowed' })
  await desk.mustMaySee(caseId, officer.staffId)
  const seen = async (viewerId: string) =>
    (await desk.list({ limit: 200, offset: 0, viewerId }, sundayNoon)).rows.some(({ id }) => id === caseId)
  expect([await seen(supervisor.staffId), await seen(officer.staffId)]).toEqual([false, true])
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
      confirmed: true,
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
    const second = await anEpisode(database.pool, await talkOf(id), officer.staffId)
    await desk.setEpisode(id, second)
    expect(await desk.reRated({ episodeId: second, level: 5 }, sundayNoon)).toMatchObject({ state: 'closed' })
    expect(await desk.reRated({ episodeId: first, level: 1 }, sundayNoon)).toBeUndefined()
  })

  it('opens a case again that an officer closed as satisfied: open in every list, due anew, escalated', async () => {
    const id = await aComplaint()
    const episodeId = await reportedBack(id)
    await desk.move(id, { to: 'followed_up', note: '说好了', followUp: 'satisfied' }, officer, sundayNoon)
    await desk.move(id, { to: 'closed', note: '办结' }, officer, sundayNoon)
    const { open } = await desk.counts(undefined, sundayNoon)
    expect(await desk.reRated({ episodeId, level: 1 }, sundayNoon)).toMatchObject({
      state: 'rectifying',
      reopened: true,
      confirmed: false,
    })
    expect(await desk.view(id, [], sundayNoon)).toMatchObject({
      state: 'rectifying',
      reopened: 1,
      supervisor: supervisor.name,
      overdue: false,
    })
    expect((await desk.counts(undefined, sundayNoon)).open).toBe(open + 1)
    const { rows } = await database.pool.query(`select closed_at from case_file where id = $1`, [id])
    expect(rows).toEqual([{ closed_at: null }])
  })

  it('that comes while the case is worked on again moves nothing and is kept', async () => {
    const id = await aComplaint()
    const episodeId = await reportedBack(id)
    await desk.followUp(id, { result: 'dissatisfied', note: '还是没解决' }, officer, sundayNoon)
    const again = { state: 'rectifying', reopened: false, confirmed: false }
    expect(await desk.reRated({ episodeId, level: 1 }, sundayNoon)).toMatchObject(again)
    expect((await desk.view(id, [], sundayNoon)).events.at(-1)).toMatchObject({ kind: 're-rated', level: 1 })
  })

  it('belongs to no case where the episode is nobody’s handling', async () => {
    expect(await desk.reRated({ episodeId: randomUUID(), level: 1 }, sundayNoon)).toBeUndefined()
  })
})

async function leavesPhone(conversationId: string): Promise<void> {
  await database.pool.query(
    `insert into callback (conversation_id, phone_sealed, phone_masked, asked_at, due_at) values ($1, $2, '138****8000', $3, $3)`,
    [conversationId, aSealer.seal('13800138000'), sundayNoon],
  )
}

/** Until some connection to this database waits for a lock that another one holds. */
async function untilSomebodyWaits(): Promise<void> {
  const waiting = `select from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`
  while ((await database.pool.query(waiting)).rowCount === 0) await new Promise((resolve) => setTimeout(resolve, 5))
}

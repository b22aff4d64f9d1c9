/** Every case has an owner who may work it: given anew by a supervisor, handed on by whoever leaves, and told of. */
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { Actor } from '../../contract/staff.ts'
import type { CaseNews } from '../../desk/case-news.ts'
import { caseOwners } from '../../desk/case-owners.ts'
import { cases } from '../../desk/cases.ts'
import { seedHolidays } from '../../desk/holiday-seed.ts'
import { staffChanges } from '../../desk/staff-changes.ts'
import type { Db } from '../../desk/tables.ts'
import { aDatabase, type TestDatabase } from '../support/postgres.ts'
import { aBadRating, aColleague, aConversation, anEpisode, aSealer, sundayNoon } from './rows.ts'

let database: TestDatabase
let desk: ReturnType<typeof cases>
let owners: ReturnType<typeof caseOwners>
let officer: Actor
let other: Actor
let supervisor: Actor
let told: CaseNews[]
const tell = (_: Db, news: CaseNews) => {
  told.push(news)
  return Promise.resolve()
}

beforeAll(async () => {
  database = await aDatabase()
  await seedHolidays(database.db)
  desk = cases(database.db, aSealer, tell)
  owners = caseOwners(database.db, tell)
})
afterAll(() => database.drop())
beforeEach(async () => {
  await database.pool.query(`update case_file set state = 'closed', closed_at = opened_at where closed_at is null`)
  await database.pool.query('update staff set disabled_at = created_at')
  officer = await aColleague(database.pool, 'officer')
  supervisor = await aColleague(database.pool, 'supervisor')
  told = []
})

const reason = '原负责人休假'
const view = (id: string) => desk.view(id, ['officer'], sundayNoon)
async function aComplaint(): Promise<string> {
  const conversationId = await aConversation(database.pool)
  return (await desk.fileComplaint({ conversationId, text: '等了两个小时没人接' }, sundayNoon)).caseId
}

describe('giving a case to somebody else', () => {
  beforeEach(async () => {
    other = await aColleague(database.pool, 'officer')
  })

  it('changes its owner, stands in its course with the reason, and tells both', async () => {
    const id = await aComplaint()
    const from = (await view(id)).owner
    const [next, former] = from === officer.name ? [other, officer] : [officer, other]
    told = []
    await owners.assign(id, { ownerId: next.staffId, reason }, supervisor, sundayNoon)
    const { owner, events, state } = await view(id)
    expect([owner, state]).toEqual([next.name, 'to_verify'])
    const given = { kind: 'given', by: supervisor.name, note: reason, ownerFrom: from, ownerTo: next.name }
    expect(events.at(-1)).toMatchObject(given)
    expect(told).toMatchObject([
      { what: 'given', ownerId: next.staffId, formerOwnerId: former.staffId, from, to: next.name },
    ])
  })

  it.each([
    ['somebody who works no cases', ['agent'], false],
    ['somebody who left', ['officer'], true],
  ] as const)('is refused to %s', async (_, roles, isDisabled) => {
    const id = await aComplaint()
    const wanted = await aColleague(database.pool, ...roles)
    if (isDisabled)
      await database.pool.query('update staff set disabled_at = created_at where id = $1', [wanted.staffId])
    const before = await view(id)
    await expect(owners.assign(id, { ownerId: wanted.staffId, reason }, supervisor, sundayNoon)).rejects.toMatchObject({
      code: 'invalid_input',
      fields: [{ path: 'ownerId' }],
    })
    expect(await view(id)).toEqual(before)
  })

  it('is refused to whoever was rated, to its owner, and once it is over', async () => {
    const rating = { ...(await aBadRating(database)), ratedStaffId: other.staffId }
    const { caseId } = await desk.openForRating(rating, sundayNoon)
    const to = (ownerId: string) => owners.assign(caseId, { ownerId, reason }, supervisor, sundayNoon)
    await expect(to(other.staffId)).rejects.toMatchObject({ code: 'invalid_input', fields: [{ path: 'ownerId' }] })
    await expect(to(officer.staffId)).rejects.toMatchObject({ code: 'invalid_input' })
    expect((await owners.offered(caseId)).map(({ id }) => id)).toEqual([supervisor.staffId])
    await database.pool.query(`update case_file set state = 'closed', closed_at = opened_at where id = $1`, [caseId])
    await expect(to(supervisor.staffId)).rejects.toMatchObject({ code: 'illegal_move' })
  })

  it('leaves nobody seeing to it that they themselves move', async () => {
    const above = await aColleague(database.pool, 'supervisor')
    const id = await aComplaint()
    await database.pool.query('update case_file set supervisor_id = $1 where id = $2', [supervisor.staffId, id])
    await owners.assign(id, { ownerId: supervisor.staffId, reason }, above, sundayNoon)
    expect(await view(id)).toMatchObject({ owner: supervisor.name, supervisor: above.name })
  })
})

describe('somebody who works cases no more', () => {
  const change = () =>
    staffChanges(database.db, { staffId: supervisor.staffId, roles: ['administrator', 'security'] }, tell)
  const ofPrevious = async (id: string) => (await view(id)).owner

  it('leaves what is open to the next officer when the account is disabled, and it is on record', async () => {
    const open = [await aComplaint(), await aComplaint()]
    other = await aColleague(database.pool, 'officer')
    told = []
    await change().disable(officer.staffId, '调离', sundayNoon)
    for (const id of open) expect(await ofPrevious(id)).toBe(other.name)
    expect(told.map(({ what, ownerId }) => [what, ownerId])).toEqual(open.map(() => ['given', other.staffId]))
    expect((await view(open[0] ?? '')).events.at(-1)).toMatchObject({
      ...{ kind: 'given', by: '系统', ownerFrom: officer.name, ownerTo: other.name },
    })
    const { rows } = await database.pool.query<{ cases: number }>(
      `select (detail->>'cases')::int as cases from audit where act = 'staff.disable' and subject = $1`,
      [officer.staffId],
    )
    expect(rows).toEqual([{ cases: 2 }])
  })

  it('leaves them when the role is taken away, and keeps them while another role works cases', async () => {
    const id = await aComplaint()
    await change().setRoles(officer.staffId, ['agent', 'supervisor'], sundayNoon)
    expect(await ofPrevious(id)).toBe(officer.name)
    await change().setRoles(officer.staffId, ['agent'], sundayNoon)
    expect(await ofPrevious(id)).toBe(supervisor.name)
  })

  it('hands nothing to whoever was rated, and no case that is over', async () => {
    other = await aColleague(database.pool, 'officer')
    const rating = { ...(await aBadRating(database)), ratedStaffId: other.staffId }
    const { caseId } = await desk.openForRating(rating, sundayNoon)
    const done = await aComplaint()
    await database.pool.query(
      `update case_file set owner_id = $1, state = 'closed', closed_at = opened_at where id = $2`,
      [officer.staffId, done],
    )
    await change().disable(officer.staffId, '调离', sundayNoon)
    expect([await ofPrevious(caseId), await ofPrevious(done)]).toEqual([supervisor.name, officer.name])
  })

  it('does not get back a case that the citizen opens again: the next one does, and is told', async () => {
    const id = await aComplaint()
    for (const move of [
      { to: 'contacted', note: '已联系' },
      { to: 'rectifying', note: '整改' },
      { to: 'to_review', note: '请复核', remedy: '已更正', evidence: '台账' },
      { to: 'reported_back', note: '同意' },
      { to: 'followed_up', note: '好了', followUp: 'satisfied' },
      { to: 'closed', note: '办结' },
    ] as const)
      await desk.move(id, move, officer, sundayNoon)
    const episodeId = await anEpisode(database.pool, (await desk.conversationOf(id)) ?? '', officer.staffId)
    await desk.setEpisode(id, episodeId)
    await database.pool.query('update staff set disabled_at = created_at where id = $1', [officer.staffId])
    other = await aColleague(database.pool, 'officer')
    told = []
    await desk.reRated({ episodeId, level: 1 }, sundayNoon)
    expect(await view(id)).toMatchObject({ state: 'rectifying', owner: other.name, supervisor: supervisor.name })
    expect(told.map(({ what, ownerId }) => [what, ownerId])).toEqual([
      ['given', other.staffId],
      ['reopened', other.staffId],
    ])
  })
})

describe('finding cases', () => {
  const found = async (filter: Partial<Parameters<typeof desk.list>[0]>) =>
    (await desk.list({ ...filter, limit: 200, offset: 0 }, sundayNoon)).rows.map(({ id }) => id)

  it('goes by number, words, city and days, and by whose they are', async () => {
    const conversationId = await aConversation(database.pool)
    const text = '窗口提前下班，打 13912345678 找我'
    const { caseId, number } = await desk.fileComplaint({ conversationId, text, city: '340600' }, sundayNoon)
    const another = await aComplaint()
    for (const words of [number, number.toLowerCase(), '提前下班'])
      expect(await found({ words }), words).toEqual([caseId])
    // What is masked on the screen is not found by trying; nor does a sign of LIKE find everything.
    for (const words of ['13912345678', '%', '_']) expect(await found({ words }), words).toEqual([])
    expect(await found({ city: '340600', from: '2026-11-22', until: '2026-11-22' })).toEqual([caseId])
    expect(await found({ city: '340600', from: '2026-11-23' })).toEqual([])
    expect(await found({ ownerId: officer.staffId })).toEqual(expect.arrayContaining([caseId, another]))
  })

  it('shows which have an owner who may work them no more', async () => {
    const id = await aComplaint()
    expect(await found({ isUnowned: true })).toEqual([])
    await database.pool.query('update staff set disabled_at = created_at where id = $1', [officer.staffId])
    expect(await found({ isUnowned: true })).toEqual([id])
    expect(await view(id)).toMatchObject({ isUnowned: true })
  })
})

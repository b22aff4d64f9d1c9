import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { Actor } from '../../contract/staff.ts'
import { cases } from '../../desk/cases.ts'
import { seedHolidays } from '../../desk/holiday-seed.ts'
import { aDatabase, type TestDatabase } from '../support/postgres.ts'
import { aBadRating, aColleague, aConversation, aSealer, hoursAfter, sundayNoon } from './rows.ts'

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

async function aComplaint(text = '等了两个小时没人接', contact?: string): Promise<string> {
  const conversationId = await aConversation(database.pool)
  return (await desk.fileComplaint({ conversationId, text, contact }, sundayNoon)).caseId
}

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
    const rating = await aBadRating(database)
    const first = await desk.openForRating(rating, sundayNoon)
    expect(await desk.openForRating(rating, hoursAfter(sundayNoon, 1))).toEqual(first)
    const view = await desk.view(first.caseId, ['officer'], sundayNoon)
    expect(view).toMatchObject({ kind: 'bad_rating', level: 1, reasons: ['答复错误'], dueOn: '2026-11-27' })
    expect(view.text).toBe('非常不满意。答复错误')
    expect(view.moves).toEqual(['contacted', 'appeal'])
  })

  it('is one case for one complaint, also when the citizen sends it again', async () => {
    const conversationId = await aConversation(database.pool)
    const complaint = { conversationId, text: '窗口提前下班' }
    const first = await desk.fileComplaint(complaint, sundayNoon)
    expect(await desk.fileComplaint(complaint, new Date(sundayNoon.getTime() + 60_000))).toEqual(first)
    for (const other of [
      await desk.fileComplaint({ ...complaint, contact: '13800138000' }, sundayNoon),
      await desk.fileComplaint({ ...complaint, text: '窗口又提前下班' }, sundayNoon),
      await desk.fileComplaint(complaint, hoursAfter(sundayNoon, 2)),
    ])
      expect(other.number).not.toBe(first.number)
  })

  it('follows the rule of the city where it has one of its own', async () => {
    await database.pool.query(
      `insert into case_rule (city, kind, first_contact_days, due_days) values ('340600', 'complaint', 0, 3)`,
    )
    const conversationId = await aConversation(database.pool)
    const of = (city: string) => desk.fileComplaint({ conversationId, text: `投诉 ${city}`, city }, sundayNoon)
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

  it('goes to nobody who was rated, as long as there is anybody else', async () => {
    const rated = { ...(await aBadRating(database)), ratedStaffId: officer.staffId }
    expect((await desk.view((await desk.openForRating(rated, sundayNoon)).caseId, [], sundayNoon)).owner).toBe(
      supervisor.name,
    )

    await database.pool.query('update staff set disabled_at = created_at where id = $1', [supervisor.staffId])
    const alone = { ...(await aBadRating(database)), ratedStaffId: officer.staffId }
    expect((await desk.view((await desk.openForRating(alone, sundayNoon)).caseId, [], sundayNoon)).owner).toBe(
      officer.name,
    )
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

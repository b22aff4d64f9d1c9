/** A calendar that comes out or is put right moves what was counted through it, and nothing that others set. */
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { WorkOrder } from '../../contract/work-order.ts'
import type { Actor } from '../../contract/staff.ts'
import { recountCases } from '../../desk/case-recount.ts'
import { cases } from '../../desk/cases.ts'
import { seedHolidays } from '../../desk/holiday-seed.ts'
import { holidaysStore } from '../../desk/holidays.store.ts'
import { workOrders } from '../../desk/work-orders.ts'
import { aDatabase, type TestDatabase } from '../support/postgres.ts'
import { aBadRating, aColleague, aConversation, aSealer, sundayNoon } from './rows.ts'

let database: TestDatabase
let desk: ReturnType<typeof cases>
let officer: Actor
let supervisor: Actor
beforeAll(async () => {
  database = await aDatabase()
  await seedHolidays(database.db)
  desk = cases(database.db, aSealer)
  officer = await aColleague(database.pool, 'officer')
  supervisor = await aColleague(database.pool, 'supervisor')
})
afterAll(() => database.drop())
beforeEach(() =>
  database.pool.query(`update case_file set state = 'closed', closed_at = opened_at where closed_at is null`),
)

const view = (id: string) => desk.view(id, [], sundayNoon)
async function aComplaint(now: Date): Promise<string> {
  const conversationId = await aConversation(database.pool)
  return (await desk.fileComplaint({ conversationId, text: '等了两个小时没人接' }, now)).caseId
}
async function anOrder(number: string, dueOn: string, now: Date): Promise<string> {
  const matter = { type: 'complaint', title: '超时', text: '一个月没有答复' } as const
  const order: WorkOrder = { number, ...matter, receivedAt: now.toISOString(), dueOn }
  const { orders } = await workOrders(database.db, aSealer).takeIn({ orders: [order] }, officer.staffId, now)
  return orders[0]?.caseId ?? expect.unreachable('no case')
}
/** 2026 as it is known, with these days off as well. */
async function correct(year: number, off: readonly string[]) {
  const store = holidaysStore(database.db)
  const known = (await store.year(year))?.days ?? []
  const more = off.map((day) => ({ day, kind: 'off' as const, name: '更正' }))
  return database.db.transaction().execute(async (tx) => {
    const days = [...known, ...more]
    await holidaysStore(tx).replaceYear({ year, notice: '国办发明电〔2026〕9号', days }, supervisor.staffId, sundayNoon)
    return recountCases(tx, year, sundayNoon)
  })
}

describe('a year that was known and is put right', () => {
  it('moves the deadlines that are counted through it, and says which moved', async () => {
    const id = await aComplaint(sundayNoon)
    const before = await view(id)
    expect(before).toMatchObject({ dueOn: '2026-12-09', provisional: false })
    const moved = await correct(2026, ['2026-11-30'])
    expect(moved).toEqual([{ caseId: id, number: before.number, dueOn: '2026-12-10' }])
    expect(await view(id)).toMatchObject({ dueOn: '2026-12-10', firstContactDueOn: '2026-11-23' })
    expect((await view(id)).events.at(-1)).toMatchObject({ kind: 'recounted', dueOn: '2026-12-10' })
    expect(await correct(2026, [])).toEqual([])
  })

  it('never goes beyond the day of 12345, however late our own count is', async () => {
    const id = await anOrder('ORDER-0001', '2026-12-04', sundayNoon)
    expect(await view(id)).toMatchObject({ dueOn: '2026-12-04' })
    expect(await correct(2026, ['2026-12-01', '2026-12-02'])).toEqual([])
    expect(await view(id)).toMatchObject({ dueOn: '2026-12-04' })
  })

  it('keeps a first contact that was set anew, so that nobody who was sent back from an appeal is late', async () => {
    const { caseId } = await desk.openForRating(await aBadRating(database), sundayNoon)
    await desk.move(caseId, { to: 'appeal', note: '点错了', ground: 'misjudged' }, officer, sundayNoon)
    const later = new Date('2026-12-07T10:00:00+08:00')
    await desk.move(caseId, { to: 'to_verify', note: '不是误评' }, supervisor, later)
    expect(await view(caseId)).toMatchObject({ firstContactDueOn: '2026-12-08' })
    await correct(2026, ['2026-12-08'])
    expect(await desk.view(caseId, [], later)).toMatchObject({ firstContactDueOn: '2026-12-09' })
  })

  it('leaves more time that we gave where it is counted from, and what is over alone', async () => {
    const id = await anOrder('ORDER-0002', '2026-12-15', new Date('2026-12-10T10:00:00+08:00'))
    const given = new Date('2026-12-14T10:00:00+08:00')
    await desk.extend(id, { days: 3, reason: '等参保地回函' }, officer, given)
    const done = await aComplaint(new Date('2026-12-10T11:00:00+08:00'))
    await database.pool.query(`update case_file set state = 'closed', closed_at = opened_at where id = $1`, [done])
    const before = await view(done)
    expect(await view(id)).toMatchObject({ dueOn: '2026-12-18' })
    expect((await correct(2026, ['2026-12-17'])).map(({ dueOn }) => dueOn)).toEqual(['2026-12-21'])
    expect(await view(done)).toEqual(before)
  })
})

it('counts again what waited for a year’s notice', async () => {
  const id = await aComplaint(new Date('2026-12-28T10:00:00+08:00'))
  expect(await view(id)).toMatchObject({ dueOn: '2027-01-14', provisional: true })
  const moved = await correct(2027, ['2027-01-01'])
  expect(moved.map(({ dueOn }) => dueOn)).toEqual(['2027-01-15'])
  expect(await view(id)).toMatchObject({ provisional: false })
})

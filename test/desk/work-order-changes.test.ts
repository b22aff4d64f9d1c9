/** What 12345 says of an order after it was passed on is followed once, and undone by nothing that comes late. */
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { Actor } from '../../contract/staff.ts'
import type { WorkOrder, WorkOrderChange } from '../../contract/work-order.ts'
import type { CaseNews } from '../../desk/case-news.ts'
import { caseProgress } from '../../desk/case-progress.ts'
import { cases } from '../../desk/cases.ts'
import { seedHolidays } from '../../desk/holiday-seed.ts'
import type { Db } from '../../desk/tables.ts'
import { workOrders } from '../../desk/work-orders.ts'
import { aDatabase, type TestDatabase } from '../support/postgres.ts'
import { aColleague, aSealer, sundayNoon } from './rows.ts'

let database: TestDatabase
let desk: ReturnType<typeof cases>
let orders: ReturnType<typeof workOrders>
let officer: Actor
let made = 0
let told: CaseNews[] = []
const tell = (_: Db, news: CaseNews) => {
  told.push(news)
  return Promise.resolve()
}

beforeAll(async () => {
  database = await aDatabase()
  await seedHolidays(database.db)
  desk = cases(database.db, aSealer)
  orders = workOrders(database.db, aSealer, tell)
  officer = await aColleague(database.pool, 'officer')
})
afterAll(() => database.drop())
beforeEach(() => void (told = []))

const anOrder = (dueOn?: string): WorkOrder => ({
  number: `ORDER-${String(++made).padStart(4, '0')}`,
  ...{ type: 'complaint', title: '门诊慢特病复审超时', text: '提交材料一个月没有答复。' },
  receivedAt: '2026-11-22T10:05:00+08:00',
  ...(dueOn && { dueOn }),
})
const take = (given: Parameters<typeof orders.takeIn>[0]) => orders.takeIn(given, officer.staffId, sundayNoon)
async function taken(order: WorkOrder): Promise<string> {
  const id = (await take({ orders: [order] })).orders[0]?.caseId ?? expect.unreachable('no case')
  told = []
  return id
}
const view = (id: string) => desk.view(id, [], sundayNoon)
const at = (day: string) => `2026-11-${day}T10:00:00+08:00`
const follow = async (change: WorkOrderChange) => (await take({ changes: [change] })).changes[0]

describe('another deadline', () => {
  it('is followed once, told to the owner, and no later than our own', async () => {
    const order = anOrder('2026-11-27')
    const id = await taken(order)
    const later = { number: order.number, change: 'deadline', at: at('23'), dueOn: '2026-12-02' } as const
    expect(await follow({ ...later, note: '市民补充材料' })).toMatchObject({ outcome: 'followed', dueOn: '2026-12-02' })
    expect(await follow(later)).toMatchObject({ outcome: 'known', dueOn: '2026-12-02' })
    expect(await view(id)).toMatchObject({ dueOn: '2026-12-02' })
    const { events } = await view(id)
    expect(events.filter(({ kind }) => kind === 'ordered').map(({ note }) => note)).toEqual([
      '12345 的办理期限改为 2026-12-02，期限由 2026-11-27 改为 2026-12-02：市民补充材料',
    ])
    expect(told).toMatchObject([{ what: 'ordered', change: 'deadline', dueOn: '2026-12-02', ownerId: officer.staffId }])
    await follow({ ...later, at: at('24'), dueOn: '2027-03-01' })
    expect(await view(id)).toMatchObject({ dueOn: '2026-12-09' })
  })

  it('does not undo a newer one that came before it', async () => {
    const order = anOrder('2026-11-27')
    const id = await taken(order)
    const change = { number: order.number, change: 'deadline' } as const
    await follow({ ...change, at: at('24'), dueOn: '2026-12-03' })
    expect(await follow({ ...change, at: at('23'), dueOn: '2026-12-01' })).toMatchObject({ outcome: 'known' })
    expect(await view(id)).toMatchObject({ dueOn: '2026-12-03' })
  })

  it('may come with the order itself; the first one sent again undoes nothing', async () => {
    const order = anOrder('2026-11-27')
    const id = await taken(order)
    expect(await take({ orders: [{ ...order, dueOn: '2026-12-01' }] })).toMatchObject({
      ...{ taken: 0, known: 1, changed: 1 },
      orders: [{ known: true, changed: true, dueOn: '2026-12-01' }],
    })
    for (const again of [order, { ...order, dueOn: '2026-12-01' }, { ...order, dueOn: undefined }])
      expect(await take({ orders: [again] })).toMatchObject({ known: 1, changed: 0 })
    expect(await view(id)).toMatchObject({ dueOn: '2026-12-01' })
  })
})

it('urges once: it stands in the course of the case and is told', async () => {
  const order = anOrder()
  const id = await taken(order)
  const urge = { number: order.number, change: 'urge', at: at('23'), note: '市民再次来电' } as const
  expect((await take({ changes: [urge] })).changed).toBe(1)
  expect((await take({ changes: [urge] })).changed).toBe(0)
  const { events, rung } = await view(id)
  expect(rung).toBe('remind')
  expect(events.filter(({ kind }) => kind === 'urged').map(({ note }) => note)).toEqual(['12345 催办：市民再次来电'])
  expect(told).toMatchObject([{ what: 'ordered', change: 'urge' }])
})

it('ends a case whose order is withdrawn, and owes 12345 nothing for it', async () => {
  const order = anOrder()
  const id = await taken(order)
  const withdraw = { number: order.number, change: 'withdraw', at: at('23'), note: '市民撤诉' } as const
  expect(await follow(withdraw)).toMatchObject({ outcome: 'followed' })
  expect(await view(id)).toMatchObject({ state: 'returned' })
  expect((await view(id)).events.at(-1)).toMatchObject({ by: '系统', note: '12345 撤回工单：市民撤诉' })
  expect((await orders.results(false, sundayNoon)).map(({ number }) => number)).not.toContain(order.number)
  const urge = { number: order.number, change: 'urge', at: at('24') } as const
  expect(await follow(urge)).toMatchObject({ outcome: 'over' })
})

it('is known again by the number that its citizen rings from, and by nothing else of theirs', async () => {
  const id = await taken({ ...anOrder(), phone: '13800138000' })
  const { number } = await view(id)
  const found = await caseProgress(database.db, aSealer).ofNumber(number)
  expect(found?.phoneHash).toEqual(aSealer.lookupHash('phone:13800138000'))
  expect(JSON.stringify(found?.progress)).not.toContain('138')
  await expect(caseProgress(database.db, aSealer).forStaff('ZG20261122-9999', officer.staffId)).rejects.toMatchObject({
    code: 'not_found',
  })
})

it('refuses what is of no order of ours, by its place, and takes nothing in', async () => {
  const order = anOrder()
  const strange = { number: 'ORDER-9999', change: 'urge', at: at('23') } as const
  await expect(take({ orders: [order], changes: [strange] })).rejects.toMatchObject({
    code: 'invalid_input',
    fields: [{ path: 'changes.0.number' }],
  })
  expect((await orders.looked({ orders: [order] })).known).toBe(0)
  expect(await take({ orders: [order], changes: [{ ...strange, number: order.number }] })).toMatchObject({
    ...{ taken: 1, changed: 1 },
  })
})

it('gives a result back anew when the citizen opens a case again that was given back', async () => {
  const order = anOrder()
  const id = await taken(order)
  await database.pool.query(`update case_file set state = 'closed', closed_at = opened_at where id = $1`, [id])
  await orders.givenBack([order.number], officer.staffId, sundayNoon)
  const { rows } = await database.pool.query<{ id: string }>(
    `with who as (insert into contact (created_at) values (now()) returning id),
     talk as (insert into conversation (contact_id, channel, started_at, last_turn_at) select id, 'web', now(), now() from who returning id)
     insert into episode (conversation_id, kind, staff_id, started_at) select id, 'case', $1, now() from talk returning id`,
    [officer.staffId],
  )
  const episodeId = rows[0]?.id ?? ''
  await desk.setEpisode(id, episodeId)
  await desk.reRated({ episodeId, level: 2 }, sundayNoon)
  await database.pool.query(`update case_file set state = 'closed', closed_at = opened_at where id = $1`, [id])
  expect((await orders.results(false, sundayNoon)).map(({ number }) => number)).toContain(order.number)
})

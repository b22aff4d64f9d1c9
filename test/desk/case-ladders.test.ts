/** Each rung once: whoever fires it, from however many places, whatever happens to the process or the clock. */
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { Actor } from '../../contract/staff.ts'
import { caseLadders } from '../../desk/case-ladders.ts'
import { cases } from '../../desk/cases.ts'
import { seedHolidays } from '../../desk/holiday-seed.ts'
import { aDatabase, type TestDatabase } from '../support/postgres.ts'
import { aColleague, aConversation, aSealer, hoursAfter, sundayNoon } from './rows.ts'

let database: TestDatabase
let desk: ReturnType<typeof cases>
let ladders: ReturnType<typeof caseLadders>
let officer: Actor
let supervisor: Actor
beforeAll(async () => {
  database = await aDatabase()
  await seedHolidays(database.db)
  desk = cases(database.db, aSealer)
  ladders = caseLadders(database.db)
  officer = await aColleague(database.pool, 'officer')
  supervisor = await aColleague(database.pool, 'supervisor')
})
afterAll(() => database.drop())
beforeEach(() =>
  database.pool.query(`update case_file set state = 'closed', closed_at = opened_at where closed_at is null`),
)

/** Due on 9 December, a Wednesday; contacted already. */
async function aComplaint(): Promise<string> {
  const conversationId = await aConversation(database.pool)
  const { caseId } = await desk.fileComplaint({ conversationId, text: '等了两个小时没人接' }, sundayNoon)
  await desk.move(caseId, { to: 'contacted', note: '已联系' }, officer, sundayNoon)
  return caseId
}

const onDay = (day: string) => new Date(`2026-12-${day}T09:00:00+08:00`)
const urged = async (id: string) =>
  (await desk.view(id, [], sundayNoon)).events.filter(({ kind }) => kind === 'urged').map(({ rung }) => rung)

describe('the ladder of a case', () => {
  it('is climbed rung by rung as the days pass, and names who sees to it', async () => {
    const id = await aComplaint()
    for (const [day, rungs] of [
      ['07', []],
      ['08', ['remind']],
      ['09', ['remind']],
      ['10', ['remind', 'supervise']],
      ['16', ['remind', 'supervise']],
      ['17', ['remind', 'supervise', 'report']],
      ['30', ['remind', 'supervise', 'report']],
    ] as const) {
      await ladders.fireAll(onDay(day))
      expect(await urged(id), day).toEqual(rungs)
    }
    expect(await desk.view(id, [], onDay('30'))).toMatchObject({ rung: 'report', supervisor: supervisor.name })
    expect(await desk.counts(undefined, onDay('30'))).toMatchObject({ open: 1, overdue: 1, report: 1, supervise: 0 })
  })

  it('is climbed during an appeal as it would be without', async () => {
    const id = await aComplaint()
    await database.pool.query(`update case_file set state = 'appeal' where id = $1`, [id])
    await ladders.fireAll(onDay('17'))
    expect(await urged(id)).toEqual(['remind', 'supervise', 'report'])
    expect(await desk.view(id, [], onDay('17'))).toMatchObject({ state: 'appeal', dueOn: '2026-12-09' })
  })

  it('is climbed once by twenty that fire at the same moment', async () => {
    const id = await aComplaint()
    const fired = await Promise.all(Array.from({ length: 20 }, () => ladders.fireDue(id, 'remind', onDay('08'))))
    expect(fired.filter(Boolean)).toHaveLength(1)
    expect(await urged(id)).toEqual(['remind'])
  })

  it('is climbed once whether the clock jumps an hour ahead or falls an hour back', async () => {
    const id = await aComplaint()
    const midnight = new Date('2026-12-10T00:00:00+08:00')
    for (const hours of [-1, 0, 1, -1, 0, 2]) await ladders.fireAll(hoursAfter(midnight, hours))
    expect(await urged(id)).toEqual(['remind', 'supervise'])
  })

  it('is made up for after days in which nothing ran', async () => {
    const id = await aComplaint()
    await ladders.fireAll(onDay('28'))
    expect(await urged(id)).toEqual(['remind', 'supervise', 'report'])
  })

  it('forgets nothing when the process dies in the middle of it', async () => {
    const id = await aComplaint()
    await expect(
      database.db.transaction().execute(async (tx) => {
        expect(await caseLadders(tx).fireDue(id, 'supervise', onDay('10'))).toBe(true)
        throw new Error('killed')
      }),
    ).rejects.toThrow('killed')
    expect(await urged(id)).toEqual([])
    expect(await ladders.fireDue(id, 'supervise', onDay('10'))).toBe(true)
    expect(await ladders.fireDue(id, 'supervise', onDay('10'))).toBe(false)
  })

  it('fires nothing before its day, whoever asks', async () => {
    const id = await aComplaint()
    for (const rung of ['remind', 'supervise', 'report'] as const)
      expect(await ladders.fireDue(id, rung, onDay('07'))).toBe(false)
  })

  it('begins anew with a new deadline', async () => {
    const id = await aComplaint()
    await ladders.fireAll(onDay('08'))
    await desk.extend(id, { days: 3, reason: '等参保地回函' }, officer, onDay('08'))
    expect(await desk.view(id, [], onDay('08'))).toMatchObject({ dueOn: '2026-12-14', rung: undefined })
    await ladders.fireAll(onDay('10'))
    expect(await urged(id)).toEqual(['remind'])
    await ladders.fireAll(onDay('15'))
    expect(await urged(id)).toEqual(['remind', 'remind', 'supervise'])
  })

  it('reminds of a first contact on its last day, and supervises one that was missed', async () => {
    const conversationId = await aConversation(database.pool)
    const { caseId } = await desk.fileComplaint({ conversationId, text: '没人管' }, sundayNoon)
    await ladders.fireAll(sundayNoon)
    expect(await urged(caseId)).toEqual([])
    await ladders.fireAll(new Date('2026-11-23T00:01:00+08:00'))
    expect((await desk.view(caseId, [], sundayNoon)).events.at(-1)?.note).toBe('催办：首次联系期限 2026-11-23')
    await ladders.fireAll(new Date('2026-11-24T09:00:00+08:00'))
    expect(await urged(caseId)).toEqual(['remind', 'supervise'])
    expect((await desk.view(caseId, [], sundayNoon)).events.at(-1)?.note).toBe('督办：首次联系期限 2026-11-23')
  })

  it('ends with the case', async () => {
    const id = await aComplaint()
    await database.pool.query(`update case_file set state = 'closed', closed_at = opened_at where id = $1`, [id])
    expect(await ladders.fireAll(onDay('30'))).toBe(0)
  })
})

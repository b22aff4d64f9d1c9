import { afterEach, beforeEach, expect, it } from 'vitest'
import { actingFrom, maskAddress } from '../../desk/audit-origin.ts'
import { auditStore, type AuditStore } from '../../desk/audit.store.ts'
import { aDatabase, type TestDatabase } from '../support/postgres.ts'
import { aColleague, hoursAfter, sundayNoon } from './rows.ts'

let database: TestDatabase
let audit: AuditStore
beforeEach(async () => {
  database = await aDatabase()
  audit = auditStore(database.db)
})
afterEach(() => database.drop())

const detail = { z: 1, a: { 二: [1, { y: null, b: 'x' }], 一: 0.1 }, when: sundayNoon, 10: 'ten', 9: 'nine' }

async function threeRows() {
  const { staffId } = await aColleague(database.pool, 'administrator')
  await audit.record({ staffId, act: 'staff.create', subject: 'staff/1', detail }, sundayNoon)
  await audit.record({ act: 'retention.erase', subject: 'server' }, hoursAfter(sundayNoon, 1))
  await audit.record({ staffId, act: 'case.move', subject: 'case/9', detail: {} }, hoursAfter(sundayNoon, 2))
}

/** What somebody with the database's own password could do. */
async function tamper(sql: string) {
  await database.pool.query('alter table audit disable trigger audit_append_only')
  await database.pool.query(sql)
  await database.pool.query('alter table audit enable trigger audit_append_only')
}

it('chains its rows, lists the newest first, and finds nothing wrong with them', async () => {
  expect(await audit.verify()).toEqual({ ok: true, rows: 0 })
  await threeRows()
  expect(await audit.verify()).toEqual({ ok: true, rows: 3 })
  const { rows, total } = await audit.list(2, 0)
  expect(rows.map(({ act }) => act)).toEqual(['case.move', 'retention.erase'])
  expect(rows[1]).toMatchObject({ by: undefined, at: hoursAfter(sundayNoon, 1).toISOString() })
  expect(total).toBe(3)
  expect((await audit.list(2, 2)).rows[0]?.detail).toMatchObject({ z: 1, a: { 一: 0.1 } })
})

it('refuses to change or delete a row', async () => {
  await threeRows()
  await expect(database.pool.query(`update audit set act = 'x'`)).rejects.toThrow('append-only')
  await expect(database.pool.query('delete from audit')).rejects.toThrow('append-only')
})

it.each([
  [`update audit set act = 'staff.creatf' where act = 'staff.create'`, 1],
  [`update audit set detail = jsonb_set(detail, '{a,二,1,b}', '"y"') where act = 'staff.create'`, 1],
  [`update audit set at = at + interval '1 millisecond' where act = 'retention.erase'`, 2],
  [`update audit set staff_id = null where act = 'case.move'`, 3],
  [`update audit set previous = overlay(previous placing 'g' from 1) where act = 'case.move'`, 3],
  [`update audit set hash = overlay(hash placing 'g' from 64) where act = 'retention.erase'`, 2],
  [`delete from audit where act = 'retention.erase'`, 3],
  [`delete from audit where act = 'staff.create'`, 2],
])('finds what was done by %s', async (sql, brokenAt) => {
  await threeRows()
  await tamper(sql)
  expect(await audit.verify()).toEqual({ ok: false, brokenAt })
})

it('stays one chain when many record at once, some of them in transactions that fail', async () => {
  await Promise.allSettled(
    Array.from({ length: 30 }, (_, n) =>
      database.db.transaction().execute(async (tx) => {
        await auditStore(tx).record({ act: 'audit.export', subject: String(n) }, sundayNoon)
        if (n % 3 === 0) throw new Error('undone')
      }),
    ),
  )
  expect(await audit.verify()).toEqual({ ok: true, rows: 20 })
})

it('verifies a chain longer than one reading', async () => {
  await database.db.transaction().execute(async (tx) => {
    for (let n = 0; n < 1_050; n++) await auditStore(tx).record({ act: 'audit.export', subject: String(n) }, sundayNoon)
  })
  expect(await audit.verify()).toEqual({ ok: true, rows: 1_050 })
  await tamper(`update audit set subject = 'other' where subject = '1040'`)
  expect(await audit.verify()).toEqual({ ok: false, brokenAt: 1_041 })
})

it('keeps from which network an act came, under the seal of the chain, beside rows that have none', async () => {
  await threeRows()
  await actingFrom('203.0.113.77', () => audit.record({ act: 'session.begin', subject: 'x' }, sundayNoon))
  expect((await audit.list(2, 0)).rows.map(({ address }) => address)).toEqual(['203.0.113.*', undefined])
  expect(await audit.verify()).toEqual({ ok: true, rows: 4 })
  await tamper(`update audit set address = '10.0.0.*' where subject = 'x'`)
  expect(await audit.verify()).toEqual({ ok: false, brokenAt: 4 })
})

it.each([
  ['10.2.3.4', '10.2.3.*'],
  ['::ffff:192.168.7.9', '192.168.7.*'],
  ['2001:db8:1:2:3:4:5:6', '2001:db8:1::*'],
  ['::1', '::*'],
])('keeps of %s the network alone', (address, kept) => {
  expect(maskAddress(address)).toBe(kept)
})

/** Every table that can be taken away: no cell of it is run by a spreadsheet, and the audit trail says who took it. */
import { afterAll, beforeAll, expect, it } from 'vitest'
import type { AuditAct } from '../../contract/audit.ts'
import { httpPolicy } from '../../server/policy.ts'
import { readCsv } from '../../knowledge/sheet/csv.ts'
import { readXlsx } from '../../knowledge/sheet/xlsx.ts'
import { aHotline, type TestHotline } from '../support/hotline.ts'
import { signedIn, type HttpClient } from '../support/http-client.ts'
import { aVisitor } from '../support/socket-clients.ts'
import { aWording } from '../support/wording.ts'

const evil = '=cmd|1!A0 你好'
const starts = /^[=+\-@\t\r＝＋－＠]/
let hotline: TestHotline
let editor: HttpClient
let officer: HttpClient
let supervisor: HttpClient
let auditor: HttpClient
let reportId: string

beforeAll(async () => {
  hotline = await aHotline()
  const as = async (role: 'editor' | 'officer' | 'supervisor' | 'auditor') =>
    signedIn(hotline.url, await hotline.aMember(role))
  ;[editor, officer, supervisor, auditor] = [
    await as('editor'),
    await as('officer'),
    await as('supervisor'),
    await as('auditor'),
  ]
  await editor.post('/api/entries', { wording: aWording({ question: evil, answer: evil }) })
  const order = { number: '340600-1', type: 'help', title: evil, text: evil, receivedAt: '2026-11-22T10:00:00+08:00' }
  await officer.post('/api/work-orders', { orders: [order] })
  const citizen = await aVisitor(hotline.url)
  await citizen.say(evil)
  await citizen.must('complaint:file', { text: evil, contact: '13800138000' })
  citizen.close()
  const { cases } = (await officer.get('/api/cases')).body as { cases: { id: string; source: string }[] }
  for (const { id } of cases) await officer.post(`/api/cases/${id}/contact`, { reason: evil })
  const returned = cases.find(({ source }) => source === '12345')
  await officer.post(`/api/cases/${returned?.id}/moves`, { to: 'returned', note: evil })
  await hotline.database.pool.query(`update conversation set started_at = started_at - interval '40 days'`)
  await hotline.reports.writeDue()
  reportId = String(((await supervisor.get('/api/reports')).body as { reports: { id: string }[] }).reports[0]?.id)
})
afterAll(() => hotline.close())

type Export = { door: keyof typeof httpPolicy; path: string; by: () => HttpClient; act: AuditAct; holds?: true }
/** `holds`: what was put in comes out there, word for word. */
const exports: Export[] = [
  {
    door: 'GET /api/entries-table',
    path: '/api/entries-table?state=draft&format=',
    by: () => editor,
    act: 'entry.export',
    holds: true,
  },
  {
    door: 'GET /api/cases-table',
    path: '/api/cases-table?format=',
    by: () => officer,
    act: 'case.export',
    holds: true,
  },
  {
    door: 'GET /api/work-order-results',
    path: '/api/work-order-results?all=1&format=',
    by: () => officer,
    act: 'work-order.export',
    holds: true,
  },
  { door: 'GET /api/audit-table', path: '/api/audit-table?format=', by: () => auditor, act: 'audit.export' },
  { door: 'GET /api/figures/:id/table', path: '/api/figures/cases/table', by: () => supervisor, act: 'figure.export' },
  { door: 'GET /api/reports/:id/table', path: '/api/reports/:id/table', by: () => supervisor, act: 'report.export' },
]
const tries = exports.flatMap((one) =>
  (one.path.endsWith('=') ? ['csv', 'xlsx'] : ['']).map((format) => ({ ...one, format })),
)

it.each(tries)('$door $format', async ({ path, by, act, format, holds }) => {
  const count = async () =>
    (await hotline.database.pool.query('select 1 from audit where act = $1 and staff_id is not null', [act])).rows
      .length
  const before = await count()
  const { cookie } = by()
  const response = await fetch(`${hotline.url}${path.replace(':id', reportId)}${format}`, { headers: { cookie } })
  expect(response.status).toBe(200)
  const file = Buffer.from(await response.arrayBuffer())
  const { rows } = format === 'csv' ? readCsv(file) : readXlsx(file)
  const cells = rows.flatMap((row) => row.cells)
  expect(cells.length).toBeGreaterThan(3)
  expect(cells.filter((cell) => starts.test(cell))).toEqual([])
  if (holds) expect(cells.filter((cell) => cell.startsWith("'=cmd")).length).toBeGreaterThan(0)
  expect(await count()).toBe(before + 1)
})

it('tries every door that gives a table', () => {
  const tables = Object.keys(httpPolicy).filter((door) => /^GET .*(-table|\/table|-results)$/.test(door))
  // A key's door gives JSON alone.
  expect(tables.filter((door) => !door.includes('/v1/')).sort()).toEqual(exports.map(({ door }) => door).sort())
})

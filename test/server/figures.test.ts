/** Figures over the doors: the number, its rows, its table, the wall that is told, and reports that stay as they are. */
import { afterAll, beforeAll, expect, it } from 'vitest'
import { figureIds, type FiguresView, type FiguresWall, type FigureRowsView } from '../../contract/figure.ts'
import type { ReportRow, ReportView } from '../../contract/report.ts'
import { readXlsx } from '../../knowledge/sheet/xlsx.ts'
import { aHotline, type TestHotline } from '../support/hotline.ts'
import { signedIn, type HttpClient } from '../support/http-client.ts'
import { anAgent, aVisitor, until, type Agent } from '../support/socket-clients.ts'

let hotline: TestHotline
let supervisor: Agent
let http: HttpClient
beforeAll(async () => {
  hotline = await aHotline({ env: { QUEUE_MODE: 'claim' } })
  supervisor = await anAgent(hotline.url, await hotline.aMember('supervisor'))
  http = supervisor.http
})
afterAll(() => hotline.close())

/** What a door answers, as the contract has it. */
async function read<T>(path: string): Promise<T> {
  const { status, body } = await http.get(path)
  expect(status).toBe(200)
  return body as T
}
const figure = async (id: string) =>
  (await read<FiguresView>('/api/figures')).figures.find((one) => one.id === id) ?? expect.unreachable(`no ${id}`)
async function counted(sql: string): Promise<number> {
  const { rows } = await hotline.database.pool.query<{ count: number }>(sql)
  return rows[0]?.count ?? expect.unreachable('no count')
}

async function bytesOf(path: string): Promise<Buffer> {
  const response = await fetch(`${hotline.url}${path}`, { headers: { cookie: http.cookie } })
  expect(response.status).toBe(200)
  return Buffer.from(await response.arrayBuffer())
}

it('counts what citizens did, and opens the rows, masked', async () => {
  const citizen = await aVisitor(hotline.url)
  await citizen.say('=1+1，我的电话是 13812345678，新生儿怎么参保')
  const { conversationId } = await citizen.must('person:ask', {})
  await citizen.must('conversation:end', {})
  citizen.close()

  expect((await figure('conversations')).whole).toBe(
    await counted(`select count(*) from conversation v where exists (select from turn where conversation_id = v.id)`),
  )
  expect((await figure('waits')).whole).toBe(await counted('select count(*) from handover'))
  expect((await figure('questions')).whole).toBe(await counted('select count(*) from served_answer'))
  expect(await figure('bot-share')).toMatchObject({ part: 0, whole: 1, value: 0 })

  const rows = await read<FigureRowsView>('/api/figures/conversations/rows')
  expect(rows.rows).toMatchObject([{ opens: { page: 'conversation', id: conversationId } }])
  const questions = await read<FigureRowsView>('/api/figures/questions/rows')
  expect(JSON.stringify(questions)).toContain('138****5678')
  expect(JSON.stringify(questions)).not.toContain('13812345678')
})

it('gives the rows as a table that no spreadsheet runs, with what was counted, and notes who took it', async () => {
  const { rows } = readXlsx(await bytesOf('/api/figures/questions/table'))
  expect(rows[0]?.cells).toContain('问题')
  const cells = rows.flatMap((row) => row.cells)
  expect(cells.some((cell) => cell.startsWith("'=1+1，"))).toBe(true)
  expect(cells.filter((cell) => /^[=+\-@]/.test(cell))).toEqual([])
  expect(await counted(`select count(*) from audit where act = 'figure.export' and subject = 'questions'`)).toBe(1)
})

it('refuses days that are out of order, half given or too many, and names the field', async () => {
  for (const [query, path] of [
    ['from=2026-11-02&to=2026-11-01', 'to'],
    ['from=2026-11-02', 'to'],
    ['to=2026-11-02', 'from'],
    ['from=2020-11-02&to=2026-11-01', 'to'],
    ['channel=fax', 'channel'],
  ] as const) {
    const { status, body } = await http.get(`/api/figures?${query}`)
    expect({ query, status, body }).toMatchObject({ status: 400, body: { fields: [{ path }] } })
  }
})

it('tells the wall of a supervisor what changed, the same that is counted, and nobody else', async () => {
  const told: FiguresWall[] = []
  supervisor.socket.on('figures:changed', (wall: FiguresWall) => told.push(wall))
  const before = await supervisor.must('figures:watch', {})
  const citizen = await aVisitor(hotline.url)
  await supervisor.must('presence:set', { state: 'online' })
  await citizen.must('person:ask', {})
  const wall = await until(() => told.find((one) => one.waiting === before.waiting + 1), 'one more who waits')
  expect(wall.waiting).toBe(await counted('select count(*) from handover where claimed_at is null and left_at is null'))
  expect(wall.waitingSince).toBeDefined()
  expect(wall.online).toBe(1)
  expect(wall.figures.find(({ id }) => id === 'conversations')).toEqual(await figure('conversations'))

  const agent = await anAgent(hotline.url, await hotline.aMember('agent'))
  expect(await agent.ask('figures:watch', {})).toMatchObject({ ok: false, code: 'not_allowed' })
  agent.close()
  citizen.close()
})

it('writes a report once, and those that were missed, keeps it as it was, and gives it as a table', async () => {
  expect(await hotline.reports.writeDue()).toEqual([])
  await hotline.database.pool.query(
    `insert into call (node, sip_call_id, line, offered_at, ended_at, ended_by)
      values ('a', 'first', '12393', $1::timestamptz, $1::timestamptz, 'cancelled')`,
    [new Date(Date.now() - 36 * 86_400_000).toISOString()],
  )
  const written = await hotline.reports.writeDue()
  const weeks = written.filter(({ kind }) => kind === 'week')
  expect(weeks.length).toBeGreaterThanOrEqual(4)
  for (const [n, { from }] of weeks.slice(1).entries())
    expect(Date.parse(from) - Date.parse(weeks[n]?.to ?? '')).toBe(86_400_000)
  expect(written.filter(({ kind }) => kind === 'month').length).toBeGreaterThanOrEqual(1)
  expect(await hotline.reports.writeDue()).toEqual([])
  expect(await read('/api/reports')).toMatchObject({ total: written.length })
  const { reports } = await read<{ reports: ReportRow[] }>('/api/reports?kind=week')
  const id = reports[0]?.id ?? expect.unreachable('no weekly report')
  const kept = await read<ReportView>(`/api/reports/${id}`)
  expect(kept.kept.figures.map((one) => one.id)).toEqual([...figureIds])

  // A call that turns up later, in the midst of that week, changes the figure and not the report.
  const at = `${kept.from}T12:00:00+08:00`
  await hotline.database.pool.query(
    `insert into call (node, sip_call_id, line, offered_at, ended_at, ended_by) values ('a', 'late', '12393', $1, $1, 'cancelled')`,
    [at],
  )
  const now = await read<FiguresView>(`/api/figures?from=${kept.from}&to=${kept.to}`)
  const calls = (view: { figures: readonly { id: string; whole: number }[] }) =>
    view.figures.find((one) => one.id === 'calls')?.whole
  expect(calls(now)).toBe((calls(kept.kept) ?? 0) + 1)
  expect(await read<ReportView>(`/api/reports/${id}`)).toEqual(kept)
  await expect(hotline.database.pool.query(`update report set computed_at = now()`)).rejects.toThrow('append-only')

  const cells = readXlsx(await bytesOf(`/api/reports/${id}/table`)).rows.flatMap((row) => row.cells)
  for (const { name, definition } of kept.kept.figures)
    expect(cells).toEqual(expect.arrayContaining([name, definition]))
})

it('keeps figures from those who are counted', async () => {
  const agent = await signedIn(hotline.url, await hotline.aMember('agent'))
  for (const path of ['/api/figures', '/api/figures-split?by=agent', '/api/figures/ratings/rows', '/api/reports'])
    expect((await agent.get(path)).status).toBe(403)
})

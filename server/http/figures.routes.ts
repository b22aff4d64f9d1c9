/** Figures, the rows behind them, and reports. What leaves as a file is noted in the audit log. */
import {
  figures as known,
  figureWords,
  type FigureRowsView,
  type FiguresView,
  type SplitsView,
} from '../../contract/figure.ts'
import { Problem } from '../../contract/problem.ts'
import type { ReportView } from '../../contract/report.ts'
import { auditStore } from '../../desk/audit.store.ts'
import { columnsOf, shownRow } from '../../desk/figure-rows.ts'
import { figureBurstsStore } from '../../desk/figure-bursts.store.ts'
import { businessDay } from '../../desk/working-days.ts'
import type { Db } from '../db/database.ts'
import { stretchOf, type Figures } from '../figures.ts'
import type { Reports } from '../reports.ts'
import { reportTable, rowsTable } from './figure-tables.ts'
import type { Asked, Doors } from './doors.ts'

const hourMs = 3_600_000
/** What a spreadsheet still opens at once; the table says how many there are. */
const mostRows = 20_000

type Parts = { db: Db; figures: Figures; reports: Reports; bureau: string; now: () => Date }
type AskedRows = Pick<Asked<'GET /api/figures/:id/rows'>, 'params' | 'query'>

export function figuresRoutes(doors: Doors, { db, figures, reports, bureau, now }: Parts): void {
  doors.open('GET /api/figures', async ({ query }): Promise<FiguresView> => {
    const at = now()
    const stretch = stretchOf(query, at)
    return {
      ...days(stretch),
      ...(query.channel && { channel: query.channel }),
      computedAt: at.toISOString(),
      limits: figures.limits,
      figures: await figures.all(stretch, at),
    }
  })

  doors.open('GET /api/figures-split', async ({ query }): Promise<SplitsView> => {
    const stretch = stretchOf(query, now())
    return { ...days(stretch), by: query.by, groups: await figures.split(query.by, stretch, now()) }
  })

  doors.open('GET /api/figures/:id/rows', (asked) => rowsOf(asked, asked.signedIn.actor.staffId))
  doors.open('GET /api/figures/:id/table', async ({ params, query, signedIn, res }) => {
    const { staffId } = signedIn.actor
    const view = await rowsOf({ params, query: { ...query, limit: mostRows, offset: 0 } }, staffId)
    const { name, unit, definition } = known[params.id]
    const about = `${query.from ?? '最近 24 小时'}${query.to ? ` 至 ${query.to}` : ''}`
    const heading = [
      `${bureau} · ${name}`,
      `${about}，生成于 ${now().toISOString()}`,
      `数值 ${figureWords(unit, view.value)}，共 ${view.total} 行，本表 ${view.rows.length} 行`,
      definition(figures.limits),
      ...(view.within ? [`最差的一段：${view.within.from} 至 ${view.within.to}`] : []),
    ]
    const detail = { rows: view.rows.length, from: query.from ?? null, to: query.to ?? null }
    await auditStore(db).record({ staffId, act: 'figure.export', subject: params.id, detail }, now())
    send(res, `${name}-${businessDay(now())}.xlsx`, rowsTable(view.columns, view.rows, heading))
  })

  doors.open('GET /api/figure-bursts', async () => {
    const at = now()
    return {
      from: new Date(at.getTime() - hourMs).toISOString(),
      to: at.toISOString(),
      bursts: await figureBurstsStore(db).now(at),
    }
  })

  doors.open('GET /api/reports', ({ query: { kind, ...page } }) => reports.list(kind, page))
  doors.open('GET /api/reports/:id', ({ params }) => report(params.id))
  doors.open('GET /api/reports/:id/table', async ({ params, signedIn, res }) => {
    const view = await report(params.id)
    await auditStore(db).record({ staffId: signedIn.actor.staffId, act: 'report.export', subject: params.id }, now())
    send(res, `${view.kind === 'week' ? '周报' : '月报'}-${view.from}.xlsx`, reportTable(view))
  })

  async function rowsOf({ params, query }: AskedRows, viewerId: string): Promise<FigureRowsView> {
    const { level, counted, limit, offset, agent, window, unit, tag } = query
    const filter = {
      limit,
      offset,
      ...(agent && { agent }),
      ...(window && { window }),
      ...(unit && { unit }),
      ...(tag && { tag }),
      ...(level && { level: Number(level) }),
      ...(counted && { counted: counted === '1' }),
    }
    const { of, figure, rows, total } = await figures.rows(params.id, stretchOf(query, now()), now(), filter)
    return {
      ...figure,
      columns: columnsOf[of].map(({ name }) => name),
      rows: rows.map((row, place) => shownRow(of, row, { figure: params.id, place, viewerId })),
      total,
    }
  }

  async function report(id: string): Promise<ReportView> {
    const found = await reports.find(id)
    if (!found) throw new Problem('not_found', `no report ${id}`)
    return { ...found, bureau }
  }
}

const days = ({ from, to }: { from: Date; to: Date }) => ({ from: from.toISOString(), to: to.toISOString() })

function send(res: Asked<'GET /api/figures/:id/table'>['res'], name: string, file: Buffer): void {
  res.attachment(name).set('cache-control', 'no-store').send(file)
}

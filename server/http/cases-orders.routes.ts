/** Work orders of 12345: in as JSON or as a table, and what became of them out again; docs/work-orders.md tells the other side. */
import type { GivenOrders, TakenView } from '../../contract/work-order.ts'
import { auditStore } from '../../desk/audit.store.ts'
import type { TellStaff } from '../../desk/case-news.ts'
import type { Sealer } from '../../desk/sealer.ts'
import { workOrders } from '../../desk/work-orders.ts'
import { businessDay } from '../../desk/working-days.ts'
import type { Cities } from '../../knowledge/cities.ts'
import type { SheetReader } from '../../knowledge/sheet/sheet-reader.ts'
import { caps } from '../../knowledge/sheet/sheet.ts'
import type { Db } from '../db/database.ts'
import { ordersIn, orderResultsTable, orderTemplate } from '../order-tables.ts'
import type { Doors } from './doors.ts'
import { download } from './download.ts'
import { uploaded } from './upload.ts'

type Parts = {
  db: Db
  sealer: Sealer
  cities: Cities
  sheets: SheetReader
  tellStaff: TellStaff
  now: () => Date
}

export function casesOrdersRoutes(doors: Doors, parts: Parts): void {
  const { db, sealer, cities, sheets, tellStaff, now } = parts
  const orders = workOrders(db, sealer)

  async function takeIn(given: GivenOrders, staffId: string): Promise<TakenView> {
    return db.transaction().execute(async (tx) => {
      const view = await workOrders(tx, sealer, tellStaff).takeIn(given, staffId, now())
      const { taken, known, changed } = view
      const detail = { taken, known, changed }
      await auditStore(tx).record({ staffId, act: 'work-order.take-in', subject: 'work-orders', detail }, now())
      return view
    })
  }

  doors.open('GET /api/work-orders', async ({ query }) => {
    const { rows, total } = await orders.list(query, now())
    return { orders: rows, total }
  })
  doors.open('POST /api/work-orders', ({ body, signedIn }) => takeIn(body, signedIn.actor.staffId))
  doors.open('GET /api/work-orders-template', ({ res }) => download(res, '12345工单模板.xlsx', orderTemplate()))
  doors.open('POST /api/work-orders-table', async ({ query, req, signedIn }) => {
    const sheet = await sheets.read(await uploaded(req, caps.fileBytes))
    const given = ordersIn(sheet, cities)
    if (query.check !== '1') return takeIn(given, signedIn.actor.staffId)
    return (await orders.looked(given)) satisfies TakenView
  })

  doors.open('GET /api/work-order-results', async ({ query, signedIn, res }) => {
    const { staffId } = signedIn.actor
    const results = await orders.results(query.all === '1', now())
    const detail = { format: query.format, results: results.length }
    await auditStore(db).record({ staffId, act: 'work-order.export', subject: 'work-orders', detail }, now())
    if (query.format === 'json') return { results }
    download(res, `12345工单结果-${businessDay(now())}.${query.format}`, orderResultsTable(results, query.format))
    return undefined
  })
  doors.open('POST /api/work-orders/given-back', async ({ body, signedIn }) => {
    const { staffId } = signedIn.actor
    return db.transaction().execute(async (tx) => {
      const given = await workOrders(tx, sealer).givenBack(body.numbers, staffId, now())
      const detail = { numbers: body.numbers.slice(0, 200), given }
      await auditStore(tx).record({ staffId, act: 'work-order.give-back', subject: 'work-orders', detail }, now())
      return { given }
    })
  })
}

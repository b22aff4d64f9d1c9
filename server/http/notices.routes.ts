/** 主动通知 for the console: tables that go out, what became of them, and what the notices say. */
import { createHash } from 'node:crypto'
import { noticeKindNames, noticeVariables, phoneColumn } from '../../contract/notice.ts'
import { faultyField } from '../../contract/problem.ts'
import { auditStore } from '../../desk/audit.store.ts'
import { noticeRows, templateFault } from '../../desk/notice.ts'
import { noticeStore } from '../../desk/notice.store.ts'
import { notices } from '../../desk/notices.ts'
import { refusedTable } from '../../knowledge/sheet/row-faults.ts'
import type { SheetReader } from '../../knowledge/sheet/sheet-reader.ts'
import { caps } from '../../knowledge/sheet/sheet.ts'
import { writeXlsx } from '../../knowledge/sheet/xlsx.ts'
import type { Config } from '../config.ts'
import type { Db } from '../db/database.ts'
import type { KeyRing } from '../key-ring.ts'
import type { Outgoing } from '../outbox.ts'
import type { Doors } from './doors.ts'
import { uploaded } from './upload.ts'

type Parts = { db: Db; keys: KeyRing; box: Outgoing; sheets: SheetReader; config: Config; now: () => Date }

const columnWidth = 18

export function noticesRoutes(doors: Doors, { db, keys, box, sheets, config, now }: Parts): void {
  const all = notices({ keys, outbox: box, quiet: config.QUIET_HOURS })

  doors.open('GET /api/notices', async ({ query }) => {
    const { rows: batches, total } = await noticeStore(db).batches(query.limit, query.offset)
    return { batches, total }
  })

  doors.open('GET /api/notice-sheet', ({ query, res }) => {
    const head = [phoneColumn, ...noticeVariables[query.kind]]
    const file = writeXlsx([{ name: noticeKindNames[query.kind], rows: [head], widths: head.map(() => columnWidth) }])
    res.attachment(`${noticeKindNames[query.kind]}.xlsx`).set('cache-control', 'no-store').send(file)
  })

  doors.open('POST /api/notices', async ({ query, req, signedIn }) => {
    const { kind, check } = query
    const uploadedFile = await uploaded(req, caps.fileBytes)
    const sheet = await sheets.read(uploadedFile)
    const { rows, faults } = noticeRows(kind, await noticeStore(db).template(kind), sheet.rows)
    if (faults.length > 0) throw refusedTable(faults, 'notices')
    const file = { kind, rows, fileHash: createHash('sha256').update(uploadedFile).digest() }
    if (check) return all.look(db, file, now())

    return db.transaction().execute(async (tx) => {
      const { staffId } = signedIn.actor
      const view = await all.send(tx, file, staffId, now())
      const { fresh, repeated, optedOut, known } = view
      const detail = { kind, fresh, repeated, optedOut }
      if (!known)
        await auditStore(tx).record(
          { staffId, act: 'notice.send', subject: file.fileHash.toString('hex'), detail },
          now(),
        )
      return view
    })
  })

  doors.open('GET /api/notice-templates', async () => ({ templates: await noticeStore(db).templates() }))

  doors.open('POST /api/notice-templates', async ({ body, signedIn }) => {
    const { kind, text } = body
    const fault = templateFault(kind, text)
    if (fault) throw faultyField('text', fault)
    const { staffId } = signedIn.actor
    await db.transaction().execute(async (tx) => {
      await noticeStore(tx).change(kind, text, staffId, now())
      await auditStore(tx).record({ staffId, act: 'notice.template', subject: kind, detail: { text } }, now())
    })
    return { ok: true }
  })
}

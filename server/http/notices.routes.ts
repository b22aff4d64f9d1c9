/** 主动通知 for the console: tables that go out, what became of them, and what the notices say. */
import { createHash } from 'node:crypto'
import { z } from 'zod'
import { noticeKindNames, noticeVariables, phoneColumn, type NoticeKind } from '../../contract/notice.ts'
import { faultyField, Problem } from '../../contract/problem.ts'
import { uuid } from '../../contract/text.ts'
import { auditStore } from '../../desk/audit.store.ts'
import { noticeRows, templateFault, type NoticeFault, type NoticeRow } from '../../desk/notice.ts'
import { noticeStore } from '../../desk/notice.store.ts'
import { notices } from '../../desk/notices.ts'
import { refusedTable } from '../../knowledge/sheet/row-faults.ts'
import type { SheetReader } from '../../knowledge/sheet/sheet-reader.ts'
import { caps, type SheetRow } from '../../knowledge/sheet/sheet.ts'
import { writeXlsx } from '../../knowledge/sheet/xlsx.ts'
import type { Config } from '../config.ts'
import type { Db } from '../db/database.ts'
import type { Jobs } from '../jobs.ts'
import type { KeyRing } from '../key-ring.ts'
import type { Outgoing } from '../outbox.ts'
import type { Doors } from './doors.ts'
import { uploaded } from './upload.ts'

type Parts = {
  db: Db
  keys: KeyRing
  box: Outgoing
  jobs: Jobs
  sheets: SheetReader
  inWechat: Parameters<typeof notices>[0]['inWechat']
  config: Config
  now: () => Date
}

const columnWidth = 18
/** With its head. A city's 缴费提醒 takes a few of them. */
const mostRows = 30_001
const checkedAtOnce = 500
const putJob = 'notice.put'

/** Registers its job, so it is called before they start. */
export function noticesRoutes(doors: Doors, { db, keys, box, jobs, sheets, inWechat, config, now }: Parts): void {
  const all = notices({
    ...{ keys, outbox: box, quiet: config.QUIET_HOURS, inWechat },
    putLater: (tx, pieces) =>
      jobs.sendMany(
        tx,
        putJob,
        pieces.map((piece) => ({ data: piece, singletonKey: `${piece.batchId} ${piece.number}` })),
      ),
  })
  jobs.work(putJob, z.object({ batchId: uuid, number: z.int().min(0) }), (piece, job) =>
    db.transaction().execute(async (tx) => {
      await all.putIn(tx, piece, now())
      await job.settle(tx)
    }),
  )

  /** As noticeRows; of many thousand rows some hundred at once, so that others come in between. */
  async function rowsIn(kind: NoticeKind, [head, ...rows]: readonly SheetRow[]) {
    const template = await noticeStore(db).template(kind)
    const read = { rows: [] as NoticeRow[], faults: [] as NoticeFault[] }
    for (let at = 0; at === 0 || at < rows.length; at += checkedAtOnce) {
      const some = noticeRows(kind, template, [...(head ? [head] : []), ...rows.slice(at, at + checkedAtOnce)])
      // What is wrong with the head is wrong with each piece, and is told once.
      if (some.faults.some(({ row }) => row === head?.number)) return { rows: [], faults: some.faults }
      read.rows.push(...some.rows)
      read.faults.push(...some.faults)
      await new Promise<void>((resolve) => setImmediate(resolve))
    }
    return read
  }

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
    const sheet = await sheets.read(uploadedFile, mostRows)
    const { rows, faults } = await rowsIn(kind, sheet.rows)
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

  doors.open('POST /api/notices/:id/cancel', async ({ params, signedIn }) => {
    const { staffId } = signedIn.actor
    return db.transaction().execute(async (tx) => {
      const cancelled = await all.cancel(tx, params.id, staffId, now())
      if (cancelled === 0) throw new Problem('conflict', `nothing of ${params.id} waits`)
      const detail = { cancelled }
      await auditStore(tx).record({ staffId, act: 'notice.cancel', subject: params.id, detail }, now())
      return { cancelled }
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

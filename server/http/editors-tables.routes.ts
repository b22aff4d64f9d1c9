/** Entries as tables, out and in, and one move of many revisions. */
import { createHash } from 'node:crypto'
import type { Response } from 'express'
import type { BulkView } from '../../contract/import.ts'
import { Problem } from '../../contract/problem.ts'
import { auditStore } from '../../desk/audit.store.ts'
import { businessDay } from '../../desk/working-days.ts'
import type { Cities } from '../../knowledge/cities.ts'
import { entriesStore, type KeptRevision } from '../../knowledge/entries.store.ts'
import { entryListsStore } from '../../knowledge/entry-lists.store.ts'
import { exportedEntries, importTemplate } from '../../knowledge/export.ts'
import { importedRows, importPlan, keepImport, latest } from '../../knowledge/import.ts'
import { caps } from '../../knowledge/sheet/sheet.ts'
import type { SheetReader } from '../../knowledge/sheet/sheet-reader.ts'
import type { Db } from '../db/database.ts'
import { refusalOf } from '../problem-words.ts'
import type { Publishing } from '../publishing.ts'
import type { Doors } from './doors.ts'
import { mustMay } from './revision-roles.ts'
import { uploaded } from './upload.ts'

type Parts = {
  db: Db
  cities: Cities
  sheets: SheetReader
  publishing: Publishing
  refreshKnowledge: () => Promise<void>
  now: () => Date
}

const mostExported = 20_000

export function editorsTablesRoutes(
  doors: Doors,
  { db, cities, sheets, publishing, refreshKnowledge, now }: Parts,
): void {
  doors.open('GET /api/entries-template', ({ res }) => download(res, '知识条目模板.xlsx', importTemplate()))

  doors.open('GET /api/entries-table', async ({ query, signedIn, res }) => {
    const { format, example, ending, ...filter } = query
    const endingWithin = ending && Number(ending)
    const wanted = { ...filter, example: example === '1', endingWithin, limit: mostExported, offset: 0 }
    const ids = (await entryListsStore(db).list(wanted, businessDay(now()))).rows.map(({ id }) => id)
    const byEntry = new Map<string, KeptRevision[]>()
    for (const revision of await entriesStore(db).revisionsOf(ids))
      byEntry.set(revision.entryId, [...(byEntry.get(revision.entryId) ?? []), revision])
    const entries = ids.flatMap((id) => {
      const wording = latest(byEntry.get(id) ?? [])?.wording
      return wording ? [{ id, wording }] : []
    })
    const { staffId } = signedIn.actor
    const detail = { ...filter, format, entries: entries.length }
    await auditStore(db).record({ staffId, act: 'entry.export', subject: 'entries', detail }, now())
    download(res, `知识条目-${businessDay(now())}.${format}`, exportedEntries(entries, cities, format))
  })

  doors.open('POST /api/entries-table', async ({ query, req, signedIn }) => {
    const file = await uploaded(req, caps.fileBytes)
    const rows = importedRows(await sheets.read(file), cities)
    const { staffId } = signedIn.actor
    const checked = query.check === '1'
    const counts = await db.transaction().execute(async (tx) => {
      const plan = await importPlan(tx, rows, { staffId, now: now() })
      if (checked || plan.fresh.length === 0) return plan.counts
      await keepImport(tx, plan, now())
      const subject = createHash('sha256').update(file).digest('hex')
      await auditStore(tx).record({ staffId, act: 'entry.import', subject, detail: plan.counts }, now())
      return plan.counts
    })
    return { ...counts, checked }
  })

  doors.open('POST /api/reviews', async ({ body, signedIn }) => {
    const { actor } = signedIn
    mustMay(actor.roles, body.move)
    const left = await publishing.moveMany(body.revisions, body.move, { staffId: actor.staffId, now: now() })
    const refused: BulkView['refused'] = []
    for (const { id, problem } of left) {
      const question = (await entriesStore(db).revision(id))?.wording.question ?? ''
      refused.push({ id, question, message: refusalOf(problem).message })
    }
    if (refused.length < body.revisions.length) await refreshKnowledge()
    return { done: body.revisions.length - refused.length, refused } satisfies BulkView
  })
}

function download(res: Response, name: string, file: Buffer): void {
  if (file.length === 0) throw new Problem('internal', 'an empty file')
  res.attachment(name).set('cache-control', 'no-store').send(file)
}

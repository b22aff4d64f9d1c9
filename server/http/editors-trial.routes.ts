/** 试问 and 批量试问: what questions lead to, live and with drafts, kept nowhere. */
import type { TrialBatchView } from '../../contract/trial.ts'
import { businessDay } from '../../desk/working-days.ts'
import type { Cities } from '../../knowledge/cities.ts'
import type { LiveIndex } from '../../knowledge/live-index.ts'
import { caps } from '../../knowledge/sheet/sheet.ts'
import type { SheetReader } from '../../knowledge/sheet/sheet-reader.ts'
import { batchQuestions, batchTable } from '../../knowledge/trial-table.ts'
import type { Db } from '../db/database.ts'
import { fatesOf, questionTrials } from '../question-trials.ts'
import type { Doors } from './doors.ts'
import { uploaded } from './upload.ts'

type Parts = {
  db: Db
  knowledge: Pick<LiveIndex, 'base' | 'baseOver' | 'published'>
  cities: Cities
  sheets: SheetReader
  now: () => Date
}

export function editorsTrialRoutes(doors: Doors, { db, knowledge, cities, sheets, now }: Parts): void {
  const trials = questionTrials({ db, knowledge, now })

  doors.open('POST /api/trials', ({ body }) => trials.one(body))

  doors.open('POST /api/trial-batches', async ({ query, req }) => {
    const sheet = await sheets.read(await uploaded(req, caps.fileBytes))
    const entries = knowledge.base().index.all(businessDay(now()))
    const titles = entries.map(({ entryId, wording }) => ({ entryId, question: wording.question }))
    const asked = batchQuestions(sheet, cities, titles)
    const rows = await trials.many(asked, { voice: query.voice === '1', drafts: query.drafts === '1' })
    return { rows, fates: fatesOf(rows), csv: batchTable(rows, cities) } satisfies TrialBatchView
  })
}

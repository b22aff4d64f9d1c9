/** Rows of a table of notices that are yet to become messages, in PostgreSQL: a piece is some hundred rows, sealed together. */
import { z } from 'zod'
import type { NoticeRow } from './notice.ts'
import type { Sealer } from './sealer.ts'
import type { Db } from './tables.ts'

type Tables = { notice_piece: { batch_id: string; number: number; row_count: number; rows_sealed: string } }
const rowsSchema = z.array(z.object({ phone: z.string(), text: z.string() }))

export function noticePiecesStore(db: Db, sealer: Sealer) {
  const d = db.withTables<Tables>()
  return {
    async add(batchId: string, number: number, rows: readonly NoticeRow[]): Promise<void> {
      const sealed = sealer.seal(JSON.stringify(rows))
      const row = { batch_id: batchId, number, row_count: rows.length, rows_sealed: sealed }
      await d.insertInto('notice_piece').values(row).execute()
    },

    /** Its rows, and the piece is gone with the transaction; undefined for one that was taken or stopped. */
    async take(batchId: string, number: number): Promise<NoticeRow[] | undefined> {
      const row = await d
        .deleteFrom('notice_piece')
        .where('batch_id', '=', batchId)
        .where('number', '=', number)
        .returning('rows_sealed')
        .executeTakeFirst()
      return row && rowsSchema.parse(JSON.parse(sealer.open(row.rows_sealed)))
    },

    /** What is left of that table becomes no messages. @returns how many rows. */
    async drop(batchId: string): Promise<number> {
      const gone = await d.deleteFrom('notice_piece').where('batch_id', '=', batchId).returning('row_count').execute()
      return gone.reduce((sum, { row_count }) => sum + row_count, 0)
    },
  }
}

/** Rows of each table that are yet to become messages. */
export async function rowsLeft(db: Db, batchIds: readonly string[]): Promise<Map<string, number>> {
  if (batchIds.length === 0) return new Map()
  const rows = await db
    .withTables<Tables>()
    .selectFrom('notice_piece')
    .select(['batch_id', (e) => e.fn.sum<number>('row_count').as('rows')])
    .where('batch_id', 'in', batchIds)
    .groupBy('batch_id')
    .execute()
  return new Map(rows.map(({ batch_id, rows }) => [batch_id, Number(rows)]))
}

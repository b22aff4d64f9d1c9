/**
 * What was done, by whom: append-only rows in PostgreSQL, each carrying the hash of the one before, so that a row
 * changed, removed or put in between is found by `verify`. Rows cut off the end leave no trace in the chain itself.
 */
import { createHash } from 'node:crypto'
import { sql } from 'kysely'
import type { Db, DeskTables } from './tables.ts'
import { inTransaction } from './transaction.ts'

export type AuditStore = ReturnType<typeof auditStore>
export type Act = { staffId?: string; act: string; subject: string; detail?: Record<string, unknown> }
export type AuditRow = { id: number; at: string; by?: string; act: string; subject: string; detail: unknown }

/** Any number that no other use of advisory locks in this database takes. */
const auditLock = 7_201_003
const batch = 1_000

export function auditStore(db: Db) {
  return {
    /**
     * Joins the transaction of what it records. Call it last there: from here to the commit every other act waits.
     * No personal data belongs in `detail`.
     */
    record({ staffId, act, subject, detail = {} }: Act, now: Date): Promise<void> {
      return inTransaction(db, async (tx) => {
        const d = tx.withTables<DeskTables>()
        await sql`select pg_advisory_xact_lock(${auditLock})`.execute(d)
        const last = await d.selectFrom('audit').select('hash').orderBy('id', 'desc').limit(1).executeTakeFirst()
        const previous = last?.hash ?? ''
        const row = { at: now, staff_id: staffId ?? null, act, subject, previous }
        await d
          .insertInto('audit')
          .values({ ...row, detail: JSON.stringify(detail), hash: chained({ ...row, detail }) })
          .execute()
      })
    },

    /** Newest first. */
    async list(limit: number, offset: number): Promise<{ rows: AuditRow[]; total: number }> {
      const d = db.withTables<DeskTables>()
      const { total } = await d
        .selectFrom('audit')
        .select((row) => row.fn.countAll<number>().as('total'))
        .executeTakeFirstOrThrow()
      const rows = await d
        .selectFrom('audit')
        .leftJoin('staff', 'staff.id', 'audit.staff_id')
        .select(['audit.id', 'at', 'staff.name as by', 'act', 'subject', 'detail'])
        .orderBy('audit.id', 'desc')
        .limit(limit)
        .offset(offset)
        .execute()
      return { rows: rows.map((row) => ({ ...row, at: row.at.toISOString(), by: row.by ?? undefined })), total }
    },

    /** Reads the whole chain. `brokenAt` is the id of the first row that does not follow from the one before it. */
    async verify(): Promise<{ ok: true; rows: number } | { ok: false; brokenAt: number }> {
      const d = db.withTables<DeskTables>()
      let previous = ''
      let seen = 0
      let lastId = 0
      for (;;) {
        const rows = await d
          .selectFrom('audit')
          .selectAll()
          .where('id', '>', lastId)
          .orderBy('id')
          .limit(batch)
          .execute()
        for (const row of rows) {
          if (row.previous !== previous || row.hash !== chained(row)) return { ok: false, brokenAt: row.id }
          previous = row.hash
          lastId = row.id
          seen++
        }
        if (rows.length < batch) return { ok: true, rows: seen }
      }
    },
  }
}

type Content = { at: Date; staff_id: string | null; act: string; subject: string; detail: unknown; previous: string }

function chained({ at, staff_id, act, subject, detail, previous }: Content): string {
  const content = canonical({ at: at.toISOString(), staffId: staff_id, act, subject, detail })
  return createHash('sha256').update(previous).update('\n').update(content).digest('hex')
}

/** JSON with sorted keys: jsonb keeps no order of its own. */
function canonical(value: unknown): string {
  return JSON.stringify(value, (_key, part: unknown) =>
    part && typeof part === 'object' && !Array.isArray(part)
      ? Object.fromEntries(Object.entries(part).sort(([a], [b]) => (a < b ? -1 : 1)))
      : part,
  )
}

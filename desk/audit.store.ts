/**
 * What was done, by whom: append-only rows in PostgreSQL, each carrying the hash of the one before, so that a row
 * changed, removed or put in between is found by `verify`. Rows cut off the end leave no trace in the chain itself.
 */
import { createHash } from 'node:crypto'
import { sql } from 'kysely'
import type { AuditAct } from '../contract/audit.ts'
import type { AuditSlice } from '../contract/security.ts'
import { originOfAct } from './audit-origin.ts'
import type { Db, DeskTables } from './tables.ts'
import { inTransaction } from './transaction.ts'

export type AuditStore = ReturnType<typeof auditStore>
export type Act = { staffId?: string; act: AuditAct; subject: string; detail?: Record<string, unknown> }
export type AuditRow = {
  id: number
  at: string
  by?: string
  act: string
  subject: string
  detail: Record<string, unknown>
  address?: string
}
/** `subjects`: any one of these. */
export type AuditFilter = { act?: string; who?: string; subjects?: readonly string[]; from?: string; until?: string }

/** Any number that no other use of advisory locks in this database takes. */
const auditLock = 7_201_003
const batch = 1_000
const dayMs = 24 * 3_600_000

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
        const row = { at: now, staff_id: staffId ?? null, act, subject, previous, address: originOfAct() ?? null }
        await d
          .insertInto('audit')
          .values({ ...row, detail: JSON.stringify(detail), hash: chained({ ...row, detail }) })
          .execute()
      })
    },

    /** Newest first. */
    async list(limit: number, offset: number, filter: AuditFilter = {}): Promise<{ rows: AuditRow[]; total: number }> {
      const d = db.withTables<DeskTables>()
      const { act, who, subjects, from, until } = filter
      const wanted = d
        .selectFrom('audit')
        .leftJoin('staff', 'staff.id', 'audit.staff_id')
        .$if(act !== undefined, (rows) => rows.where('act', '=', act ?? ''))
        .$if(who !== undefined, (rows) => rows.where('staff.name', '=', who ?? ''))
        .$if(subjects !== undefined, (rows) => rows.where('subject', 'in', subjects ?? []))
        .$if(from !== undefined, (rows) => rows.where('at', '>=', startOf(from ?? '')))
        .$if(until !== undefined, (rows) => rows.where('at', '<', new Date(startOf(until ?? '').getTime() + dayMs)))
      const { total } = await wanted.select((row) => row.fn.countAll<number>().as('total')).executeTakeFirstOrThrow()
      const rows = await wanted
        .select(['audit.id', 'at', 'staff.name as by', 'act', 'subject', 'detail', 'address'])
        .orderBy('audit.id', 'desc')
        .limit(limit)
        .offset(offset)
        .execute()
      const views = rows.map(({ address, ...row }) => ({
        ...row,
        at: row.at.toISOString(),
        by: row.by ?? undefined,
        ...(address !== null && { address }),
      }))
      return { rows: views, total }
    },

    /** The newest row, which every other one leads to. */
    async head(): Promise<{ id: number; hash: string } | undefined> {
      const d = db.withTables<DeskTables>()
      return d.selectFrom('audit').select(['id', 'hash']).orderBy('id', 'desc').limit(1).executeTakeFirst()
    },

    async hashesOf(ids: readonly number[]): Promise<Map<number, string>> {
      if (ids.length === 0) return new Map()
      const d = db.withTables<DeskTables>()
      const rows = await d.selectFrom('audit').select(['id', 'hash']).where('id', 'in', ids).execute()
      return new Map(rows.map(({ id, hash }) => [id, hash]))
    },

    /** Who did any of these since then. */
    async doneSince(since: Date, acts: readonly AuditAct[]): Promise<{ staffId: string; act: string; at: Date }[]> {
      const d = db.withTables<DeskTables>()
      const rows = await d
        .selectFrom('audit')
        .select(['staff_id', 'act', 'at'])
        .where('at', '>', since)
        .where('act', 'in', acts)
        .where('staff_id', 'is not', null)
        .execute()
      return rows.flatMap(({ staff_id: staffId, ...row }) => (staffId ? [{ staffId, ...row }] : []))
    },

    /** Looks at `count` rows after the row `after` (0: from the first one). */
    async slice(after: number, count: number): Promise<AuditSlice> {
      const d = db.withTables<DeskTables>()
      const before = d.selectFrom('audit').select('hash').where('id', '<=', after).orderBy('id', 'desc').limit(1)
      let previous = (await before.executeTakeFirst())?.hash ?? ''
      const rows = await d.selectFrom('audit').selectAll().where('id', '>', after).orderBy('id').limit(count).execute()
      const [first, last] = [rows[0], rows.at(-1)]
      for (const row of rows) {
        const isWhole = row.hash === chained(row)
        if (!isWhole || row.previous !== previous) {
          const broken = { id: row.id, at: row.at.toISOString(), why: isWhole ? 'missing' : 'changed' } as const
          return { from: first?.id, to: row.id, rows: rows.indexOf(row) + 1, broken }
        }
        previous = row.hash
      }
      const next = rows.length === count ? last?.id : undefined
      return { from: first?.id, to: last?.id, rows: rows.length, hash: last?.hash, next }
    },

    async newestSlice(count: number): Promise<AuditSlice> {
      const d = db.withTables<DeskTables>()
      const row = await d
        .selectFrom('audit')
        .select('id')
        .orderBy('id', 'desc')
        .offset(count)
        .limit(1)
        .executeTakeFirst()
      return this.slice(row?.id ?? 0, count)
    },

    /** Reads the whole chain. `brokenAt` is the id of the first row that does not follow from the one before it. */
    async verify(): Promise<{ ok: true; rows: number } | { ok: false; brokenAt: number }> {
      let seen = 0
      let after: number | undefined = 0
      while (after !== undefined) {
        const { rows, next, broken }: AuditSlice = await this.slice(after, batch)
        if (broken) return { ok: false, brokenAt: broken.id }
        seen += rows
        after = next
      }
      return { ok: true, rows: seen }
    },
  }
}

/** The first moment of a day in the bureau's zone. */
const startOf = (day: string) => new Date(`${day}T00:00:00+08:00`)

type Content = {
  at: Date
  staff_id: string | null
  act: string
  subject: string
  detail: unknown
  previous: string
  address: string | null
}

function chained({ at, staff_id, act, subject, detail, previous, address }: Content): string {
  // A row without an address has the hash that rows had before there were any.
  const whence = address === null ? {} : { address }
  const content = canonical({ at: at.toISOString(), staffId: staff_id, act, subject, detail, ...whence })
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

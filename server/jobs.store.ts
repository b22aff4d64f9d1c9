/** What is due later and what was last repeated, in PostgreSQL, beside pg-boss's own tables. */
import { CompiledQuery, sql, type ColumnType } from 'kysely'
import { z } from 'zod'
import { maskText } from '../desk/masking.ts'
import type { Db } from './db/database.ts'

export type Later = { name: string; key: string; data: object; dueAt: Date }
export type DeadJob = { id: string; name: string; about: string; cause: string; tries: number; diedAt: Date }
export type QueueCounts = { name: string; waiting: number; active: number; later: number; failed: number }

type Tables = {
  'jobs.later': { name: string; key: string; data: ColumnType<object, string>; due_at: Date }
  'jobs.repeated': { name: string; slot: Date }
  'jobs.job': {
    id: string
    name: string
    data: unknown
    output: unknown
    state: string
    start_after: Date
    completed_on: Date | null
    retry_count: number
  }
}

const longestCause = 300
const longestAbout = 200

export function jobsStore(db: Db) {
  const d = db.withTables<Tables>()
  return {
    /** One a name and key: what waits already stays as it is. @returns how many are new. */
    async putOff(all: readonly Later[]): Promise<number> {
      const rows = all.map(({ name, key, data, dueAt }) => ({ name, key, data: JSON.stringify(data), due_at: dueAt }))
      const put = await d
        .insertInto('jobs.later')
        .values(rows)
        .onConflict((known) => known.doNothing())
        .returning('key')
        .execute()
      return put.length
    },

    /** What is due by now, taken away: nobody else gets it once the transaction is through. */
    takeDue(
      names: readonly string[],
      now: Date,
      limit: number,
    ): Promise<{ name: string; key: string; data: object }[]> {
      return d
        .with('due', (w) =>
          w
            .selectFrom('jobs.later')
            .select(['name', 'key'])
            .where('name', 'in', names)
            .where('due_at', '<=', now)
            .orderBy('due_at')
            .limit(limit)
            .forUpdate()
            .skipLocked(),
        )
        .deleteFrom('jobs.later')
        .using('due')
        .whereRef('jobs.later.name', '=', 'due.name')
        .whereRef('jobs.later.key', '=', 'due.key')
        .returning(['jobs.later.name', 'jobs.later.key', 'jobs.later.data'])
        .execute()
    },

    async isAnyDue(now: Date): Promise<boolean> {
      const due = await d.selectFrom('jobs.later').select('name').where('due_at', '<=', now).limit(1).executeTakeFirst()
      return due !== undefined
    },

    async cancel(name: string, key: string): Promise<boolean> {
      const gone = await d.deleteFrom('jobs.later').where('name', '=', name).where('key', '=', key).executeTakeFirst()
      return gone.numDeletedRows > 0n
    },

    /** The first time of a name is only noted. */
    async startRepeating(name: string, slot: Date): Promise<void> {
      await d
        .insertInto('jobs.repeated')
        .values({ name, slot })
        .onConflict((known) => known.doNothing())
        .execute()
    },
    /** @returns whether this slot is ours to give: true for one node alone, and never twice. */
    async claimSlot(name: string, slot: Date): Promise<boolean> {
      const claimed = await d
        .insertInto('jobs.repeated')
        .values({ name, slot })
        .onConflict((known) => known.column('name').doUpdateSet({ slot }).where('jobs.repeated.slot', '<', slot))
        .returning('name')
        .executeTakeFirst()
      return claimed !== undefined
    },

    /** Which of these have a job to be done. Waits after a failed try are technical: pg-boss keeps them by the database's clock. */
    async ready(names: readonly string[]): Promise<string[]> {
      const rows = await d
        .selectFrom('jobs.job')
        .select('name')
        .distinct()
        .where('name', 'in', names)
        .where(sql<boolean>`state < 'active'`)
        .where(sql<boolean>`start_after < now()`)
        .execute()
      return rows.map(({ name }) => name)
    },

    /** Jobs that were tried as often as they may, newest first. */
    async dead(limit: number): Promise<DeadJob[]> {
      const rows = await d
        .selectFrom('jobs.job')
        .select(['id', 'name', 'data', 'output', 'completed_on', 'retry_count'])
        .where(sql<boolean>`state = 'failed'`)
        .orderBy('completed_on', 'desc')
        .limit(limit)
        .execute()
      return rows.flatMap(({ id, name, data, output, completed_on: diedAt, retry_count: retries }) => {
        const about = maskText(JSON.stringify(data ?? {})).slice(0, longestAbout)
        return diedAt ? [{ id, name, about, cause: causeOf(output), tries: retries + 1, diedAt }] : []
      })
    },

    /** @returns the name of a job that was given up; undefined when this is none. */
    async deadOne(id: string): Promise<string | undefined> {
      const row = await d
        .selectFrom('jobs.job')
        .select('name')
        .where('id', '=', id)
        .where(sql<boolean>`state = 'failed'`)
        .executeTakeFirst()
      return row?.name
    },

    /** Of every kind of job that there is a row of, by name. */
    async queues(): Promise<QueueCounts[]> {
      const { rows } = await sql<QueueCounts>`
        with counted as (
          select name, count(*) filter (where state < 'active') as waiting, count(*) filter (where state = 'active') as active,
            count(*) filter (where state = 'failed') as failed, 0::bigint as later from jobs.job group by name
          union all
          select name, 0, 0, 0, count(*) from jobs.later group by name
        )
        select name, sum(waiting)::int as waiting, sum(active)::int as active, sum(later)::int as later, sum(failed)::int as failed
        from counted group by name order by name`.execute(db)
      return rows
    },
  }
}

/** What pg-boss kept of the error. */
function causeOf(output: unknown): string {
  const { success, data } = z.object({ message: z.string() }).safeParse(output)
  return maskText(success ? data.message : JSON.stringify(output ?? '')).slice(0, longestCause)
}

type SqlRunner = { executeSql(text: string, values: unknown[]): Promise<{ rows: Record<string, unknown>[] }> }

/** pg-boss's SQL in a transaction of ours. */
export function within(tx: Db): SqlRunner {
  return {
    async executeSql(text, values) {
      const { rows } = await tx.executeQuery<Record<string, unknown>>(CompiledQuery.raw(text, values))
      return { rows }
    },
  }
}

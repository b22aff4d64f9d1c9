/** Who does not want to be written to unasked, in PostgreSQL: known again by a keyed hash, the number itself is not kept. */
import type { Generated } from 'kysely'
import type { OptOutRow } from '../contract/outbox.ts'
import type { Recipient } from './outbox.store.ts'
import type { Db } from './tables.ts'

type Tables = {
  outbox_opt_out: {
    id: Generated<string>
    recipient_hash: Buffer
    recipient_masked: string
    at: Date
    staff_id: string | null
  }
  staff: { id: string; display_name: string }
}

export type Unwanted = Pick<Recipient, 'hash' | 'masked'>

export function outboxOptOutsStore(db: Db) {
  const d = db.withTables<Tables>()
  return {
    /** By any of the hashes that one address is known by. */
    async hasAny(hashes: readonly Buffer[]): Promise<boolean> {
      return (await this.since(hashes)) !== undefined
    },
    async since(hashes: readonly Buffer[]): Promise<Date | undefined> {
      if (hashes.length === 0) return undefined
      const row = await d
        .selectFrom('outbox_opt_out')
        .select('at')
        .where('recipient_hash', 'in', hashes)
        .orderBy('at')
        .executeTakeFirst()
      return row?.at
    },
    /** Which of these, in hexadecimal. */
    async among(hashes: readonly Buffer[]): Promise<Set<string>> {
      if (hashes.length === 0) return new Set()
      const rows = await d
        .selectFrom('outbox_opt_out')
        .select('recipient_hash')
        .where('recipient_hash', 'in', hashes)
        .execute()
      return new Set(rows.map((row) => row.recipient_hash.toString('hex')))
    },
    /** @returns the row's id when it is new. */
    async add({ hash, masked }: Unwanted, staffId: string | undefined, now: Date): Promise<string | undefined> {
      const added = await d
        .insertInto('outbox_opt_out')
        .values({ recipient_hash: hash, recipient_masked: masked, at: now, staff_id: staffId ?? null })
        .onConflict((known) => known.column('recipient_hash').doNothing())
        .returning('id')
        .executeTakeFirst()
      return added?.id
    },
    async lift(id: string): Promise<boolean> {
      const { numDeletedRows } = await d.deleteFrom('outbox_opt_out').where('id', '=', id).executeTakeFirstOrThrow()
      return numDeletedRows > 0n
    },
    /** @returns the ids of those that were there. */
    async liftAll(hashes: readonly Buffer[]): Promise<string[]> {
      if (hashes.length === 0) return []
      const lifted = await d
        .deleteFrom('outbox_opt_out')
        .where('recipient_hash', 'in', hashes)
        .returning('id')
        .execute()
      return lifted.map(({ id }) => id)
    },
    async list(limit: number, offset: number): Promise<{ rows: OptOutRow[]; total: number }> {
      const { total } = await d
        .selectFrom('outbox_opt_out')
        .select((row) => row.fn.countAll<number>().as('total'))
        .executeTakeFirstOrThrow()
      const rows = await d
        .selectFrom('outbox_opt_out as o')
        .leftJoin('staff as s', 's.id', 'o.staff_id')
        .select(['o.id', 'o.recipient_masked', 'o.at', 's.display_name'])
        .orderBy('o.at', 'desc')
        .orderBy('o.id')
        .limit(limit)
        .offset(offset)
        .execute()
      return {
        total,
        rows: rows.map((row) => ({
          id: row.id,
          phone: row.recipient_masked,
          at: row.at.toISOString(),
          by: row.display_name ?? undefined,
        })),
      }
    },
  }
}

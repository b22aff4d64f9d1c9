/** What did not go out, put back to be sent anew under its key. */
import type { OutboxNarrowed } from '../contract/outbox.ts'
import { outboxFilter } from './outbox-filter.store.ts'
import type { OutboxTables } from './outbox-tables.ts'
import { rowsAtOnce } from './outbox.store.ts'
import type { Db } from './tables.ts'

export function outboxAgainStore(db: Db) {
  const d = db.withTables<OutboxTables>()
  return {
    /** What did not go out is sent anew, with the same key. @returns false when it is none of these. */
    async again(id: string, now: Date): Promise<boolean> {
      const { numUpdatedRows } = await d
        .updateTable('outbox_message')
        .set({ state: 'waiting', tries: 0, next_try_at: now })
        .where('id', '=', id)
        .where('state', 'in', ['dead', 'opted_out'])
        .executeTakeFirstOrThrow()
      return numUpdatedRows > 0n
    },
    /** Some hundred of those, in the order of their ids. @param after the last that had its turn @returns their ids */
    async againSome(
      narrowed: OutboxNarrowed & { state: 'dead' | 'opted_out' },
      after: string | undefined,
      now: Date,
    ): Promise<string[]> {
      const wanted = d
        .selectFrom('outbox_message')
        .select('id')
        .where(outboxFilter(narrowed))
        .$if(after !== undefined, (all) => all.where('id', '>', after ?? ''))
        .orderBy('id')
        .limit(rowsAtOnce)
        .forUpdate()
        .skipLocked()
      const rows = await d
        .updateTable('outbox_message')
        .set({ state: 'waiting', tries: 0, next_try_at: now })
        .where('id', 'in', wanted)
        .returning('id')
        .execute()
      return rows.map(({ id }) => id).sort()
    },
  }
}

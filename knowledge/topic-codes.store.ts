/** The codes of topics as they were given, in PostgreSQL: one an entry, once, for ever. */
import { sql } from 'kysely'
import { newCodes } from './topic-codes.ts'
import type { Db, KnowledgeTables } from './tables.ts'

/** Any number that no other use of advisory locks in this database takes. */
const codesLock = 7_201_005

export function topicCodesStore(db: Db) {
  const d = db.withTables<KnowledgeTables>()
  const known = (within: typeof d) => within.selectFrom('topic_code').select(['code', 'entry_id']).execute()

  return {
    /** Entries that were ever published and have no code get one, in the order in which they were made. */
    async giveMissing(now: Date): Promise<void> {
      if ((await lacking(d)).length === 0) return
      await d.transaction().execute(async (tx) => {
        await sql`select pg_advisory_xact_lock(${codesLock})`.execute(tx)
        const taken = new Set((await known(tx)).map(({ code }) => code))
        const codes = newCodes(await lacking(tx), taken)
        const rows = [...codes].map(([entry_id, code]) => ({ code, entry_id, given_at: now }))
        if (rows.length > 0) await tx.insertInto('topic_code').values(rows).execute()
      })
    },

    /** entry id → code */
    async all(): Promise<Map<string, string>> {
      return new Map((await known(d)).map(({ code, entry_id }) => [entry_id, code]))
    },
  }

  async function lacking(within: typeof d): Promise<string[]> {
    const rows = await within
      .selectFrom('entry')
      .leftJoin('topic_code', 'topic_code.entry_id', 'entry.id')
      .select('entry.id')
      .where('topic_code.code', 'is', null)
      .where((e) =>
        e.exists(
          e
            .selectFrom('revision')
            .select('revision.entry_id')
            .whereRef('revision.entry_id', '=', 'entry.id')
            .where('revision.published_at', 'is not', null),
        ),
      )
      .orderBy('entry.created_at')
      .orderBy('entry.id')
      .execute()
    return rows.map(({ id }) => id)
  }
}

/** Versions of the lists of reasons in PostgreSQL: added, never changed. */
import { sql } from 'kysely'
import type { Level, ReasonLists, ReasonVersion } from '../contract/rating.ts'
import type { RatingTables } from './rating-tables.ts'
import { levels } from './reasons.ts'
import type { Db, DeskTables } from './tables.ts'
import { inTransaction } from './transaction.ts'

export type ReasonsStore = ReturnType<typeof reasonsStore>
/** Any number that no other use of advisory locks in this database takes. */
const reasonsLock = 7_201_019

export function reasonsStore(db: Db) {
  const d = db.withTables<RatingTables & Pick<DeskTables, 'staff'>>()

  async function all(): Promise<ReasonVersion[]> {
    const rows = await d
      .selectFrom('reason_list')
      .leftJoin('staff', 'staff.id', 'reason_list.made_by')
      .select(['version', 'level', 'reasons', 'made_at', 'display_name'])
      .orderBy('version', 'desc')
      .execute()
    const versions = [...new Set(rows.map(({ version }) => version))]
    return versions.flatMap((version): ReasonVersion[] => {
      const mine = rows.filter((row) => row.version === version)
      const [first] = mine
      if (!first) return []
      const of = (level: Level) => mine.find((row) => row.level === level)?.reasons ?? []
      const lists: ReasonLists = { 5: of(5), 4: of(4), 3: of(3), 2: of(2), 1: of(1) }
      const by = first.display_name
      return [{ version, madeAt: first.made_at.toISOString(), ...(by !== null && { by }), lists }]
    })
  }

  return {
    /** The newest first: that one is in force. */
    all,

    async inForce(): Promise<ReasonLists> {
      const [newest] = await all()
      if (!newest) throw new Error('no list of reasons was ever kept')
      return newest.lists
    },

    /** @returns the version's number. */
    make(lists: ReasonLists, staffId: string, now: Date): Promise<number> {
      return inTransaction(db, async (tx) => {
        const t = tx.withTables<RatingTables>()
        await sql`select pg_advisory_xact_lock(${reasonsLock})`.execute(t)
        const { last } = await t
          .selectFrom('reason_list')
          .select((row) => row.fn.coalesce(row.fn.max('version'), sql<number>`0`).as('last'))
          .executeTakeFirstOrThrow()
        const version = last + 1
        await t
          .insertInto('reason_list')
          .values(
            levels.map((level) => ({ version, level, reasons: [...lists[level]], made_at: now, made_by: staffId })),
          )
          .execute()
        return version
      })
    },
  }
}

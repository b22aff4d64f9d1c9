/** Thresholds that were found for a base of knowledge (calibration.ts), by what that base consists of. */
import { sql } from 'kysely'
import type { ChannelThresholds } from './decision.ts'
import type { Db, KnowledgeTables } from './tables.ts'

export type ThresholdsStore = ReturnType<typeof thresholdsStore>

/** Former bases that may come back when a publication is withdrawn; older ones are forgotten. */
const basesKept = 20

export function thresholdsStore(db: Db) {
  const d = db.withTables<KnowledgeTables>()
  return {
    async of(base: string): Promise<ChannelThresholds | undefined> {
      const found = await d
        .selectFrom('knowledge_thresholds')
        .select('thresholds')
        .where('base', '=', base)
        .executeTakeFirst()
      return found?.thresholds
    },

    /** Whichever node was first keeps its finding; all find the same. */
    async keep(base: string, thresholds: ChannelThresholds, now: Date): Promise<void> {
      const row = { base, thresholds: JSON.stringify(thresholds), tried_at: now }
      await d
        .insertInto('knowledge_thresholds')
        .values(row)
        .onConflict((clash) => clash.doNothing())
        .execute()
      const latest = d.selectFrom('knowledge_thresholds').select('base').orderBy('tried_at', 'desc').limit(basesKept)
      await d
        .deleteFrom('knowledge_thresholds')
        .where(sql<boolean>`base not in (${latest})`)
        .execute()
    },
  }
}

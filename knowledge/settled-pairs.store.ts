/** Pairs of entries that somebody looked at and lets stand. */
import type { PairView } from '../contract/golden.ts'
import type { Db, KnowledgeTables } from './tables.ts'

export function settledPairsStore(db: Db) {
  const d = db.withTables<KnowledgeTables>()
  return {
    async settle(pair: { kind: PairView['kind']; a: string; b: string; reason: string; staffId: string }, now: Date) {
      const [a, b] = [pair.a, pair.b].sort()
      await d
        .insertInto('entry_pair_settled')
        .values({
          kind: pair.kind,
          a: a ?? '',
          b: b ?? '',
          reason: pair.reason,
          staff_id: pair.staffId,
          settled_at: now,
        })
        .onConflict((kept) => kept.doNothing())
        .execute()
    },

    /** As `keyOf` has them. */
    async keys(): Promise<Set<string>> {
      const rows = await d.selectFrom('entry_pair_settled').select(['kind', 'a', 'b']).execute()
      return new Set(rows.map(({ kind, a, b }) => keyOf(kind, a, b)))
    },
  }
}

export function keyOf(kind: PairView['kind'], a: string, b: string): string {
  return [kind, ...[a, b].sort()].join(' ')
}

/** Vectors of texts, by model and hash. */
import { sql } from 'kysely'
import type { Db, KnowledgeTables } from './tables.ts'

export type VectorsStore = ReturnType<typeof vectorsStore>

export function vectorsStore(db: Db) {
  const d = db.withTables<KnowledgeTables>()
  return {
    async of(model: string, hashes: readonly string[]): Promise<Map<string, Float32Array>> {
      const rows = await d
        .selectFrom('knowledge_vector')
        .select(['hash', 'vector'])
        .where('model', '=', model)
        .where(sql<boolean>`hash = any(${hashes})`)
        .execute()
      return new Map(rows.map(({ hash, vector }) => [hash, Float32Array.from(vector)]))
    },

    /** Whichever node was first keeps its vector. */
    async keep(model: string, vectors: ReadonlyMap<string, Float32Array>): Promise<void> {
      const rows = [...vectors].map(([hash, vector]) => ({ model, hash, vector: [...vector] }))
      if (rows.length === 0) return
      await d
        .insertInto('knowledge_vector')
        .values(rows)
        .onConflict((clash) => clash.doNothing())
        .execute()
    },
  }
}

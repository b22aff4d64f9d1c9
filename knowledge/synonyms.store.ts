/** Groups of synonyms in PostgreSQL. Whoever changes one also raises the knowledge version, so that every node follows. */
import type { SynonymGroup } from '../contract/synonym.ts'
import type { Db, KnowledgeTables } from './tables.ts'

// Who changed a group is shown by name; nothing else of the desk's table is read here.
type Tables = KnowledgeTables & { staff: { id: string; display_name: string } }

export function synonymsStore(db: Db) {
  const d = db.withTables<Tables>()
  return {
    async list(): Promise<SynonymGroup[]> {
      const rows = await d
        .selectFrom('synonym as y')
        .innerJoin('staff as s', 's.id', 'y.staff_id')
        .select(['y.id', 'y.words', 'y.changed_at', 's.display_name as by'])
        .orderBy('y.changed_at', 'desc')
        .orderBy('y.id')
        .execute()
      return rows.map(({ id, words, changed_at, by }) => ({ id, words, by, changedAt: changed_at.toISOString() }))
    },

    /** In an order that does not change from one reading to the next. */
    async groups(): Promise<string[][]> {
      const rows = await d.selectFrom('synonym').select('words').orderBy('id').execute()
      return rows.map(({ words }) => words)
    },

    async add(words: readonly string[], staffId: string, now: Date): Promise<string> {
      const row = { words: JSON.stringify(words), staff_id: staffId, changed_at: now }
      return (await d.insertInto('synonym').values(row).returning('id').executeTakeFirstOrThrow()).id
    },
    async change(id: string, words: readonly string[], staffId: string, now: Date): Promise<void> {
      const row = { words: JSON.stringify(words), staff_id: staffId, changed_at: now }
      await d.updateTable('synonym').set(row).where('id', '=', id).execute()
    },
    async remove(id: string): Promise<void> {
      await d.deleteFrom('synonym').where('id', '=', id).execute()
    },
  }
}

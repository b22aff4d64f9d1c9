/** What the rows of the audit log are about, as far as the desk keeps it, in PostgreSQL. */
import type { Db, DeskTables } from './tables.ts'

export function auditSubjectsStore(db: Db) {
  const d = db.withTables<DeskTables>()
  return {
    async people(ids: readonly string[]): Promise<[string, string][]> {
      if (ids.length === 0) return []
      const rows = await d
        .selectFrom('staff')
        .select(['id', 'display_name', 'work_number'])
        .where('id', 'in', ids)
        .execute()
      return rows.map((row) => [row.id, `${row.display_name}（工号 ${row.work_number}）`])
    },

    async cases(ids: readonly string[]): Promise<[string, string][]> {
      if (ids.length === 0) return []
      const rows = await d.selectFrom('case_file').select(['id', 'number']).where('id', 'in', ids).execute()
      return rows.map((row) => [row.id, `整改单 ${row.number}`])
    },

    /** The conversation of each of these that is a callback. */
    async conversationsOfCallbacks(ids: readonly string[]): Promise<Map<string, string>> {
      if (ids.length === 0) return new Map()
      const rows = await d.selectFrom('callback').select(['id', 'conversation_id']).where('id', 'in', ids).execute()
      return new Map(rows.map((row) => [row.id, row.conversation_id]))
    },

    async conversationOfCase(id: string): Promise<string | undefined> {
      const row = await d.selectFrom('case_file').select('conversation_id').where('id', '=', id).executeTakeFirst()
      return row?.conversation_id ?? undefined
    },

    /** Cases and callbacks of these conversations. */
    async of(conversationIds: readonly string[]): Promise<string[]> {
      if (conversationIds.length === 0) return []
      const cases = await d
        .selectFrom('case_file')
        .select('id')
        .where('conversation_id', 'in', conversationIds)
        .execute()
      const calls = await d
        .selectFrom('callback')
        .select('id')
        .where('conversation_id', 'in', conversationIds)
        .execute()
      return [...cases, ...calls].map((row) => row.id)
    },

    /** @returns the id of a colleague by name or work number, or of a case by its number. */
    async named(asked: string): Promise<string | undefined> {
      const person = await d
        .selectFrom('staff')
        .select('id')
        .where((row) =>
          row.or([row('name', '=', asked), row('display_name', '=', asked), row('work_number', '=', asked)]),
        )
        .orderBy('created_at')
        .executeTakeFirst()
      if (person) return person.id
      const file = await d.selectFrom('case_file').select('id').where('number', '=', asked).executeTakeFirst()
      return file?.id
    },
  }
}

/** 常用语 in PostgreSQL. */
import type { CannedReply } from '../contract/canned.ts'
import type { NoteTables } from './note-tables.ts'
import type { Db } from './tables.ts'

export type Kept = { id: string; ownerId?: string }
/** `ownerId` absent: everybody's. */
export type Written = { ownerId?: string; name: string; text: string; by: string }

export function cannedStore(db: Db) {
  const d = db.withTables<NoteTables>()
  return {
    /** Those that are everybody's and those that are this person's, by name. */
    async listFor(staffId: string): Promise<CannedReply[]> {
      const rows = await d
        .selectFrom('canned_reply as c')
        .innerJoin('staff as s', 's.id', 'c.changed_by')
        .select(['c.id', 'c.owner_id', 'c.name', 'c.text', 'c.changed_at', 's.display_name as by'])
        .where((e) => e.or([e('c.owner_id', 'is', null), e('c.owner_id', '=', staffId)]))
        .orderBy('c.name')
        .execute()
      return rows.map(({ id, owner_id, name, text, changed_at, by }) => ({
        ...{ id, name, text, by, shared: owner_id === null },
        changedAt: changed_at.toISOString(),
      }))
    },

    async find(id: string): Promise<Kept | undefined> {
      const row = await d.selectFrom('canned_reply').select(['id', 'owner_id']).where('id', '=', id).executeTakeFirst()
      return row && { id: row.id, ownerId: row.owner_id ?? undefined }
    },

    /** @returns undefined when another one of the same owner has that name. */
    async add({ ownerId, name, text, by }: Written, now: Date): Promise<string | undefined> {
      const row = await d
        .insertInto('canned_reply')
        .values({ owner_id: ownerId ?? null, name, text, changed_by: by, changed_at: now })
        .onConflict((known) => known.doNothing())
        .returning('id')
        .executeTakeFirst()
      return row?.id
    },

    /** @returns false when another one of the same owner has that name. */
    async change(id: string, { ownerId, name, text, by }: Written, now: Date): Promise<boolean> {
      const row = await d
        .updateTable('canned_reply')
        .set({ owner_id: ownerId ?? null, name, text, changed_by: by, changed_at: now })
        .where('id', '=', id)
        .where((e) =>
          e.not(
            e.exists(
              d
                .selectFrom('canned_reply as other')
                .select('other.id')
                .where('other.id', '!=', id)
                .where('other.name', '=', name)
                .where('other.owner_id', ownerId === undefined ? 'is' : '=', ownerId ?? null),
            ),
          ),
        )
        .returning('id')
        .executeTakeFirst()
      return row !== undefined
    },

    async remove(id: string): Promise<void> {
      await d.deleteFrom('canned_reply').where('id', '=', id).execute()
    },
  }
}

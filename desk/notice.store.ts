/** Templates of proactive notices, and the tables that were sent, in PostgreSQL. */
import type { Generated } from 'kysely'
import { noticeVariables, type NoticeBatch, type NoticeKind, type TemplateView } from '../contract/notice.ts'
import type { OutboxState } from '../contract/outbox.ts'
import { Problem } from '../contract/problem.ts'
import { countsByState } from './outbox-list.store.ts'
import type { Db } from './tables.ts'

type Tables = {
  notice_template: { kind: NoticeKind; text: string; changed_at: Date; changed_by: string | null }
  notice_batch: {
    id: Generated<string>
    kind: NoticeKind
    file_hash: Buffer
    staff_id: string
    sent_at: Date
    total: number
    repeated: number
  }
  outbox_message: { batch_id: string | null; state: OutboxState }
  staff: { id: string; display_name: string }
}
export type NewBatch = Pick<NoticeBatch, 'kind' | 'total' | 'repeated'> & { fileHash: Buffer; staffId: string }

export function noticeStore(db: Db) {
  const d = db.withTables<Tables>()
  return {
    async templates(): Promise<TemplateView[]> {
      const rows = await d
        .selectFrom('notice_template as t')
        .leftJoin('staff as s', 's.id', 't.changed_by')
        .select(['t.kind', 't.text', 't.changed_at', 's.display_name'])
        .orderBy('t.kind')
        .execute()
      return rows.map(({ kind, text, changed_at, display_name: by }) => ({
        kind,
        text,
        variables: noticeVariables[kind],
        changedAt: changed_at.toISOString(),
        by: by ?? undefined,
      }))
    },

    /** @throws Problem not_found */
    async template(kind: NoticeKind): Promise<string> {
      const row = await d.selectFrom('notice_template').select('text').where('kind', '=', kind).executeTakeFirst()
      if (!row) throw new Problem('not_found', `no template for ${kind}`)
      return row.text
    },
    async change(kind: NoticeKind, text: string, staffId: string, now: Date): Promise<void> {
      await d
        .updateTable('notice_template')
        .set({ text, changed_at: now, changed_by: staffId })
        .where('kind', '=', kind)
        .execute()
    },

    async isKnown(kind: NoticeKind, fileHash: Buffer): Promise<boolean> {
      const row = await d
        .selectFrom('notice_batch')
        .select('id')
        .where('kind', '=', kind)
        .where('file_hash', '=', fileHash)
        .executeTakeFirst()
      return row !== undefined
    },
    /** @returns its id; undefined when this file was taken before. */
    async add({ kind, fileHash, staffId, total, repeated }: NewBatch, now: Date): Promise<string | undefined> {
      const added = await d
        .insertInto('notice_batch')
        .values({ kind, file_hash: fileHash, staff_id: staffId, sent_at: now, total, repeated })
        .onConflict((known) => known.columns(['kind', 'file_hash']).doNothing())
        .returning('id')
        .executeTakeFirst()
      return added?.id
    },

    /** Newest first, each with what has become of its messages. */
    async batches(limit: number, offset: number): Promise<{ rows: NoticeBatch[]; total: number }> {
      const { total } = await d
        .selectFrom('notice_batch')
        .select((row) => row.fn.countAll<number>().as('total'))
        .executeTakeFirstOrThrow()
      const batches = await d
        .selectFrom('notice_batch as b')
        .innerJoin('staff as s', 's.id', 'b.staff_id')
        .select(['b.id', 'b.kind', 'b.sent_at', 'b.total', 'b.repeated', 's.display_name as by'])
        .orderBy('b.sent_at', 'desc')
        .orderBy('b.id')
        .limit(limit)
        .offset(offset)
        .execute()
      const ids = batches.map(({ id }) => id)
      const counted =
        ids.length === 0
          ? []
          : await d
              .selectFrom('outbox_message')
              .select(['batch_id', 'state', (row) => row.fn.countAll<number>().as('count')])
              .where('batch_id', 'in', ids)
              .groupBy(['batch_id', 'state'])
              .execute()
      return {
        total,
        rows: batches.map(({ id, kind, by, sent_at, total: rows, repeated }) => ({
          id,
          kind,
          by,
          at: sent_at.toISOString(),
          total: rows,
          repeated,
          counts: countsByState(counted.filter((row) => row.batch_id === id)),
        })),
      }
    },
  }
}

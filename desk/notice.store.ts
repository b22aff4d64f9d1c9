/** Templates of proactive notices, and the tables that were sent, in PostgreSQL. */
import { sql, type Generated } from 'kysely'
import { noticeVariables, type NoticeBatch, type NoticeKind, type TemplateView } from '../contract/notice.ts'
import type { OutboxState } from '../contract/outbox.ts'
import { Problem } from '../contract/problem.ts'
import { rowsLeft } from './notice-pieces.store.ts'
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
    repeated: Generated<number>
    dropped: Generated<number>
    cancelled_at: Date | null
    cancelled_by: string | null
  }
  outbox_message: { batch_id: string | null; state: OutboxState }
  staff: { id: string; display_name: string }
}
export type NewBatch = Pick<NoticeBatch, 'kind' | 'total'> & { fileHash: Buffer; staffId: string }

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

    /** Of two who bring the same file at once one waits for the other. */
    async lockFile(fileHash: Buffer): Promise<void> {
      await sql`select pg_advisory_xact_lock(${fileHash.readInt32BE(0)}, ${fileHash.readInt32BE(4)})`.execute(d)
    },
    async ofFile(kind: NoticeKind, fileHash: Buffer): Promise<string[]> {
      const rows = await d
        .selectFrom('notice_batch')
        .select('id')
        .where('kind', '=', kind)
        .where('file_hash', '=', fileHash)
        .execute()
      return rows.map(({ id }) => id)
    },
    async add({ kind, fileHash, staffId, total }: NewBatch, now: Date): Promise<string> {
      const stopped = { cancelled_at: null, cancelled_by: null }
      const added = await d
        .insertInto('notice_batch')
        .values({ kind, file_hash: fileHash, staff_id: staffId, sent_at: now, total, repeated: 0, ...stopped })
        .returning('id')
        .executeTakeFirstOrThrow()
      return added.id
    },
    /** What is put in and what is stopped of a table happen one after the other. */
    async lockKind(id: string): Promise<NoticeKind | undefined> {
      const row = await d.selectFrom('notice_batch').select('kind').where('id', '=', id).forUpdate().executeTakeFirst()
      return row?.kind
    },
    async repeated(id: string, more: number): Promise<void> {
      if (more === 0) return
      await d
        .updateTable('notice_batch')
        .set((e) => ({ repeated: e('repeated', '+', more) }))
        .where('id', '=', id)
        .execute()
    },
    async cancel(id: string, dropped: number, staffId: string, now: Date): Promise<void> {
      await d
        .updateTable('notice_batch')
        .set((e) => ({ dropped: e('dropped', '+', dropped), cancelled_at: now, cancelled_by: staffId }))
        .where('id', '=', id)
        .execute()
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
        .leftJoin('staff as c', 'c.id', 'b.cancelled_by')
        .select(['b.id', 'b.kind', 'b.sent_at', 'b.total', 'b.repeated', 's.display_name as by'])
        .select(['b.dropped', 'b.cancelled_at', 'c.display_name as cancelledBy'])
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
      const left = await rowsLeft(db, ids)
      return {
        total,
        rows: batches.map(({ id, kind, by, sent_at, total: rows, repeated, dropped, cancelled_at, cancelledBy }) => {
          const counts = countsByState(counted.filter((row) => row.batch_id === id))
          return {
            ...{ id, kind, by, repeated, at: sent_at.toISOString(), total: rows, pending: left.get(id) ?? 0 },
            counts: { ...counts, cancelled: counts.cancelled + dropped },
            ...(cancelled_at && { cancelled: { by: cancelledBy ?? '', at: cancelled_at.toISOString() } }),
          }
        }),
      }
    },
  }
}

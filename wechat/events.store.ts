/** What the platform told us, each thing once; and what it was answered at once. */
import { sql, type RawBuilder } from 'kysely'
import type { InboundKind } from './inbound.ts'
import type { Road } from './road.ts'
import type { Db, WechatTables } from './tables.ts'
import { noting, type NotedUser } from './users.store.ts'

type Told = { keyHash: Buffer; kind: InboundKind; rawSealed: string }
/** `replySealed`: what it was answered on the spot, for a platform that asks again. */
export type Seen = { keyHash: Buffer; replySealed?: string; now: Date }

/** `isDone`: nobody works on it any more. */
export type Ended = { isDone: boolean; replySealed?: string }

export function wechatEventsStore(db: Db) {
  const tables = db.withTables<WechatTables>()
  return {
    /**
     * Together with what it changes about its citizen, in one commit; nothing is changed where it had been told before.
     * @returns for what had been told before also whether it was seen to its end, and what was answered.
     */
    async keep({ keyHash, kind, rawSealed }: Told, user: NotedUser): Promise<{ isNew: boolean } & Ended> {
      const { rows } = await sql<EndedRow & { is_new: boolean }>`
        with told as (
          insert into wechat_event (key_hash, openid_hash, kind, road, raw_sealed, received_at)
          values (${keyHash}, ${user.openIdHash}, ${kind}, ${user.road}, ${rawSealed}, ${user.now})
          on conflict (key_hash) do nothing
          returning key_hash
        ), noted as (${noting(user, sql`from told`)})
        select exists (select from told) as is_new, before.reply_sealed, before.done_at
        from (values (1)) as one left join wechat_event before on before.key_hash = ${keyHash}`.execute(tables)
      const [row] = rows
      return { isNew: row?.is_new ?? false, ...ended(row) }
    },

    /** Of something that is worked on, perhaps by another process. */
    async ended(keyHash: Buffer): Promise<Ended> {
      const row = await tables
        .selectFrom('wechat_event')
        .select(['reply_sealed', 'done_at'])
        .where('key_hash', '=', keyHash)
        .executeTakeFirst()
      return ended(row)
    },

    /** Once more it was not worked on. @returns whether it is given up */
    async failed(keyHash: Buffer, mostTries: number, now: Date): Promise<boolean> {
      const row = await tables
        .updateTable('wechat_event')
        .set({
          tries: sql<number>`tries + 1`,
          done_at: sql<Date | null>`case when tries + 1 >= ${mostTries}::int then ${now}::timestamptz end`,
        })
        .where('key_hash', '=', keyHash)
        .where('done_at', 'is', null)
        .returning('done_at')
        .executeTakeFirst()
      return row !== undefined && row.done_at !== null
    },

    async done(seen: Seen): Promise<void> {
      await sql`${seeing(seen)}`.execute(tables)
    },

    async lastAt(road: Road): Promise<Date | undefined> {
      const row = await tables
        .selectFrom('wechat_event')
        .select((e) => e.fn.max('received_at').as('at'))
        .where('road', '=', road)
        .executeTakeFirst()
      return row?.at ?? undefined
    },

    /** Told, and never seen to the end: a process died over it. */
    async leftOver(road: Road, before: Date, limit: number): Promise<{ keyHash: Buffer; rawSealed: string }[]> {
      const rows = await tables
        .selectFrom('wechat_event')
        .select(['key_hash', 'raw_sealed'])
        .where('road', '=', road)
        .where('done_at', 'is', null)
        .where('received_at', '<', before)
        .orderBy('received_at')
        .limit(limit)
        .execute()
      return rows.map((row) => ({ keyHash: row.key_hash, rawSealed: row.raw_sealed }))
    },
  }
}

/** Seen to the end. @param where further words about the event's row */
export function seeing({ keyHash, replySealed, now }: Seen, where = sql``): RawBuilder<unknown> {
  return sql`update wechat_event set done_at = ${now}, reply_sealed = ${replySealed ?? null}
    where key_hash = ${keyHash} ${where}`
}

type EndedRow = { reply_sealed: string | null; done_at: Date | null }

const ended = (row: EndedRow | undefined): Ended => ({
  isDone: Boolean(row?.done_at),
  ...(row?.reply_sealed && { replySealed: row.reply_sealed }),
})

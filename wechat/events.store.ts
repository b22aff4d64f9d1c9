/** What the platform told us, each thing once; and what it was answered at once. */
import { sql, type RawBuilder } from 'kysely'
import type { InboundKind } from './inbound.ts'
import type { Road } from './road.ts'
import type { Db, WechatTables } from './tables.ts'
import type { Failed } from './trying-again.ts'
import { noting, type NotedUser } from './users.store.ts'

type Told = { keyHash: Buffer; kind: InboundKind; rawSealed: string }
/** `replySealed`: what it was answered on the spot, for a platform that asks again. */
export type Seen = { keyHash: Buffer; replySealed?: string; now: Date }

export type LeftOver = { keyHash: Buffer; rawSealed: string; tries: number }

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

    /** Once more it was not worked on, unless somebody else has seen to it. @returns whether it is given up by that */
    async failed({ keyHash, tries }: LeftOver, { againAt, cause }: Failed, now: Date): Promise<boolean> {
      const ends = againAt ? {} : { done_at: now, given_up_at: now }
      const { numUpdatedRows } = await tables
        .updateTable('wechat_event')
        .set({ tries: tries + 1, cause, again_at: againAt ?? null, ...ends })
        .where('key_hash', '=', keyHash)
        .where('tries', '=', tries)
        .where('done_at', 'is', null)
        .executeTakeFirst()
      return numUpdatedRows > 0n && againAt === undefined
    },

    /** @returns false where their citizen was told before. */
    async sorry(keyHash: Buffer, now: Date): Promise<boolean> {
      const { numUpdatedRows } = await tables
        .updateTable('wechat_event')
        .set({ sorry_at: now })
        .where('key_hash', '=', keyHash)
        .where('sorry_at', 'is', null)
        .executeTakeFirst()
      return numUpdatedRows > 0n
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

    /** Told, and never seen to the end: a process died over it, or it failed and is due again. */
    async leftOver(road: Road, before: Date, now: Date, limit: number): Promise<LeftOver[]> {
      const rows = await tables
        .selectFrom('wechat_event')
        .select(['key_hash', 'raw_sealed', 'tries'])
        .where('road', '=', road)
        .where('done_at', 'is', null)
        .where('received_at', '<', before)
        .where((e) => e.or([e('again_at', 'is', null), e('again_at', '<=', now)]))
        .orderBy('received_at')
        .limit(limit)
        .execute()
      return rows.map((row) => ({ keyHash: row.key_hash, rawSealed: row.raw_sealed, tries: row.tries }))
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

/** What went out to whom: up to where a conversation has been told, and what became of each message. */
import { sql } from 'kysely'
import type { HeldUp } from './batches.ts'
import { seeing, type Seen } from './events.store.ts'
import type { Road } from './road.ts'
import type { Db, DeliveryState, WechatTables } from './tables.ts'

/** `messageId`: ours, by a road that takes each number once. */
export type Delivery = {
  fromSeq: number
  toSeq: number
  part: number
  state: DeliveryState
  code?: number
  messageId?: string
}
/** `dueAt`: when it is to be seen to. `tries`: how often it was delayed before. */
export type NewDelivery = Delivery & { tries: number; dueAt?: Date }
export type Settled = { state: DeliveryState; code?: number; dueAt?: Date }
/** `afterSeq`: everything up to it had been told before. */
export type ToldOnTheSpot = {
  conversationId: string
  openIdHash: Buffer
  afterSeq: number
  fromSeq: number
  toSeq: number
}
/** `isHeldUp`: something of it was blocked or delayed. */
export type Line = { openIdHash: Buffer; road: Road; toldSeq: number; isHeldUp: boolean }

export function deliveriesStore(db: Db) {
  const tables = db.withTables<WechatTables>()
  return {
    /** Told from now on to whom it is that they have just written as. */
    async open(conversationId: string, openIdHash: Buffer): Promise<void> {
      await tables
        .insertInto('wechat_line')
        .values({ conversation_id: conversationId, openid_hash: openIdHash })
        .onConflict((on) => on.column('conversation_id').doUpdateSet({ openid_hash: openIdHash }))
        .execute()
    },

    /**
     * Locks it until the transaction ends: one tells at a time. What is held up is read when the lock is had, for who had
     * it before may have changed that.
     */
    async lock(conversationId: string): Promise<Line | undefined> {
      const row = await tables
        .selectFrom('wechat_line')
        .innerJoin('wechat_user', 'wechat_user.openid_hash', 'wechat_line.openid_hash')
        .select(['wechat_line.openid_hash', 'wechat_user.road', 'told_seq'])
        .where('conversation_id', '=', conversationId)
        .forUpdate('wechat_line')
        .executeTakeFirst()
      if (!row) return undefined
      const heldUp = await tables
        .selectFrom('wechat_delivery')
        .select('id')
        .where('conversation_id', '=', conversationId)
        .where(isHeldUp)
        .limit(1)
        .executeTakeFirst()
      const { openid_hash: openIdHash, road, told_seq: toldSeq } = row
      return { openIdHash, road, toldSeq, isHeldUp: heldUp !== undefined }
    },

    async toldUpTo(conversationId: string, seq: number): Promise<void> {
      await tables
        .updateTable('wechat_line')
        .set({ told_seq: seq })
        .where('conversation_id', '=', conversationId)
        .execute()
    },

    /** Told up to `toldSeq` by these messages. @returns the numbers of their rows, to settle them by, in their order. */
    async claim(
      conversationId: string,
      toldSeq: number,
      claimed: readonly NewDelivery[],
      now: Date,
    ): Promise<number[]> {
      const values = claimed.map(({ fromSeq: from_seq, toSeq: to_seq, part, state, messageId = null, ...rest }) => ({
        ...{ conversation_id: conversationId, from_seq, to_seq, part, state, message_id: messageId, at: now },
        ...{ tries: rest.tries, due_at: rest.dueAt ?? null },
      }))
      const rows = await tables
        .with('told', (q) =>
          q.updateTable('wechat_line').set({ told_seq: toldSeq }).where('conversation_id', '=', conversationId),
        )
        .insertInto('wechat_delivery')
        .values(values)
        .returning(['id', 'from_seq', 'part'])
        .execute()
      return rows.sort((a, b) => a.from_seq - b.from_seq || a.part - b.part).map(({ id }) => id)
    },

    /**
     * Told on the spot, all in one message, and the event that it answers seen to its end: one statement.
     * @returns false, with nothing changed, where that is not all there is to tell, or it is told to somebody else.
     */
    async toldOnTheSpot(told: ToldOnTheSpot, seen: Seen): Promise<boolean> {
      const { conversationId, openIdHash, afterSeq, fromSeq, toSeq } = told
      const nothingBeside = sql`not exists (${blockedBeside(openIdHash, conversationId)})`
      const line =
        afterSeq === 0
          ? sql`insert into wechat_line (conversation_id, openid_hash, told_seq)
              select ${conversationId}::uuid, ${openIdHash}::bytea, ${toSeq}::int where ${nothingBeside}
              on conflict do nothing`
          : sql`update wechat_line set told_seq = ${toSeq}
              where conversation_id = ${conversationId} and openid_hash = ${openIdHash} and told_seq = ${afterSeq}
                and not exists (select from wechat_delivery where conversation_id = ${conversationId} and ${isHeldUp})
                and ${nothingBeside}`
      const { rows } = await sql`
        with line as (${line} returning conversation_id), seen as (${seeing(seen, sql`and exists (select from line)`)})
        insert into wechat_delivery (conversation_id, from_seq, to_seq, part, state, at)
        select conversation_id, ${fromSeq}, ${toSeq}, 0, 'passive', ${seen.now}::timestamptz from line
        returning id`.execute(tables)
      return rows.length > 0
    },

    async settle(ids: readonly number[], { state, code, dueAt }: Settled, now: Date): Promise<void> {
      await tables
        .updateTable('wechat_delivery')
        .set({ state, code: code ?? null, at: now, due_at: dueAt ?? null })
        .$if(state === 'delayed', (q) => q.set({ tries: sql<number>`tries + 1` }))
        .where('id', 'in', ids)
        // What the platform has told of it meanwhile stands.
        .where('state', 'in', ['sending', 'unknown'])
        .execute()
    },

    /**
     * What was held up, which is claimed anew now; the caller has locked the line.
     * @param states of those that may go again. `tries`: how often it was delayed before
     */
    async takeBack(
      conversationId: string,
      states: readonly ('blocked' | 'delayed')[],
    ): Promise<{ heldUp: HeldUp[]; tries: number }> {
      const { rows } = await sql<HeldUpRow>`
        with back as (
          delete from wechat_delivery where conversation_id = ${conversationId} and state = any(${states})
          returning from_seq, to_seq, part, tries
        ), batch as (
          select from_seq, to_seq, min(part) as part, max(tries) as tries from back group by from_seq, to_seq
        )
        select batch.*, count(kept.id) > 0 as begun,
          coalesce(bool_or(kept.state = 'passive' and kept.part = 0), false) as plain
        from batch left join wechat_delivery kept on kept.conversation_id = ${conversationId}
          and kept.from_seq = batch.from_seq and kept.state <> all(${states})
        group by batch.from_seq, batch.to_seq, batch.part, batch.tries
        order by batch.from_seq`.execute(tables)
      return {
        heldUp: rows.map(({ from_seq: fromSeq, to_seq: toSeq, part, begun, plain }) => ({
          ...{ fromSeq, toSeq, firstPart: begun ? part : 0, isPlain: plain },
        })),
        tries: Math.max(0, ...rows.map(({ tries }) => tries)),
      }
    },

    /** Their other conversations in which something waits for their next word; what waits longest comes first. */
    async heldBackBeside(openIdHash: Buffer, conversationId: string): Promise<string[]> {
      const { rows } = await sql<{ id: string }>`
        select beside.conversation_id as id from (${blockedBeside(openIdHash, conversationId)}) as beside
        group by beside.conversation_id order by min(beside.held_id)`.execute(tables)
      return rows.map(({ id }) => id)
    },

    async lineOf(conversationId: string): Promise<Pick<Line, 'openIdHash' | 'road'> | undefined> {
      const row = await tables
        .selectFrom('wechat_line')
        .innerJoin('wechat_user', 'wechat_user.openid_hash', 'wechat_line.openid_hash')
        .select(['wechat_line.openid_hash', 'wechat_user.road'])
        .where('conversation_id', '=', conversationId)
        .executeTakeFirst()
      return row && { openIdHash: row.openid_hash, road: row.road }
    },
  }
}

/** As the index has it that finds them. */
const isHeldUp = sql<boolean>`wechat_delivery.state in ('blocked', 'delayed')`

const blockedBeside = (openIdHash: Buffer, conversationId: string) => sql`
  select other.conversation_id, held.id as held_id from wechat_line other
  join wechat_delivery held on held.conversation_id = other.conversation_id and held.state = 'blocked'
  where other.openid_hash = ${openIdHash} and other.conversation_id <> ${conversationId}`

type HeldUpRow = { from_seq: number; to_seq: number; part: number; tries: number; begun: boolean; plain: boolean }

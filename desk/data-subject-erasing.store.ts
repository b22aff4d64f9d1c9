/**
 * Takes out what citizens said and left, in whichever table it stands. What remains is the frame: when, how long, by
 * whom, rated how. The one place that changes a turn, a case's event or a call's event: their tables refuse it to
 * whoever has not said, in that very transaction, that they are erasing.
 *
 * Written over the tables of bot/ and knowledge/ too, because what is forgotten must be forgotten everywhere at once.
 */
import { sql } from 'kysely'
import type { Sealer } from './sealer.ts'
import type { Db } from './tables.ts'

export const erasedWords = '（内容已清除）'
export const erasedNumber = '已清除'

/** @param tx a transaction: outside of one the permission to erase would be gone before it is used. */
export function erasingStore(tx: Db, sealer: Sealer) {
  async function permit(): Promise<void> {
    await sql`select set_config('budayang.erasing', 'on', true)`.execute(tx)
  }

  return {
    /** All that was said in these conversations, and what was noted of it. Cases are not touched. */
    async conversations(ids: readonly string[], now: Date): Promise<void> {
      if (ids.length === 0) return
      await permit()
      const these = sql`any(${[...ids]}::uuid[])`
      const run = (statement: ReturnType<typeof sql>) => statement.execute(tx)
      await run(sql`update turn set text = ${erasedWords}, extras = '{}' where conversation_id = ${these}`)
      await run(sql`delete from attachment where conversation_id = ${these}`)
      await run(sql`update served_answer set question = ${erasedWords} where conversation_id = ${these}`)
      await run(
        sql`update gap_question set question = ${erasedWords}, compared = ${erasedWords} where conversation_id = ${these}`,
      )
      await run(sql`update turn_heard set heard = '' where conversation_id = ${these}`)
      await run(sql`delete from caller_number where conversation_id = ${these}`)
      await run(sql`delete from dialog_state where conversation_id = ${these}`)
      await run(sql`delete from conversation_context where conversation_id = ${these}`)
      await run(sql`update note set text = ${erasedWords} where conversation_id = ${these}`)
      await run(sql`update offered_answer set reason = null where conversation_id = ${these}`)
      await run(sql`update handover set note = null where conversation_id = ${these}`)
      await run(sql`update transfer set reason = ${erasedWords}, note = null where conversation_id = ${these}`)
      await run(sql`update rating set words = null where conversation_id = ${these}`)
      await run(sql`
        update call_event set detail = null
        where detail is not null and call_id in (select id from call where conversation_id = ${these})`)
      await run(sql`update summary set text = ${erasedWords} where conversation_id = ${these}`)
      await run(sql`update conversation set pending_choices = null, erased_at = ${now} where id = ${these}`)
      await this.callbacks(
        (await sql<{ id: string }>`select id from callback where conversation_id = ${these}`.execute(tx)).rows.map(
          ({ id }) => id,
        ),
      )
    },

    /** A number that nobody may ring any more is promised no call either. */
    async callbacks(ids: readonly string[]): Promise<void> {
      if (ids.length === 0) return
      const these = sql`any(${[...ids]}::uuid[])`
      await sql`delete from left_question where callback_id = ${these}`.execute(tx)
      await sql`delete from callback where id = ${these} and state = 'waiting'`.execute(tx)
      await sql`update callback_attempt set note = null where callback_id = ${these}`.execute(tx)
      await sql`
        update callback set phone_sealed = ${sealer.seal('')}, phone_masked = ${erasedNumber}, phone_hash = null, note = null
        where id = ${these}`.execute(tx)
    },

    async cases(ids: readonly string[]): Promise<void> {
      if (ids.length === 0) return
      await permit()
      const these = sql`any(${[...ids]}::uuid[])`
      await sql`delete from case_evidence where case_id = ${these}`.execute(tx)
      await sql`update case_event set note = ${erasedWords}, data = '{}' where case_id = ${these}`.execute(tx)
      await sql`
        update case_file set text = ${erasedWords}, contact_sealed = null, contact_masked = null
        where id = ${these}`.execute(tx)
      await sql`update work_order set person_sealed = null where case_id = ${these}`.execute(tx)
    },

    /** Nobody is known again by what identified these contacts; their passes are void. */
    async identities(contactIds: readonly string[], now: Date): Promise<void> {
      const these = sql`any(${[...contactIds]}::uuid[])`
      await sql`
        insert into withdrawn_pass (lookup_hash, withdrawn_at)
        select lookup_hash, ${now} from identity where contact_id = ${these} and kind = 'visitor'
        on conflict do nothing`.execute(tx)
      // What the platform told us holds their words and their openid; the row that says whether they follow us stays.
      await sql`
        delete from wechat_event where openid_hash in
          (select lookup_hash from identity where contact_id = ${these} and kind = 'openid')`.execute(tx)
      await sql`
        delete from wechat_kf_message where person_hash in
          (select lookup_hash from identity where contact_id = ${these} and kind = 'openid')`.execute(tx)
      await sql`
        delete from wechat_union where person_hash in
          (select lookup_hash from identity where contact_id = ${these} and kind = 'openid')`.execute(tx)
      await sql`
        delete from wechat_join where contact_id = ${these} or openid_hash in
          (select lookup_hash from identity where contact_id = ${these} and kind = 'openid')`.execute(tx)
      // The rows that others point to stay, known by a keyed hash alone; whom they were is not to be read from them.
      await sql`
        update wechat_user set openid_sealed = ${sealer.seal('')} where openid_hash in
          (select lookup_hash from identity where contact_id = ${these} and kind = 'openid'
           union select l.openid_hash from wechat_line l join conversation c on c.id = l.conversation_id
           where c.contact_id = ${these})`.execute(tx)
      await sql`delete from identity where contact_id = ${these}`.execute(tx)
      await sql`delete from person_join where contact_id = ${these} or other_id = ${these}`.execute(tx)
      await sql`delete from verified_contact where contact_id = ${these}`.execute(tx)
      await sql`delete from elder_contact where contact_id = ${these}`.execute(tx)
      await sql`update wechat_user set contact_id = null where contact_id = ${these}`.execute(tx)
      await sql`delete from elder_contact where contact_id = ${these}`.execute(tx)
    },

    /** A pass is void from now on, whether anything was ever said with it or not. */
    async withdrawPass(lookupHash: Buffer, now: Date): Promise<void> {
      await sql`
        insert into withdrawn_pass (lookup_hash, withdrawn_at) values (${lookupHash}, ${now})
        on conflict do nothing`.execute(tx)
    },

    /**
     * Conversations that ended before `before` and still hold their words, oldest first; none with an open case. They are
     * locked: of two nodes at once each takes others.
     */
    async oldConversations(before: Date, limit: number): Promise<string[]> {
      const { rows } = await sql<{ id: string }>`
        select id from conversation
        where erased_at is null and closed_at < ${before}
          and not exists (select from case_file f where f.conversation_id = conversation.id and f.closed_at is null)
        order by closed_at limit ${limit} for update skip locked`.execute(tx)
      return rows.map(({ id }) => id)
    },

    /** Files alone; that there was one stays in its turn. */
    async attachments(ids: readonly string[]): Promise<void> {
      await sql`delete from attachment where id = any(${[...ids]}::uuid[])`.execute(tx)
    },

    /** None of a conversation with an open case. */
    async oldAttachments(before: Date, limit: number): Promise<string[]> {
      const { rows } = await sql<{ id: string }>`
        select id from attachment
        where kept_at < ${before}
          and not exists (
            select from case_file f where f.conversation_id = attachment.conversation_id and f.closed_at is null)
        order by kept_at limit ${limit} for update skip locked`.execute(tx)
      return rows.map(({ id }) => id)
    },

    async oldCallbacks(before: Date, limit: number): Promise<string[]> {
      const { rows } = await sql<{ id: string }>`
        select id from callback where state = 'done' and done_at < ${before} and phone_masked <> ${erasedNumber}
        order by done_at limit ${limit} for update skip locked`.execute(tx)
      return rows.map(({ id }) => id)
    },

    async oldCases(before: Date, limit: number): Promise<string[]> {
      const { rows } = await sql<{ id: string }>`
        select id from case_file where closed_at < ${before} and text <> ${erasedWords}
        order by closed_at limit ${limit} for update skip locked`.execute(tx)
      return rows.map(({ id }) => id)
    },
  }
}

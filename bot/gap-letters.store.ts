/**
 * Who asked what was answered since: here on the line, or on no line any more, with a mobile left or known in WeChat; a
 * landline, which takes no letter, begins with 0. Reads only: numbers and letters are the desk's, gaps the knowledge base's.
 */
import { sql, type RawBuilder } from 'kysely'
import type { Channel } from '../contract/turn.ts'
import type { Db } from './tables.ts'

/** `conversationId`: where they asked last. */
export type LetterAsker = {
  gapId: string
  contactId: string
  conversationId: string
  channel: Channel
  entryId: string
  question: string
}
type Row = {
  gap_id: string
  contact_id: string
  conversation_id: string
  channel: Channel
  entry_id: string
  question: string
}

/** The same fact to the same person is one letter, for ever. */
export const gapLetterKey = (gapId: string, contactId: string) => `gap:${gapId}:${contactId}`

/** Asked with each turn; whoever tells looks again, under the locks of telling. */
export const isAnyUntold = (conversationId: string): RawBuilder<boolean> => sql`exists (
  select from conversation c
  join gap_question q on q.contact_id = c.contact_id
  join gap g on g.id = q.gap_id
  where c.id = ${conversationId} and q.told_at is null and q.gap_id is not null and g.state = 'published'
)`

export function gapLettersStore(db: Db) {
  return {
    /** The latest asked first, once a gap and contact. @param since asked. @param lately after which a closed chat still goes on. */
    async waiting(since: Date, lately: Date, limit: number): Promise<LetterAsker[]> {
      const { rows } = await sql<Row>`
        select q.gap_id, q.contact_id, g.entry_id, min(q.question) as question,
          (array_agg(q.conversation_id order by q.asked_at desc))[1] as conversation_id,
          (array_agg(asked_in.channel order by q.asked_at desc))[1] as channel
        from gap_question q join gap g on g.id = q.gap_id join conversation asked_in on asked_in.id = q.conversation_id
        where q.told_at is null and g.state = 'published' and q.asked_at >= ${since}
          and not exists (
            select from conversation c where c.contact_id = q.contact_id
              and (c.state <> 'closed' or (c.channel <> 'phone' and c.last_turn_at > ${lately})))
          and not exists (
            select from outbox_message m
            where m.idempotency_key = any (array[
              'gap:' || q.gap_id || ':' || q.contact_id, 'gap:' || q.gap_id || ':' || q.contact_id || ':wechat']))
          and (
            exists (
              select from conversation c where c.contact_id = q.contact_id
                and (exists (select from callback b where b.conversation_id = c.id and b.origin = 'asked'
                    and b.phone_masked like '1%')
                  or exists (select from case_file f where f.conversation_id = c.id and f.contact_masked like '1%')))
            or exists (
              select from identity i where i.kind = 'openid' and (i.contact_id = q.contact_id or i.contact_id in (
                select other.contact_id from verified_contact own
                join verified_contact other on other.person_id = own.person_id
                where own.contact_id = q.contact_id))))
        group by q.gap_id, q.contact_id, g.entry_id
        order by max(q.asked_at) desc
        limit ${limit}`.execute(db)
      return rows.map((row) => ({
        gapId: row.gap_id,
        contactId: row.contact_id,
        conversationId: row.conversation_id,
        channel: row.channel,
        entryId: row.entry_id,
        question: row.question,
      }))
    },
  }
}

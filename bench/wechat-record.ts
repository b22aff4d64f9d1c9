/**
 * What the database says of a run of bench:wechat: each message is one turn of a citizen, has one answer before the next
 * one, and that answer was shown once. A retry that was worked on a second time shows here, whatever the screens say.
 */
import { openDatabase } from '../server/db/database.ts'

type Record = {
  heard: number
  unanswered: number
  answeredTwice: number
  untold: number
  toldTwice: number
  /** Of each answer that was sent after the fact, from the citizen's words. */
  sentAfterMs: number[]
}

const asked = `
  with asked as (
    select conversation_id, seq, said_at, coalesce(lead(seq) over (partition by conversation_id order by seq), 2147483647) as next
      from turn where speaker = 'customer'),
  answer as (
    select asked.conversation_id, asked.seq as asked_seq, asked.said_at as asked_at, t.seq
      from asked join turn t on t.conversation_id = asked.conversation_id and t.seq > asked.seq and t.seq < asked.next
     where t.speaker <> 'customer'),
  told as (
    select answer.conversation_id, answer.seq, answer.asked_at, d.state, d.at
      from answer join wechat_delivery d on d.conversation_id = answer.conversation_id
       and answer.seq between d.from_seq and d.to_seq and d.part = 0 and d.state in ('passive', 'sent'))`

const record = `${asked}
  select (select count(*)::int from asked) as heard,
         (select count(*)::int from asked where not exists (
            select from answer where answer.conversation_id = asked.conversation_id and asked_seq = asked.seq)) as unanswered,
         (select coalesce(sum(n - 1), 0)::int from (
            select count(*) as n from answer group by conversation_id, asked_seq) as each) as "answeredTwice",
         (select count(*)::int from answer where not exists (
            select from told where told.conversation_id = answer.conversation_id and told.seq = answer.seq)) as untold,
         (select coalesce(sum(n - 1), 0)::int from (
            select count(*) as n from told group by conversation_id, seq) as each) as "toldTwice",
         (select coalesce(array_agg(extract(epoch from at - asked_at)::float8 * 1000), '{}') from told where state = 'sent')
           as "sentAfterMs"`

export async function recordOf(databaseUrl: string): Promise<Record> {
  const { pool, close } = openDatabase(databaseUrl, 1)
  try {
    const { rows } = await pool.query<Record>(record)
    const [row] = rows
    if (!row) throw new Error('a select without from gave no row')
    return row
  } finally {
    await close()
  }
}

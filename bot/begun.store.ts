/** A conversation begins: whoever comes, the conversation itself and the bot's part of it, in one statement. */
import { sql, type Selectable } from 'kysely'
import type { Insurance } from '../contract/text.ts'
import type { Channel } from '../contract/turn.ts'
import type { IdentityKind } from './contacts.store.ts'
import type { Conversation } from './conversation.ts'
import { conversationOf } from './conversations.store.ts'
import type { BotTables, Db } from './tables.ts'

type Begun = {
  /** How the channel knows them; a contact is made for one whom nobody has seen yet. */
  kind: IdentityKind
  lookupHash: Buffer
  channel: Channel
  region?: string
  insurance?: Insurance
}

export async function begin(db: Db, begun: Begun, now: Date): Promise<Conversation> {
  const { kind, lookupHash, channel, region = null, insurance = null } = begun
  const { rows } = await sql<Selectable<BotTables['conversation']>>`
    with known as (
      select contact_id from identity where kind = ${kind} and lookup_hash = ${lookupHash}
    ), made as (
      insert into contact (created_at) select ${now}::timestamptz where not exists (select from known) returning id
    ), named as (
      insert into identity (contact_id, kind, lookup_hash, created_at)
      select id, ${kind}::text, ${lookupHash}::bytea, ${now}::timestamptz from made
      on conflict (kind, lookup_hash) do update set lookup_hash = excluded.lookup_hash
      returning contact_id
    ), begun as (
      insert into conversation (contact_id, channel, region, insurance, started_at, last_turn_at)
      select contact_id, ${channel}::text, ${region}::text, ${insurance}::text, ${now}::timestamptz, ${now}::timestamptz
      from (select contact_id from known union all select contact_id from named) who
      returning *
    ), part as (
      insert into episode (conversation_id, kind, started_at) select id, 'bot', ${now}::timestamptz from begun
    )
    select * from begun`.execute(db.withTables<BotTables>())
  const [row] = rows
  if (!row) throw new Error('a conversation that has not begun')
  return conversationOf(row)
}

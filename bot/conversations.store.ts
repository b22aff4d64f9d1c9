/** Conversations in PostgreSQL. */
import { sql, type RawBuilder, type Selectable } from 'kysely'
import type { Choice } from '../contract/answer.ts'
import type { Insurance } from '../contract/text.ts'
import type { Channel, ConversationState } from '../contract/turn.ts'
import type { Conversation } from './conversation.ts'
import type { BotTables, Db } from './tables.ts'

type Row = Selectable<BotTables['conversation']>
export type ConversationsStore = ReturnType<typeof conversationsStore>

export function conversationsStore(db: Db) {
  const tables = db.withTables<BotTables>()

  async function latest(whose: RawBuilder<string>, channel: Channel, since: Date): Promise<Conversation | undefined> {
    const { rows } = await sql<Row>`
      select * from conversation
      where contact_id = ${whose} and channel = ${channel} and (last_turn_at >= ${since} or state in ('waiting', 'agent'))
      order by state = 'closed', last_turn_at desc
      limit 1`.execute(tables)
    return rows[0] && conversationOf(rows[0])
  }

  return {
    /** Takes the row's lock until the transaction ends: one turn at a time, whichever node it reached. */
    async lock(id: string): Promise<Conversation | undefined> {
      const { rows } = await sql<Row>`select * from conversation where id = ${id} for update`.execute(tables)
      return rows[0] && conversationOf(rows[0])
    },

    async find(id: string): Promise<Conversation | undefined> {
      const row = await tables.selectFrom('conversation').selectAll().where('id', '=', id).executeTakeFirst()
      return row && conversationOf(row)
    },

    /** One that is open comes before any that is closed; one that a person has, or is asked for, however old it is. */
    latestOf: (contactId: string, channel: Channel, since: Date): Promise<Conversation | undefined> =>
      latest(sql`${contactId}::uuid`, channel, since),

    /** As latestOf, of whoever this identifier belongs to. */
    latestOfIdentity(
      { kind, lookupHash, channel }: { kind: BotTables['identity']['kind']; lookupHash: Buffer; channel: Channel },
      since: Date,
    ): Promise<Conversation | undefined> {
      const whose = sql<string>`(select contact_id from identity where kind = ${kind} and lookup_hash = ${lookupHash})`
      return latest(whose, channel, since)
    },

    /** Newest first, without `except`: what the agent sees as history. */
    async historyOf(contactIds: readonly string[], except: string, limit: number, offset = 0): Promise<Conversation[]> {
      const rows = await tables
        .selectFrom('conversation')
        .selectAll()
        .where('contact_id', 'in', contactIds)
        .where('id', '!=', except)
        .orderBy('last_turn_at', 'desc')
        .orderBy('id')
        .limit(limit)
        .offset(offset)
        .execute()
      return rows.map(conversationOf)
    },

    async historyTotal(contactIds: readonly string[], except: string): Promise<number> {
      const { count } = await tables
        .selectFrom('conversation')
        .select((row) => row.fn.countAll<number>().as('count'))
        .where('contact_id', 'in', contactIds)
        .where('id', '!=', except)
        .executeTakeFirstOrThrow()
      return count
    },

    /** `agentId` goes with the state 'agent' and with no other; closing notes the time. */
    async setState(id: string, state: ConversationState, now: Date, agentId?: string): Promise<void> {
      await tables
        .updateTable('conversation')
        .set((e) => ({
          state,
          agent_id: state === 'agent' ? (agentId ?? null) : null,
          first_asked_agent_id: e.fn.coalesce(
            'first_asked_agent_id',
            e.val(state === 'agent' ? (agentId ?? null) : null),
          ),
          closed_at: state === 'closed' ? now : null,
        }))
        .where('id', '=', id)
        .execute()
    },

    async setMisses(id: string, misses: number): Promise<void> {
      await tables.updateTable('conversation').set({ misses }).where('id', '=', id).execute()
    },

    async setPendingChoices(id: string, choices: readonly Choice[]): Promise<void> {
      const kept = choices.length > 0 ? JSON.stringify(choices) : null
      await tables.updateTable('conversation').set({ pending_choices: kept }).where('id', '=', id).execute()
    },

    async setScope(id: string, scope: { region?: string; insurance?: Insurance }): Promise<void> {
      const set = { region: scope.region ?? null, insurance: scope.insurance ?? null }
      await tables.updateTable('conversation').set(set).where('id', '=', id).execute()
    },

    /** With the bot, nothing said since `before`: candidates for ending by silence. */
    async silentSince(before: Date, limit: number): Promise<string[]> {
      const rows = await tables
        .selectFrom('conversation')
        .select('id')
        .where('state', '=', 'bot')
        .where('last_turn_at', '<', before)
        .orderBy('last_turn_at')
        .limit(limit)
        .execute()
      return rows.map((row) => row.id)
    },

    async ofAgent(agentId: string): Promise<Conversation[]> {
      const rows = await tables
        .selectFrom('conversation')
        .selectAll()
        .where('state', '=', 'agent')
        .where('agent_id', '=', agentId)
        .orderBy('last_turn_at', 'desc')
        .execute()
      return rows.map(conversationOf)
    },

    /** Who holds a conversation now. */
    async holders(): Promise<string[]> {
      const rows = await tables
        .selectFrom('conversation')
        .select('agent_id')
        .distinct()
        .where('state', '=', 'agent')
        .execute()
      return rows.flatMap((row) => row.agent_id ?? [])
    },

    /** @returns false where as much had been read before. */
    async setRead(id: string, seq: number, now: Date): Promise<boolean> {
      const { numUpdatedRows } = await tables
        .updateTable('conversation')
        .set({ read_seq: seq, read_at: now })
        .where('id', '=', id)
        .where('read_seq', '<', seq)
        .executeTakeFirst()
      return numUpdatedRows > 0n
    },

    /** How much is in each agent's hands, by channel. */
    async heldByEach(): Promise<{ agentId: string; channel: Channel; id: string }[]> {
      const rows = await tables
        .selectFrom('conversation')
        .select(['id', 'agent_id', 'channel'])
        .where('state', '=', 'agent')
        .execute()
      return rows.flatMap(({ id, agent_id, channel }) => (agent_id ? [{ agentId: agent_id, channel, id }] : []))
    },

    async idsOfContact(contactId: string): Promise<string[]> {
      const rows = await tables.selectFrom('conversation').select('id').where('contact_id', '=', contactId).execute()
      return rows.map((row) => row.id)
    },

    async withIds(ids: readonly string[]): Promise<Conversation[]> {
      if (ids.length === 0) return []
      const rows = await tables.selectFrom('conversation').selectAll().where('id', 'in', ids).execute()
      return rows.map(conversationOf)
    },
  }
}

export function conversationOf(row: Row): Conversation {
  return {
    id: row.id,
    contactId: row.contact_id,
    channel: row.channel,
    state: row.state,
    agentId: row.agent_id ?? undefined,
    firstAskedAgentId: row.first_asked_agent_id ?? undefined,
    region: row.region ?? undefined,
    insurance: row.insurance ?? undefined,
    misses: row.misses,
    lastSeq: row.last_seq,
    readSeq: row.read_seq,
    pendingChoices: row.pending_choices ?? [],
    startedAt: row.started_at,
    lastTurnAt: row.last_turn_at,
  }
}

/** Episodes: the units that are rated. At most one of bot or agent is open in a conversation. */
import { sql, type Kysely } from 'kysely'
import type { BotTables, Db, EpisodeEnd } from './tables.ts'

export type Episode = {
  id: string
  conversationId: string
  kind: 'bot' | 'agent' | 'case'
  staffId?: string
  startedAt: Date
}
export type EpisodesStore = ReturnType<typeof episodesStore>

export function episodesStore(db: Db) {
  const tables = db.withTables<BotTables>()
  return {
    async begin(episode: {
      conversationId: string
      kind: Episode['kind']
      staffId?: string
      now: Date
    }): Promise<string> {
      const { id } = await tables
        .insertInto('episode')
        .values({
          conversation_id: episode.conversationId,
          kind: episode.kind,
          staff_id: episode.staffId ?? null,
          started_at: episode.now,
          ended_at: null,
          ended_by: null,
        })
        .returning('id')
        .executeTakeFirstOrThrow()
      return id
    },

    async endOpen(conversationId: string, endedBy: EpisodeEnd, now: Date): Promise<void> {
      await tables
        .updateTable('episode')
        .set({ ended_at: now, ended_by: endedBy })
        .where('conversation_id', '=', conversationId)
        .where('ended_at', 'is', null)
        .where('kind', 'in', ['bot', 'agent'])
        .execute()
    },

    async end(id: string, endedBy: EpisodeEnd, now: Date): Promise<void> {
      await tables.updateTable('episode').set({ ended_at: now, ended_by: endedBy }).where('id', '=', id).execute()
    },

    /** The agent's part that goes on now. */
    async openOfAgent(conversationId: string): Promise<{ id: string } | undefined> {
      return tables
        .selectFrom('episode')
        .select('id')
        .where('conversation_id', '=', conversationId)
        .where('ended_at', 'is', null)
        .where('kind', '=', 'agent')
        .executeTakeFirst()
    },

    /** Whether this agent has, or had, a part there. */
    async hasServed(conversationId: string, staffId: string): Promise<boolean> {
      const row = await tables
        .selectFrom('episode')
        .select('id')
        .where('conversation_id', '=', conversationId)
        .where('kind', '=', 'agent')
        .where('staff_id', '=', staffId)
        .limit(1)
        .executeTakeFirst()
      return row !== undefined
    },

    /** Agents' parts there that ended without a 小结, because the citizen was quicker; the newest first. */
    async withoutSummary(conversationId: string): Promise<{ id: string; staffId: string }[]> {
      const rows = await tables
        .selectFrom('episode')
        .select(['episode.id', 'staff_id'])
        .where('conversation_id', '=', conversationId)
        .where('kind', '=', 'agent')
        .where('ended_by', 'in', endsOfCitizens)
        .where((e) =>
          e.not(e.exists(e.selectFrom('summary').select('episode_id').whereRef('episode_id', '=', 'episode.id'))),
        )
        .orderBy('started_at', 'desc')
        .execute()
      return rows.flatMap(({ id, staff_id: staffId }) => (staffId ? [{ id, staffId }] : []))
    },

    /** Their last part was an agent's, and ended since then because they fell silent. */
    async fellSilentAtDesk(conversationId: string, since: Date): Promise<boolean> {
      const row = await tables
        .selectFrom('episode')
        .select(['kind', 'ended_by', 'ended_at'])
        .where('conversation_id', '=', conversationId)
        .where('kind', 'in', ['bot', 'agent'])
        .orderBy('started_at', 'desc')
        .limit(1)
        .executeTakeFirst()
      return row?.kind === 'agent' && row.ended_by === 'silence' && row.ended_at !== null && row.ended_at >= since
    },

    /** What came after the parts `asked` about, the newest first, and whether its side said anything but "please rate". */
    async servedSince(conversationId: string, asked: readonly string[]): Promise<(Episode & { spoke: boolean })[]> {
      const rows = await tables
        .selectFrom('episode')
        .selectAll()
        .select((e) => e.exists(saidIn(tables)).as('spoke'))
        .where('conversation_id', '=', conversationId)
        .where('kind', 'in', ['bot', 'agent'])
        .orderBy('started_at', 'desc')
        .execute()
      const before = rows.findIndex((episode) => asked.includes(episode.id))
      const since = before < 0 ? rows : rows.slice(0, before)
      return since.map((row) => ({ ...fromRow(row), spoke: Boolean(row.spoke) }))
    },

    async find(id: string): Promise<Episode | undefined> {
      const row = await tables.selectFrom('episode').selectAll().where('id', '=', id).executeTakeFirst()
      return row && fromRow(row)
    },

    /** Who of the desk had one of these conversations last. */
    async lastAgentOf(conversationIds: readonly string[], since: Date): Promise<string | undefined> {
      if (conversationIds.length === 0) return undefined
      const row = await tables
        .selectFrom('episode')
        .select('staff_id')
        .where('conversation_id', 'in', conversationIds)
        .where('kind', '=', 'agent')
        .where('started_at', '>=', since)
        .orderBy('started_at', 'desc')
        .limit(1)
        .executeTakeFirst()
      return row?.staff_id ?? undefined
    },

    /** Mean length of the last `count` ended agent episodes, in seconds; undefined when there is none. */
    async averageAgentSeconds(count: number): Promise<number | undefined> {
      const rows = await tables
        .selectFrom('episode')
        .select(['started_at', 'ended_at'])
        .where('kind', '=', 'agent')
        .where('ended_at', 'is not', null)
        .orderBy('ended_at', 'desc')
        .limit(count)
        .execute()
      if (rows.length === 0) return undefined
      const seconds = rows.map((row) => ((row.ended_at?.getTime() ?? 0) - row.started_at.getTime()) / 1_000)
      return seconds.reduce((sum, one) => sum + one, 0) / seconds.length
    },
  }
}

/** By these a part ends before its agent has summed it up. */
const endsOfCitizens: EpisodeEnd[] = ['citizen', 'goodbye', 'silence']

const saidIn = (tables: Kysely<BotTables>) =>
  tables
    .selectFrom('turn')
    .select('turn.seq')
    .where(sql<boolean>`turn.conversation_id = episode.conversation_id and turn.speaker = episode.kind`)
    .where(sql<boolean>`turn.staff_id is not distinct from episode.staff_id`)
    .where(sql<boolean>`turn.said_at between episode.started_at and episode.ended_at`)
    .where(sql<boolean>`turn.extras -> 'rating' is null`)

type Row = { id: string; conversation_id: string; kind: Episode['kind']; staff_id: string | null; started_at: Date }

function fromRow(row: Row): Episode {
  return {
    id: row.id,
    conversationId: row.conversation_id,
    kind: row.kind,
    staffId: row.staff_id ?? undefined,
    startedAt: row.started_at,
  }
}

/** The queue of those who wait for a person, in PostgreSQL. A conversation waits once, and one agent wins it. */
import { sql, type Selectable } from 'kysely'
import type { HandoverFlag } from '../contract/queue.ts'
import { inPlace, priorityOf } from './handover.ts'
import type { QueueTables } from './queue-tables.ts'
import type { Db, DeskTables, HandoverReason } from './tables.ts'

export type HandoversStore = ReturnType<typeof handoversStore>
export type Waiting = {
  id: string
  conversationId: string
  reason: HandoverReason
  note?: string
  priority: number
  askedAt: Date
  flags: HandoverFlag[]
  skillId?: string
  /** Wanted by whoever gave them up, wherever the conversation is held. */
  region?: string
  /** Who had them the last time; after a transfer or a lost agent, who gave them up. */
  lastAgentId?: string
  /** How many of the roster have been told of it. */
  escalated: number
}
export type Asked = {
  conversationId: string
  reason: HandoverReason
  note?: string
  flags?: readonly HandoverFlag[]
  skillId?: string
  region?: string
  lastAgentId?: string
  /** Absent: they wait for an answer. */
  isOwed?: boolean
}

export function handoversStore(db: Db) {
  const d = db.withTables<DeskTables & Pick<QueueTables, 'queue_setting'>>()
  const waiting = () => d.selectFrom('handover').where('claimed_at', 'is', null).where('left_at', 'is', null)

  return {
    /**
     * Whoever waits already keeps the time they asked at; a more pressing reason still moves them forward.
     * @returns `joined`: the conversation was not waiting before.
     */
    async ask(asked: Asked, now: Date): Promise<{ id: string; askedAt: Date; joined: boolean }> {
      const row = await d
        .insertInto('handover')
        .values({
          conversation_id: asked.conversationId,
          reason: asked.reason,
          note: asked.note ?? null,
          priority: priorityOf(asked.reason, asked.flags ?? [], asked.isOwed),
          flags: [...(asked.flags ?? [])],
          skill_id: asked.skillId ?? null,
          region: asked.region ?? null,
          last_agent_id: asked.lastAgentId ?? null,
          asked_at: now,
          claimed_by: null,
          claimed_at: null,
          left_at: null,
        })
        .onConflict((known) =>
          known
            .column('conversation_id')
            .where('claimed_at', 'is', null)
            .where('left_at', 'is', null)
            .doUpdateSet({
              reason: sql`case when excluded.priority > handover.priority then excluded.reason else handover.reason end`,
              priority: sql`greatest(handover.priority, excluded.priority)`,
              flags: sql`array(select distinct unnest(handover.flags || excluded.flags) order by 1)`,
            }),
        )
        // xmax is 0 in a row that was inserted, and not in one that was updated.
        .returning(['id', 'asked_at', sql<boolean>`xmax = 0`.as('joined')])
        .executeTakeFirstOrThrow()
      return { id: row.id, askedAt: row.asked_at, joined: row.joined }
    },

    /** @returns false when nobody waits there any more: somebody was faster, or the citizen left. */
    async claim(conversationId: string, staffId: string, now: Date, by: 'hand' | 'queue' = 'hand'): Promise<boolean> {
      const { numUpdatedRows } = await d
        .updateTable('handover')
        .set({ claimed_by: staffId, claimed_at: now, assigned: by === 'queue' })
        .where('conversation_id', '=', conversationId)
        .where('claimed_at', 'is', null)
        .where('left_at', 'is', null)
        .executeTakeFirstOrThrow()
      return numUpdatedRows > 0n
    },

    /** @returns false when the conversation was not waiting. */
    async leave(conversationId: string, now: Date): Promise<boolean> {
      const { numUpdatedRows } = await d
        .updateTable('handover')
        .set({ left_at: now })
        .where('conversation_id', '=', conversationId)
        .where('claimed_at', 'is', null)
        .where('left_at', 'is', null)
        .executeTakeFirstOrThrow()
      return numUpdatedRows > 0n
    },

    /** Whoever it was given to has it before them. */
    async takenUp(conversationId: string, staffId: string, now: Date): Promise<void> {
      await d
        .updateTable('handover')
        .set({ taken_up_at: now })
        .where('conversation_id', '=', conversationId)
        .where('claimed_by', '=', staffId)
        .where('assigned', '=', true)
        .where('taken_up_at', 'is', null)
        .execute()
    },

    /** Given by the queue at this moment or before, and not looked at since. One conversation may be named again later. */
    async notTakenUp(givenAt: Date): Promise<{ conversationId: string; staffId: string; claimedAt: Date }[]> {
      const rows = await d
        .selectFrom('handover')
        .select(['conversation_id', 'claimed_by', 'claimed_at'])
        .where('assigned', '=', true)
        .where('taken_up_at', 'is', null)
        .where('claimed_at', '<=', givenAt)
        .execute()
      return rows.flatMap(({ conversation_id: conversationId, claimed_by: staffId, claimed_at: claimedAt }) =>
        staffId && claimedAt ? [{ conversationId, staffId, claimedAt }] : [],
      )
    },

    /** How many were taken since then, by how many agents, from when on, and within how long three of four of them were. */
    async servedSince(
      since: Date,
    ): Promise<{ served: number; servers: number; usualWaitSeconds: number; firstAt?: Date }> {
      const { rows } = await sql<{ served: number; servers: number; waited: number | null; first_at: Date | null }>`
        select count(*)::int as served, count(distinct claimed_by)::int as servers, min(claimed_at) as first_at,
          percentile_cont(0.75) within group (order by extract(epoch from claimed_at - asked_at))::float8 as waited
        from handover where claimed_at >= ${since}`.execute(db)
      const [{ served = 0, servers = 0, waited = null, first_at: firstAt = null } = {}] = rows
      return { served, servers, usualWaitSeconds: Math.max(0, waited ?? 0), ...(firstAt && { firstAt }) }
    },

    /** When each agent was given or took somebody last. */
    async lastClaims(since: Date): Promise<Map<string, Date>> {
      const rows = await d
        .selectFrom('handover')
        .select((e) => ['claimed_by', e.fn.max('claimed_at').as('at')])
        .where('claimed_at', '>=', since)
        .groupBy('claimed_by')
        .execute()
      return new Map(rows.flatMap(({ claimed_by, at }) => (claimed_by && at ? [[claimed_by, at]] : [])))
    },

    /** Somebody of the desk took one of these since then. */
    async wasServed(conversationIds: readonly string[], since: Date): Promise<boolean> {
      if (conversationIds.length === 0) return false
      const row = await d
        .selectFrom('handover')
        .select('id')
        .where('conversation_id', 'in', conversationIds)
        .where('claimed_at', '>=', since)
        .limit(1)
        .executeTakeFirst()
      return row !== undefined
    },

    /** Whom whoever has them now was found by. */
    async lastWanted(conversationId: string): Promise<Pick<Waiting, 'skillId' | 'region'> | undefined> {
      const row = await d
        .selectFrom('handover')
        .select(['skill_id', 'region'])
        .where('conversation_id', '=', conversationId)
        .where('claimed_at', 'is not', null)
        .orderBy('asked_at', 'desc')
        .limit(1)
        .executeTakeFirst()
      return row && { skillId: row.skill_id ?? undefined, region: row.region ?? undefined }
    },

    /** The newest that was left without anybody: whose place a callback keeps. */
    async lastLeft(conversationId: string, since: Date): Promise<{ askedAt: Date; priority: number } | undefined> {
      const row = await d
        .selectFrom('handover')
        .select(['asked_at', 'priority'])
        .where('conversation_id', '=', conversationId)
        .where('left_at', '>=', since)
        .orderBy('asked_at', 'desc')
        .limit(1)
        .executeTakeFirst()
      return row && { askedAt: row.asked_at, priority: row.priority }
    },

    /** One more of the roster is told. @returns false when somebody else told them, or nobody waits there any more. */
    async escalate({ id, escalated }: Pick<Waiting, 'id' | 'escalated'>, now: Date): Promise<boolean> {
      const { numUpdatedRows } = await d
        .updateTable('handover')
        .set({ escalated: escalated + 1, escalated_at: now })
        .where('id', '=', id)
        .where('escalated', '=', escalated)
        .where('claimed_at', 'is', null)
        .where('left_at', 'is', null)
        .executeTakeFirstOrThrow()
      return numUpdatedRows > 0n
    },

    async find(conversationId: string): Promise<Waiting | undefined> {
      const row = await waiting().selectAll().where('conversation_id', '=', conversationId).executeTakeFirst()
      return row && fromRow(row)
    },

    /** Those of these conversations that wait. */
    async waitingOf(conversationIds: readonly string[]): Promise<Waiting[]> {
      if (conversationIds.length === 0) return []
      return (await waiting().selectAll().where('conversation_id', 'in', conversationIds).execute()).map(fromRow)
    },

    /** How many wait at this moment, and since when the first of them: the one count for whoever tells of it. */
    async waitingNow(): Promise<{ waiting: number; since?: Date }> {
      const { rows } = await sql<{ waiting: number; since: Date | null }>`
        select count(*) as waiting, min(h.asked_at) as since
        from handover h join conversation c on c.id = h.conversation_id
        where h.claimed_at is null and h.left_at is null and c.state = 'waiting'`.execute(db)
      const [{ waiting, since } = { waiting: 0, since: null }] = rows
      return { waiting, ...(since && { since }) }
    },

    /** First to be served first. */
    async waitingList(): Promise<Waiting[]> {
      const rows = await waiting()
        .innerJoin('queue_setting', (on) => on.onTrue())
        .selectAll('handover')
        .select('age_minutes')
        .execute()
      return rows.map(fromRow).sort(inPlace(rows[0]?.age_minutes ?? 0))
    },
  }
}

function fromRow(row: Selectable<DeskTables['handover']>): Waiting {
  return {
    id: row.id,
    conversationId: row.conversation_id,
    reason: row.reason,
    note: row.note ?? undefined,
    priority: row.priority,
    askedAt: row.asked_at,
    flags: row.flags,
    skillId: row.skill_id ?? undefined,
    region: row.region ?? undefined,
    lastAgentId: row.last_agent_id ?? undefined,
    escalated: row.escalated,
  }
}

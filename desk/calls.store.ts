/** Telephone calls in PostgreSQL, and the two figures a hotline is inspected by. */
import { sql } from 'kysely'
import { callbackLine, type CallEnd, type CallEventKind } from '../contract/phone-events.ts'
import type { Db, DeskTables } from './tables.ts'

export type CallsStore = ReturnType<typeof callsStore>

/** Of the calls offered to us in a stretch of time; callbacks are ours to others and do not count. Shares are in [0, 1]; null where nothing was offered. */
export type CallFigures = {
  offered: number
  answered: number
  /** 接通率 */
  answeredShare: number | null
  pickedUpWithin15s: number
  pickedUpWithin15sShare: number | null
  refused: number
  toPerson: number
  /** Answered, and ended without anybody of the desk. */
  byBotAlone: number
}

const promptSeconds = 15
/** Moments that the call's own row keeps; the first one counts. */
const momentOf: Partial<Record<CallEventKind, 'picked_up_at' | 'person_asked_at' | 'person_at'>> = {
  'picked-up': 'picked_up_at',
  queued: 'person_asked_at',
  person: 'person_at',
}

export function callsStore(db: Db) {
  const d = db.withTables<DeskTables>()
  return {
    /** @param id chosen by the phone, which can so end a call that it never heard the beginning of */
    async begin(call: {
      id: string
      node: string
      callId: string
      line: string
      conversationId: string
      at: Date
    }): Promise<void> {
      await d
        .insertInto('call')
        .values({ ...offered(call), id: call.id, conversation_id: call.conversationId })
        .execute()
    },

    /** How often the callers of these conversations rang since then. */
    async countSince(conversationIds: readonly string[], since: Date): Promise<number> {
      if (conversationIds.length === 0) return 0
      const { count } = await d
        .selectFrom('call')
        .select((e) => e.fn.countAll<number>().as('count'))
        .where('conversation_id', 'in', conversationIds)
        .where('offered_at', '>=', since)
        .where('line', '!=', callbackLine)
        .executeTakeFirstOrThrow()
      return count
    },

    /** Offered and not taken, because the hotline was full or draining. */
    async refuse(call: { node: string; callId: string; line: string; at: Date }): Promise<void> {
      await d
        .insertInto('call')
        .values({ ...offered(call), conversation_id: null, ended_at: call.at, ended_by: 'refused' })
        .onConflict((known) => known.doNothing())
        .execute()
    },

    async note(id: string, event: { kind: CallEventKind; at: Date; detail?: string }): Promise<void> {
      const { kind, at, detail } = event
      const column = momentOf[kind]
      if (column)
        await d
          .updateTable('call')
          .set({ [column]: at })
          .where('id', '=', id)
          .where(column, 'is', null)
          .execute()
      await d
        .insertInto('call_event')
        .values((row) => ({
          call_id: id,
          seq: row
            .selectFrom('call_event')
            .select(sql<number>`coalesce(max(seq), 0) + 1`.as('next'))
            .where('call_id', '=', id),
          kind,
          at,
          detail: detail ?? null,
        }))
        .execute()
    },

    /** @returns the conversation of a call that ended just now; undefined when it had ended before. */
    async end(id: string, endedBy: CallEnd, at: Date): Promise<string | undefined> {
      const row = await d
        .updateTable('call')
        .set({ ended_at: at, ended_by: endedBy })
        .where('id', '=', id)
        .where('ended_at', 'is', null)
        .returning('conversation_id')
        .executeTakeFirst()
      return row?.conversation_id ?? undefined
    },

    /** A node that comes back without its calls: whatever it still had open has gone with it. */
    async endAllOf(node: string, at: Date): Promise<string[]> {
      const rows = await d
        .updateTable('call')
        .set({ ended_at: at, ended_by: 'failed' })
        .where('node', '=', node)
        .where('ended_at', 'is', null)
        .returning('conversation_id')
        .execute()
      return rows.flatMap((row) => row.conversation_id ?? [])
    },

    /** A caller of this conversation is on the line now. */
    async isUp(conversationId: string): Promise<boolean> {
      const row = await d
        .selectFrom('call')
        .select('id')
        .where('conversation_id', '=', conversationId)
        .where('ended_at', 'is', null)
        .limit(1)
        .executeTakeFirst()
      return row !== undefined
    },

    async ofConversation(conversationId: string) {
      return d
        .selectFrom('call')
        .selectAll()
        .where('conversation_id', '=', conversationId)
        .orderBy('offered_at')
        .execute()
    },

    async figures(from: Date, to: Date): Promise<CallFigures> {
      const row = await d
        .selectFrom('call')
        .select((call) => [
          call.fn.countAll<number>().as('offered'),
          sql<number>`count(picked_up_at)`.as('answered'),
          sql<number>`count(*) filter (where picked_up_at - offered_at <= make_interval(secs => ${promptSeconds}))`.as(
            'prompt',
          ),
          sql<number>`count(*) filter (where ended_by = 'refused')`.as('refused'),
          sql<number>`count(person_at)`.as('toPerson'),
          sql<number>`count(*) filter (where picked_up_at is not null and ended_at is not null and person_at is null)`.as(
            'byBotAlone',
          ),
        ])
        .where('offered_at', '>', from)
        .where('offered_at', '<=', to)
        .where('line', '<>', callbackLine)
        .executeTakeFirstOrThrow()
      const share = (part: number) => (row.offered > 0 ? part / row.offered : null)
      return {
        offered: row.offered,
        answered: row.answered,
        answeredShare: share(row.answered),
        pickedUpWithin15s: row.prompt,
        pickedUpWithin15sShare: share(row.prompt),
        refused: row.refused,
        toPerson: row.toPerson,
        byBotAlone: row.byBotAlone,
      }
    },
  }
}

function offered(call: { node: string; callId: string; line: string; at: Date }) {
  return {
    node: call.node,
    sip_call_id: call.callId,
    line: call.line,
    offered_at: call.at,
    picked_up_at: null,
    person_asked_at: null,
    person_at: null,
    ended_at: null,
    ended_by: null,
  }
}

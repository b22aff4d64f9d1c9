/** Callbacks as the desk reads them: which are owed, to whom, what about, in whose hands. Numbers masked, words too. */
import { sql, type RawBuilder } from 'kysely'
import type {
  AttemptOutcome,
  CallbackAttempt,
  CallbackDetail,
  CallbackOrigin,
  CallbackResult,
  CallbacksQuery,
  CallbacksView,
  CallbackView,
} from '../contract/callback.ts'
import { triesIn } from './callback-tries.ts'
import { maskText } from './masking.ts'
import type { Db } from './tables.ts'

const askedChars = 80

export function callbackListStore(db: Db) {
  return {
    /** @param staffId who looks: what is in their own hands. */
    async list(
      { list, matter, region, limit, offset }: CallbacksQuery,
      staffId: string,
      now: Date,
    ): Promise<CallbacksView> {
      const which: Record<CallbacksQuery['list'], RawBuilder<unknown>> = {
        waiting: sql`b.state = 'waiting'`,
        late: sql`b.state = 'waiting' and b.due_at < ${now}`,
        mine: sql`b.state = 'waiting' and b.claimed_by = ${staffId}`,
        free: sql`b.state = 'waiting' and b.claimed_by is null`,
        closed: sql`b.state = 'done'`,
      }
      const filtered = sql`from callback b join conversation c on c.id = b.conversation_id
        where ${which[list]} and ${matter ? sql`b.skill_id = ${matter}` : sql`true`}
          and ${region ? sql`c.region = ${region}` : sql`true`}`
      const inOrder = list === 'closed' ? sql`b.done_at desc, b.id` : sql`b.due_at, b.priority desc, b.asked_at, b.id`
      const { rows } = await sql<{ id: string }>`
        select b.id ${filtered} order by ${inOrder} limit ${limit} offset ${offset}`.execute(db)
      const {
        rows: [counted],
      } = await sql<{ total: number }>`select count(*)::int as total ${filtered}`.execute(db)
      const shown = await views(rows.map(({ id }) => id))
      return { callbacks: shown, total: counted?.total ?? 0, ...(await standing(staffId, now)) }
    },

    /** One, with what was tried. */
    async find(id: string): Promise<Omit<CallbackDetail, 'said' | 'mostTries'> | undefined> {
      const [view] = await views([id])
      if (!view) return undefined
      const { rows } = await sql<{ note: string | null; done_by: string | null }>`
        select b.note, s.work_number as done_by from callback b left join staff s on s.id = b.done_by
        where b.id = ${id}`.execute(db)
      const [{ note = null, done_by: doneBy = null } = {}] = rows
      return {
        ...view,
        attempts: await attemptsOf(id),
        ...(note && { note }),
        ...(doneBy && { doneBy }),
      }
    },
  }

  async function standing(staffId: string, now: Date): Promise<Pick<CallbacksView, 'counts' | 'matters' | 'regions'>> {
    const { rows } = await sql<CallbacksView['counts']>`
      select count(*)::int as waiting, count(*) filter (where due_at < ${now})::int as late,
        count(*) filter (where claimed_by = ${staffId})::int as mine,
        count(*) filter (where claimed_by is null)::int as free
      from callback where state = 'waiting'`.execute(db)
    const matters = await sql<{ id: string; name: string }>`
      select distinct s.id, s.name from callback b join skill s on s.id = b.skill_id
      where b.state = 'waiting' order by s.name`.execute(db)
    const regions = await sql<{ region: string }>`
      select distinct c.region from callback b join conversation c on c.id = b.conversation_id
      where b.state = 'waiting' and c.region is not null order by c.region`.execute(db)
    return {
      counts: rows[0] ?? { waiting: 0, late: 0, mine: 0, free: 0 },
      matters: matters.rows,
      regions: regions.rows.map(({ region }) => region),
    }
  }

  /**
   * In this order. What they asked the bot last is what it is about; who asked it nothing is
   * quoted as they began, unless that was a rating.
   */
  async function views(ids: readonly string[]): Promise<CallbackView[]> {
    if (ids.length === 0) return []
    const { rows } = await sql<Row>`
      select b.id, b.conversation_id, b.phone_masked, b.origin, b.asked_at, b.due_at, b.state, b.result, b.done_at,
        holder.work_number as holder, k.name as matter, c.region,
        coalesce(
          (select q.question from served_answer q where q.conversation_id = b.conversation_id order by q.seq desc limit 1),
          (select t.text from turn t where t.conversation_id = b.conversation_id and t.speaker = 'customer'
              and not exists (select from turn after where after.conversation_id = t.conversation_id
                and after.seq = t.seq + 1 and after.extras ? 'aboutRating')
            order by t.seq limit 1)) as asked,
        exists (select from left_question l where l.callback_id = b.id) as has_recording,
        array(select a.at from callback_attempt a where a.callback_id = b.id and a.outcome = 'not_reached'
          and a.at >= coalesce(b.asked_again_at, b.asked_at)) as unanswered
      from callback b join conversation c on c.id = b.conversation_id
        left join skill k on k.id = b.skill_id left join staff holder on holder.id = b.claimed_by
      where b.id = any(${[...ids]}::uuid[]) and b.state <> 'merged'`.execute(db)
    const found = new Map(rows.map((row) => [row.id, fromRow(row)]))
    return ids.flatMap((id) => found.get(id) ?? [])
  }

  async function attemptsOf(id: string): Promise<CallbackAttempt[]> {
    const { rows } = await sql<{
      at: Date
      work_number: string
      outcome: AttemptOutcome
      note: string | null
      conversation_id: string | null
    }>`
      select a.at, s.work_number, a.outcome, a.note, a.conversation_id
      from callback_attempt a join staff s on s.id = a.staff_id where a.callback_id = ${id} order by a.at, a.id`.execute(
      db,
    )
    return rows.map(({ at, work_number: by, outcome, note, conversation_id: conversationId }) => ({
      ...{ at: at.toISOString(), by, outcome },
      ...(note && { note }),
      ...(conversationId && { conversationId }),
    }))
  }
}

type Row = {
  id: string
  conversation_id: string
  phone_masked: string
  origin: CallbackOrigin
  asked_at: Date
  due_at: Date
  state: 'waiting' | 'done'
  result: CallbackResult | null
  done_at: Date | null
  holder: string | null
  matter: string | null
  region: string | null
  asked: string | null
  has_recording: boolean
  unanswered: Date[]
}

function fromRow(row: Row): CallbackView {
  const { id, origin, state, holder, matter, region, result } = row
  return {
    ...{ id, origin, state, conversationId: row.conversation_id, phone: row.phone_masked },
    ...{ askedAt: row.asked_at.toISOString(), dueAt: row.due_at.toISOString() },
    ...{ tries: triesIn(row.unanswered), hasRecording: row.has_recording },
    ...(holder && { holder }),
    ...(matter && { matter }),
    ...(region && { region }),
    ...(row.asked && { asked: cut(maskText(row.asked)) }),
    ...(result && { result }),
    ...(row.done_at && { doneAt: row.done_at.toISOString() }),
  }
}

const cut = (words: string) => (words.length > askedChars ? `${words.slice(0, askedChars)}…` : words)

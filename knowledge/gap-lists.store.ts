/** Gaps as editors see them. Reads only. */
import { sql } from 'kysely'
import type { GapCause, GapExample, GapRow, GapState, GapView } from '../contract/gap.ts'
import { gapsStore } from './gaps.store.ts'
import type { Db, KnowledgeTables } from './tables.ts'

export type GapsFilter = {
  state?: GapState
  cause?: GapCause
  ownerId?: string
  overdue?: boolean
  q?: string
  limit: number
  offset: number
}

// The owner is shown by name; nothing else of the desk's table is read here.
type Tables = KnowledgeTables & { staff: { id: string; display_name: string } }

const examplesShown = 50
const wordingsShown = 60

export function gapListsStore(db: Db) {
  const d = db.withTables<Tables>()
  const asked = () =>
    d
      .selectFrom('gap_question')
      .select('gap_id')
      .select((e) => [e.fn.countAll<number>().as('asked'), e.fn.count<number>('contact_id').distinct().as('askers')])
      .where('gap_id', 'is not', null)
      .groupBy('gap_id')
      .as('a')
  const rows = () =>
    d.selectFrom('gap as g').innerJoin(asked(), 'a.gap_id', 'g.id').leftJoin('staff as owner', 'owner.id', 'g.owner_id')

  return {
    /** What is overdue comes first, then what is asked most. @param today YYYY-MM-DD in the bureau's zone. */
    async list(filter: GapsFilter, today: string): Promise<{ rows: GapRow[]; total: number }> {
      const late = sql<boolean>`coalesce(g.due_on < ${today}::date and g.state in ('open', 'drafting'), false)`
      let wanted = rows()
      if (filter.state) wanted = wanted.where('g.state', '=', filter.state)
      if (filter.ownerId) wanted = wanted.where('g.owner_id', '=', filter.ownerId)
      if (filter.overdue) wanted = wanted.where(late)
      const { cause, q } = filter
      if (cause || q) {
        const part = q && `%${q.replace(/[\\%_]/g, '\\$&')}%`
        wanted = wanted.where((e) => {
          let any = e.selectFrom('gap_question as x').select('x.seq').whereRef('x.gap_id', '=', 'g.id')
          if (cause) any = any.where('x.cause', '=', cause)
          if (part) any = any.where('x.question', 'ilike', part)
          return e.exists(any)
        })
      }
      const { total } = await wanted.select(sql<number>`count(*)`.as('total')).executeTakeFirstOrThrow()
      const found = await wanted
        .select(shown)
        .select(late.as('overdue'))
        .orderBy('overdue', 'desc')
        .orderBy('a.asked', 'desc')
        .orderBy('g.last_asked_at', 'desc')
        .orderBy('g.id')
        .limit(filter.limit)
        .offset(filter.offset)
        .execute()
      return { rows: found.map(toRow), total }
    },

    async view(id: string, today: string): Promise<GapView | undefined> {
      const late = sql<boolean>`coalesce(g.due_on < ${today}::date and g.state in ('open', 'drafting'), false)`
      const found = await rows().select(shown).select(late.as('overdue')).where('g.id', '=', id).executeTakeFirst()
      if (!found) return undefined
      const questions = d.selectFrom('gap_question').where('gap_id', '=', id)
      const { untold } = await questions
        .select((e) => e.fn.count<number>('contact_id').distinct().as('untold'))
        .where('told_at', 'is', null)
        .executeTakeFirstOrThrow()
      const examples = await questions
        .select(['conversation_id', 'seq', 'question', 'cause', 'asked_at', 'told_at'])
        .orderBy('asked_at', 'desc')
        .limit(examplesShown)
        .execute()
      return {
        ...toRow(found),
        untold,
        examples: examples.map(toExample),
        wordings: await gapsStore(db).wordings(id, wordingsShown),
      }
    },
  }
}

const shown = [
  'g.id',
  'g.state',
  'g.question',
  'g.owner_id',
  'owner.display_name as owner',
  'g.due_on',
  'g.entry_id',
  'g.dismissed_reason',
  'g.opened_at',
  'g.last_asked_at',
  'a.asked',
  'a.askers',
] as const

type Row = {
  id: string
  state: GapState
  question: string
  owner_id: string | null
  owner: string | null
  due_on: string | null
  entry_id: string | null
  dismissed_reason: string | null
  opened_at: Date
  last_asked_at: Date
  asked: number
  askers: number
  overdue: boolean
}

function toRow(row: Row): GapRow {
  const { id, state, question, asked, askers, overdue } = row
  return {
    id,
    state,
    question,
    asked,
    askers,
    overdue,
    lastAskedAt: row.last_asked_at.toISOString(),
    openedAt: row.opened_at.toISOString(),
    ...(row.owner_id && { owner: { id: row.owner_id, name: row.owner ?? '' } }),
    ...(row.due_on && { dueOn: row.due_on }),
    ...(row.entry_id && { entryId: row.entry_id }),
    ...(row.dismissed_reason && { dismissedReason: row.dismissed_reason }),
  }
}

type ExampleRow = {
  conversation_id: string
  seq: number
  question: string
  cause: GapCause
  asked_at: Date
  told_at: Date | null
}

function toExample({ conversation_id, seq, question, cause, asked_at, told_at }: ExampleRow): GapExample {
  return {
    conversationId: conversation_id,
    seq,
    question,
    cause,
    askedAt: asked_at.toISOString(),
    ...(told_at && { toldAt: told_at.toISOString() }),
  }
}

/** Entries as editors and reviewers see them. Reads only. */
import { sql, type Selectable } from 'kysely'
import type { Revision, RevisionState } from '../contract/entry.ts'
import type { EntryRow, EntryView } from '../contract/http.ts'
import type { Db, KnowledgeTables } from './tables.ts'

export type EntriesFilter = {
  /** Part of an id, a question or a similar question. */
  q?: string
  state?: RevisionState
  topic?: string
  region?: string
  /** Shipped text that nobody of the bureau has approved. */
  example?: boolean
  /** Published text runs out within so many days and is followed by none. */
  endingWithin?: number
  limit: number
  offset: number
}

// Who wrote and who approved is shown by name; nothing else of the desk's table is read here.
type Tables = KnowledgeTables & { staff: { id: string; display_name: string } }

/** Shown as the author of what came with the product. */
const packAuthor = '随附示例'

export function entryListsStore(db: Db) {
  const d = db.withTables<Tables>()
  const shown = () =>
    d
      .selectFrom('revision as r')
      .leftJoin('staff as author', 'author.id', 'r.author_id')
      .leftJoin('staff as reviewer', 'reviewer.id', 'r.reviewer_id')
      .select(['r.id', 'r.entry_id', 'r.number', 'r.state', 'r.origin', 'r.wording', 'r.created_at', 'r.published_at'])
      .select(['author.display_name as author', 'reviewer.display_name as reviewer'])

  return {
    /** One row an entry: its latest revision, last changed first. `total` counts all that the filter lets through. */
    async list(filter: EntriesFilter, today: string): Promise<{ rows: EntryRow[]; total: number }> {
      const latest = d.selectFrom('revision').selectAll().distinctOn('entry_id').orderBy('entry_id')
      let wanted = d.selectFrom(latest.orderBy('number', 'desc').as('r'))
      if (filter.state) wanted = wanted.where('state', '=', filter.state)
      if (filter.topic) wanted = wanted.where('topic', '=', filter.topic)
      if (filter.region) wanted = wanted.where('region', '=', filter.region)
      if (filter.example) wanted = wanted.where(isExample).where('state', '=', 'published')
      const endsInDays = endsIn(today)
      if (filter.endingWithin !== undefined) wanted = wanted.where(endsInDays, '<=', filter.endingWithin)
      if (filter.q) {
        const part = `%${filter.q.replace(/[\\%_]/g, '\\$&')}%`
        wanted = wanted.where(
          sql<boolean>`(entry_id ilike ${part} or question ilike ${part} or wording ->> 'similar' ilike ${part})`,
        )
      }
      const { total } = await wanted.select(sql<number>`count(*)`.as('total')).executeTakeFirstOrThrow()
      const rows = await wanted
        .select([
          'id',
          'entry_id',
          'question',
          'topic',
          'region',
          'state',
          'origin',
          'number',
          'valid_from',
          'valid_until',
        ])
        .select(sql<Date>`greatest(created_at, published_at)`.as('updated_at'))
        .select(isExample.as('example'))
        .select(endsInDays.as('ends_in_days'))
        .orderBy('updated_at', 'desc')
        .orderBy('entry_id')
        .limit(filter.limit)
        .offset(filter.offset)
        .execute()
      return { rows: rows.map(toEntryRow), total: Number(total) }
    },

    /** With every revision, newest first. */
    async view(entryId: string): Promise<EntryView | undefined> {
      const rows = await shown().where('r.entry_id', '=', entryId).orderBy('r.number', 'desc').execute()
      return rows.length === 0 ? undefined : { id: entryId, revisions: rows.map(toRevision) }
    },

    async revision(id: string): Promise<Revision | undefined> {
      const row = await shown().where('r.id', '=', id).executeTakeFirst()
      return row && toRevision(row)
    },
  }
}

const isExample = sql<boolean>`origin = 'pack' and reviewer_id is null`

const mostDaysTold = 30

/** Of the published text that holds longest, as the report of what runs out has it. */
const endsIn = (today: string) => sql<number | null>`(
  select p.valid_until - ${today}::date from revision p
  where p.entry_id = r.entry_id and p.state = 'published'
    and p.valid_until between ${today}::date and ${today}::date + ${mostDaysTold}::int
    and not exists (select from revision n where n.entry_id = p.entry_id and n.state = 'published' and n.valid_from > p.valid_from)
  order by p.valid_from desc limit 1)`

type Row = Omit<Selectable<KnowledgeTables['revision']>, 'author_id' | 'reviewer_id'>

function toEntryRow(
  row: Omit<Row, 'wording' | 'insurance' | 'created_at' | 'published_at'> & {
    updated_at: Date
    example: boolean
    ends_in_days: number | null
  },
): EntryRow {
  const { question, topic, region, state, origin, number, example } = row
  return {
    id: row.entry_id,
    revisionId: row.id,
    example,
    question,
    topic,
    ...(region && { region }),
    state,
    origin,
    number,
    validFrom: row.valid_from,
    ...(row.valid_until && { validUntil: row.valid_until }),
    updatedAt: row.updated_at.toISOString(),
    ...(row.ends_in_days !== null && { endsInDays: row.ends_in_days }),
  }
}

type Shown = Pick<
  Row,
  'id' | 'entry_id' | 'number' | 'state' | 'origin' | 'wording' | 'created_at' | 'published_at'
> & {
  author: string | null
  reviewer: string | null
}

function toRevision(row: Shown): Revision {
  const { id, number, state, origin, wording } = row
  return {
    id,
    entryId: row.entry_id,
    number,
    state,
    wording,
    origin,
    author: row.author ?? packAuthor,
    ...(row.reviewer && { reviewer: row.reviewer }),
    createdAt: row.created_at.toISOString(),
    ...(row.published_at && { publishedAt: row.published_at.toISOString() }),
  }
}

/**
 * The figures, counted by the database from the rows themselves. A figure is a subject, what of it counts (`whole`)
 * and what is claimed (`part`): number, split and rows are three readings of one and the same query, so they cannot
 * disagree. `now` decides what is not due yet; stretches are [from, to).
 */
import { sql, type RawBuilder } from 'kysely'
import {
  figureIds,
  figures as known,
  type FigureId,
  type FigureLimits,
  type FigureView,
  type RatedUnit,
  type Split,
} from '../contract/figure.ts'
import { subjects, type Subject } from './figure-subjects.store.ts'
import type { Db } from './tables.ts'
import { lookedThrough, worstDay } from './worst-day.store.ts'

export type FiguresStore = ReturnType<typeof figuresStore>
export type Stretch = { from: Date; to: Date; channel?: string }
export type RowFilter = {
  agent?: string
  window?: string
  unit?: RatedUnit
  level?: number
  tag?: string
  counted?: boolean
}
/** A row as its subject has it: desk/figure-rows.ts knows the columns. */
export type SubjectRow = Readonly<Record<string, unknown>> & { key: string; at: Date; claimed: boolean | null }
export type SplitRow = { key: string; figure: FigureView }

type Sql = RawBuilder<unknown>
type Counting = { of: Subject; whole?: Sql; part?: Sql; measure?: Sql }
/** What a definition may ask beyond its rows. */
type Given = FigureLimits & { now: Date }

const isAsked = sql`(spoke or wanted_person)`
const isCounted = sql`not excluded`
/** Neither misjudged nor another bureau's. */
const isOurs = sql`state not in ('excluded', 'returned')`

function counting(id: FigureId, { now, pickupSeconds, replySeconds }: Given): Counting {
  const today = sql`(${now}::timestamptz at time zone 'Asia/Shanghai')::date`
  const seconds = (count: number) => sql`make_interval(secs => ${count})`
  const reply = seconds(replySeconds)
  const all: Record<FigureId, () => Counting> = {
    calls: () => ({ of: 'call' }),
    'answered-share': () => ({ of: 'call', part: sql`picked_up_at is not null` }),
    'worst-answered-share': () => all['answered-share'](),
    'pickup-share': () => ({ of: 'call', part: sql`picked_up_at - at <= ${seconds(pickupSeconds)}` }),

    conversations: () => ({ of: 'conversation', whole: isAsked }),
    'bot-share': () => ({
      of: 'conversation',
      whole: sql`${isAsked} and state = 'closed'`,
      part: sql`not wanted_person and not called_back`,
    }),
    'handover-share': () => ({ of: 'conversation', whole: isAsked, part: sql`handed_over` }),
    'reopened-share': () => ({ of: 'conversation', whole: sql`${isAsked} and was_over`, part: sql`reopened` }),
    'one-touch-share': () => ({
      of: 'conversation',
      whole: sql`${isAsked} and state = 'closed'`,
      part: sql`not reopened and agents <= 1 and not missed_person and not called_back and not has_case
        and not left_open`,
    }),

    questions: () => ({ of: 'question' }),
    'answer-share': () => ({ of: 'question', part: sql`outcome = 'answer'` }),
    'solved-share': () => ({ of: 'question', whole: sql`solved is not null`, part: sql`solved` }),

    waits: () => ({ of: 'wait' }),
    'wait-seconds': () => ({
      of: 'wait',
      whole: sql`claimed_at is not null`,
      measure: sql`extract(epoch from claimed_at - at)`,
    }),
    'reply-share': () => ({
      of: 'wait',
      whole: sql`channel <> 'phone' and (left_at is null or left_at - at > ${reply})
        and (replied_at - at <= ${reply} or ${now}::timestamptz - at > ${reply})`,
      part: sql`replied_at - at <= ${reply}`,
    }),
    'left-share': () => ({
      of: 'wait',
      whole: sql`(claimed_at is not null or left_at is not null)`,
      part: sql`left_at is not null`,
    }),
    'agent-parts': () => ({ of: 'part' }),
    'handling-seconds': () => ({
      of: 'part',
      whole: sql`ended_at is not null`,
      measure: sql`extract(epoch from ended_at - at)`,
    }),

    tagged: () => ({ of: 'tag' }),

    ratings: () => ({ of: 'rating', whole: isCounted }),
    'satisfied-share': () => ({ of: 'rating', whole: isCounted, part: sql`level >= 3` }),
    'very-satisfied-share': () => ({ of: 'rating', whole: isCounted, part: sql`level = 5` }),
    'bad-share': () => ({ of: 'rating', whole: isCounted, part: sql`level <= 2` }),
    'rated-share': () => ({ of: 'asked', part: sql`given_at is not null` }),

    cases: () => ({ of: 'case' }),
    'contact-share': () => ({
      of: 'contact-due',
      whole: sql`${isOurs} and (contacted_on is not null or first_contact_due_on < ${today})`,
      part: sql`contacted_on <= first_contact_due_on`,
    }),
    'on-time-share': () => ({
      of: 'case-due',
      whole: sql`${isOurs} and (closed_on is not null or due_on < ${today})`,
      part: sql`closed_on <= due_on`,
    }),
    'follow-up-share': () => ({
      of: 'case',
      whole: sql`${isOurs} and (closed_on is not null or due_on < ${today})`,
      part: sql`followed_up`,
    }),
    'named-follow-up-share': () => ({
      of: 'case',
      whole: sql`${isOurs} and kind = 'bad_rating' and is_named and (closed_on is not null or due_on < ${today})`,
      part: sql`followed_up`,
    }),
    'fixed-share': () => ({ of: 'fix', part: sql`level >= 3` }),
  }
  return all[id]()
}

/** What a split goes by, and the subjects whose rows know it. */
const keys: Record<Split, { key: Sql; of?: readonly Subject[] }> = {
  day: { key: sql`to_char(at at time zone 'Asia/Shanghai', 'YYYY-MM-DD')` },
  channel: { key: sql`channel` },
  unit: { key: sql`unit`, of: ['rating', 'asked'] },
  level: { key: sql`level::text`, of: ['rating', 'fix'] },
  agent: { key: sql`agent::text`, of: ['wait', 'part', 'tag', 'rating', 'asked'] },
  window: { key: sql`at_window::text`, of: ['rating', 'asked'] },
  tag: { key: sql`tag`, of: ['tag'] },
}

export function figuresStore(db: Db) {
  /** The rows of a figure in a stretch, each with what is claimed of it. */
  function rowsOf({ of, whole, part }: Counting, { from, to, channel }: Stretch): Sql {
    return sql`select s.*, ${part ? sql`coalesce(${part}, false)` : sql`null::boolean`} as claimed from (${subjects[of]}) s
      where s.at >= ${from} and s.at < ${to} ${channel ? sql`and s.channel = ${channel}` : sql``} and ${whole ?? sql`true`}`
  }
  const totals = ({ measure }: Counting) => sql`count(*) as whole, count(*) filter (where claimed) as part,
    ${measure ? sql`avg(${measure})::float8` : sql`null::float8`} as mean`
  const narrowed = ({ agent, window, unit, level, tag, counted }: RowFilter) => sql`
    ${agent ? sql`and agent = ${agent}` : sql``} ${window ? sql`and at_window = ${window}` : sql``}
    ${unit ? sql`and unit = ${unit}` : sql``}
    ${level ? sql`and level = ${level}` : sql``} ${tag ? sql`and to_jsonb(r) ->> 'tag' = ${tag}` : sql``}
    ${counted === undefined ? sql`` : sql`and claimed is not distinct from ${counted}`}`

  /** What of the stretch is counted: all of it, or the worst day in it, which there need not be. */
  async function countedOf(id: FigureId, stretch: Stretch, given: Given): Promise<Stretch | undefined> {
    if (!known[id].isWorstDay) return stretch
    const span = lookedThrough(stretch, given.now)
    const day =
      span && (await worstDay(db, rowsOf(counting(id, given), { ...stretch, ...span }), span, given.leastCalls))
    return day && { ...stretch, ...day }
  }

  async function countIn(id: FigureId, counted: Stretch | undefined, given: Given, filter: RowFilter = {}) {
    if (!counted) return viewOf(id, nothing)
    const how = counting(id, given)
    const { rows } = await sql<Counts>`select ${totals(how)} from (${rowsOf(how, counted)}) r
      where true ${narrowed(filter)}`.execute(db)
    const { from, to } = counted
    const within = { from: from.toISOString(), to: to.toISOString() }
    return { ...viewOf(id, rows[0] ?? nothing), ...(known[id].isWorstDay && { within }) }
  }

  async function count(id: FigureId, stretch: Stretch, given: Given, filter: RowFilter = {}): Promise<FigureView> {
    return countIn(id, await countedOf(id, stretch, given), given, filter)
  }

  return {
    count,

    async all(stretch: Stretch, given: Given): Promise<FigureView[]> {
      const counted: FigureView[] = []
      for (const id of figureIds) counted.push(await count(id, stretch, given))
      return counted
    },

    /** Every figure that knows this split, by its keys in order; rows without a key, such as an agent nobody was, are left out. */
    async split(by: Split, stretch: Stretch, given: Given): Promise<SplitRow[]> {
      const { key, of } = keys[by]
      const found: SplitRow[] = []
      for (const id of figureIds) {
        const how = counting(id, given)
        if (known[id].isWorstDay || (of && !of.includes(how.of))) continue
        const { rows } = await sql<Counts & { key: string }>`select ${key} as key, ${totals(how)}
          from (${rowsOf(how, stretch)}) r where ${key} is not null group by 1 order by 1`.execute(db)
        for (const row of rows) found.push({ key: row.key, figure: viewOf(id, row) })
      }
      return found
    },

    /** The rows behind a figure, the newest first. */
    async rows(
      id: FigureId,
      stretch: Stretch,
      given: Given,
      { limit, offset, ...filter }: RowFilter & { limit: number; offset: number },
    ): Promise<{ of: Subject; figure: FigureView; rows: SubjectRow[]; total: number }> {
      const how = counting(id, given)
      const within = await countedOf(id, stretch, given)
      if (!within) return { of: how.of, figure: viewOf(id, nothing), rows: [], total: 0 }
      const { rows } = await sql<SubjectRow>`select * from (${rowsOf(how, within)}) r where true ${narrowed(filter)}
        order by at desc, key limit ${limit} offset ${offset}`.execute(db)
      const { counted: _, ...whichever } = filter
      const total = (await countIn(id, within, given, filter)).whole
      return { of: how.of, figure: await countIn(id, within, given, whichever), rows, total }
    },
  }
}

type Counts = { whole: number; part: number; mean: number | null }
const nothing: Counts = { whole: 0, part: 0, mean: null }

function viewOf(id: FigureId, { whole, part, mean }: Counts): FigureView {
  const { unit } = known[id]
  if (unit === 'seconds') return { id, whole, part: whole, value: mean }
  if (unit === 'count') return { id, whole, part: whole, value: whole }
  return { id, whole, part, value: whole === 0 ? null : part / whole }
}

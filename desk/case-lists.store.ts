/** What the case desk's pages read from PostgreSQL: the worklist, one case, and who is to be asked about a fix. */
import { sql } from 'kysely'
import type { CaseCounts, CaseKind, CaseRung, CaseSource, CaseState, FollowUpRate } from '../contract/case.ts'
import { handlers } from './case.ts'
import type { Db, DeskTables } from './tables.ts'

export type CaseListsStore = ReturnType<typeof caseListsStore>

export type CaseFilter = {
  state?: CaseState
  kind?: CaseKind
  source?: CaseSource
  rung?: CaseRung
  city?: string
  /** Opened on or between these days of the bureau. */
  from?: string
  until?: string
  /** Of the matter, or of a number; see `saysOrIs`. */
  words?: string
  /** Whose work it is: they own it, or see to it that it moves. */
  ownerId?: string
  /** Whoever owns it may not work it any more. */
  isUnowned?: boolean
  /** Never shown what a citizen said of them. */
  viewerId?: string
  /** Only those that `isOverdue` on `today`. */
  overdue?: boolean
  limit: number
  offset: number
}

export function caseListsStore(db: Db) {
  const d = db.withTables<DeskTables>()
  const rows = () =>
    d
      .selectFrom('case_file')
      .innerJoin('staff', 'staff.id', 'case_file.owner_id')
      .leftJoin('staff as supervising', 'supervising.id', 'case_file.supervisor_id')
      .select(columns)

  /** Whose last event that told the citizen is not followed by an answer yet. */
  const toFollowUp = () =>
    rows()
      .select(['case_file.contact_masked', 'case_file.reopened', 'case_file.city'])
      .select([reportedBackAt.as('reported_back_at'), ...lastAttempt])
      .where('case_file.state', '=', 'reported_back')

  return {
    async find(id: string) {
      return rows()
        .leftJoin('rating', 'rating.id', 'case_file.rating_id')
        .leftJoin('work_order', 'work_order.case_id', 'case_file.id')
        .select(['case_file.conversation_id', 'contact_masked', 'rating.level', 'rating.reasons'])
        .select([
          'case_file.rated_staff_id',
          'work_order.number as order_number',
          sql<boolean>`work_order.person_sealed is not null`.as('has_person'),
          'case_file.counted_from',
          'case_file.counted_days',
        ])
        .where('case_file.id', '=', id)
        .executeTakeFirst()
    },

    /** Overdue first, then by deadline; what is over and done comes last. */
    async list(filter: CaseFilter, today: string) {
      let chosen = rows()
      if (filter.state) chosen = chosen.where('case_file.state', '=', filter.state)
      if (filter.kind) chosen = chosen.where('case_file.kind', '=', filter.kind)
      if (filter.source) chosen = chosen.where('case_file.source', '=', filter.source)
      if (filter.rung) chosen = chosen.where('case_file.rung', '=', filter.rung).where('closed_at', 'is', null)
      if (filter.city) chosen = chosen.where('case_file.city', '=', filter.city)
      if (filter.from) chosen = chosen.where(openedOn, '>=', filter.from)
      if (filter.until) chosen = chosen.where(openedOn, '<=', filter.until)
      if (filter.words) chosen = chosen.where(saysOrIs(filter.words))
      if (filter.ownerId) chosen = chosen.where(isOf(filter.ownerId))
      if (filter.isUnowned) chosen = chosen.where(isUnowned).where('closed_at', 'is', null)
      if (filter.viewerId) chosen = chosen.where(isShownTo(filter.viewerId))
      if (filter.overdue) chosen = chosen.where(overdueOn(today))
      const { total } = await chosen
        .clearSelect()
        .select((row) => row.fn.countAll<number>().as('total'))
        .executeTakeFirstOrThrow()
      const page = await chosen
        .orderBy(sql`closed_at is not null`)
        .orderBy(overdueOn(today), 'desc')
        .orderBy('due_on')
        .orderBy('case_file.number')
        .limit(filter.limit)
        .offset(filter.offset)
        .execute()
      return { rows: page, total }
    },

    async counts(viewerId: string | undefined, today: string): Promise<CaseCounts> {
      const rung = (name: CaseRung) => sql<number>`count(*) filter (where rung = ${name})`
      let open = d.selectFrom('case_file').where('closed_at', 'is', null)
      if (viewerId) open = open.where(isShownTo(viewerId))
      return open
        .select([
          sql<number>`count(*)`.as('open'),
          sql<number>`count(*) filter (where ${overdueOn(today)})`.as('overdue'),
          rung('remind').as('remind'),
          rung('supervise').as('supervise'),
          rung('report').as('report'),
          sql<number>`count(*) filter (where state = 'reported_back')`.as('toFollowUp'),
        ])
        .executeTakeFirstOrThrow()
    },

    /** Whom to ring next, first: whoever was told longest ago, after those who are to be tried again on a later day. */
    async followUps(filter: Pick<CaseFilter, 'ownerId' | 'viewerId' | 'limit' | 'offset'>, today: string) {
      let chosen = toFollowUp()
      if (filter.ownerId) chosen = chosen.where(isOf(filter.ownerId))
      if (filter.viewerId) chosen = chosen.where(isShownTo(filter.viewerId))
      const { total } = await chosen
        .clearSelect()
        .select((row) => row.fn.countAll<number>().as('total'))
        .executeTakeFirstOrThrow()
      const page = await chosen
        .orderBy(sql`coalesce((select max(next_on) ${attemptsOfRound}), ${today}) > ${today}`)
        .orderBy('due_on')
        .orderBy('reported_back_at')
        .limit(filter.limit)
        .offset(filter.offset)
        .execute()
      return { rows: page, total }
    },

    /** Whether a case came of this conversation that this member of staff may see. */
    async cameOf(conversationId: string, staffId: string): Promise<boolean> {
      const row = await d
        .selectFrom('case_file')
        .select('id')
        .where('conversation_id', '=', conversationId)
        .where(isShownTo(staffId))
        .limit(1)
        .executeTakeFirst()
      return row !== undefined
    },

    /** Bad ratings told of their fix since then, by citizens with a number: how many, and how many were asked. */
    async followUpRate(since: Date): Promise<Omit<FollowUpRate, 'days'>> {
      return d
        .selectFrom('case_file')
        .select([
          sql<number>`count(*)`.as('owed'),
          sql<number>`count(*) filter (where exists (select from case_attempt a where a.case_id = case_file.id and a.at >= ${since})
            or exists (select from case_event e where e.case_id = case_file.id and e.kind in ('re-rated', 'reopened') and e.by_whom = 'citizen' and e.at >= ${since}))`.as(
            'asked',
          ),
        ])
        .where('kind', '=', 'bad_rating')
        .where('contact_masked', 'is not', null)
        .where(
          sql<boolean>`exists (select from case_event e where e.case_id = case_file.id and e.to_state = 'reported_back' and e.kind = 'moved' and e.at >= ${since})`,
        )
        .executeTakeFirstOrThrow()
    },
  }
}

/** The same as isOverdue of desk/case.ts, which decides what the row shows. */
const overdueOn = (today: string) =>
  sql<boolean>`(closed_at is null and (due_on < ${today} or (state = 'to_verify' and first_contact_due_on < ${today})))`
const isOf = (staffId: string) => sql<boolean>`${staffId}::uuid in (case_file.owner_id, case_file.supervisor_id)`
/** Whoever was rated sees the case only where there was nobody else to own it. */
export const isShownTo = (staffId: string) =>
  sql<boolean>`(case_file.rated_staff_id is distinct from ${staffId}::uuid or case_file.owner_id = ${staffId}::uuid)`

/** Its owner is disabled, or holds no role that works cases. */
const isUnowned = sql<boolean>`(staff.disabled_at is not null or not staff.roles && ${sql.val([...handlers])}::text[])`
const openedOn = sql<string>`(case_file.opened_at at time zone 'Asia/Shanghai')::date`
/**
 * The number of the case or of its order, or words that were said. Three digits in a row are never looked for in what was
 * said, however they are written: what is masked on the screen is not to be found out by trying.
 */
function saysOrIs(words: string) {
  const like = `%${words.replace(/[\\%_]/g, (sign) => `\\${sign}`)}%`
  const isNumbered = sql<boolean>`(case_file.number ilike ${like}
    or exists (select from work_order w where w.case_id = case_file.id and w.number ilike ${like}))`
  const isNumber = /[\d〇零幺一二三四五六七八九]{3}/.test(words.normalize('NFKC').replace(/[\s-]/g, ''))
  return isNumber ? isNumbered : sql<boolean>`(${isNumbered} or case_file.text ilike ${like})`
}

const attemptsOfRound = sql`from case_attempt a where a.case_id = case_file.id and a.round = case_file.reopened`
const reportedBackAt = sql<Date>`(select max(e.at) from case_event e where e.case_id = case_file.id and e.to_state = 'reported_back' and e.kind = 'moved')`
const lastAttempt = [
  sql<number>`(select count(*) ${attemptsOfRound})`.as('done'),
  sql<Date | null>`(select max(a.at) ${attemptsOfRound})`.as('last_tried_at'),
  sql<string | null>`(select a.next_on ${attemptsOfRound} order by seq desc limit 1)`.as('next_on'),
] as const

const columns = [
  'case_file.id',
  'case_file.number',
  'case_file.kind',
  'case_file.source',
  'case_file.state',
  'case_file.text',
  'case_file.city',
  'case_file.owner_id',
  'staff.display_name as owner',
  isUnowned.as('is_unowned'),
  'supervising.display_name as supervisor',
  'case_file.opened_at',
  'case_file.first_contact_due_on',
  'case_file.due_on',
  'case_file.provisional',
  'case_file.rung',
  'case_file.reopened',
  'case_file.extended',
] as const

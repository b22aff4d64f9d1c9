/** Case files and their events in PostgreSQL. No rule stands here: states come from desk/case.ts by desk/cases.ts. */
import { sql } from 'kysely'
import type { CaseKind, CaseState } from '../contract/case.ts'
import type { Role } from '../contract/staff.ts'
import type { CaseStep } from './case.ts'
import type { Db, DeskTables } from './tables.ts'

export type CasesStore = ReturnType<typeof casesStore>

export type NewCase = {
  kind: CaseKind
  number: string
  conversationId: string
  ratingId?: string
  ownerId: string
  text: string
  contactSealed?: string
  contactMasked?: string
  city?: string
  openedAt: Date
  firstContactDueOn: string
  dueOn: string
  provisional: boolean
}

export type CaseFilter = {
  state?: CaseState
  kind?: CaseKind
  ownerId?: string
  /** Only those that `isOverdue` on `today`. */
  overdue?: boolean
  limit: number
  offset: number
}

export type NewCaseEvent = Omit<CaseStep, 'kind' | 'from'> & {
  kind: CaseStep['kind'] | 'opened'
  from?: CaseState
  staffId?: string
  at: Date
}

export function casesStore(db: Db) {
  const d = db.withTables<DeskTables>()
  const rows = () => d.selectFrom('case_file').innerJoin('staff', 'staff.id', 'case_file.owner_id').select(columns)

  return {
    /** Counts cases ever numbered, so gaps are possible and repeats are not. */
    async nextNumber(): Promise<number> {
      const { rows } = await sql<{ next: number }>`select nextval('case_number') as next`.execute(d)
      return rows[0]?.next ?? 0
    },

    /** The city's own rule, else the one that holds everywhere. */
    async rule(kind: CaseKind, city: string | undefined): Promise<{ firstContactDays: number; dueDays: number }> {
      const row = await d
        .selectFrom('case_rule')
        .select(['first_contact_days', 'due_days'])
        .where('kind', '=', kind)
        .where('city', 'in', ['', city ?? ''])
        .orderBy('city', 'desc')
        .executeTakeFirstOrThrow()
      return { firstContactDays: row.first_contact_days, dueDays: row.due_days }
    },

    /** Whoever of this role may sign in and has the fewest open cases. */
    async leastBusy(role: Role, except?: string): Promise<string | undefined> {
      const row = await d
        .selectFrom('staff')
        .leftJoin('case_file', (on) =>
          on.onRef('case_file.owner_id', '=', 'staff.id').on('case_file.closed_at', 'is', null),
        )
        .select('staff.id')
        .where('staff.disabled_at', 'is', null)
        .where(sql<boolean>`${role} = any(staff.roles)`)
        .where(sql<boolean>`staff.id is distinct from ${except ?? null}::uuid`)
        .groupBy('staff.id')
        // Somebody still waiting for a set-up link comes last, yet before nobody.
        .orderBy(sql`staff.password_hash is null`)
        .orderBy((row) => row.fn.count('case_file.id'))
        .orderBy('staff.work_number')
        .executeTakeFirst()
      return row?.id
    },

    async insert(file: NewCase): Promise<string> {
      const { id } = await d
        .insertInto('case_file')
        .values({
          number: file.number,
          kind: file.kind,
          state: 'to_verify',
          conversation_id: file.conversationId,
          rating_id: file.ratingId ?? null,
          owner_id: file.ownerId,
          text: file.text,
          contact_sealed: file.contactSealed ?? null,
          contact_masked: file.contactMasked ?? null,
          city: file.city ?? null,
          opened_at: file.openedAt,
          first_contact_due_on: file.firstContactDueOn,
          due_on: file.dueOn,
          provisional: file.provisional,
          episode_id: null,
          closed_at: null,
        })
        .returning('id')
        .executeTakeFirstOrThrow()
      return id
    },

    /** Holds the case until the transaction ends, so that two moves of it come one after the other. */
    async lock(which: { id: string } | { episodeId: string }) {
      const held = d.selectFrom('case_file').selectAll().forUpdate()
      const row = await (
        'id' in which ? held.where('id', '=', which.id) : held.where('episode_id', '=', which.episodeId)
      ).executeTakeFirst()
      return row
    },

    async setState(id: string, state: CaseState, closedAt: Date | null): Promise<void> {
      await d.updateTable('case_file').set({ state, closed_at: closedAt }).where('id', '=', id).execute()
    },

    async reopen(id: string, dueOn: string, provisional: boolean): Promise<void> {
      await d
        .updateTable('case_file')
        .set((row) => ({ reopened: row('reopened', '+', 1), due_on: dueOn, provisional }))
        .where('id', '=', id)
        .execute()
    },

    async setEpisode(id: string, episodeId: string): Promise<void> {
      await d.updateTable('case_file').set({ episode_id: episodeId }).where('id', '=', id).execute()
    },

    /** Only while the case is locked, or just made: the next number is read before it is taken. */
    async addEvent(caseId: string, event: NewCaseEvent): Promise<void> {
      await d
        .insertInto('case_event')
        .values((row) => ({
          case_id: caseId,
          seq: row
            .selectFrom('case_event')
            .select(sql<number>`coalesce(max(seq), 0) + 1`.as('seq'))
            .where('case_id', '=', caseId),
          at: event.at,
          staff_id: event.staffId ?? null,
          by_whom: event.by,
          kind: event.kind,
          from_state: event.from ?? null,
          to_state: event.to,
          note: event.note,
          data: JSON.stringify(event.data),
        }))
        .execute()
    },

    events(caseId: string) {
      return d
        .selectFrom('case_event')
        .leftJoin('staff', 'staff.id', 'case_event.staff_id')
        .selectAll('case_event')
        .select('staff.display_name as officer')
        .where('case_id', '=', caseId)
        .orderBy('seq')
        .execute()
    },

    async byRating(ratingId: string) {
      return rows().where('case_file.rating_id', '=', ratingId).executeTakeFirst()
    },

    /** What somebody files again who never heard that it was taken. */
    async sameComplaint(
      { conversationId, text, contactMasked }: Pick<NewCase, 'conversationId' | 'text' | 'contactMasked'>,
      since: Date,
    ) {
      return rows()
        .where('case_file.conversation_id', '=', conversationId)
        .where('case_file.kind', '=', 'complaint')
        .where('case_file.text', '=', text)
        .where('contact_masked', 'is not distinct from', contactMasked ?? null)
        .where('case_file.opened_at', '>=', since)
        .executeTakeFirst()
    },

    async find(id: string) {
      return d
        .selectFrom('case_file')
        .innerJoin('staff', 'staff.id', 'case_file.owner_id')
        .leftJoin('rating', 'rating.id', 'case_file.rating_id')
        .select(columns)
        .select(['case_file.conversation_id', 'contact_masked', 'rating.level', 'rating.reasons'])
        .where('case_file.id', '=', id)
        .executeTakeFirst()
    },

    async sealedContact(id: string): Promise<string | undefined> {
      const row = await d.selectFrom('case_file').select('contact_sealed').where('id', '=', id).executeTakeFirst()
      return row?.contact_sealed ?? undefined
    },

    /** Overdue first, then by deadline; what is over and done comes last. */
    async list(filter: CaseFilter, today: string) {
      // The same as isOverdue of desk/case.ts, which decides what the row shows.
      const overdue = sql<boolean>`(closed_at is null and (due_on < ${today} or (state = 'to_verify' and first_contact_due_on < ${today})))`
      let chosen = rows()
      if (filter.state) chosen = chosen.where('state', '=', filter.state)
      if (filter.kind) chosen = chosen.where('kind', '=', filter.kind)
      if (filter.ownerId) chosen = chosen.where('owner_id', '=', filter.ownerId)
      if (filter.overdue) chosen = chosen.where(overdue)
      const { total } = await chosen
        .clearSelect()
        .select((row) => row.fn.countAll<number>().as('total'))
        .executeTakeFirstOrThrow()
      const page = await chosen
        .orderBy(sql`closed_at is not null`)
        .orderBy(overdue, 'desc')
        .orderBy('due_on')
        .orderBy('number')
        .limit(filter.limit)
        .offset(filter.offset)
        .execute()
      return { rows: page, total }
    },
  }
}

const columns = [
  'case_file.id',
  'case_file.number',
  'case_file.kind',
  'case_file.state',
  'case_file.text',
  'case_file.owner_id',
  'staff.display_name as owner',
  'case_file.opened_at',
  'case_file.first_contact_due_on',
  'case_file.due_on',
  'case_file.provisional',
  'case_file.reopened',
] as const

/** Case files and their events in PostgreSQL. No rule stands here: states come from desk/case.ts by desk/cases.ts. */
import { sql } from 'kysely'
import type { CaseKind, CaseRung, CaseSource, CaseState } from '../contract/case.ts'
import type { CaseStep } from './case.ts'
import type { Counted, Recount } from './case-deadline.ts'
import type { CaseEventKind } from './case-tables.ts'
import type { Db, DeskTables } from './tables.ts'

export type CasesStore = ReturnType<typeof casesStore>

export type NewCase = {
  kind: CaseKind
  number: string
  source: CaseSource
  conversationId?: string
  ratingId?: string
  ratedStaffId?: string
  ownerId: string
  text: string
  contactSealed?: string
  contactMasked?: string
  city?: string
  openedAt: Date
  firstContact: Counted
  deadline: Counted
  /** The day that somebody else set, if any. */
  latest?: string
}

export type NewCaseEvent = Omit<CaseStep, 'kind' | 'from'> & {
  kind: CaseEventKind
  from?: CaseState
  staffId?: string
  at: Date
}

export type LockedCase = NonNullable<Awaited<ReturnType<CasesStore['lock']>>>

export function casesStore(db: Db) {
  const d = db.withTables<DeskTables>()

  return {
    /** Counts cases ever numbered, so gaps are possible and repeats are not. */
    async nextNumber(): Promise<number> {
      const { rows } = await sql<{ next: number }>`select nextval('case_number') as next`.execute(d)
      return rows[0]?.next ?? 0
    },

    /** Whose work number that is, if anybody's of ours. */
    async staffOfNumber(workNumber: string): Promise<string | undefined> {
      const row = await d.selectFrom('staff').select('id').where('work_number', '=', workNumber).executeTakeFirst()
      return row?.id
    },

    async insert({ deadline, firstContact, ...file }: NewCase): Promise<string> {
      const { id } = await d
        .insertInto('case_file')
        .values({
          number: file.number,
          kind: file.kind,
          state: 'to_verify',
          source: file.source,
          conversation_id: file.conversationId ?? null,
          rating_id: file.ratingId ?? null,
          rated_staff_id: file.ratedStaffId ?? null,
          owner_id: file.ownerId,
          text: file.text,
          contact_sealed: file.contactSealed ?? null,
          contact_masked: file.contactMasked ?? null,
          city: file.city ?? null,
          opened_at: file.openedAt,
          ...contactRow(firstContact),
          ...deadlineRow(deadline),
          latest_on: file.latest ?? null,
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

    /** The ladder begins anew for the new deadline, and so does the count of extensions; nobody else's day binds it. */
    async reopen(id: string, deadline: Counted, supervisorId: string | null): Promise<void> {
      await d
        .updateTable('case_file')
        .set((row) => ({
          reopened: row('reopened', '+', 1),
          ...deadlineRow(deadline),
          rung: null,
          extended: 0,
          latest_on: null,
        }))
        .set({ supervisor_id: supervisorId })
        .where('id', '=', id)
        .execute()
    },

    async extend(id: string, deadline: Counted): Promise<void> {
      await d
        .updateTable('case_file')
        .set((row) => ({ extended: row('extended', '+', 1), ...deadlineRow(deadline), rung: null, latest_on: null }))
        .where('id', '=', id)
        .execute()
    },

    /** The same counts by another calendar, or bound by another day. A ladder that belonged to another day begins anew. */
    async recount(
      id: string,
      { deadline, firstContact, latest, isMoved }: Recount & { isMoved: boolean },
    ): Promise<void> {
      await d
        .updateTable('case_file')
        .set({ ...deadlineRow(deadline), ...contactRow(firstContact), latest_on: latest ?? null })
        .$if(isMoved, (row) => row.set({ rung: null }))
        .where('id', '=', id)
        .execute()
    },

    async setFirstContact(id: string, firstContact: Counted): Promise<void> {
      await d.updateTable('case_file').set(contactRow(firstContact)).where('id', '=', id).execute()
    },

    async climb(id: string, rung: CaseRung, supervisorId: string | null): Promise<void> {
      await d.updateTable('case_file').set({ rung, supervisor_id: supervisorId }).where('id', '=', id).execute()
    },

    async setEpisode(id: string, episodeId: string): Promise<void> {
      await d.updateTable('case_file').set({ episode_id: episodeId }).where('id', '=', id).execute()
    },

    /** Only while the case is locked, or just made: the next number is read before it is taken. @returns that number. */
    async addEvent(caseId: string, event: NewCaseEvent): Promise<number> {
      const { seq } = await d
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
        .returning('seq')
        .executeTakeFirstOrThrow()
      return seq
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

    byRating(ratingId: string) {
      return d.selectFrom('case_file').select(known).where('rating_id', '=', ratingId).executeTakeFirst()
    },

    byId(id: string) {
      return d.selectFrom('case_file').select(known).where('id', '=', id).executeTakeFirst()
    },

    /** What somebody files again who never heard that it was taken. */
    sameComplaint(
      { conversationId, text, contactMasked }: { conversationId: string; text: string; contactMasked?: string },
      since: Date,
    ) {
      return d
        .selectFrom('case_file')
        .select(known)
        .where('conversation_id', '=', conversationId)
        .where('kind', '=', 'complaint')
        .where('text', '=', text)
        .where('contact_masked', 'is not distinct from', contactMasked ?? null)
        .where('opened_at', '>=', since)
        .executeTakeFirst()
    },

    /** Open cases whose count has a day between these, or waits for a notice. */
    countedThrough(from: string, until: string) {
      return d
        .selectFrom('case_file')
        .select('id')
        .where('closed_at', 'is', null)
        .where('contact_from', '<=', until)
        .where((row) =>
          row.or([row('due_on', '>=', from), row('first_contact_due_on', '>=', from), row('provisional', '=', true)]),
        )
        .orderBy('number')
        .execute()
    },

    async sealedContact(id: string): Promise<string | undefined> {
      const row = await d.selectFrom('case_file').select('contact_sealed').where('id', '=', id).executeTakeFirst()
      return row?.contact_sealed ?? undefined
    },

    /** The number that was left for a call back in this conversation, the last one where there are several. */
    phoneLeft(conversationId: string) {
      return (
        d
          .selectFrom('callback')
          .select(['phone_sealed', 'phone_masked'])
          .where('conversation_id', '=', conversationId)
          // Whoever was missed left no number.
          .where('origin', '=', 'asked')
          .orderBy('asked_at', 'desc')
          .executeTakeFirst()
      )
    },
  }
}

const known = ['id', 'number', 'due_on', 'provisional', 'conversation_id', 'owner_id', 'rated_staff_id'] as const

function contactRow({ due, countedFrom, countedDays }: Counted) {
  return { first_contact_due_on: due, contact_from: countedFrom, contact_days: countedDays }
}

function deadlineRow({ due, provisional, countedFrom, countedDays }: Counted) {
  return { due_on: due, provisional, counted_from: countedFrom, counted_days: countedDays }
}

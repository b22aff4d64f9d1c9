/** Work orders of 12345 in PostgreSQL, each with the case that it became. */
import { sql } from 'kysely'
import type { WorkOrder, WorkOrderChangeKind } from '../contract/work-order.ts'
import type { Db, DeskTables } from './tables.ts'

export type WorkOrderStage = 'handling' | 'to_give_back' | 'given_back'
type Page = { limit: number; offset: number }

export function workOrdersStore(db: Db) {
  const d = db.withTables<DeskTables>()
  const rows = () =>
    d.selectFrom('work_order').innerJoin('case_file', 'case_file.id', 'work_order.case_id').select(columns)

  return {
    /** One taker of this number at a time, until the transaction ends. */
    async lockNumber(number: string): Promise<void> {
      await sql`select pg_advisory_xact_lock(hashtextextended(${number}, 7201))`.execute(d)
    },

    find(number: string) {
      return rows().where('work_order.number', '=', number).executeTakeFirst()
    },

    async among(numbers: readonly string[]): Promise<string[]> {
      if (numbers.length === 0) return []
      const rows = await d
        .selectFrom('work_order')
        .select('number')
        .where('number', 'in', [...numbers])
        .execute()
      return rows.map(({ number }) => number)
    },

    async insert(order: WorkOrder & { caseId: string; personSealed?: string; staffId: string }, now: Date) {
      await d
        .insertInto('work_order')
        .values({
          number: order.number,
          case_id: order.caseId,
          type: order.type,
          is_urgent: order.urgent ?? false,
          person_sealed: order.personSealed ?? null,
          received_at: new Date(order.receivedAt),
          due_on: order.dueOn ?? null,
          taken_by: order.staffId,
          taken_at: now,
        })
        .execute()
    },

    /** @returns false when the very same was kept before. */
    async addChange(
      change: { number: string; kind: WorkOrderChangeKind; at: Date; dueOn?: string; staffId: string },
      now: Date,
    ): Promise<boolean> {
      const { number, kind, at, dueOn, staffId } = change
      const row = await d
        .insertInto('work_order_change')
        .values({ number, kind, at, due_on: dueOn ?? null, taken_by: staffId, taken_at: now })
        .onConflict((known) => known.doNothing())
        .returning('number')
        .executeTakeFirst()
      return row !== undefined
    },

    /** The deadlines that 12345 named after the first one, in the order in which it did. */
    async laterDeadlines(number: string): Promise<{ at: Date; dueOn: string | null }[]> {
      return d
        .selectFrom('work_order_change')
        .select(['at', 'due_on as dueOn'])
        .where('number', '=', number)
        .where('kind', '=', 'deadline')
        .orderBy('at')
        .execute()
    },

    /** What was given back is to be given back anew: its case was opened again. */
    async takeBack(caseId: string): Promise<void> {
      const set = { given_back_at: null, given_back_by: null }
      await d.updateTable('work_order').set(set).where('case_id', '=', caseId).execute()
    },

    /** 12345 knows the end of what it withdrew itself. */
    async settle(number: string, staffId: string, now: Date): Promise<void> {
      const set = { given_back_at: now, given_back_by: staffId }
      await d.updateTable('work_order').set(set).where('number', '=', number).execute()
    },

    async sealedPerson(caseId: string): Promise<string | undefined> {
      const row = await d
        .selectFrom('work_order')
        .select('person_sealed')
        .where('case_id', '=', caseId)
        .executeTakeFirst()
      return row?.person_sealed ?? undefined
    },

    /** What waits for us first: still to be given back, then by deadline. */
    async list(stage: WorkOrderStage | undefined, { limit, offset }: Page) {
      let chosen = rows()
      if (stage === 'handling') chosen = chosen.where('closed_at', 'is', null)
      if (stage === 'to_give_back')
        chosen = chosen.where('closed_at', 'is not', null).where('given_back_at', 'is', null)
      if (stage === 'given_back') chosen = chosen.where('given_back_at', 'is not', null)
      const { total } = await chosen
        .clearSelect()
        .select((row) => row.fn.countAll<number>().as('total'))
        .executeTakeFirstOrThrow()
      const page = await chosen
        .orderBy(sql`given_back_at is not null`)
        .orderBy(sql`closed_at is null`)
        .orderBy('case_file.due_on')
        .orderBy('work_order.number')
        .limit(limit)
        .offset(offset)
        .execute()
      return { rows: page, total }
    },

    /** @returns the numbers that are over and done, and were not given back before. */
    async giveBack(numbers: readonly string[], staffId: string, now: Date): Promise<string[]> {
      const given = await d
        .updateTable('work_order')
        .set({ given_back_at: now, given_back_by: staffId })
        .where('number', 'in', [...numbers])
        .where('given_back_at', 'is', null)
        .where(
          sql<boolean>`exists (select from case_file f where f.id = work_order.case_id and f.closed_at is not null)`,
        )
        .returning('number')
        .execute()
      return given.map(({ number }) => number)
    },
  }
}

const columns = [
  'work_order.number',
  'work_order.case_id',
  'work_order.type',
  'work_order.is_urgent',
  'case_file.text',
  'work_order.due_on as order_due_on',
  'work_order.taken_at',
  'work_order.given_back_at',
  'case_file.number as case_number',
  'case_file.state',
  'case_file.first_contact_due_on',
  'case_file.due_on',
  'case_file.provisional',
] as const

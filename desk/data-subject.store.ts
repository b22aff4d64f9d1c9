/**
 * Who a citizen is in the tables, how much is kept of them, and what they asked about it. They come as a keyed hash, or
 * as a number that sealed ones are compared with.
 */
import { sql } from 'kysely'
import type { DataFound, DataProof, DataRequestKind, DataRequestView } from '../contract/security.ts'
import { maskPhone } from './masking.ts'
import { casesOf, type Whose } from './own-records.store.ts'
import type { Sealer } from './sealer.ts'
import type { Db, DeskTables } from './tables.ts'

export type NewDataRequest = {
  kind: DataRequestKind
  proof: DataProof
  who: string
  note?: string
  staffId?: string
  contacts: readonly string[]
  found: Partial<DataFound>
}
type Sealed = { contact_id: string; sealed: string }
type Standing = { id: string; state: 'bot' | 'waiting' | 'agent' | 'closed' }

export function dataSubjectStore(db: Db, sealer: Pick<Sealer, 'open'>) {
  const d = db.withTables<DeskTables>()
  const those = (ids: readonly string[]) => sql`any(${[...ids]}::uuid[])`

  return {
    async contactOf(kind: 'visitor' | 'phone', lookupHash: Buffer): Promise<string | undefined> {
      const { rows } = await sql<{ contact_id: string }>`
        select contact_id from identity where kind = ${kind} and lookup_hash = ${lookupHash}`.execute(d)
      return rows[0]?.contact_id
    },

    async isWithdrawn(lookupHash: Buffer): Promise<boolean> {
      const row = await d
        .selectFrom('withdrawn_pass')
        .select('lookup_hash')
        .where('lookup_hash', '=', lookupHash)
        .executeTakeFirst()
      return row !== undefined
    },

    /** Who left this number to be rung, or with a complaint. Only those that look alike when masked are opened. */
    async contactsWithNumber(phone: string): Promise<string[]> {
      const masked = maskPhone(phone)
      const { rows } = await sql<Sealed>`
        select c.contact_id, b.phone_sealed as sealed from callback b join conversation c on c.id = b.conversation_id
        where b.phone_masked = ${masked}
        union all
        select c.contact_id, f.contact_sealed from case_file f join conversation c on c.id = f.conversation_id
        where f.contact_masked = ${masked} and f.contact_sealed is not null`.execute(d)
      return [
        ...new Set(rows.filter(({ sealed }) => sealer.open(sealed) === phone).map(({ contact_id }) => contact_id)),
      ]
    },

    /** Cases with this number, whoever's: one that another office passed on is in nobody's conversation. */
    async casesWithNumber(phone: string): Promise<string[]> {
      const { rows } = await sql<{ id: string; sealed: string }>`
        select id, contact_sealed as sealed from case_file
        where contact_masked = ${maskPhone(phone)} and contact_sealed is not null`.execute(d)
      return rows.filter(({ sealed }) => sealer.open(sealed) === phone).map(({ id }) => id)
    },

    /** With the contacts that a colleague has found to be the same people. */
    async samePeople(contactIds: readonly string[]): Promise<string[]> {
      const { rows } = await sql<{ contact_id: string }>`
        select other.contact_id from verified_contact mine join verified_contact other using (person_id)
        where mine.contact_id = ${those(contactIds)} and other.how <> 'wechat_scan'`.execute(d)
      return [...new Set([...contactIds, ...rows.map(({ contact_id }) => contact_id)])]
    },

    async conversationsOf(contactIds: readonly string[]): Promise<Standing[]> {
      const { rows } = await sql<Standing>`
        select id, state from conversation where contact_id = ${those(contactIds)} order by started_at`.execute(d)
      return rows
    },

    async found(whose: Whose): Promise<DataFound> {
      const { rows } = await sql<DataFound>`
        with mine as (select id from conversation where contact_id = ${those(whose.contacts)})
        select (select count(*) from mine) as conversations,
          (select count(*) from turn where conversation_id in (select id from mine)) as turns,
          (select count(*) from rating where given_at is not null and conversation_id in (select id from mine)) as ratings,
          (select count(*) from callback where conversation_id in (select id from mine)) as callbacks,
          (select count(*) from case_file f where ${casesOf(whose)}) as cases,
          (select count(*) from outbox_message where recipient_hash = any(${whose.recipients})) as messages`.execute(d)
      return rows[0] ?? { conversations: 0, turns: 0, ratings: 0, callbacks: 0, cases: 0, messages: 0 }
    },

    /** The number of each case, oldest first. */
    async casesOf(whose: Whose): Promise<string[]> {
      const { rows } = await sql<{ number: string }>`
        select f.number from case_file f where ${casesOf(whose)} order by f.opened_at`.execute(d)
      return rows.map(({ number }) => number)
    },

    async ask(asked: NewDataRequest, state: 'waiting' | 'done', now: Date): Promise<string> {
      const { id } = await d
        .insertInto('data_request')
        .values({
          kind: asked.kind,
          proof: asked.proof,
          who: asked.who,
          note: asked.note ?? null,
          staff_id: asked.staffId ?? null,
          asked_at: now,
          contacts: [...asked.contacts],
          state,
          done_at: state === 'done' ? now : null,
          found: JSON.stringify(asked.found),
        })
        .returning('id')
        .executeTakeFirstOrThrow()
      return id
    },

    async waiting(limit: number): Promise<{ id: string; contacts: string[] }[]> {
      return d
        .selectFrom('data_request')
        .select(['id', 'contacts'])
        .where('state', '=', 'waiting')
        .orderBy('asked_at')
        .limit(limit)
        .execute()
    },

    /** @returns false when another node was quicker. */
    async done(id: string, now: Date): Promise<boolean> {
      const { numUpdatedRows } = await d
        .updateTable('data_request')
        .set({ state: 'done', done_at: now })
        .where('id', '=', id)
        .where('state', '=', 'waiting')
        .executeTakeFirstOrThrow()
      return numUpdatedRows > 0n
    },

    /** Newest first. */
    async list(limit: number, offset: number): Promise<{ rows: DataRequestView[]; total: number }> {
      const { total } = await d
        .selectFrom('data_request')
        .select((row) => row.fn.countAll<number>().as('total'))
        .executeTakeFirstOrThrow()
      const rows = await d
        .selectFrom('data_request')
        .leftJoin('staff', 'staff.id', 'data_request.staff_id')
        .selectAll('data_request')
        .select('staff.display_name as by')
        .orderBy('asked_at', 'desc')
        .limit(limit)
        .offset(offset)
        .execute()
      return {
        total,
        rows: rows.map((row) => ({
          id: row.id,
          kind: row.kind,
          proof: row.proof,
          who: row.who,
          note: row.note ?? undefined,
          by: row.by ?? undefined,
          askedAt: row.asked_at.toISOString(),
          state: row.state,
          doneAt: row.done_at?.toISOString(),
          found: row.found,
        })),
      }
    },
  }
}

/**
 * All that is kept of one citizen, read over every table it stands in, and what they asked about it. Who they are comes
 * as a keyed hash, or as a number that sealed ones are compared with.
 */
import { sql } from 'kysely'
import type { DataFound, DataProof, DataRequestKind, DataRequestView } from '../contract/security.ts'
import type { ByteSealer } from './attachments.store.ts'
import { maskPhone } from './masking.ts'
import type { Sealer } from './sealer.ts'
import type { Db, DeskTables } from './tables.ts'

export type OwnRecords = {
  conversations: {
    id: string
    channel: string
    region: string | null
    insurance: string | null
    startedAt: Date
    closedAt: Date | null
    turns: { speaker: string; workNumber: string | null; text: string; at: Date }[]
  }[]
  ratings: { askedAt: Date; givenAt: Date; level: number; reasons: string[]; words: string | null }[]
  callbacks: {
    phone: string
    askedAt: Date
    dueAt: Date
    state: string
    result: string | null
    hasRecording: boolean
  }[]
  cases: {
    number: string
    kind: string
    state: string
    text: string
    contact: string | null
    openedAt: Date
    dueOn: string
    closedAt: Date | null
  }[]
  /** Newest first. `content` in base64; absent of what is beyond the most that one copy holds. */
  files: { name: string; type: string; bytes: number; sentBy: string; at: Date; content?: string }[]
}
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

/** Of files in one copy; whoever sent more gets the others at the counter. */
const mostCopiedBytes = 40 * 1_024 * 1_024

export function dataSubjectStore(db: Db, sealer: Sealer & Pick<ByteSealer, 'openBytes'>) {
  const d = db.withTables<DeskTables>()
  const those = (ids: readonly string[]) => sql`any(${[...ids]}::uuid[])`

  async function contentOf(fileId: string): Promise<Buffer | undefined> {
    const { rows } = await sql<{ sealed: Buffer }>`
      select content_sealed as sealed from attachment where id = ${fileId}`.execute(d)
    return rows[0] && sealer.openBytes(rows[0].sealed)
  }

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

    async found(contactIds: readonly string[]): Promise<DataFound> {
      const { rows } = await sql<DataFound>`
        with mine as (select id from conversation where contact_id = ${those(contactIds)})
        select (select count(*) from mine) as conversations,
          (select count(*) from turn where conversation_id in (select id from mine)) as turns,
          (select count(*) from rating where given_at is not null and conversation_id in (select id from mine)) as ratings,
          (select count(*) from callback where conversation_id in (select id from mine)) as callbacks,
          (select count(*) from case_file where conversation_id in (select id from mine)) as cases`.execute(d)
      return rows[0] ?? { conversations: 0, turns: 0, ratings: 0, callbacks: 0, cases: 0 }
    },

    /** The number of each case, oldest first. */
    async casesOf(contactIds: readonly string[]): Promise<string[]> {
      const { rows } = await sql<{ number: string }>`
        select f.number from case_file f join conversation c on c.id = f.conversation_id
        where c.contact_id = ${those(contactIds)} order by f.opened_at`.execute(d)
      return rows.map(({ number }) => number)
    },

    async records(contactIds: readonly string[]): Promise<OwnRecords> {
      const mine = sql`(select id from conversation where contact_id = ${those(contactIds)})`
      type Conversation = Omit<OwnRecords['conversations'][number], 'turns'>
      type Turn = OwnRecords['conversations'][number]['turns'][number] & { conversation: string }
      const conversations = await sql<Conversation>`
        select id, channel, region, insurance, started_at as "startedAt", closed_at as "closedAt"
        from conversation where id in ${mine} order by started_at`.execute(d)
      const turns = await sql<Turn>`
        select t.conversation_id as conversation, t.speaker, s.work_number as "workNumber", t.text, t.said_at as at
        from turn t left join staff s on s.id = t.staff_id
        where t.conversation_id in ${mine} order by t.conversation_id, t.seq`.execute(d)
      const ratings = await sql<OwnRecords['ratings'][number]>`
        select asked_at as "askedAt", given_at as "givenAt", level, reasons, words
        from rating where given_at is not null and conversation_id in ${mine} order by given_at`.execute(d)
      const callbacks = await sql<OwnRecords['callbacks'][number]>`
        select b.phone_sealed as phone, b.asked_at as "askedAt", b.due_at as "dueAt", b.state, b.result,
          q.callback_id is not null as "hasRecording"
        from callback b left join left_question q on q.callback_id = b.id
        where b.conversation_id in ${mine} order by b.asked_at`.execute(d)
      const cases = await sql<OwnRecords['cases'][number]>`
        select number, kind, state, text, contact_sealed as contact, opened_at as "openedAt", due_on as "dueOn",
          closed_at as "closedAt"
        from case_file where conversation_id in ${mine} order by opened_at`.execute(d)
      const said = new Map<string, OwnRecords['conversations'][number]['turns']>()
      for (const { conversation, ...turn } of turns.rows)
        said.set(conversation, [...(said.get(conversation) ?? []), turn])
      return {
        conversations: conversations.rows.map((one) => ({ ...one, turns: said.get(one.id) ?? [] })),
        ratings: ratings.rows,
        callbacks: callbacks.rows.map((one) => ({ ...one, phone: sealer.open(one.phone) })),
        cases: cases.rows.map((one) => ({ ...one, contact: one.contact && sealer.open(one.contact) })),
        files: await this.files(contactIds),
      }
    },

    async files(contactIds: readonly string[]): Promise<OwnRecords['files']> {
      type File = Omit<OwnRecords['files'][number], 'content'> & { id: string }
      const { rows } = await sql<File>`
        select a.id, a.name, a.type, a.bytes, a.sent_by as "sentBy", a.kept_at as at
        from attachment a join conversation c on c.id = a.conversation_id
        where c.contact_id = ${those(contactIds)} order by a.kept_at desc`.execute(d)
      const files: OwnRecords['files'] = []
      let copied = 0
      for (const { id, ...file } of rows) {
        copied += file.bytes
        const found = copied > mostCopiedBytes ? undefined : await contentOf(id)
        files.push({ ...file, ...(found && { content: found.toString('base64') }) })
      }
      return files
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

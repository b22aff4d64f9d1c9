/** All that is kept of one citizen, read over every table it stands in. */
import { sql, type RawBuilder } from 'kysely'
import type { ByteSealer } from './attachments.store.ts'
import { codeLetterKind } from './phone-codes.ts'
import type { Sealer } from './sealer.ts'
import type { Db } from './tables.ts'

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
  /** 一次性告知: what they were told as a card. */
  tellings: { question: string; at: Date; arrivedAt: Date | null }[]
  /** What left the house for the number that they proved to be theirs; no code that still opens anything. */
  messages: { channel: string; at: Date; state: string; text: string }[]
  /** Since when they want no messages that they did not ask for. */
  optedOutAt: Date | null
  /** Newest first. `content` in base64; absent of what is beyond the most that one copy holds. */
  files: { name: string; type: string; bytes: number; sentBy: string; at: Date; content?: string }[]
}
/** A citizen, by all that they are known by. */
export type Whose = {
  contacts: readonly string[]
  /** Cases with their number, beyond those of their conversations. */
  cases: readonly string[]
  /** Keyed hashes of where messages to them go, as far as that was proved. */
  recipients: readonly Buffer[]
}

/** Of files in one copy; whoever sent more gets the others at the counter. */
const mostCopiedBytes = 40 * 1_024 * 1_024

const those = (ids: readonly string[]) => sql`any(${[...ids]}::uuid[])`

/** As a condition on `case_file f`. */
export function casesOf({ contacts, cases }: Whose): RawBuilder<boolean> {
  return sql<boolean>`(f.id = ${those(cases)}
    or f.conversation_id in (select id from conversation where contact_id = ${those(contacts)}))`
}

export function ownRecordsStore(db: Db, sealer: Pick<Sealer, 'open'> & Pick<ByteSealer, 'openBytes'>) {
  async function contentOf(fileId: string): Promise<Buffer | undefined> {
    const { rows } = await sql<{ sealed: Buffer }>`
      select content_sealed as sealed from attachment where id = ${fileId}`.execute(db)
    return rows[0] && sealer.openBytes(rows[0].sealed)
  }

  return {
    async records(whose: Whose): Promise<OwnRecords> {
      const { contacts } = whose
      const mine = sql`(select id from conversation where contact_id = ${those(contacts)})`
      type Conversation = Omit<OwnRecords['conversations'][number], 'turns'>
      type Turn = OwnRecords['conversations'][number]['turns'][number] & { conversation: string }
      const conversations = await sql<Conversation>`
        select id, channel, region, insurance, started_at as "startedAt", closed_at as "closedAt"
        from conversation where id in ${mine} order by started_at`.execute(db)
      const turns = await sql<Turn>`
        select t.conversation_id as conversation, t.speaker, s.work_number as "workNumber", t.text, t.said_at as at
        from turn t left join staff s on s.id = t.staff_id
        where t.conversation_id in ${mine} order by t.conversation_id, t.seq`.execute(db)
      const ratings = await sql<OwnRecords['ratings'][number]>`
        select asked_at as "askedAt", given_at as "givenAt", level, reasons, words
        from rating where given_at is not null and conversation_id in ${mine} order by given_at`.execute(db)
      const callbacks = await sql<OwnRecords['callbacks'][number]>`
        select b.phone_sealed as phone, b.asked_at as "askedAt", b.due_at as "dueAt", b.state, b.result,
          q.callback_id is not null as "hasRecording"
        from callback b left join left_question q on q.callback_id = b.id
        where b.conversation_id in ${mine} order by b.asked_at`.execute(db)
      const cases = await sql<OwnRecords['cases'][number]>`
        select f.number, f.kind, f.state, f.text, f.contact_sealed as contact, f.opened_at as "openedAt",
          f.due_on as "dueOn", f.closed_at as "closedAt"
        from case_file f where ${casesOf(whose)} order by f.opened_at`.execute(db)
      const tellings = await sql<OwnRecords['tellings'][number]>`
        select question, told_at as at, arrived_at as "arrivedAt"
        from telling where conversation_id in ${mine} order by told_at`.execute(db)
      const messages = await sql<OwnRecords['messages'][number]>`
        select channel, queued_at as at, state, text_sealed as text
        from outbox_message where recipient_hash = any(${whose.recipients}) and kind <> ${codeLetterKind}
        order by queued_at`.execute(db)
      const optedOut = await sql<{ at: Date }>`
        select min(at) as at from outbox_opt_out where recipient_hash = any(${whose.recipients})`.execute(db)
      const said = new Map<string, OwnRecords['conversations'][number]['turns']>()
      for (const { conversation, ...turn } of turns.rows)
        said.set(conversation, [...(said.get(conversation) ?? []), turn])
      return {
        conversations: conversations.rows.map((one) => ({ ...one, turns: said.get(one.id) ?? [] })),
        ratings: ratings.rows,
        callbacks: callbacks.rows.map((one) => ({ ...one, phone: sealer.open(one.phone) })),
        cases: cases.rows.map((one) => ({ ...one, contact: one.contact && sealer.open(one.contact) })),
        tellings: tellings.rows,
        messages: messages.rows.map((one) => ({ ...one, text: sealer.open(one.text) })),
        optedOutAt: optedOut.rows[0]?.at ?? null,
        files: await this.files(contacts),
      }
    },

    async files(contactIds: readonly string[]): Promise<OwnRecords['files']> {
      type File = Omit<OwnRecords['files'][number], 'content'> & { id: string }
      const { rows } = await sql<File>`
        select a.id, a.name, a.type, a.bytes, a.sent_by as "sentBy", a.kept_at as at
        from attachment a join conversation c on c.id = a.conversation_id
        where c.contact_id = ${those(contactIds)} order by a.kept_at desc`.execute(db)
      const files: OwnRecords['files'] = []
      let copied = 0
      for (const { id, ...file } of rows) {
        copied += file.bytes
        const found = copied > mostCopiedBytes ? undefined : await contentOf(id)
        files.push({ ...file, ...(found && { content: found.toString('base64') }) })
      }
      return files
    },
  }
}

/** Messages that leave the house, in PostgreSQL: recipient and words sealed. */
import { sql } from 'kysely'
import type { OutboxChannel } from '../contract/outbox.ts'
import type { Ending, Message } from './outbox-rules.ts'
import type { OutboxTables } from './outbox-tables.ts'
import type { Sealer } from './sealer.ts'
import type { Db } from './tables.ts'

export type Recipient = { sealed: string; masked: string; hash: Buffer }
export type NewMessage = {
  key: string
  channel: OutboxChannel
  kind: string
  proactive: boolean
  to: Recipient
  subject?: string
  text: string
  batchId?: string
  /** What is put in when this one finds no way; whoever puts it in can read it. */
  otherwise?: string
}
export type KeptMessage = Message & {
  id: string
  key: string
  channel: OutboxChannel
  kind: string
  to: string
  recipientHash: Buffer
  subject?: string
  text: string
  otherwise?: string
}
export type OutboxStore = ReturnType<typeof outboxStore>

export const rowsAtOnce = 500
/** Came to an end without going out. */
const unsent = ['dead', 'opted_out', 'cancelled'] as const

export function outboxStore(db: Db, sealer: Sealer) {
  const d = db.withTables<OutboxTables>()

  async function locked(by: 'id' | 'idempotency_key', value: string): Promise<KeptMessage | undefined> {
    const row = await d.selectFrom('outbox_message').selectAll().where(by, '=', value).forUpdate().executeTakeFirst()
    if (!row) return undefined
    return {
      id: row.id,
      key: row.idempotency_key,
      channel: row.channel,
      kind: row.kind,
      proactive: row.proactive,
      state: row.state,
      tries: row.tries,
      nextTryAt: row.next_try_at ?? undefined,
      to: sealer.open(row.recipient_sealed),
      recipientHash: row.recipient_hash,
      subject: row.subject ?? undefined,
      text: sealer.open(row.text_sealed),
      ...(row.otherwise_sealed !== null && { otherwise: sealer.open(row.otherwise_sealed) }),
    }
  }

  return {
    /**
     * @param revives whether what never went out under its key goes now; `at`: not before
     * @returns the ids of those that are to be sent; the others are kept as they were.
     */
    async add(
      messages: readonly NewMessage[],
      now: Date,
      { revives, at: firstTryAt }: { revives: boolean; at: Date },
    ): Promise<string[]> {
      const ids: string[] = []
      for (let at = 0; at < messages.length; at += rowsAtOnce) {
        const rows = messages.slice(at, at + rowsAtOnce).map((message) => ({
          idempotency_key: message.key,
          channel: message.channel,
          kind: message.kind,
          proactive: message.proactive,
          recipient_sealed: message.to.sealed,
          recipient_masked: message.to.masked,
          recipient_hash: message.to.hash,
          subject: message.subject ?? null,
          text_sealed: sealer.seal(message.text),
          queued_at: now,
          next_try_at: firstTryAt,
          last_error: null,
          driver: null,
          delivered_at: null,
          batch_id: message.batchId ?? null,
          otherwise_sealed: message.otherwise === undefined ? null : sealer.seal(message.otherwise),
        }))
        const added = await d
          .insertInto('outbox_message')
          .values(rows)
          .onConflict((known) => {
            const same = known.column('idempotency_key')
            if (!revives) return same.doNothing()
            return same
              .doUpdateSet((e) => ({
                ...{ state: 'waiting', tries: 0, queued_at: now, next_try_at: firstTryAt },
                channel: e.ref('excluded.channel'),
                recipient_sealed: e.ref('excluded.recipient_sealed'),
                recipient_masked: e.ref('excluded.recipient_masked'),
                recipient_hash: e.ref('excluded.recipient_hash'),
                otherwise_sealed: e.ref('excluded.otherwise_sealed'),
                batch_id: e.ref('excluded.batch_id'),
              }))
              .where('outbox_message.state', 'in', unsent)
          })
          .returning('id')
          .execute()
        ids.push(...added.map(({ id }) => id))
      }
      return ids
    },

    /** Whether it was ever put in, whatever became of it. */
    async has(key: string): Promise<boolean> {
      const row = await d
        .selectFrom('outbox_message')
        .select('id')
        .where('idempotency_key', '=', key)
        .executeTakeFirst()
      return row !== undefined
    },

    /** Which of these keys went out before, or are about to. */
    async known(keys: readonly string[]): Promise<Set<string>> {
      if (keys.length === 0) return new Set()
      const rows = await d
        .selectFrom('outbox_message')
        .select('idempotency_key')
        .where('idempotency_key', '=', sql<string>`any(${keys})`)
        .where('state', 'not in', unsent)
        .execute()
      return new Set(rows.map((row) => row.idempotency_key))
    },

    /** Held until the transaction ends. */
    lock: (id: string): Promise<KeptMessage | undefined> => locked('id', id),
    lockKey: (key: string): Promise<KeptMessage | undefined> => locked('idempotency_key', key),

    /** It had counted as delivered. */
    async bounce(id: string, lastError: string): Promise<void> {
      await d
        .updateTable('outbox_message')
        .set({ state: 'dead', last_error: lastError, delivered_at: null })
        .where('id', '=', id)
        .where('state', '=', 'delivered')
        .execute()
    },

    /** @param until when the try counts as broken off. */
    async trying(id: string, tries: number, driver: string, until: Date): Promise<void> {
      await d
        .updateTable('outbox_message')
        .set({ state: 'sending', tries, driver, next_try_at: until })
        .where('id', '=', id)
        .execute()
    },
    async hold(id: string, until: Date): Promise<void> {
      await d.updateTable('outbox_message').set({ state: 'waiting', next_try_at: until }).where('id', '=', id).execute()
    },
    async leaveOut(id: string): Promise<void> {
      await d
        .updateTable('outbox_message')
        .set({ state: 'opted_out', next_try_at: null })
        .where('id', '=', id)
        .execute()
    },
    /** @returns false when somebody else ended that try. */
    async end(id: string, tries: number, ended: Ending, now: Date): Promise<boolean> {
      const { numUpdatedRows } = await d
        .updateTable('outbox_message')
        .set({
          state: ended.state,
          next_try_at: ended.state === 'waiting' ? ended.nextTryAt : null,
          delivered_at: ended.state === 'delivered' ? now : null,
          last_error: ended.state === 'delivered' ? null : ended.lastError,
        })
        .where('id', '=', id)
        .where('state', '=', 'sending')
        .where('tries', '=', tries)
        .executeTakeFirstOrThrow()
      return numUpdatedRows > 0n
    },
    /** The same message by another way, as if it had never been tried. */
    async goOtherwise(id: string, channel: OutboxChannel, to: Recipient, now: Date): Promise<void> {
      const recipient = { recipient_sealed: to.sealed, recipient_masked: to.masked, recipient_hash: to.hash }
      await d
        .updateTable('outbox_message')
        .set({ ...recipient, channel, state: 'waiting', tries: 0, next_try_at: now, otherwise_sealed: null })
        .where('id', '=', id)
        .execute()
    },
    /** What still waits of a table goes to nobody. @returns how many. */
    async cancelBatch(batchId: string): Promise<number> {
      const { numUpdatedRows } = await d
        .updateTable('outbox_message')
        .set({ state: 'cancelled', next_try_at: null })
        .where('batch_id', '=', batchId)
        .where('state', '=', 'waiting')
        .executeTakeFirstOrThrow()
      return Number(numUpdatedRows)
    },

    /** Open ones whose time came long ago: whoever was to send them did not. */
    async overdue(before: Date, limit: number): Promise<string[]> {
      const rows = await d
        .selectFrom('outbox_message')
        .select('id')
        .where('state', 'in', ['waiting', 'sending'])
        .where('next_try_at', '<', before)
        .orderBy('next_try_at')
        .limit(limit)
        .execute()
      return rows.map(({ id }) => id)
    },

    /** Of a person who wants to be forgotten, whatever state it is in. */
    async forgetRecipients(hashes: readonly Buffer[]): Promise<void> {
      if (hashes.length > 0) await d.deleteFrom('outbox_message').where('recipient_hash', 'in', hashes).execute()
    },
    /** What has come to its end and was put in before then, oldest first, and locked: of two nodes each takes others. */
    async endedBefore(before: Date, limit: number): Promise<string[]> {
      const rows = await d
        .selectFrom('outbox_message')
        .select('id')
        .where('state', 'in', ['delivered', ...unsent])
        .where('queued_at', '<', before)
        .orderBy('queued_at')
        .limit(limit)
        .forUpdate()
        .skipLocked()
        .execute()
      return rows.map(({ id }) => id)
    },
    async forget(ids: readonly string[]): Promise<void> {
      await d.deleteFrom('outbox_message').where('id', 'in', ids).execute()
    },
  }
}

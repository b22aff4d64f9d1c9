/** The table of messages that leave the house, as its stores see it. */
import type { ColumnType, Generated } from 'kysely'
import type { OutboxChannel, OutboxState } from '../contract/outbox.ts'

export type OutboxTables = {
  outbox_message: {
    id: Generated<string>
    idempotency_key: string
    channel: OutboxChannel
    kind: string
    proactive: boolean
    recipient_sealed: string
    recipient_masked: string
    recipient_hash: Buffer
    subject: string | null
    text_sealed: string
    state: ColumnType<OutboxState, OutboxState | undefined, OutboxState>
    tries: Generated<number>
    queued_at: Date
    next_try_at: Date | null
    last_error: string | null
    driver: string | null
    delivered_at: Date | null
    batch_id: string | null
    otherwise_sealed: ColumnType<string | null, string | null | undefined, string | null>
  }
}

/** The outbox as the console shows it: numbers and words masked, and how many messages stand where. */
import {
  outboxStates,
  type OutboxChannel,
  type OutboxNarrowed,
  type OutboxRow,
  type OutboxState,
} from '../contract/outbox.ts'
import { maskText } from './masking.ts'
import { outboxFilter } from './outbox-filter.store.ts'
import type { OutboxTables } from './outbox-tables.ts'
import { codeLetterKind } from './phone-codes.ts'
import type { Sealer } from './sealer.ts'
import type { Db } from './tables.ts'

/** A code is for whoever holds the number, and for nobody who reads lists. */
const hiddenText = '（验证码，内容不显示）'

export type OutboxFilter = OutboxNarrowed & { limit: number; offset: number }

export function outboxListStore(db: Db, sealer: Pick<Sealer, 'open'>) {
  const d = db.withTables<OutboxTables>()
  return {
    async list({ limit, offset, ...narrowed }: OutboxFilter): Promise<{ rows: OutboxRow[]; total: number }> {
      const found = d.selectFrom('outbox_message').where(outboxFilter(narrowed))
      const { total } = await found.select((row) => row.fn.countAll<number>().as('total')).executeTakeFirstOrThrow()
      const rows = await found
        .selectAll()
        .orderBy('queued_at', 'desc')
        .orderBy('id')
        .limit(limit)
        .offset(offset)
        .execute()
      return { rows: rows.map((row) => shown(row, sealer)), total }
    },

    counts: () => outboxCountsStore(db).counts(),
  }
}

export function outboxCountsStore(db: Db) {
  return {
    async counts(): Promise<Record<OutboxState, number>> {
      const rows = await db
        .withTables<OutboxTables>()
        .selectFrom('outbox_message')
        .select(['state', (row) => row.fn.countAll<number>().as('count')])
        .groupBy('state')
        .execute()
      return countsByState(rows)
    },
  }
}

/** Every state with its number, also those that nothing is in. */
export function countsByState(rows: readonly { state: OutboxState; count: number }[]): Record<OutboxState, number> {
  const counts: Record<OutboxState, number> = {
    ...{ waiting: 0, sending: 0, delivered: 0 },
    ...{ dead: 0, opted_out: 0, cancelled: 0 },
  }
  for (const state of outboxStates)
    counts[state] = rows.filter((row) => row.state === state).reduce((sum, row) => sum + row.count, 0)
  return counts
}

type Listed = {
  id: string
  channel: OutboxChannel
  kind: string
  proactive: boolean
  recipient_masked: string
  text_sealed: string
  state: OutboxState
  tries: number
  queued_at: Date
  next_try_at: Date | null
  last_error: string | null
  delivered_at: Date | null
  driver: string | null
}

function shown(row: Listed, sealer: Pick<Sealer, 'open'>): OutboxRow {
  return {
    id: row.id,
    channel: row.channel,
    kind: row.kind,
    proactive: row.proactive,
    to: row.recipient_masked,
    text: row.kind === codeLetterKind ? hiddenText : maskText(sealer.open(row.text_sealed)),
    state: row.state,
    tries: row.tries,
    queuedAt: row.queued_at.toISOString(),
    nextTryAt: row.next_try_at?.toISOString(),
    lastError: row.last_error ?? undefined,
    deliveredAt: row.delivered_at?.toISOString(),
    driver: row.driver ?? undefined,
  }
}

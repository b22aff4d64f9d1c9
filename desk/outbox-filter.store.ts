/** A list of the outbox narrowed down: the same words for what is shown and for what is sent again. */
import { sql, type RawBuilder } from 'kysely'
import type { OutboxNarrowed } from '../contract/outbox.ts'
import { businessTime } from './working-days.ts'

const dayMs = 24 * 3_600_000

/** Of rows of outbox_message. */
export function outboxFilter({ state, channel, kind, batch, day, to }: OutboxNarrowed): RawBuilder<boolean> {
  const conditions: RawBuilder<unknown>[] = [sql`true`]
  if (state) conditions.push(sql`state = ${state}`)
  if (channel) conditions.push(sql`channel = ${channel}`)
  if (kind) conditions.push(sql`kind = ${kind}`)
  if (batch) conditions.push(sql`batch_id = ${batch}::uuid`)
  if (to?.includes('*')) conditions.push(sql`recipient_masked = ${to}`)
  else if (to) conditions.push(sql`recipient_masked like ${`%${to}`}`)
  if (day) {
    const from = businessTime(day, '00:00')
    conditions.push(sql`queued_at >= ${from} and queued_at < ${new Date(from.getTime() + dayMs)}`)
  }
  return sql<boolean>`(${sql.join(conditions, sql` and `)})`
}

/** What citizens sent and nobody could work on so far, by whatever road: for operators. */
import { sql } from 'kysely'
import type { Road } from './road.ts'
import type { Db } from './tables.ts'

/** `givenUpAt`: it is not tried any more; else `againAt`. `cause` as it was thrown. */
export type Stuck = {
  id: string
  road: Road
  receivedAt: Date
  tries: number
  cause: string
  againAt?: Date
  givenUpAt?: Date
}

const isStuck = sql`tries > 0 and (done_at is null or given_up_at is not null)`

export function stuckStore(db: Db) {
  return {
    /** The newest first. */
    async list(limit: number): Promise<Stuck[]> {
      const { rows } = await sql<Row>`
        select encode(key_hash, 'hex') as id, road, received_at, tries, cause, again_at, given_up_at
          from wechat_event where ${isStuck}
        union all
        select encode(key_hash, 'hex'), 'kf', received_at, tries, cause, again_at, given_up_at
          from wechat_kf_message where ${isStuck}
        order by received_at desc limit ${limit}`.execute(db)
      return rows.map(({ received_at: receivedAt, again_at: againAt, given_up_at: givenUpAt, cause, ...row }) => ({
        ...{ ...row, receivedAt, cause: cause ?? '' },
        ...(givenUpAt ? { givenUpAt } : againAt && { againAt }),
      }))
    },

    /** It is tried at once, once more at the least. @returns false where it is none of these. */
    async again(id: string, now: Date): Promise<boolean> {
      const { rows } = await sql`
        with event as (
          update wechat_event set done_at = null, given_up_at = null, again_at = ${now}
            where key_hash = decode(${id}, 'hex') and ${isStuck} returning 1
        ), message as (
          update wechat_kf_message set done_at = null, given_up_at = null, again_at = ${now}
            where key_hash = decode(${id}, 'hex') and ${isStuck} returning 1
        )
        select from event union all select from message`.execute(db)
      return rows.length > 0
    },
  }
}

type Row = {
  id: string
  road: Road
  received_at: Date
  tries: number
  cause: string | null
  again_at: Date | null
  given_up_at: Date | null
}

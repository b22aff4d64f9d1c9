/** How the hotline stands at this moment, in one look: what waits, who is there, what is late. */
import { sql } from 'kysely'
import type { FiguresWall } from '../contract/figure.ts'
import { handoversStore } from './handovers.store.ts'
import type { Db } from './tables.ts'
import { businessDay } from './working-days.ts'

export type Standing = Omit<FiguresWall, 'at' | 'figures' | 'targets' | 'bursts'>

export function figuresWallStore(db: Db) {
  return {
    async standing(now: Date): Promise<Standing> {
      const today = businessDay(now)
      const { rows } = await sql<Row>`
        select
          (select count(*) from conversation where state = 'agent') as "withAgent",
          (select count(*) from conversation where state = 'bot') as "withBot",
          (select count(*) from call where ended_at is null) as "callsUp",
          (select count(*) from presence where state = 'online') as online,
          (select count(*) from presence where state = 'busy') as busy,
          (select count(*) from callback where state = 'waiting') as "callbacksWaiting",
          (select count(*) from callback where state = 'waiting' and due_at < ${now}) as "callbacksLate",
          (select count(*) from case_file where closed_at is null) as "casesOpen",
          (select count(*) from case_file where closed_at is null
            and (due_on < ${today}::date or (state = 'to_verify' and first_contact_due_on < ${today}::date))) as "casesLate"
      `.execute(db)
      const [row] = rows
      if (!row) throw new Error('a select without from gave no row')
      const { waiting, since } = await handoversStore(db).waitingNow()
      return { ...row, waiting, ...(since && { waitingSince: since.toISOString() }) }
    },
  }
}

type Row = Omit<Standing, 'waiting' | 'waitingSince'>

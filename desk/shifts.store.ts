/** The duty roster in PostgreSQL. One person begins one shift at a time. */
import type { NewShift, ShiftView } from '../contract/shift.ts'
import { Problem } from '../contract/problem.ts'
import type { QueueTables } from './queue-tables.ts'
import type { Db, DeskTables } from './tables.ts'

export type ShiftsStore = ReturnType<typeof shiftsStore>

const dayMinutes = 1_440

export function shiftsStore(db: Db) {
  const d = db.withTables<QueueTables & Pick<DeskTables, 'staff'>>()
  return {
    /** Those that begin on these days, in their order. */
    async between(from: string, to: string): Promise<ShiftView[]> {
      const rows = await d
        .selectFrom('shift')
        .innerJoin('staff', 'staff.id', 'shift.staff_id')
        .select(['shift.id', 'day', 'from_minute', 'to_minute', 'staff_id', 'rank', 'work_number', 'display_name'])
        .where('day', '>=', from)
        .where('day', '<=', to)
        .where('disabled_at', 'is', null)
        .orderBy('day')
        .orderBy('from_minute')
        .orderBy('rank')
        .orderBy('work_number')
        .execute()
      return rows.map((row) => ({
        ...{ id: row.id, day: row.day, staffId: row.staff_id, rank: row.rank },
        from: inWords(row.from_minute),
        to: row.to_minute === dayMinutes ? '24:00' : inWords(row.to_minute % dayMinutes),
        workNumber: row.work_number,
        displayName: row.display_name,
      }))
    },

    /** What stands already, for the same person from the same time, stays. @returns how many are new. */
    async add(shifts: readonly NewShift[]): Promise<number> {
      if (shifts.length === 0) return 0
      const made = await d
        .insertInto('shift')
        .values(shifts.map(toRow))
        .onConflict((known) => known.columns(['day', 'from_minute', 'staff_id']).doNothing())
        .returning('id')
        .execute()
      return made.length
    },

    /** @throws Problem not_found */
    async remove(id: string): Promise<void> {
      const { numDeletedRows } = await d.deleteFrom('shift').where('id', '=', id).executeTakeFirstOrThrow()
      if (numDeletedRows === 0n) throw new Problem('not_found', `no shift ${id}`)
    },
  }
}

function toRow({ day, from, to, staffId, rank }: NewShift) {
  const [begins, ends] = [minuteOf(from), minuteOf(to)]
  return {
    ...{ day, staff_id: staffId, rank, from_minute: begins },
    to_minute: ends > begins ? ends : ends + dayMinutes,
  }
}

function minuteOf(time: string): number {
  const [hours = '0', minutes = '0'] = time.split(':')
  return Number(hours) * 60 + Number(minutes)
}

function inWords(minute: number): string {
  const two = (n: number) => String(n).padStart(2, '0')
  return `${two(Math.floor(minute / 60))}:${two(minute % 60)}`
}

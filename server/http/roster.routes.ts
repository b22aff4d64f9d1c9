/** The duty roster: a month to edit, a week to copy, office hours to take over, and who is on duty now. */
import type { AuditAct } from '../../contract/audit.ts'
import type { DutyView, MonthView, ShiftsMade } from '../../contract/shift.ts'
import { faultyField } from '../../contract/problem.ts'
import { auditStore } from '../../desk/audit.store.ts'
import { nextOpening, isKeepable } from '../../desk/callback.ts'
import { dutyPhonesStore } from '../../desk/duty-phones.store.ts'
import { holidaysStore } from '../../desk/holidays.store.ts'
import { copiedWeek, daysAfter, daysOf, mondayOf, nextOnDuty, officeShifts, onDuty } from '../../desk/shift.ts'
import type { Sealer } from '../../desk/sealer.ts'
import { shiftsStore } from '../../desk/shifts.store.ts'
import { staffStore } from '../../desk/staff.store.ts'
import { businessDay, isWorkingDay, officeHours } from '../../desk/working-days.ts'
import type { Db } from '../db/database.ts'
import type { Doors } from './doors.ts'

const weekDays = 6
/** How far ahead the next shift is looked for. */
const lookAheadDays = 31

type Parts = { db: Db; sealer: Sealer; now: () => Date }

export function rosterRoutes(doors: Doors, { db, sealer, now }: Parts): void {
  doors.open('GET /api/shifts', async ({ query: { month } }) => {
    const days = daysOf(month)
    const calendar = await holidaysStore(db).calendar()
    const shifts = await shiftsStore(db).between(`${month}-01`, days.at(-1) ?? '')
    const restDays = days.filter((day) => !isWorkingDay(day, calendar))
    const phones = await dutyPhonesStore(db, sealer).shown()
    const withoutPhone = [...new Set(shifts.map(({ staffId }) => staffId))].filter((id) => !phones.has(id))
    return { shifts, restDays, officeHours, withoutPhone } satisfies MonthView
  })

  doors.open('POST /api/shifts', async ({ body, signedIn }) => {
    await mustBeStaff([body.staffId], 'staffId')
    return noted(signedIn.actor.staffId, 'shift.add', body.day, async (tx) => {
      if ((await shiftsStore(tx).add([body])) === 0) throw faultyField('from', '这位同事这天同一时间已有班次')
    })
  })

  doors.open('POST /api/shifts/:id/remove', ({ params, signedIn }) =>
    noted(signedIn.actor.staffId, 'shift.remove', params.id, (tx) => shiftsStore(tx).remove(params.id)),
  )

  doors.open('POST /api/shift-copies', async ({ body: { from, to }, signedIn }) => {
    if (mondayOf(from) === mondayOf(to)) throw faultyField('to', '请选择另一个星期')
    const week = await shiftsStore(db).between(mondayOf(from), daysAfter(mondayOf(from), weekDays))
    if (week.length === 0) throw faultyField('from', '这个星期还没有班次')
    const copied = copiedWeek(week, from, to)
    return made(signedIn.actor.staffId, 'shift.copy', mondayOf(to), copied)
  })

  doors.open('POST /api/shift-imports', async ({ body: { month, staffIds }, signedIn }) => {
    await mustBeStaff(staffIds, 'staffIds')
    const shifts = officeShifts(month, [...new Set(staffIds)], await holidaysStore(db).calendar())
    return made(signedIn.actor.staffId, 'shift.import', month, shifts)
  })

  doors.open('GET /api/duty', async () => {
    const at = now()
    const today = businessDay(at)
    const shifts = await shiftsStore(db).between(daysAfter(today, -1), daysAfter(today, lookAheadDays))
    const calendar = await holidaysStore(db).calendar()
    const opensAt = isKeepable(at, calendar, shifts) ? at : nextOpening(at, calendar, shifts)
    return {
      onDuty: onDuty(shifts, at),
      next: nextOnDuty(shifts, at),
      opensAt: opensAt.toISOString(),
    } satisfies DutyView
  })

  async function made(staffId: string, act: AuditAct, subject: string, shifts: Parameters<typeof copiedWeek>[0]) {
    let count = 0
    await noted(staffId, act, subject, async (tx) => {
      count = await shiftsStore(tx).add(shifts)
    })
    return { made: count, stood: shifts.length - count } satisfies ShiftsMade
  }

  async function mustBeStaff(staffIds: readonly string[], field: string): Promise<void> {
    const known = await staffStore(db).workNumbers([...staffIds])
    if (staffIds.some((id) => !known.has(id))) throw faultyField(field, '没有这位同事')
  }

  async function noted(staffId: string, act: AuditAct, subject: string, work: (tx: Db) => Promise<void>) {
    await db.transaction().execute(async (tx) => {
      await work(tx)
      await auditStore(tx).record({ staffId, act, subject }, now())
    })
    return { ok: true }
  }
}

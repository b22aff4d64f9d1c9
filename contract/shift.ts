/** The duty roster (值班表): who is on duty on which day, from when to when, and who is told first. */
import { z } from 'zod'
import { day, uuid } from './text.ts'

const clock = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$|^24:00$/, '时间应写成 时:分，例如 09:00')
const month = z.string().regex(/^\d{4}-(0[1-9]|1[0-2])$/, '月份应写成 年-月，例如 2026-11')

/** An end that is not after the beginning lies on the next day. */
export const shiftSchema = z.strictObject({
  day,
  from: clock.refine((time) => time !== '24:00', '开始应早于 24:00'),
  to: clock,
  staffId: uuid,
  /** 1 is told first; the next ones when nobody took somebody who waits. */
  rank: z.int('应为整数').min(1, '不能小于 1').max(9, '不能超过 9').default(1),
})
export type NewShift = z.infer<typeof shiftSchema>

export const shiftsQuery = z.strictObject({ month })
/** From the week of one day to the week of another, Monday to Sunday. What stands there already stays. */
export const shiftCopySchema = z.strictObject({ from: day, to: day })
/** Everybody named, in this order of telling, on each working day of the month in office hours. */
export const shiftImportSchema = z.strictObject({
  month,
  staffIds: z.array(uuid).min(1, '至少选一位').max(9, '最多 9 位'),
})

export type ShiftView = NewShift & { id: string; workNumber: string; displayName: string }
export type MonthView = {
  shifts: ShiftView[]
  /** Days of the month that are no working days, 调休 counted. */
  restDays: string[]
  officeHours: { from: string; to: string }
  /** Staff of these shifts who are called nowhere by short message. */
  withoutPhone: string[]
}
/** Who is on duty now, first to be told first, and when the hotline's people are back. */
export type DutyView = { onDuty: ShiftView[]; next?: ShiftView; opensAt: string }
/** What a copy or an import did. */
export type ShiftsMade = { made: number; stood: number }

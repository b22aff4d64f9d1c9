/** 节假日: the State Council's yearly notice as it is entered, a year whole. The arithmetic stands in desk/working-days.ts. */
import { z } from 'zod'
import { day, text } from './text.ts'

export const holidayKinds = ['off', 'worked'] as const
export type HolidayKind = (typeof holidayKinds)[number]
export const holidayKindNames: Record<HolidayKind, string> = { off: '放假', worked: '调休上班' }

export const holidayYearSchema = z.strictObject({
  year: z.int('应为整数').min(2_000, '年份不能早于 2000').max(2_100, '年份不能晚于 2100'),
  /** The notice's number, such as 国办发明电〔2025〕7号. */
  notice: text(80),
  days: z
    .array(z.strictObject({ day, kind: z.enum(holidayKinds, '只能是 off、worked'), name: text(20) }))
    .min(1, '至少填一天')
    .max(120, '天数太多'),
})
export const holidaysQuery = z.strictObject({
  year: z.string('请写年份').regex(/^2[01]\d\d$/, '年份应为四位数字'),
})
export type HolidayNotice = z.infer<typeof holidayYearSchema>

export type HolidayYearView = Omit<HolidayNotice, 'notice'> & {
  /** Absent for a year that came with the product. */
  notice?: string
  enteredBy?: string
  enteredAt?: string
}

/** Who picks up, and on which days, in words. */
import type { LineDays, LineMode } from '../../contract/phone-events.ts'

export const modeNames: Record<LineMode, string> = {
  'bot-first': '先智能客服',
  'person-first': '先人工',
  overflow: '先人工，忙时转智能客服',
  'after-hours': '只有智能客服',
}
export const dayNames: Record<LineDays, string> = {
  workdays: '工作日（含调休）',
  restdays: '休息日',
  'every-day': '每天',
  mon: '星期一',
  tue: '星期二',
  wed: '星期三',
  thu: '星期四',
  fri: '星期五',
  sat: '星期六',
  sun: '星期日',
}

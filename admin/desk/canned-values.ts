/** What the variables of a canned reply stand for at a moment, in the bureau's own zone. Pure. */
import type { CannedVariable } from '../../contract/canned.ts'
import { dayOf, timeOf } from '../day.ts'

export function valuesAt(
  now: Date,
  { workNumber, bureau }: { workNumber: string; bureau: string },
): Record<CannedVariable, string> {
  const moment = now.toISOString()
  const [year = '', month = '', date = ''] = dayOf(now).split('-')
  return {
    工号: workNumber,
    称呼: '您',
    姓名: '您',
    问候: greetingAt(Number(timeOf(moment).slice(0, 2))),
    时间: timeOf(moment),
    日期: `${year}年${Number(month)}月${Number(date)}日`,
    单位: bureau,
  }
}

function greetingAt(hour: number): string {
  if (hour >= 5 && hour < 11) return '上午好'
  if (hour >= 11 && hour < 13) return '中午好'
  return hour >= 13 && hour < 18 ? '下午好' : '晚上好'
}

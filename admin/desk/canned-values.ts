/** What the variables of a canned reply stand for at a moment, in the bureau's own zone. Pure. */
import type { CannedVariable } from '../../contract/canned.ts'
import { dayOf, timeOf } from '../day.ts'
import type { SaidName } from './said-name.ts'

/** Said of nobody in particular, and right before 您好 as well as in the middle of a sentence. */
const anybody = '市民朋友'

/**
 * @param name what the citizen says they are called. 称呼 goes before 好 and in a sentence: 王女士您, or 您 alone; 姓名 before
 * 您好 and behind 尊敬的: the whole name, else the surname with its title, else 市民朋友.
 */
export function valuesAt(
  now: Date,
  { workNumber, bureau, name }: { workNumber: string; bureau: string; name?: SaidName },
): Record<CannedVariable, string> {
  const titled = name?.title && `${name.surname}${name.title}`
  const moment = now.toISOString()
  const [year = '', month = '', date = ''] = dayOf(now).split('-')
  return {
    工号: workNumber,
    称呼: `${titled ?? name?.full ?? ''}您`,
    姓名: name?.full ?? titled ?? anybody,
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

/**
 * By when a case has to be done, and when that may still be moved.
 *
 * A deadline is a day that a number of days was counted to; both are kept, so that a notice that comes out later can
 * be counted again. More time is given only before the deadline, as often and as far as the rule of the kind says.
 */
import type { CaseRule, CountedIn } from '../contract/case-rule.ts'
import { isFinal, type CaseState } from '../contract/case.ts'
import { Problem } from '../contract/problem.ts'
import { dueAfter, plusDays, type Calendar } from './working-days.ts'

export type Deadline = { due: string; provisional: boolean }
export type Counted = { countedFrom: string; countedDays: number } & Deadline
/** Both counts of a case, and the day of somebody else's that binds them. */
export type Recount = { deadline: Counted; firstContact: Counted; latest?: string }

/** @param from 'YYYY-MM-DD', itself not counted. @param days in `countedIn`; 0: that day, or the next working one. */
export function countDeadline(from: string, days: number, countedIn: CountedIn, calendar: Calendar): Counted {
  const counted = { countedFrom: from, countedDays: days }
  if (countedIn === 'calendar') return { ...counted, due: plusDays(from, days), provisional: false }
  return { ...counted, ...dueAfter(from, days, calendar) }
}

/** The earlier of ours and of a day that others set; theirs is what it is, whatever notice comes out. */
export function notAfter(counted: Counted, latest: string | undefined): Counted {
  return latest && latest < counted.due ? { ...counted, due: latest, provisional: false } : counted
}

export type Extensible = { state: CaseState; dueOn: string; countedFrom: string; countedDays: number; extended: number }
type ExtensionRule = Pick<CaseRule, 'countedIn' | 'extensions' | 'extensionDays'>

/** How many days more may be asked for today; 0 when none. */
export function extensionLeft(file: Extensible, rule: ExtensionRule, today: string): number {
  return whyNotExtended(file, rule, today) ? 0 : rule.extensionDays
}

function whyNotExtended(file: Extensible, rule: ExtensionRule, today: string): string | undefined {
  if (isFinal(file.state)) return '已了结，不用延期'
  if (file.dueOn < today) return '期限已过，不能再延期'
  if (file.extended >= rule.extensions) return rule.extensions === 0 ? '这一类不能延期' : '已延过期，不能再延'
  return undefined
}

/**
 * The new deadline, `days` after the old one as the case counts.
 *
 * @throws Problem illegal_move (field days) when it is over, too late, or given already; invalid_input when it is too far.
 */
export function extend(
  file: Extensible,
  days: number,
  rule: ExtensionRule,
  today: string,
  calendar: Calendar,
): Counted {
  const refused = whyNotExtended(file, rule, today)
  if (refused) throw new Problem('illegal_move', refused, { fields: [{ path: 'days', message: refused }] })
  if (days > rule.extensionDays)
    throw new Problem('invalid_input', `${days} days more, ${rule.extensionDays} allowed`, {
      fields: [{ path: 'days', message: `最多延 ${rule.extensionDays} 天` }],
    })
  return countDeadline(file.dueOn, days, rule.countedIn, calendar)
}

/** What citizens hear of their case (整改单): where it stands, and what became of it. Every sentence is true of its state. */
import { isFinal, type CaseState } from '../contract/case.ts'
import type { CaseProgress } from '../contract/case-progress.ts'
import { dayInWords } from './day-in-words.ts'

export const caseWording = {
  /** Whoever asks is not told whether there is such a number. */
  unknown: '按这个编号，我没有查到您的记录。请核对编号，并用当时联系我们的方式来查；也可以说“人工”。',

  /** The rating moved nothing: what it meets is said instead. */
  ratedMeanwhile: (number: string, state: CaseState): string => {
    if (state === 'closed') return `已收到您的评价，谢谢您。编号 ${number} 已办结。`
    if (state === 'appeal') return `已收到您的评价。编号 ${number} 正在复核，有结果会告诉您。`
    if (state === 'excluded') return `已收到您的评价，会和编号 ${number} 的记录一起保留。`
    if (state === 'returned') return `已收到您的评价。编号 ${number} 已转回 12345 办理。`
    return `已收到您的评价。编号 ${number} 还在办理，办好后会再告诉您结果。`
  },

  /** @param dueOn in words */
  filed: (number: string, dueOn: string, provisional: boolean) =>
    `您反映的事项已登记，编号 ${number}。专人将在 ${dueOn} 前办结${provisional ? '（节假日安排公布后可能调整）' : ''}并告诉您结果。把编号发给我可以查进度，来电来访报编号也可以。`,

  excluded: (number: string) =>
    `您反映的问题（编号 ${number}）已经复核：经核实，这条评价不计入统计，记录保留。您有不同意见，可以说“我要投诉”或者“人工”。`,

  appealRefused: (number: string) =>
    `您反映的问题（编号 ${number}）已经复核：您的评价照常计入，我们会继续办理，办好后告诉您结果。`,

  closedUnreached: (number: string) =>
    `您反映的问题（编号 ${number}）已经办理，结果之前告诉过您。我们多次联系您都没有联系上，现予办结。仍不满意，请告诉我们，会继续处理。`,

  closed: (number: string) => `您反映的问题（编号 ${number}）已按回访时的答复办结。仍不满意，请告诉我们，会继续处理。`,
} as const

const stands: Record<CaseState, string> = {
  to_verify: '已经登记，专人正在核实',
  contacted: '已经联系过您，正在核实',
  rectifying: '正在整改',
  to_review: '整改已经做完，正在复核',
  reported_back: '已经办理',
  followed_up: '已经办理，并做了回访',
  closed: '已经办结',
  appeal: '正在复核',
  excluded: '复核已经结束，这条评价不计入统计，记录保留',
  returned: '不属于本单位办理，已转回 12345，请向 12345 查询',
}

/** @param today a deadline that has passed is not promised again. */
export function progressWords(
  { number, state, reopened, dueOn, provisional, remedy }: Omit<CaseProgress, 'words'>,
  today: string,
): string {
  const stand = state === 'rectifying' && reopened > 0 ? '正在重新办理' : stands[state]
  const due = dayInWords(dueOn)
  const term = isFinal(state)
    ? ''
    : dueOn < today
      ? `办结期限 ${due} 已过，正在督办，给您添麻烦了。`
      : `会在 ${due} 前办结${provisional ? '（节假日安排公布后可能调整）' : ''}。`
  return `编号 ${number}：${stand}。${remedy ? `办理结果：${remedy}${/[。！？]$/.test(remedy) ? '' : '。'}` : ''}${term}`
}

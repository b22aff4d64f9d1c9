/** What gaps are called on the console, and which tone a state has. */
import type { GapCause, GapState } from '../../contract/gap.ts'

export const gapStateNames: Record<GapState, string> = {
  open: '待处理',
  drafting: '起草中',
  published: '已发布，待告知',
  told: '已告知',
  dismissed: '不处理',
}
export const gapStateTones = {
  open: 'accent',
  drafting: 'brand',
  published: 'brand',
  told: 'good',
  dismissed: 'plain',
} as const satisfies Record<GapState, string>
export const gapCauseNames: Record<GapCause, string> = {
  unknown: '没有答复',
  unchosen: '反问后没有选',
  not_helped: '没帮上',
  bad_rating: '差评',
}

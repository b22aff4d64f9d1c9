/** The tables that figures and reports are split into, and what each shows. */
import type { FigureId, Split } from '../../contract/figure.ts'
import { agentFigures } from '../../contract/report.ts'

const ratings = ['ratings', 'satisfied-share', 'very-satisfied-share', 'bad-share'] as const
const talks = [
  'conversations',
  'bot-share',
  'reply-share',
  'one-touch-share',
  'ratings',
  'satisfied-share',
  'bad-share',
] as const

export type SplitTableKind = { by: Split; title: string; of: string; ids: readonly FigureId[] }
export const splitTables: readonly SplitTableKind[] = [
  { by: 'channel', title: '各渠道', of: '渠道', ids: talks },
  { by: 'unit', title: '各受评对象', of: '对象', ids: ratings },
  { by: 'window', title: '各窗口', of: '窗口', ids: ratings },
  { by: 'agent', title: '坐席', of: '工号', ids: agentFigures },
  { by: 'tag', title: '小结标签', of: '标签', ids: ['tagged'] },
]

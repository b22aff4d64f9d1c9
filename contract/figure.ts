/**
 * 指标: the closed list of figures, each with its definition beside it. A figure is counted from rows and opens them:
 * `whole` rows, of which `part` meet the claim. desk/figures.store.ts counts; nothing else does.
 */
import { z } from 'zod'
import { pageQuery } from './http.ts'
import { tagName } from './tag.ts'
import { day, uuid } from './text.ts'

export const figureIds = [
  'calls',
  'answered-share',
  'worst-answered-share',
  'pickup-share',
  'conversations',
  'bot-share',
  'handover-share',
  'reopened-share',
  'one-touch-share',
  'questions',
  'answer-share',
  'solved-share',
  'waits',
  'wait-seconds',
  'reply-share',
  'left-share',
  'agent-parts',
  'handling-seconds',
  'tagged',
  'ratings',
  'satisfied-share',
  'very-satisfied-share',
  'bad-share',
  'rated-share',
  'cases',
  'contact-share',
  'on-time-share',
  'follow-up-share',
  'named-follow-up-share',
  'fixed-share',
] as const
export type FigureId = (typeof figureIds)[number]

/** What a caller may be promised; cities differ, so they are settings. */
export type FigureLimits = {
  pickupSeconds: number
  replySeconds: number
  /** Of fewer calls within 24 hours no share is told, and nobody is alarmed by it. */
  leastCalls: number
  /** What a share is expected to reach, in [0, 1]. */
  targets: Partial<Record<FigureId, number>>
}
export const figureUnits = ['count', 'share', 'seconds'] as const
export type FigureUnit = (typeof figureUnits)[number]
export const figureGroups = ['电话', '会话', '答复', '人工', '评价', '整改'] as const

type Figure = {
  group: (typeof figureGroups)[number]
  name: string
  unit: FigureUnit
  /** Which rows are counted, by which moment they fall into a stretch of time, and what is left out. */
  definition: (limits: FigureLimits) => string
  /** Of one run of 24 hours out of the stretch, the worst: it cannot be split. */
  isWorstDay?: true
}

const minutes = (seconds: number) => (seconds % 60 === 0 ? `${seconds / 60} 分钟` : `${seconds} 秒`)

export const figures: Record<FigureId, Figure> = {
  calls: {
    group: '电话',
    name: '来电量',
    unit: 'count',
    definition: () => '期内打进热线的电话，按来电时刻；我方回拨的不算。',
  },
  'answered-share': {
    group: '电话',
    name: '接通率',
    unit: 'share',
    definition: () => '期内来电中，由智能客服或坐席接起的占比；振铃中挂断、占线、被拒的都算未接通。',
  },
  'worst-answered-share': {
    group: '电话',
    name: '接通率，最差 24 小时',
    unit: 'share',
    definition: ({ leastCalls }) =>
      `期内任意连续 24 小时（不限于自然日）里，由智能客服或坐席接起的占比最低的一段；来电不到 ${leastCalls} 通的不比。期内到现在还不满 24 小时的，取截至现在的 24 小时。`,
    isWorstDay: true,
  },
  'pickup-share': {
    group: '电话',
    name: '及时接起率',
    unit: 'share',
    definition: ({ pickupSeconds }) => `期内来电中，${minutes(pickupSeconds)}之内（含）接起的占比。`,
  },
  conversations: {
    group: '会话',
    name: '会话量',
    unit: 'count',
    definition: () => '期内开始的会话，各渠道合计；市民一句没说、也没要人工的不算。24 小时内回来算同一个会话。',
  },
  'bot-share': {
    group: '会话',
    name: '智能客服独立办结率',
    unit: 'share',
    definition: () =>
      '期内开始、已结束的会话中，没有要过人工（没人值守时要过的也算要过）、也没有约回拨的占比。淮北公开报道（2023 年，按来电计）为 59.8%，供对照。',
  },
  'handover-share': {
    group: '会话',
    name: '转人工率',
    unit: 'share',
    definition: () => '期内开始的会话中，至少一次进入人工排队的占比；坐席之间的转接不算。',
  },
  'reopened-share': {
    group: '会话',
    name: '再次开启率',
    unit: 'share',
    definition: () => '期内开始、曾经结束过的会话中，结束后 24 小时内市民又回来的占比。',
  },
  'one-touch-share': {
    group: '会话',
    name: '一次解决率',
    unit: 'share',
    definition: () =>
      '期内开始、已结束的会话中，没有再次开启、经手坐席不超过一位、要了人工都有人接、没有约回拨、没有立整改单、小结没有记“未解决”的占比。',
  },
  questions: { group: '答复', name: '提问量', unit: 'count', definition: () => '期内智能客服检索过知识库的提问。' },
  'answer-share': {
    group: '答复',
    name: '直接答复率',
    unit: 'share',
    definition: () => '期内提问中，直接给出一条审核过的答复的占比；反问与答不上的不算。',
  },
  'solved-share': {
    group: '答复',
    name: '答复有用率',
    unit: 'share',
    definition: () => '期内的答复中，市民点过“解决了”或“没解决”的，其中“解决了”的占比；没点的不算在内。',
  },
  waits: {
    group: '人工',
    name: '人工排队次数',
    unit: 'count',
    definition: () => '期内进入人工排队的次数，按进入排队的时刻；转接回队列的也算一次。',
  },
  'wait-seconds': {
    group: '人工',
    name: '平均等候',
    unit: 'seconds',
    definition: () => '期内进入排队、已被坐席接起的，从进入排队到接起的平均时长。',
  },
  'reply-share': {
    group: '人工',
    name: '网络渠道及时回应率',
    unit: 'share',
    definition: ({ replySeconds }) =>
      `网页、微信上期内进入人工排队的，${minutes(replySeconds)}之内（含）坐席说了第一句话的占比；不到${minutes(replySeconds)}自己离开的、还没等满的不算在内。`,
  },
  'left-share': {
    group: '人工',
    name: '排队放弃率',
    unit: 'share',
    definition: () => '期内进入人工排队、已有结果的，没有等到坐席就离开（含改约回拨）的占比。',
  },
  'agent-parts': {
    group: '人工',
    name: '坐席接待量',
    unit: 'count',
    definition: () => '期内开始的坐席服务，一次接起算一次。',
  },
  'handling-seconds': {
    group: '人工',
    name: '平均接待时长',
    unit: 'seconds',
    definition: () => '期内开始、已结束的坐席服务，从接起到结束的平均时长。',
  },
  tagged: {
    group: '人工',
    name: '小结归类量',
    unit: 'count',
    definition: () => '期内写下的小结，按写下时刻；一条小结有几个标签就算几次。可按标签分开看。',
  },
  ratings: {
    group: '评价',
    name: '有效评价量',
    unit: 'count',
    definition: () => '期内市民主动给出的评价，按评价时刻；申诉成立的不计，没有评价的一律不算。',
  },
  'satisfied-share': {
    group: '评价',
    name: '满意率',
    unit: 'share',
    definition: () => '期内有效评价中，“非常满意”“满意”“基本满意”的占比；没有评价的不算满意。',
  },
  'very-satisfied-share': {
    group: '评价',
    name: '非常满意率',
    unit: 'share',
    definition: () => '期内有效评价中，“非常满意”的占比；没有评价的不算在内。',
  },
  'bad-share': {
    group: '评价',
    name: '差评率',
    unit: 'share',
    definition: () => '期内有效评价中，“不满意”“非常不满意”的占比。',
  },
  'rated-share': {
    group: '评价',
    name: '参评率',
    unit: 'share',
    definition: () => '期内可以评价的服务中，市民评价了的占比，按请评时刻。评价自愿，参评率不作为考核依据。',
  },
  cases: { group: '整改', name: '立案量', unit: 'count', definition: () => '期内立案的差评、投诉与转来的工单。' },
  'contact-share': {
    group: '整改',
    name: '首次联系按期率',
    unit: 'share',
    definition: () =>
      '首次联系期限在期内的整改单中，在期限当日或之前已联系市民的占比；未到期且未联系的、申诉成立、退回 12345 的不算。',
  },
  'on-time-share': {
    group: '整改',
    name: '整改按期办结率',
    unit: 'share',
    definition: () =>
      '办结期限在期内的整改单中，在期限当日或之前办结的占比；重新整改的按新期限；未到期且未办结的、申诉成立、退回 12345 的不算。',
  },
  'follow-up-share': {
    group: '整改',
    name: '回访率',
    unit: 'share',
    definition: () =>
      '期内立案、已办结或已过期限的整改单中，已回访（含联系不上并记录的）或市民已对整改再评价的占比；申诉成立、退回 12345 的不算。',
  },
  'named-follow-up-share': {
    group: '整改',
    name: '实名差评回访率',
    unit: 'share',
    definition: () =>
      '期内因差评立案、市民留有电话、已办结或已过期限的整改单中，已回访（含联系不上并记录的）或市民已对整改再评价的占比；申诉成立的不算。应为 100%。',
  },
  'fixed-share': {
    group: '整改',
    name: '整改满意率',
    unit: 'share',
    definition: () => '期内市民对整改结果的再评价中，“基本满意”及以上的占比。',
  },
}

export const figureChannels = ['phone', 'web', 'wechat', 'window'] as const
export type FigureChannel = (typeof figureChannels)[number]
export const figureChannelNames: Record<FigureChannel, string> = {
  phone: '电话',
  web: '网页',
  wechat: '微信',
  window: '窗口',
}
export const ratedUnits = ['bot', 'agent', 'case', 'window'] as const
export type RatedUnit = (typeof ratedUnits)[number]
export const unitNames: Record<RatedUnit, string> = { bot: '智能客服', agent: '坐席', case: '整改办理', window: '窗口' }

export const shareIds = figureIds.filter((id) => figures[id].unit === 'share')

/** What a figure can be split by. A figure whose rows know nothing of it is left out there. */
export const splits = ['day', 'channel', 'unit', 'level', 'agent', 'window', 'tag'] as const
export type Split = (typeof splits)[number]

/** Days of the bureau, both counted; without them, the 24 hours that end now. */
const stretch = {
  from: day.optional(),
  to: day.optional(),
  channel: z.enum(figureChannels, '没有这个渠道').optional(),
}
const mostDays = 400
type Stretch = { from?: string | undefined; to?: string | undefined }
const dayMs = 24 * 3_600_000
/** @returns what is wrong, with the field that it is told at. */
function strayDay({ from, to }: Stretch): { path: ['from' | 'to']; message: string } | undefined {
  if (!from && to) return { path: ['from'], message: '请选择开始日期' }
  if (from && !to) return { path: ['to'], message: '请选择结束日期' }
  if (!from || !to) return undefined
  if (from > to) return { path: ['to'], message: '结束日期早于开始日期' }
  if (Date.parse(to) - Date.parse(from) > mostDays * dayMs) return { path: ['to'], message: `最长 ${mostDays} 天` }
  return undefined
}
const inOrder = (given: Stretch, ctx: z.RefinementCtx) => {
  const stray = strayDay(given)
  if (stray) ctx.addIssue({ code: 'custom', ...stray })
}
export const figuresQuery = z.strictObject(stretch).superRefine(inOrder)
export const figureSplitQuery = z.strictObject({ ...stretch, by: z.enum(splits, '没有这种分法') }).superRefine(inOrder)
export const figureRowsQuery = z
  .strictObject({
    ...stretch,
    agent: uuid.optional(),
    window: uuid.optional(),
    unit: z.enum(ratedUnits, '没有这个受评对象').optional(),
    tag: tagName.optional(),
    level: z.enum(['1', '2', '3', '4', '5'], '评价应为 1 到 5').optional(),
    /** Those that meet the claim, or those that do not. */
    counted: z.enum(['0', '1'], '只能是 0 或 1').optional(),
    ...pageQuery,
  })
  .superRefine(inOrder)
export const ratingsExportQuery = z.strictObject({ from: day, to: day }).superRefine(inOrder)
export const figureParams = z.strictObject({ id: z.enum(figureIds, '没有这个指标') })

/** `value`: the count, the share in [0, 1], or seconds; null where there is nothing to divide by. */
export type FigureView = {
  id: FigureId
  value: number | null
  part: number
  whole: number
  /** The 24 hours that a worst figure was found in. */
  within?: { from: string; to: string }
}
export type FiguresView = {
  from: string
  to: string
  channel?: FigureChannel
  computedAt: string
  limits: FigureLimits
  figures: FigureView[]
}
export type SplitView = { key: string; label: string; figures: FigureView[] }
export type SplitsView = { from: string; to: string; by: Split; groups: SplitView[] }
export type FigureRow = {
  key: string
  /** Meets the claim; absent where the figure only counts or measures. */
  counted?: boolean
  cells: string[]
  opens?: { page: 'conversation' | 'case'; id: string }
}
export type FigureRowsView = FigureView & { columns: string[]; rows: FigureRow[]; total: number }

/** Whether a share stays under what it is expected to reach. */
export function isBelow({ id, value }: FigureView, targets: FigureLimits['targets']): boolean {
  const target = targets[id]
  return target !== undefined && value !== null && value < target
}

/** '97.3%', '1 分 05 秒', '1,024': as it stands on pages, in tables and on paper. */
export function figureWords(unit: FigureUnit, value: number | null): string {
  if (value === null) return '—'
  if (unit === 'share') {
    const thousandths = Math.round(value * 1_000)
    // What was missed by one in ten thousand was missed.
    return `${((thousandths === 1_000 && value < 1 ? 999 : thousandths) / 10).toFixed(1)}%`
  }
  if (unit === 'count') return value.toLocaleString('zh-CN')
  const whole = Math.round(value)
  const [hours, minutesLeft, secondsLeft] = [Math.floor(whole / 3_600), Math.floor(whole / 60) % 60, whole % 60]
  if (hours > 0) return `${hours} 小时 ${minutesLeft} 分`
  return whole < 60 ? `${whole} 秒` : `${minutesLeft} 分 ${String(secondsLeft).padStart(2, '0')} 秒`
}

/** A topic asked unusually often in the last hour: an entry that was served, or questions that nobody answered. */
export type BurstView = { kind: 'entry' | 'gap'; id: string; question: string; lately: number; usual: number }
export type BurstsView = { from: string; to: string; bursts: BurstView[] }

/** 指标大屏: how the hotline stands now. Times are moments, so that a page counts on by itself. */
export type FiguresWall = {
  at: string
  waiting: number
  waitingSince?: string
  withAgent: number
  withBot: number
  callsUp: number
  online: number
  busy: number
  callbacksWaiting: number
  callbacksLate: number
  casesOpen: number
  casesLate: number
  /** Of the 24 hours that end at `at`. */
  figures: FigureView[]
  targets: FigureLimits['targets']
  bursts: BurstView[]
}
export const wallFigures = [
  'answered-share',
  'pickup-share',
  'reply-share',
  'left-share',
  'bot-share',
  'satisfied-share',
  'calls',
  'conversations',
] as const satisfies readonly FigureId[]

/** On the desk's socket: a supervisor's wall asks once, and is told from then on. */
export const figureAsks = { 'figures:watch': z.strictObject({}) } as const
export type FigureReplies = { 'figures:watch': FiguresWall }
export type FigureNews = { 'figures:changed': (wall: FiguresWall) => void }

/**
 * The rows behind a figure as a page, a table and paper show them: what people wrote is masked, and of a rating neither
 * the conversation nor the time of day is told, because whoever was rated may be the one who reads. From these the case
 * that came of it is kept likewise: its number, its moments and its page.
 */
import { caseKindNames, caseStateNames, type CaseKind, type CaseState } from '../contract/case.ts'
import {
  figureChannelNames,
  unitNames,
  type FigureChannel,
  type FigureId,
  type FigureRow,
  type RatedUnit,
} from '../contract/figure.ts'
import { levelNames, type Level } from '../contract/rating.ts'
import type { Subject } from './figure-subjects.store.ts'
import type { SubjectRow } from './figures.store.ts'
import { maskText } from './masking.ts'
import { businessDay, businessZone } from './working-days.ts'

/** A row whose moment may be kept from whoever looks. */
type Told = Omit<SubjectRow, 'at'> & { at: Date | null }
type Column = { name: string; of: (row: Told, viewerId: string) => string }

const moment = new Intl.DateTimeFormat('sv-SE', { timeZone: businessZone, dateStyle: 'short', timeStyle: 'medium' })
const at = (value: unknown) => (value instanceof Date ? moment.format(value) : '')
const plain = (value: unknown) => (typeof value === 'string' || typeof value === 'number' ? String(value) : '')
const masked = (value: unknown) => maskText(plain(value))
const yes = (value: unknown) => (value === true ? '是' : value === false ? '否' : '')
const named = <K extends string>(names: Readonly<Record<K, string>>, value: unknown) =>
  Object.entries<string>(names).find(([key]) => key === value)?.[1] ?? plain(value)
const apart = (from: unknown, to: unknown) =>
  from instanceof Date && to instanceof Date ? ((to.getTime() - from.getTime()) / 1_000).toFixed(1) : ''

const ends = {
  caller: '市民挂断',
  hotline: '热线挂断',
  agent: '坐席挂断',
  cancelled: '振铃中取消',
  refused: '占线未接',
  'no-ack': '未建立',
  'no-audio': '无声音',
  'session-expired': '会话超时',
  'peer-gone': '对方失联',
  failed: '系统中断',
  goodbye: '市民道别',
  citizen: '市民结束',
  silence: '无回应结束',
  handover: '转人工',
  agent_gone: '坐席离线',
  transfer: '转接',
}
const reasons = {
  asked: '市民要求',
  bot_stuck: '智能客服答不上',
  urgent: '紧急',
  bot_failed: '智能客服故障',
  agent_gone: '坐席离线',
  transfer: '转接回队列',
}
const outcomes = { answer: '答复', 'ask-back': '反问', unknown: '未答上' }
const states = { bot: '智能客服', waiting: '排队', agent: '坐席', closed: '已结束' }
const levelText: Readonly<Record<string, string>> = levelNames satisfies Record<Level, string>

const list = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : [])

const moments = (name: string): Column => ({ name, of: (row) => at(row.at) })
const channel: Column = { name: '渠道', of: (row) => named<FigureChannel>(figureChannelNames, row['channel']) }
const level: Column = { name: '评价', of: (row) => levelText[plain(row['level'])] ?? '' }
const workNumber: Column = { name: '工号', of: (row) => plain(row['work_number']) }

const rating: readonly Column[] = [
  channel,
  { name: '受评', of: (row) => named<RatedUnit>(unitNames, row['unit']) },
  { name: '工号或窗口', of: (row) => plain(row['work_number']) || plain(row['window_name']) },
  level,
  { name: '理由', of: (row) => (Array.isArray(row['reasons']) ? row['reasons'].map(plain).join('、') : '') },
  { name: '留言', of: (row) => masked(row['words']) },
]
const file: readonly Column[] = [
  { name: '编号', of: (row) => plain(row['number']) },
  { name: '来由', of: (row) => named<CaseKind>(caseKindNames, row['kind']) },
  channel,
  { name: '状态', of: (row) => named<CaseState>(caseStateNames, row['state']) },
  { name: '立案', of: (row) => at(row['opened_at']) },
]
const due: readonly Column[] = [
  { name: '办结期限', of: (row) => plain(row['due_on']) },
  { name: '办结', of: (row) => plain(row['closed_on']) },
]

export const columnsOf: Record<Subject, readonly Column[]> = {
  call: [
    moments('来电'),
    { name: '线路', of: (row) => masked(row['line']) },
    { name: '接起用时（秒）', of: (row) => apart(row.at, row['picked_up_at']) },
    { name: '接到坐席', of: (row) => at(row['person_at']) },
    { name: '结束', of: (row) => at(row['ended_at']) },
    { name: '如何结束', of: (row) => named(ends, row['ended_by']) },
  ],
  conversation: [
    moments('开始'),
    channel,
    { name: '状态', of: (row) => named(states, row['state']) },
    { name: '要过人工', of: (row) => yes(row['wanted_person']) },
    { name: '要人工没人接', of: (row) => yes(row['missed_person']) },
    { name: '经手坐席', of: (row) => `${plain(row['agents'])} 位` },
    { name: '约回拨', of: (row) => yes(row['called_back']) },
    { name: '立投诉单', of: (row, viewerId) => yes(list(row['complaints_about']).some((about) => about !== viewerId)) },
    { name: '再次开启', of: (row) => yes(row['reopened']) },
  ],
  question: [
    moments('提问'),
    channel,
    { name: '问题', of: (row) => masked(row['question']) },
    { name: '结果', of: (row) => named(outcomes, row['outcome']) },
    { name: '答复的条目', of: (row) => plain(row['answered_by']) },
    { name: '解决了', of: (row) => yes(row['solved']) },
  ],
  wait: [
    moments('进入排队'),
    channel,
    { name: '来由', of: (row) => named(reasons, row['reason']) },
    workNumber,
    { name: '接起用时（秒）', of: (row) => apart(row.at, row['claimed_at']) },
    { name: '首次回应（秒）', of: (row) => apart(row.at, row['replied_at']) },
    { name: '离开', of: (row) => at(row['left_at']) },
  ],
  part: [
    moments('接起'),
    channel,
    workNumber,
    { name: '时长（秒）', of: (row) => apart(row.at, row['ended_at']) },
    { name: '如何结束', of: (row) => named(ends, row['ended_by']) },
  ],
  tag: [
    moments('写下'),
    { name: '标签', of: (row) => plain(row['tag']) },
    channel,
    workNumber,
    { name: '当场解决', of: (row) => yes(row['solved']) },
  ],
  rating: [{ name: '评价日', of: (row) => (row.at ? businessDay(row.at) : '') }, ...rating],
  asked: [{ name: '请评日', of: (row) => (row.at ? businessDay(row.at) : '') }, ...rating],
  case: [...file, ...due, { name: '已回访', of: (row) => yes(row['followed_up']) }],
  'contact-due': [
    ...file,
    { name: '首次联系期限', of: (row) => plain(row['first_contact_due_on']) },
    { name: '首次联系', of: (row) => plain(row['contacted_on']) },
  ],
  'case-due': [...file, ...due],
  fix: [
    moments('再评价'),
    { name: '编号', of: (row) => plain(row['number']) },
    { name: '来由', of: (row) => named<CaseKind>(caseKindNames, row['kind']) },
    channel,
    level,
    { name: '此后', of: (row) => named<CaseState>(caseStateNames, row['to_state']) },
  ],
}

/** Figures that a bad rating takes a conversation out of: whoever served it would find there who rated them. */
const tellingOfRatings: ReadonlySet<FigureId> = new Set<FigureId>(['one-touch-share'])

/** Whoever was rated is not shown the case, save where nobody else could own it; see `isShownTo` of case-lists.store.ts. */
function isKeptFrom(viewerId: string, figure: FigureId, row: SubjectRow): boolean {
  if (tellingOfRatings.has(figure)) return list(row['served_by']).includes(viewerId)
  return row['rated_staff_id'] === viewerId && row['owner_id'] !== viewerId
}

/** @param look `place`: of the row among those that are shown. */
export function shownRow(
  of: Subject,
  row: SubjectRow,
  { figure, place, viewerId }: { figure: FigureId; place: number; viewerId: string },
): FigureRow {
  const counted = row.claimed !== null && { counted: row.claimed }
  const cells = (from: Told) => columnsOf[of].map((column) => column.of(from, viewerId))
  if (isKeptFrom(viewerId, figure, row)) {
    const bare = { ...row, number: null, at: null, opened_at: null }
    return { key: `kept:${place}`, ...counted, cells: cells(bare) }
  }
  const [conversation, caseId] = [row['conversation'], row['case_id']]
  return {
    key: row.key,
    ...counted,
    cells: cells(row),
    ...(typeof conversation === 'string' && { opens: { page: 'conversation' as const, id: conversation } }),
    ...(typeof caseId === 'string' && { opens: { page: 'case' as const, id: caseId } }),
  }
}

/**
 * A row of the audit log in words, for the page and for the table that is taken along alike. What has no words is shown as
 * it is kept; nothing is left out.
 */
import { caseStateNames, followUpNames } from './case.ts'
import { foundHowNames } from './person.ts'
import { roleNames } from './staff.ts'

const names: ReadonlyMap<string, string> = new Map(
  Object.entries({
    added: '新增',
    askMinutes: '几分钟后问还在吗',
    ageMinutes: '等几分钟提前一档',
    attempts: '至少联系次数',
    before: '原来',
    callbacks: '回电',
    cases: '整改单',
    changed: '改了',
    conversations: '会话',
    count: '条数',
    countedIn: '按什么计算',
    days: '天数',
    dueDays: '办结天数',
    dueOn: '新期限',
    endMinutes: '再过几分钟结束',
    extension: '分机',
    extensionDays: '每次延期天数',
    extensions: '可延期次数',
    firstContactDays: '首次联系天数',
    format: '格式',
    fresh: '新的',
    from: '从',
    fromStaffId: '原来的坐席',
    gap: '缺口',
    given: '张数',
    held: '依法保存',
    how: '怎样核对',
    into: '并入',
    isElder: '长者',
    isOpen: '启用',
    isUsed: '在用',
    kind: '种类',
    tried: '试的登录名',
    known: '已有',
    mode: '谁来接',
    moved: '调整期限',
    notice: '文号',
    number: '版次',
    numbers: '编号',
    of: '共',
    on: '日期',
    optedOut: '退订',
    override: '仍要发布的理由',
    proof: '核实',
    questions: '问题',
    ratings: '评价',
    reason: '理由',
    remindDays: '催办提前天数',
    repeated: '重复',
    reportAfterDays: '超期几天通报',
    result: '结果',
    results: '结果数',
    revision: '版本',
    region: '地区',
    roles: '角色',
    rows: '行数',
    skillId: '技能组',
    staffId: '坐席',
    state: '办理',
    taken: '接收',
    text: '文字',
    to: '改为',
    toStaffId: '转给',
    transferId: '转接',
    turns: '条数',
    unchanged: '没有变化',
    until: '到',
    words: '词',
    name: '名称',
    batch: '批次',
    byNumber: '按号码',
    bytes: '字节',
    cancelled: '取消',
    channel: '渠道',
    messages: '消息',
    outcome: '结果',
    scopes: '权限',
    sent: '再发',
    fact: '情况',
    ids: '编号',
    city: '城市',
    file: '文件',
  }),
)
const values: ReadonlyMap<string, string> = new Map(
  Object.entries({
    ...roleNames,
    ...caseStateNames,
    ...followUpNames,
    ...foundHowNames,
    call_back: '回拨核对',
    calendar: '自然日',
    done: '已办',
    in_person: '当面查验证件',
    pass: '本人的网页',
    assign: '自动分配',
    claim: '坐席自己接待',
    waiting: '等接待结束',
    working: '工作日',
  }),
)
/** Of these the value is a code of ours; anything else was written by somebody. */
const coded: ReadonlySet<string> = new Set(['countedIn', 'how', 'mode', 'proof', 'result', 'roles', 'state', 'to'])

/** Subjects that are no one thing's id. */
const subjects: ReadonlyMap<string, string> = new Map(
  Object.entries({
    'sign-in': '登录',
    audit: '审计记录',
    cases: '整改单',
    entries: '知识条目',
    'work-orders': '12345 工单',
    conversations: '会话',
    callbacks: '回电',
    attachments: '文件',
  }),
)

/** @param ids by id, as the server knows them. */
export function subjectWords(subject: string, ids: Readonly<Record<string, string>>): string {
  const known = ids[subject] ?? subjects.get(subject)
  if (known) return known
  // Of an id or a checksum the beginning tells two apart; the whole of it stands in the table that is taken along.
  return /^[0-9a-f-]{32,}$/.test(subject) ? `${subject.slice(0, 8)}…` : subject
}

/** @param ids by id, as the server knows them. */
export function detailWords(detail: Record<string, unknown>, ids: Readonly<Record<string, string>> = {}): string {
  return Object.entries(detail)
    .filter(([, value]) => value !== null && value !== '')
    .map(([key, value]) => `${names.get(key) ?? key}：${valueWords(key, value, ids)}`)
    .join('；')
}

function valueWords(key: string, value: unknown, ids: Readonly<Record<string, string>>): string {
  if (Array.isArray(value)) return value.map((one) => valueWords(key, one, ids)).join('、') || '无'
  if (typeof value === 'string') return ids[value] ?? (coded.has(key) ? values.get(value) : undefined) ?? value
  if (typeof value === 'boolean') return value ? '是' : '否'
  return typeof value === 'number' ? String(value) : JSON.stringify(value)
}

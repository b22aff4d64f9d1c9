/** One sound value for every door that takes something, with every field filled. */
import type { AgentAsk } from '../../contract/agent-events.ts'
import type { PhoneAsk } from '../../contract/phone-events.ts'
import type { VisitorAsk } from '../../contract/visitor-events.ts'
import type { httpPolicy, HttpDoorName } from '../../server/policy.ts'
import { aPassword } from '../support/hotline.ts'
import { aWording } from '../support/wording.ts'
import { soundKeysBodies, soundKeysQueries } from './api-keys-doors.ts'
import { soundAttachmentsBodies, soundAttachmentsQueries } from './attachments-doors.ts'
import { soundCasesBodies, soundCasesQueries } from './cases-doors.ts'
import { soundDeskAsks, soundDeskBodies, soundDeskQueries } from './desk-doors.ts'
import { soundEditorsBodies, soundEditorsQueries } from './editors-doors.ts'
import { soundOutboxBodies, soundOutboxQueries } from './outbox-doors.ts'
import { soundFiguresBodies, soundFiguresQueries } from './figures-doors.ts'
import { soundQueueBodies, soundQueueQueries } from './queue-doors.ts'
import { soundSecurityBodies, soundSecurityQueries } from './security-doors.ts'
import { soundWatchingBodies, soundWatchingQueries } from './watching-doors.ts'

/** Well formed, and nobody's. */
export const noOnesId = '7b1d6c1e-2f5a-4c6e-9d3b-0a1b2c3d4e5f'
const clientId = 'client-id-of-mine'

export const wholeWording = aWording({
  spoken: '出生后九十天内办理。',
  guide: {
    conditions: ['户口在本地'],
    materials: ['户口簿'],
    steps: ['到窗口办理'],
    timeLimit: '当日',
    channels: ['窗口'],
    fee: '不收费',
  },
  sources: [
    {
      title: '测试文件',
      number: '测发〔2024〕1号',
      article: '第一条',
      date: '2024-01-01',
      url: 'https://www.example.gov.cn/1',
    },
  ],
  region: '340600',
  insurance: 'resident',
  audience: ['新生儿'],
  notToConfuse: ['nat-enrol-newborn'],
  validUntil: '2030-12-31',
})

type WithBody = { [K in HttpDoorName]: (typeof httpPolicy)[K] extends { body: unknown } ? K : never }[HttpDoorName]
type WithQuery = { [K in HttpDoorName]: (typeof httpPolicy)[K] extends { query: unknown } ? K : never }[HttpDoorName]

export const soundBodies: Record<WithBody, object> = {
  'POST /api/ask': {
    question: '新生儿怎么参保',
    region: '340600',
    insurance: 'resident',
    on: '2026-11-22',
    voice: true,
  },
  'POST /api/visitors': {},
  'POST /api/session': { name: 'nobody', password: aPassword, otp: '123456' },
  'POST /api/session/use': {},
  'POST /api/setup': { token: 'x'.repeat(32), password: aPassword },
  'POST /api/staff': {
    name: '新同事',
    password: aPassword,
    roles: ['agent'],
    displayName: '新同事',
    workNumber: '8001',
  },
  'POST /api/staff/:id/extension': { extension: '8001' },
  'POST /api/entries': { id: 'made-by-test', wording: wholeWording },
  'POST /api/entries/:id/revisions': { wording: wholeWording },
  'POST /api/revisions/:id/:move': { override: '政策调整，另有新条目' },
  ...soundEditorsBodies(wholeWording),
  ...soundOutboxBodies,
  ...soundCasesBodies,
  ...soundFiguresBodies,
  ...soundQueueBodies,
  ...soundSecurityBodies,
  ...soundAttachmentsBodies,
  ...soundWatchingBodies,
  ...soundKeysBodies,
  'POST /api/callbacks/:id/phone': { reason: '回电办理诉求' },
  'POST /api/callbacks/:id/recording': { reason: '回电办理诉求' },
  'POST /api/cases/:id/contact': { reason: '核实投诉内容' },
  ...soundDeskBodies,
  'POST /api/callbacks/:id/claim': {},
  'POST /api/callbacks/:id/release': {},
  'POST /api/callbacks/:id/again': { at: '2026-11-24T15:00:00+08:00', note: '市民约明天下午' },
  'POST /api/callbacks/:id/done': { result: 'reached', note: '已说明' },
  'POST /api/conversations/:id/wechat/notice': {},
  'POST /api/conversations/:id/wechat/invitation': {},
  'POST /api/visitors/wechat': { token: 'x'.repeat(40) },
  'POST /api/wechat/stuck/:id/again': {},
  'POST /api/wechat/menu': {
    buttons: [
      { name: '查政策', does: 'say', value: '', buttons: [{ name: '异地', does: 'say', value: '异地就医怎么备案' }] },
    ],
  },
  // Either of them, so the other is named and left open.
  'POST /api/wechat/codes': { entryId: 'nat-enrol-newborn', windowId: undefined },
  'POST /api/conversations/:id/rating-link': {},
  'POST /api/conversations/:id/tellings': { clientId, entryId: 'nat-newborn-enrol', expectedSeq: 7 },
  'POST /api/cases/:id/moves': {
    to: 'contacted',
    note: '已联系',
    remedy: '已补发',
    evidence: '回电记录',
    followUp: 'satisfied',
    ground: 'misjudged',
  },
}

export const soundQueries: Record<WithQuery, Record<string, string>> = {
  'GET /api/widget/settings': {},
  'GET /api/working-days/due': { from: '2026-11-22', days: '5', city: '340600' },
  'GET /api/session': {},
  'GET /api/staff': {},
  'GET /api/search': { question: '新生儿', earlier: '怎么参保', region: '340600', insurance: 'resident' },
  'GET /api/entries': {
    q: '新生儿',
    state: 'published',
    topic: '参保',
    region: '340600',
    example: '1',
    ending: '30',
    limit: '10',
    offset: '0',
  },
  ...soundEditorsQueries,
  ...soundOutboxQueries,
  ...soundCasesQueries,
  ...soundFiguresQueries,
  ...soundQueueQueries,
  ...soundSecurityQueries,
  ...soundAttachmentsQueries,
  ...soundWatchingQueries,
  ...soundKeysQueries,
  ...soundDeskQueries,
  'GET /api/wechat': {},
  'GET /api/wechat/stuck': {},
  'GET /api/wechat/roads': {},
  'GET /api/conversations/:id/wechat': {},
  'GET /api/conversations/:id/earlier': { offset: '20' },
  'GET /api/callbacks': { list: 'late', matter: noOnesId, region: '340600', limit: '10', offset: '0' },
  'GET /api/figures/calls': {},
}

export const soundVisitorAsks: Record<VisitorAsk, object> = {
  'turn:say': { clientId, text: '新生儿怎么参保' },
  'turns:since': { seq: 0 },
  'turns:read': { seq: 1 },
  'person:ask': { reason: '想问得细一点' },
  'queue:leave': {},
  'rating:give': { token: 'x'.repeat(43), level: 1, reasons: ['答复错误'], words: '说得不清楚' },
  'complaint:file': { text: '窗口没有人', contact: '13800138000' },
  'callback:book': { phone: '13800138000', at: '2026-11-23T10:00:00+08:00' },
  'conversation:end': {},
  'answer:judge': { seq: 2, solved: true },
  'region:choose': { region: '340600', insurance: 'resident' },
  'typing:tell': {},
}

const conversationId = noOnesId
export const soundAgentAsks: Record<AgentAsk, object> = {
  'presence:set': { state: 'online' },
  'queue:list': {},
  'conversation:open': { conversationId },
  'conversation:claim': { conversationId },
  'turn:say': {
    ...{ conversationId, clientId, text: '可以办', expectedSeq: 3, revisionId: noOnesId },
    offered: { revisionId: noOnesId, from: 'bot', askedSeq: 3 },
  },
  'conversation:close': { conversationId, summary: { text: '新生儿参保', tags: ['参保'], solved: true } },
  'summary:write': { conversationId, summary: { text: '新生儿参保', tags: ['参保'], solved: true } },
  'typing:tell': { conversationId, what: 'reply' },
  ...soundDeskAsks,
  'colleagues:list': { conversationId },
  'conversation:transfer': {
    ...{ conversationId, toStaffId: noOnesId, toQueue: false, reason: '生育津贴的问题' },
    ...{ skillId: noOnesId, region: '340600' },
  },
  'transfer:accept': { transferId: noOnesId },
  'transfer:decline': { transferId: noOnesId, note: '手上有急事' },
  'transfer:take-back': { transferId: noOnesId },
  'audio:open': { conversationId },
  'audio:close': { conversationId },
  'call:hold': { conversationId, on: true },
  'call:hang-up': { conversationId },
  'call:to-bot': { conversationId, summary: { text: '转回智能客服', tags: ['其他'], solved: false } },
  'callback:ring': { callbackId: noOnesId },
  'figures:watch': {},
  'handset:look': {},
  'handset:ring': { conversationId },
  'handset:put-down': { conversationId },
  'peer:signal': {
    conversationId,
    signal: { kind: 'candidate', candidate: 'candidate:1 1 UDP 1 192.0.2.1 9 typ host', mid: '0' },
  },
}

const at = '2026-11-23T02:00:00.000Z'
const call = { callId: 'a84b4c76e66710@pc33', line: '12393' }
export const soundPhoneAsks: Record<PhoneAsk, object> = {
  'phone:hello': { hearing: 'open', speaks: true, sipPort: 5_060 },
  'call:begin': { ...call, callRowId: noOnesId, caller: '13800138000', at },
  'call:refuse': { ...call, at },
  'call:note': { callRowId: noOnesId, kind: 'key', at, detail: '1' },
  'call:end': { callRowId: noOnesId, endedBy: 'caller', at },
  'turn:say': { conversationId, clientId, text: '新生儿怎么参保', heardBy: 'speech', confidence: 0.9 },
  'turn:heard': { conversationId, seq: 2, heard: '您好', heardMs: 400, ofMs: 900 },
  'person:ask': { conversationId, reason: 'asked' },
  'queue:leave': { conversationId },
  'agent:missed': { conversationId },
  'rating:give': { conversationId, ratingId: noOnesId, level: 5 },
  'callback:book': { conversationId, phone: '13800138000' },
  'question:part': { conversationId, alaw: new Uint8Array(160) },
  'question:leave': { conversationId },
  'conversation:end': { conversationId },
  'peer:signal': { conversationId, consoleId: 'a-console-of-mine', signal: { kind: 'offer', sdp: 'v=0' } },
  'handset:tell': { conversationId, state: 'down', why: 'busy' },
  'handset:changed': {},
  'callback:begin': { conversationId, callRowId: noOnesId, callId: 'callback-1', at: '2026-11-22T10:00:00Z' },
}

/** The door's address, with `id` and `move` filled in. */
export function addressOf(
  door: HttpDoorName,
  { id = door.includes('/figures/:id') ? 'cases' : noOnesId, move = 'submit' } = {},
): { method: string; path: string } {
  const [method = '', path = ''] = door.split(' ', 2)
  const filled = path.replace(':id', id).replace(':move', move).replace('{/*path}', '').replace('*path', 'loader.js')
  return { method, path: filled }
}

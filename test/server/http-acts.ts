/** What has to be there before a door of the staff can change something, and the line that the audit log has of it then. */
import { randomUUID } from 'node:crypto'
import { Secret, TOTP } from 'otpauth'
import { expect } from 'vitest'
import type { AuditAct } from '../../contract/audit.ts'
import type { Role } from '../../contract/staff.ts'
import { leftQuestionsStore } from '../../desk/left-questions.store.ts'
import type { httpPolicy } from '../../server/policy.ts'
import { aPassword } from '../support/hotline.ts'
import { setUp, signedIn, type HttpClient } from '../support/http-client.ts'
import { until } from '../support/socket-clients.ts'
import { aWording } from '../support/wording.ts'
import { sceneAt, template, type Scene } from './acts-scene.ts'

type Policy = typeof httpPolicy
type OfStaff<K extends keyof Policy> = K extends `GET ${string}`
  ? never
  : Policy[K]['who'] extends readonly Role[] | 'key'
    ? K
    : never
type StaffWrite = { [K in keyof Policy]: OfStaff<K> }[keyof Policy]

/** `body` and `query` change what the sound ones have; a field that is undefined is left out. `acts`: one, where nothing else is said. */
export type Deed = {
  acts: AuditAct | readonly AuditAct[]
  id?: string
  move?: string
  body?: object
  query?: Record<string, string | undefined>
  file?: Buffer
  by?: HttpClient
}
/** Text: why a door leaves no line. */
export type ActCase = string | ((scene: Scene) => Deed | Promise<Deed>)

const pdf = Buffer.from('%PDF-1.4\n%%EOF\n')
const word = (scene: Scene) => `测试${scene.next()}`
const account = (acts: AuditAct) => async (scene: Scene) => ({ acts, id: await scene.member() })
const onCase =
  (acts: AuditAct, body: object, ...moves: object[]) =>
  async (scene: Scene) => ({
    ...{ acts, body },
    id: await scene.moved(await scene.aCase(), ...moves),
  })
const mine = (acts: AuditAct) => async (scene: Scene) => ({ acts, id: await scene.aCallback({ isMine: true }) })
const onGap = (acts: AuditAct) => async (scene: Scene) => ({ acts, id: await scene.gap() })
const alone = { remedy: undefined, evidence: undefined, followUp: undefined, ground: undefined }

/** Somebody with a second factor that is not in force yet. */
async function enrolling({ hotline }: Scene, ...roles: Role[]) {
  const by = await signedIn(hotline.url, await hotline.aMember(...roles))
  const { secret } = (await by.post('/api/totp', { password: aPassword })).body
  const totp = new TOTP({ secret: Secret.fromBase32(String(secret)), algorithm: 'SHA1', digits: 6, period: 30 })
  return { by, codeAt: (later: number) => totp.generate({ timestamp: sceneAt.getTime() + later * 30_000 }) }
}
/** One that was done with, and waits to be given back. */
async function order({ staff, done, next, idOf, moved }: Scene): Promise<string> {
  const number = `340600-20261122-${1_000 + next()}`
  const one = { number, type: 'complaint', urgent: false, title: '窗口没有人', text: '上午九点窗口没有人' }
  await done(staff.worker, '/api/work-orders', { orders: [{ ...one, receivedAt: '2026-11-22T10:00:00+08:00' }] })
  const taken = `select case_id as id from work_order where number = $1`
  await moved(await idOf(taken, number), { to: 'returned' })
  return number
}
const orders = ({ next }: Scene) => ({
  orders: [
    {
      ...{ number: `340600-20261122-${1_000 + next()}`, type: 'complaint', urgent: false, title: '窗口没有人' },
      ...{ text: '上午九点窗口没有人', receivedAt: '2026-11-22T10:00:00+08:00' },
    },
  ],
  changes: [],
})

export const httpActs: Record<StaffWrite, ActCase> = {
  'POST /api/session/use': 'it keeps somebody signed in, minute by minute',
  'DELETE /api/session': async ({ hotline, other }) => ({
    acts: 'session.end',
    by: await signedIn(hotline.url, other),
  }),
  'POST /api/staff': (scene) => {
    const name = word(scene)
    return { acts: 'staff.create', body: { name, password: undefined, workNumber: undefined } }
  },
  'POST /api/staff/:id/extension': async (scene) => ({
    ...(await account('staff.extension')(scene)),
    body: { extension: String(8_100 + scene.next()) },
  }),
  'POST /api/staff/:id/roles': account('staff.roles'),
  'POST /api/staff/:id/disable': account('staff.disable'),
  'POST /api/staff/:id/enable': account('staff.enable'),
  'POST /api/staff/:id/password-reset': account('staff.reset-password'),
  'POST /api/staff/:id/unlock': account('staff.unlock'),
  'POST /api/staff/:id/confirm': async (scene) => {
    const body = await scene.done(scene.staff.worker, '/api/staff', { name: word(scene), roles: ['auditor'] })
    await setUp(scene.hotline.url, body, 'Linden-Grove-7')
    return { acts: 'staff.confirm', id: String(body['id']), by: scene.staff.clientFor('GET /api/security') }
  },
  'POST /api/staff/:id/totp-reset': async (scene) => {
    const id = await scene.member()
    await scene.rows(
      `insert into staff_totp (staff_id, sealed, created_at, confirmed_at) values ($1, $2, $3, $3)`,
      ...[id, scene.keys().seal('JBSWY3DPEHPK3PXP'), sceneAt],
    )
    return { acts: 'staff.reset-totp', id }
  },
  'POST /api/password': async ({ hotline }) => ({
    acts: 'password.change',
    body: { otp: undefined },
    by: await signedIn(hotline.url, await hotline.aMember('officer')),
  }),
  'POST /api/totp': 'the secret is in force only once its first code has come',
  'POST /api/totp/confirm': async (scene) => {
    const { by, codeAt } = await enrolling(scene, 'officer')
    return { acts: 'totp.enrol', by, body: { code: codeAt(0) } }
  },
  'POST /api/totp/remove': async (scene) => {
    const { by, codeAt } = await enrolling(scene, 'officer')
    await scene.done(by, '/api/totp/confirm', { code: codeAt(0) })
    return { acts: 'totp.remove', by, body: { otp: codeAt(1) } }
  },
  'POST /api/conversations/:id/unmask': async ({ standing }) => ({
    acts: 'conversation.unmask',
    id: (await standing()).id,
  }),
  'POST /api/data-requests/copy': async (scene) => {
    await scene.aCase() // with that number
    return { acts: 'data.copy' }
  },
  'POST /api/data-requests/erase': async (scene) => {
    await scene.aCase()
    return { acts: 'data.erase' }
  },
  'POST /api/retention': () => ({ acts: 'retention.change' }),

  'POST /api/entries': (scene) => ({ acts: 'entry.draft', body: { id: `made-by-act-${scene.next()}` } }),
  'POST /api/entries/:id/revisions': () => ({ acts: 'entry.revise', id: 'nat-enrol-newborn' }),
  'POST /api/revisions/:id/:move': async ({ draft }) => ({
    ...{ acts: 'revision.submit', move: 'submit', body: { override: undefined } },
    id: await draft(),
  }),
  'POST /api/reviews': async ({ draft }) => ({ acts: 'revision.submit', body: { revisions: [await draft()] } }),
  'POST /api/entries/:id/rollback': async (scene) => {
    const id = await scene.idOf('select entry_id as id from revision where id = $1', await scene.draft())
    const wording = aWording({ question: '直升机转运改怎么办', similar: [] })
    await scene.done(scene.staff.worker, `/api/entries/${id}/revisions`, { wording })
    return { acts: 'entry.rollback', id }
  },
  'POST /api/entries-table': () => ({
    ...{ acts: 'entry.import', query: { check: undefined } },
    file: Buffer.from(
      ['标准问题,答案,口语答案,依据,主题,生效日', '蓝鲸转运怎么报销,不报销。,不报销。,测试文件,批量,2026-01-01'].join(
        '\n',
      ),
    ),
  }),
  'POST /api/plans': async (scene) => ({ acts: 'plan.publish', body: { revisionId: await approved(scene) } }),
  'POST /api/plans/:id/cancel': async (scene) => {
    const wanted = { revisionId: await approved(scene), move: 'publish', on: '2027-01-01' }
    return { acts: 'plan.cancel', id: String((await scene.done(scene.staff.worker, '/api/plans', wanted))['id']) }
  },
  'POST /api/golden-runs': 'the run is itself the record: who asked for it stands in its row',
  'POST /api/entry-pairs/settled': async ({ rows }) => {
    const [a, b] = await rows<{ id: string }>('select id from entry order by id limit 2')
    return { acts: 'pair.settle', body: { a: a?.id, b: b?.id } }
  },
  'POST /api/confusions': 'it looks, and keeps nothing',
  'POST /api/synonyms/preview': 'it looks, and keeps nothing',
  'POST /api/trials': 'it looks, and keeps nothing',
  'POST /api/trial-batches': 'it looks, and keeps nothing',
  'POST /api/synonyms': () => ({
    acts: 'synonym.set',
    body: { id: undefined, words: ['蓝鲸通', '白鲸通'], override: undefined },
  }),
  'POST /api/gaps/:id/owner': async (scene) => ({
    ...(await onGap('gap.give')(scene)),
    body: { ownerId: scene.staff.member.staffId },
  }),
  'POST /api/gaps/:id/draft': onGap('gap.draft'),
  'POST /api/gaps/:id/attach': async (scene) => {
    const id = await scene.gap()
    await scene.asked(id)
    return { acts: 'gap.attach', id, body: { entryId: 'nat-enrol-newborn' } }
  },
  'POST /api/gaps/:id/merge': async (scene) => ({
    ...(await onGap('gap.merge')(scene)),
    body: { into: await scene.gap() },
  }),
  'POST /api/gaps/:id/take-out': async (scene) => {
    const id = await scene.gap()
    await scene.asked(id)
    return { acts: 'gap.take-out', id, body: await scene.asked(id) }
  },
  'POST /api/gaps/:id/dismiss': onGap('gap.dismiss'),
  'POST /api/gaps/:id/reopen': async (scene) => {
    const id = await scene.gap()
    await scene.done(scene.staff.worker, `/api/gaps/${id}/dismiss`, { reason: '与医保无关' })
    return { acts: 'gap.reopen', id }
  },

  'POST /api/callbacks/:id/claim': async ({ aCallback }) => ({ acts: 'callback.claim', id: await aCallback() }),
  'POST /api/callbacks/:id/release': mine('callback.release'),
  'POST /api/callbacks/:id/again': mine('callback.again'),
  'POST /api/callbacks/:id/done': mine('callback.done'),
  'POST /api/callbacks/:id/phone': mine('callback.phone'),
  'POST /api/callbacks/:id/recording': async (scene) => {
    const id = await scene.aCallback()
    await leftQuestionsStore(scene.hotline.db, scene.keys()).keep(id, Buffer.alloc(8_000), sceneAt)
    return { acts: 'callback.recording', id }
  },

  'POST /api/cases/:id/contact': onCase('case.contact', {}),
  'POST /api/cases/:id/moves': onCase('case.move', alone),
  'POST /api/conversations/:id/cases': async ({ standing }) => ({
    ...{ acts: 'case.file', id: (await standing()).id },
    body: { aboutNumber: undefined },
  }),
  'POST /api/cases/:id/extension': onCase('case.extend', {}),
  'POST /api/cases/:id/owner': async (scene) => ({
    ...{ acts: 'case.owner', id: await scene.aCase() },
    body: { ownerId: (await scene.hotline.aMember('officer')).staffId },
  }),
  'POST /api/cases/:id/follow-ups': onCase(
    'case.follow-up',
    {},
    { to: 'contacted' },
    { to: 'rectifying' },
    { to: 'to_review', remedy: '已补发', evidence: '回电记录' },
    { to: 'reported_back' },
  ),
  'POST /api/cases/:id/evidence': async ({ aCase }) => ({ acts: 'case.evidence', id: await aCase(), file: pdf }),
  'POST /api/case-rules': () => ({ acts: 'case-rule.put' }),
  'POST /api/case-rules/remove': () => ({ acts: 'case-rule.remove' }),
  'POST /api/holidays': () => ({ acts: 'holiday.enter' }),
  'POST /api/work-orders': (scene) => ({ acts: 'work-order.take-in', body: orders(scene) }),
  'POST /api/work-orders-table': (scene) => ({
    ...{ acts: 'work-order.take-in', query: { check: undefined } },
    file: Buffer.from(
      ['工单编号,诉求类型,诉求标题,诉求内容,受理时间', `T-${scene.next()},咨询,进度,没有回复,2026-11-20 10:05`].join(
        '\n',
      ),
    ),
  }),
  'POST /api/work-orders/given-back': async (scene) => ({
    ...{ acts: 'work-order.give-back', body: { numbers: [await order(scene)] } },
  }),
  'POST /api/v1/work-orders': (scene) => ({ acts: 'work-order.take-in', body: orders(scene) }),
  'POST /api/v1/work-orders/given-back': async (scene) => ({
    ...{ acts: 'work-order.give-back', body: { numbers: [await order(scene)] } },
  }),

  'POST /api/outbox/:id/again': async ({ deadLetter }) => ({ acts: 'outbox.again', id: await deadLetter() }),
  'POST /api/outbox/again': async ({ deadLetter }) => {
    await deadLetter()
    const any = { channel: undefined, kind: undefined, day: undefined, to: undefined, batch: undefined }
    return { acts: 'outbox.again-all', body: any }
  },
  'POST /api/opt-outs': () => ({ acts: 'outbox.opt-out' }),
  'POST /api/opt-outs/:id/lift': async (scene) => {
    await scene.done(scene.staff.worker, '/api/opt-outs', { phone: '13900000002' })
    const { optOuts } = (await scene.staff.worker.get('/api/opt-outs')).body as { optOuts: { id: string }[] }
    return { acts: 'outbox.opt-in', id: optOuts[0]?.id }
  },
  'POST /api/notices': (scene) => ({
    ...{ acts: 'notice.send', query: { check: undefined } },
    file: notices(scene),
  }),
  'POST /api/notices/:id/cancel': async (scene) => {
    await scene.sent('/api/notices?kind=payment_due', notices(scene))
    const waiting = () => scene.rows<{ id: string }>(waitingBatch)
    await expect.poll(waiting, { timeout: 20_000 }).toHaveLength(1)
    return { acts: 'notice.cancel', id: (await waiting())[0]?.id }
  },
  'POST /api/notice-templates': () => ({ acts: 'notice.template' }),

  'POST /api/reasons': () => ({ acts: 'reasons.change' }),
  'POST /api/windows': (scene) => ({ acts: 'window.make', body: { name: word(scene) } }),
  'POST /api/windows/:id/open': async (scene) => ({
    acts: 'window.open',
    id: String((await scene.done(scene.staff.worker, '/api/windows', { name: word(scene) }))['id']),
  }),

  'POST /api/seats/:id': async (scene) => ({ ...(await account('seat.set')(scene)), body: { skills: [] } }),
  'POST /api/seats/:id/duty-phone': account('seat.duty-phone'),
  'POST /api/capacity': () => ({ acts: 'seat.capacity', body: { phone: 5, web: 20 } }),
  'POST /api/skills': (scene) => ({ acts: 'skill.set', body: { id: undefined, name: word(scene) } }),
  'POST /api/urgent-words': () => ({ acts: 'urgent-words.set' }),
  // The queue goes on giving nobody to anybody: it would be heard beside the doors that come after.
  'POST /api/queue-settings': () => ({ acts: 'queue.set', body: { mode: 'claim' } }),
  'POST /api/line-hours': () => ({ acts: 'line-hours.set' }),
  'POST /api/shifts': async (scene) => ({ acts: 'shift.add', body: { staffId: await scene.member() } }),
  'POST /api/shifts/:id/remove': async (scene) => {
    const shift = { day: '2026-11-25', from: '18:00', to: '20:00', staffId: await scene.member(), rank: 1 }
    await scene.done(scene.staff.worker, '/api/shifts', shift)
    return { acts: 'shift.remove', id: await scene.idOf(`select id from shift where staff_id = $1`, shift.staffId) }
  },
  'POST /api/shift-copies': async (scene) => {
    const shift = { day: '2026-11-26', from: '18:00', to: '20:00', staffId: await scene.member(), rank: 1 }
    await scene.done(scene.staff.worker, '/api/shifts', shift)
    return { acts: 'shift.copy' }
  },
  'POST /api/shift-imports': async (scene) => ({ acts: 'shift.import', body: { staffIds: [await scene.member()] } }),
  'POST /api/conversations/:id/take-over': async ({ held, peer }) => ({
    acts: 'conversation.take-over',
    id: (await held(peer)).id,
  }),
  'POST /api/conversations/:id/elder': async ({ standing }) => ({ acts: 'contact.elder', id: (await standing()).id }),

  'POST /api/canned': (scene) => ({ acts: 'canned.keep', body: { id: undefined, name: word(scene) } }),
  'POST /api/canned/:id/remove': async (scene) => {
    const { id } = await scene.done(scene.staff.worker, '/api/canned', { shared: true, name: word(scene), text: '好' })
    return { acts: 'canned.remove', id: String(id) }
  },
  'POST /api/tags': () => ({ acts: 'tag.set' }),
  'POST /api/conversations/by-phone': () => ({ acts: 'conversation.find' }),
  'POST /api/drafts/rejected':
    'who put which draft away stands in the row of the draft, and nobody else is touched by it',
  'POST /api/conversations/:id/person/code': async ({ standing }) => ({
    acts: 'person.code',
    id: (await standing()).id,
  }),
  'POST /api/conversations/:id/person': async ({ held }) => ({
    ...{ acts: 'person.verify', id: (await held()).id },
    body: { code: undefined, phone: '13900000009' },
  }),
  'POST /api/conversations/:id/person/undo': async (scene) => {
    const { id } = await scene.held()
    const shown = { phone: '13900000008', how: 'rang_back' }
    await scene.done(scene.staff.worker, `/api/conversations/${id}/person`, shown)
    return { acts: 'person.undo', id, body: { joinId: undefined } }
  },

  'POST /api/conversations/:id/tellings': 'the card is a turn of the conversation, with the number of whoever sent it',
  'POST /api/conversations/:id/attachments':
    'the file is a turn of the conversation, with the number of whoever sent it',
  'POST /api/conversations/:id/rating-link': async ({ call }) => ({ acts: 'rating.link', id: await call() }),
  'POST /api/conversations/:id/wechat/invitation': async ({ call }) => ({ acts: 'wechat.invite', id: await call() }),
  'POST /api/conversations/:id/wechat/notice': async ({ tencent, agent, idOf, rows, keys }) => {
    const openId = `o${randomUUID().replaceAll('-', '')}`
    await tencent.say(openId, '转人工')
    const hash = keys().lookupHash(openId)
    const id = await idOf('select conversation_id as id from wechat_line where openid_hash = $1', hash)
    await agent.must('conversation:claim', { conversationId: id })
    await until(() => tencent.screen(openId).filter(({ by }) => by === 'account').length === 2, 'the announcement')
    await tencent.consent(openId, template, true)
    await rows(`update wechat_user set message_at = message_at - interval '3 days' where openid_hash = $1`, hash)
    return { acts: 'wechat.notice', id }
  },
  'POST /api/wechat/stuck/:id/again': async ({ idOf }) => {
    const id = await idOf(
      `insert into wechat_event (key_hash, openid_hash, kind, raw_sealed, received_at, tries, done_at, given_up_at)
       values (decode($1, 'hex'), '', 'text', '', $2, 10, $2, $2) returning encode(key_hash, 'hex') as id`,
      ...['ab'.repeat(32), sceneAt],
    )
    return { acts: 'wechat.again', id }
  },
  'POST /api/wechat/menu': () => ({ acts: 'wechat.menu' }),
  'POST /api/wechat/codes': 'a code is drawn, and nothing is kept',
  'POST /api/attachments/:id/open': async (scene) => ({ acts: 'attachment.open', id: await aFile(scene) }),

  'POST /api/alerts/:id/seen': 'a mark of reading, of one’s own news',
  'POST /api/alerts-seen': 'marks of reading, of one’s own news',
  'POST /api/my-contacts': () => ({ acts: 'contacts.set' }),
  'POST /api/jobs/:id/again': async (scene) => ({
    acts: 'job.again',
    id: await scene.idOf(
      `insert into jobs.job (id, name, data, state, retry_count, retry_limit, completed_on, policy, keep_until)
       values ($1, 'outbox.send', $2, 'failed', 8, 8, $3, 'short', now() + interval '1 day') returning id`,
      ...[randomUUID(), JSON.stringify({ id: randomUUID() }), sceneAt],
    ),
  }),
  'POST /api/keys': (scene) => ({ acts: 'key.make', body: { name: word(scene) } }),
  'POST /api/keys/:id/revoke': async (scene) => {
    const name = word(scene)
    await scene.done(scene.staff.worker, '/api/keys', { name, scopes: ['orders'], days: 1 })
    return { acts: 'key.revoke', id: await scene.idOf('select id from api_key where name = $1', name) }
  },
}

/** By somebody else than whoever plans. */
async function approved({ draft, colleague, staff, done }: Scene): Promise<string> {
  const id = await draft(colleague)
  await done(colleague, `/api/revisions/${id}/submit`)
  await done(staff.worker, `/api/revisions/${id}/approve`)
  return id
}

export async function aFile({ standing, sent, idOf }: Scene): Promise<string> {
  const { id } = await standing()
  const query = new URLSearchParams({ clientId: randomUUID(), name: '材料.pdf' })
  await sent(`/api/conversations/${id}/attachments?${query.toString()}`, pdf)
  return idOf('select id from attachment where conversation_id = $1', id)
}

const waitingBatch = `select batch_id as id from outbox_message where batch_id is not null and state = 'waiting' limit 1`
const notices = ({ next }: Scene) =>
  Buffer.from(`手机号,称呼,年度,截止日期,金额\n1370000${1_000 + next()},张先生,2027,2026年12月31日,400`)

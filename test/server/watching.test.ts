/** What staff are told by the running hotline, once each, in the console and by message; and the jobs that were given up. */
import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, expect, it } from 'vitest'
import type { AlertsChanged, AlertsView } from '../../contract/alert.ts'
import type { JobsView } from '../../contract/job.ts'
import { cases } from '../../desk/cases.ts'
import { alertsStore } from '../../desk/alerts.store.ts'
import { openKeyRing } from '../../server/key-ring.ts'
import { aConversation } from '../desk/rows.ts'
import { aHotline, type TestHotline } from '../support/hotline.ts'
import { ask, signedIn, type HttpClient } from '../support/http-client.ts'
import { anAgent, until } from '../support/socket-clients.ts'
import { anSmsPlatform } from './outbox-peers.ts'

const filed = new Date('2026-11-22T12:00:00+08:00')
let now = filed
let hotline: TestHotline
let platform: Awaited<ReturnType<typeof anSmsPlatform>>
const members = new Map<string, { name: string; password: string; staffId: string }>()

beforeAll(async () => {
  platform = await anSmsPlatform()
  const env = { SMS_WEBHOOK_URL: platform.url, SMS_WEBHOOK_SECRET: 'a-secret-of-the-tests', QUIET_HOURS: 'off' }
  hotline = await aHotline({ env, now: () => now })
  for (const role of ['officer', 'supervisor', 'administrator', 'agent', 'editor'] as const)
    members.set(role, await hotline.aMember(role))
})
afterAll(async () => {
  await hotline.close()
  platform.close()
})

const memberOf = (role: string) => members.get(role) ?? expect.unreachable(`nobody is ${role}`)
/** Sessions end within the day, and tests go from day to day. */
const as = (role: string): Promise<HttpClient> => signedIn(hotline.url, memberOf(role))
async function told(role: string): Promise<AlertsView> {
  return (await (await as(role)).get('/api/alerts')).body as unknown as AlertsView
}
const textsOf = ({ alerts }: AlertsView, kind: string) => alerts.flatMap((one) => (one.kind === kind ? [one.text] : []))
async function tickAt(moment: string): Promise<void> {
  now = new Date(`${moment}+08:00`)
  await hotline.jobs.tick()
  await hotline.jobs.tick()
}

it('writes where somebody said, shows it masked, and forgets it when they say so', async () => {
  const officer = await as('officer')
  expect(await officer.post('/api/my-contacts', { phone: '123' })).toMatchObject({ status: 400 })
  expect(await officer.post('/api/my-contacts', { email: 'nothing' })).toMatchObject({ status: 400 })
  expect(
    (await officer.post('/api/my-contacts', { phone: '139 0000 0001', email: 'wang@example.gov.cn' })).status,
  ).toBe(200)
  expect((await officer.get('/api/my-contacts')).body).toEqual({ phone: '139****0001', email: 'w***@example.gov.cn' })
  await officer.post('/api/my-contacts', { email: '' })
  expect((await officer.get('/api/my-contacts')).body).toEqual({ phone: '139****0001' })
  const { rows } = await hotline.database.pool.query(`select detail from audit where act = 'contacts.set'`)
  expect(JSON.stringify(rows)).not.toContain('139')
})

it('tells of 催办, 督办 and 通报 once each, whom it concerns, and by message from 督办 on', async () => {
  const keys = openKeyRing(hotline.config)
  const conversationId = await aConversation(hotline.database.pool)
  const { number } = await cases(hotline.db, keys).fileComplaint({ conversationId, text: '窗口提前下班' }, filed)
  const actor = { ...memberOf('officer'), workNumber: '1', roles: ['officer'] as const }
  const { rows } = await hotline.database.pool.query<{ id: string }>('select id from case_file')
  await cases(hotline.db, keys).move(rows[0]?.id ?? '', { to: 'contacted', note: '已联系' }, actor, filed)

  await tickAt('2026-12-08T00:30:00')
  expect(textsOf(await told('officer'), 'case.remind')).toEqual([
    `整改单 ${number} 的办结期限是 2026-12-09，请抓紧办理。`,
  ])
  expect(platform.got).toHaveLength(0)
  await tickAt('2026-12-10T00:30:00')
  await tickAt('2026-12-10T00:40:00')
  expect(textsOf(await told('officer'), 'case.supervise')).toHaveLength(1)
  expect(textsOf(await told('supervisor'), 'case.supervise')).toHaveLength(1)
  expect(platform.got.map(({ body }) => [body['to'], String(body['text']).includes('督办')])).toEqual([
    ['13900000001', true],
  ])
  await tickAt('2026-12-20T00:30:00')
  expect(textsOf(await told('officer'), 'case.report')).toHaveLength(1)
  expect(textsOf(await told('supervisor'), 'case.remind')).toEqual([])
  expect((await told('agent')).total).toBe(0)
})

it('counts what was not seen, puts it first, and lets nobody see away what is another’s', async () => {
  const before = await told('officer')
  expect(before.unseen).toBe(before.total)
  const [first] = before.alerts
  expect((await (await as('agent')).post(`/api/alerts/${first?.id}/seen`)).body).toEqual({ seen: 0 })
  const officer = await as('officer')
  expect((await officer.post(`/api/alerts/${first?.id}/seen`)).body).toEqual({ seen: 1 })
  const after = await told('officer')
  expect(after.unseen).toBe(before.unseen - 1)
  expect(after.alerts.at(-1)?.id).toBe(first?.id)
  expect((await officer.post('/api/alerts-seen')).body).toEqual({ seen: after.unseen })
  expect(((await officer.get('/api/alerts?unseen=1')).body as unknown as AlertsView).alerts).toEqual([])
})

it('tells those who keep the outbox of letters that died once an hour, and never of such a telling itself', async () => {
  platform.answer(400)
  const letter = { channel: 'sms', to: '13800138000', kind: 'gap_answer', text: '您问的有了答复。' } as const
  for (let n = 0; n < 3; n++)
    await hotline.db.transaction().execute((tx) => hotline.outbox.post(tx, { ...letter, key: randomUUID() }, now))
  const mine = { ...letter, kind: 'staff_alert', key: randomUUID() }
  await hotline.jobs.tick()
  expect(textsOf(await told('administrator'), 'outbox.dead')).toEqual([
    '有短信没有送达，系统已不再重试，请到发件箱处理。',
  ])
  now = new Date(now.getTime() + 3_600_000)
  await hotline.db.transaction().execute((tx) => hotline.outbox.post(tx, mine, now))
  await hotline.jobs.tick()
  expect(textsOf(await told('administrator'), 'outbox.dead')).toHaveLength(1)
  expect(textsOf(await told('officer'), 'outbox.dead')).toEqual([])
  platform.answer(200)
})

it('lists a job that was given up with its cause, tells the administrator of it, and puts it back once', async () => {
  const id = randomUUID()
  await hotline.database.pool.query(
    `insert into jobs.job (id, name, data, output, state, retry_count, retry_limit, completed_on, policy, keep_until)
     values ($1, 'outbox.send', $2, '{"message": "ring 13800138000"}', 'failed', 8, 8, $3, 'short', now() + interval '1 day')`,
    [id, JSON.stringify({ id: randomUUID() }), now],
  )
  now = new Date(now.getTime() + 61_000)
  await hotline.jobs.tick()
  expect(textsOf(await told('administrator'), 'job.dead')).toHaveLength(1)
  const administrator = await as('administrator')
  const listed = async () => (await administrator.get('/api/jobs')).body as unknown as JobsView
  expect((await listed()).dead).toMatchObject([{ id, name: 'outbox.send', cause: 'ring 138****8000', tries: 9 }])
  expect((await listed()).queues.find(({ name }) => name === 'outbox.send')).toMatchObject({ failed: 1 })
  expect((await administrator.post(`/api/jobs/${id}/again`, { name: 'case.rung' })).status).toBe(409)
  expect((await administrator.post(`/api/jobs/${id}/again`, { name: 'outbox.send' })).status).toBe(200)
  expect((await administrator.post(`/api/jobs/${id}/again`, { name: 'outbox.send' })).status).toBe(409)
  await hotline.jobs.tick()
  expect((await listed()).dead).toEqual([])
})

it('shows how much waits and how much was given up in the metrics', async () => {
  const { text } = (await ask(hotline.url, 'GET', '/metrics')).body
  expect(String(text)).toMatch(/^budayang_outbox_messages\{state="dead"\} 4$/m)
  expect(String(text)).toMatch(/^budayang_jobs\{name="outbox\.send",state="failed"\} 0$/m)
  expect(String(text)).toMatch(/^budayang_queue_waiting 0$/m)
  expect(String(text)).toMatch(/^budayang_queue_longest_seconds 0$/m)
})

it('tells one fact to one person once, whoever tells it at the same moment', async () => {
  const alert = { kind: 'burst', fact: 'burst:entry:x:2026-12-20', subject: 'entry:x', text: '…' } as const
  const { staffId } = memberOf('editor')
  const both = await Promise.all([1, 2, 3].map(() => alertsStore(hotline.db).add(alert, [staffId], now)))
  expect(both.flat()).toEqual([staffId])
  expect(textsOf(await told('editor'), 'burst')).toHaveLength(1)
})

it('pushes to the consoles of whom it is for, and to nobody else’s, and again when it was seen elsewhere', async () => {
  const [lead, agent] = [
    await anAgent(hotline.url, memberOf('supervisor')),
    await anAgent(hotline.url, memberOf('agent')),
  ]
  const heard: Record<'lead' | 'agent', AlertsChanged[]> = { lead: [], agent: [] }
  lead.socket.on('alerts:changed', (changed: AlertsChanged) => heard.lead.push(changed))
  agent.socket.on('alerts:changed', (changed: AlertsChanged) => heard.agent.push(changed))
  const tell = (role: string, text: string) => {
    const alert = { kind: 'job.dead', fact: randomUUID(), subject: '', text } as const
    return alertsStore(hotline.db).add(alert, [memberOf(role).staffId], now)
  }
  await tell('supervisor', '只给班长')
  await until(() => heard.lead.some(({ newest }) => newest?.text === '只给班长'), 'the alert at its console')
  await tell('agent', '只给坐席')
  await until(() => heard.agent.some(({ newest }) => newest?.text === '只给坐席'), 'the other at its own')
  expect(JSON.stringify(heard.agent)).not.toContain('只给班长')
  expect(JSON.stringify(heard.lead)).not.toContain('只给坐席')

  expect((await lead.http.post('/api/alerts-seen')).status).toBe(200)
  await until(() => heard.lead.at(-1)?.unseen === 0, 'nothing left to see')
  expect(heard.agent.at(-1)?.unseen).toBeGreaterThan(0)
  lead.close()
  agent.close()
})

it('lets another system hand in orders and fetch results by its key, as often as it may and until it is revoked', async () => {
  const administrator = await as('administrator')
  const made = await administrator.post('/api/keys', { name: '12345 平台', scopes: ['orders'], days: 30 })
  expect((await administrator.post('/api/keys', { name: '12345 平台', scopes: ['orders'], days: 30 })).status).toBe(400)
  const { id, key } = made.body as { id: string; key: string }
  const headers = { authorization: `Bearer ${key}` }
  const number = '340600-20261122-0001'
  const order = {
    number,
    type: 'help',
    title: '报销进度',
    text: '什么时候到账',
    receivedAt: '2026-11-22T10:00:00+08:00',
  }
  const post = (path: string, body: object) => ask(hotline.url, 'POST', `/api/v1/${path}`, body, headers)
  expect((await post('work-orders', { orders: [order] })).body).toMatchObject({ taken: 1, known: 0 })
  expect((await post('work-orders', { orders: [order] })).body).toMatchObject({ taken: 0, known: 1 })
  const results = async () =>
    (await ask(hotline.url, 'GET', '/api/v1/work-order-results?all=1', undefined, headers)).body
  expect(await results()).toMatchObject({ results: [{ number, outcome: 'handling' }] })
  expect((await post('work-orders/given-back', { numbers: [number] })).status).toBe(400)

  const { keys } = (await administrator.get('/api/keys')).body as { keys: Record<string, unknown>[] }
  expect(keys).toMatchObject([{ id, name: '12345 平台', shown: key.slice(0, 10), lastUsedAt: now.toISOString() }])
  const { rows } = await hotline.database.pool.query<{ kept: string }>(
    `select coalesce((select string_agg(k::text, '') from api_key k), '') || coalesce((select string_agg(a::text, '') from audit a), '') as kept`,
  )
  expect(rows[0]?.kept).not.toContain(key)
  const acts = await hotline.database.pool.query(
    `select act, staff_id, detail->>'key' as key from audit where detail->>'keyId' = $1 order by id`,
    [id],
  )
  expect(acts.rows[0]).toEqual({ act: 'work-order.take-in', staff_id: null, key: '12345 平台' })
  expect(acts.rows.map(({ act }: { act: string }) => act)).toEqual([
    ...['work-order.take-in', 'work-order.take-in', 'work-order.export'],
  ])

  expect((await administrator.post(`/api/keys/${id}/revoke`)).status).toBe(200)
  expect((await administrator.post(`/api/keys/${id}/revoke`)).status).toBe(404)
  expect(await results()).toMatchObject({ code: 'not_signed_in' })
  const short = (await administrator.post('/api/keys', { name: '一天', scopes: ['orders'], days: 1 })).body
  const asShort = () =>
    ask(hotline.url, 'GET', '/api/v1/work-order-results', undefined, {
      authorization: `Bearer ${String(short['key'])}`,
    })
  expect((await asShort()).status).toBe(200)
  now = new Date(now.getTime() + 24 * 3_600_000)
  expect((await asShort()).status).toBe(401)
})

it('tells supervisors once a dip when too few of the last 24 hours’ calls were answered, and again after it was well', async () => {
  const call = (answered: number, missed: number) =>
    hotline.database.pool.query(
      `insert into call (node, sip_call_id, line, offered_at, picked_up_at, ended_at, ended_by)
       select 'a', gen_random_uuid(), '12393', $1, case when n <= $2 then $1::timestamptz end, $1, case when n <= $2 then 'caller' else 'cancelled' end
       from generate_series(1, $2::int + $3::int) n`,
      [now, answered, missed],
    )
  const lookLater = async (minutes: number) => {
    now = new Date(now.getTime() + minutes * 60_000)
    await hotline.jobs.tick()
  }
  const missed = async () => textsOf(await told('supervisor'), 'calls.missed')

  await call(0, 5)
  await lookLater(6)
  expect(await missed()).toEqual([])
  await call(25, 0)
  await lookLater(6)
  await lookLater(6)
  const first = '最近 24 小时接通率 83.3%（来电 30 通，接起 25 通），低于 90.0%，请查看并加派人手。'
  expect(await missed()).toEqual([first])
  expect((await told('agent')).alerts.filter(({ kind }) => kind === 'calls.missed')).toEqual([])

  await call(25, 0) // 50 of 55, above the limit and not yet well
  await lookLater(6)
  await call(0, 1)
  await lookLater(6)
  expect(await missed()).toEqual([first])

  await lookLater(24 * 60)
  await call(20, 0)
  await lookLater(6)
  await call(0, 5)
  await lookLater(6)
  expect((await missed()).sort()).toEqual([
    '最近 24 小时接通率 80.0%（来电 25 通，接起 20 通），低于 90.0%，请查看并加派人手。',
    first,
  ])
})

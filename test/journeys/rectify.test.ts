/** 整改 from a bad rating to its end, by the days of the calendar: over real doors, real timers and a clock that is moved. */
import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, expect, it } from 'vitest'
import type { CaseView } from '../../contract/case.ts'
import { caseLadders } from '../../desk/case-ladders.ts'
import { erasingStore } from '../../desk/data-subject-erasing.store.ts'
import { ratingTokens } from '../../desk/rating-token.ts'
import { writeXlsx } from '../../knowledge/sheet/xlsx.ts'
import { openKeyRing } from '../../server/key-ring.ts'
import { aHotline, type TestHotline } from '../support/hotline.ts'
import { signedIn, type HttpClient } from '../support/http-client.ts'
import { aVisitor, until, type Visitor } from '../support/socket-clients.ts'

let clock = new Date('2026-09-29T10:00:00+08:00')
let hotline: TestHotline
let officer: HttpClient
let supervisor: HttpClient
let members: { name: string; password: string }[]
beforeAll(async () => {
  hotline = await aHotline({ now: () => clock, env: { PUBLIC_URL: 'https://hotline.example.gov.cn' } })
  members = [await hotline.aMember('officer'), await hotline.aMember('supervisor')]
  await comeIn('2026-09-29T10:00')
})
afterAll(() => hotline.close())

/** On another day, where yesterday's sessions are over. */
async function comeIn(at: string): Promise<void> {
  clock = new Date(`${at}:00+08:00`)
  const [mine, above] = await Promise.all(members.map((member) => signedIn(hotline.url, member)))
  if (!mine || !above) return expect.unreachable('nobody came in')
  officer = mine
  supervisor = above
}

const view = async (id: string) => (await officer.get(`/api/cases/${id}`)).body as CaseView
const move = (id: string, to: string, more: object = {}) =>
  officer.post(`/api/cases/${id}/moves`, { to, note: `办理：${to}`, ...more })
const urged = async (id: string) =>
  (await view(id)).events.flatMap(({ kind, rung }) => (kind === 'urged' ? [rung] : []))
const rows = async <T extends object>(sql: string) => (await hotline.database.pool.query<T>(sql)).rows

async function idOf(number: unknown): Promise<string> {
  const { cases } = (await officer.get('/api/cases?limit=200')).body as { cases: { id: string; number: string }[] }
  return cases.find((one) => one.number === number)?.id ?? expect.unreachable(`no case ${String(number)}`)
}

/** A citizen who said something to the bot, ended it, and rated it. */
async function aBadRating(level: 1 | 2): Promise<{ citizen: Visitor; id: string }> {
  const citizen = await aVisitor(hotline.url)
  await citizen.must('turn:say', { clientId: randomUUID(), text: '新生儿怎么参保' })
  await citizen.must('conversation:end', {})
  const asked = await until(() => citizen.ratings[0], 'a rating asked for')
  const { caseNumber } = await citizen.must('rating:give', { token: asked.token, level, reasons: ['没有解决问题'] })
  return { citizen, id: await idOf(caseNumber) }
}

async function rateByLink(token: string, level: string): Promise<{ text: string }> {
  const given = await fetch(`${hotline.url}/rate/${token}`, { method: 'POST', body: new URLSearchParams({ level }) })
  expect(given.status).toBe(200)
  return { text: await given.text() }
}

async function fixAndTell(id: string): Promise<void> {
  for (const to of ['contacted', 'rectifying'] as const) await move(id, to)
  await move(id, 'to_review', { remedy: '已补发办理须知。', evidence: '台账 12 号' })
  expect((await move(id, 'reported_back')).status).toBe(200)
}

it('makes a card of a bad rating at once, due after National Day, and shows nothing of who rated', async () => {
  const { citizen, id } = await aBadRating(2)
  const file = await view(id)
  // 30 September, then 8, 9, 10 (a Saturday that is worked) and 12 October.
  expect(file).toMatchObject({ state: 'to_verify', firstContactDueOn: '2026-09-30', dueOn: '2026-10-12', level: 2 })
  expect(file.contact).toBeUndefined()
  expect(JSON.stringify(file)).not.toContain('visitor')
  citizen.close()
})

it('is not closed without evidence, without a call back, or with nobody rung often enough', async () => {
  const { citizen, id } = await aBadRating(1)
  for (const to of ['contacted', 'rectifying'] as const) expect((await move(id, to)).status).toBe(200)
  expect((await move(id, 'closed')).status).toBe(409)
  expect(await move(id, 'to_review', { remedy: '已整改' })).toMatchObject({
    status: 400,
    body: { fields: [{ path: 'evidence' }] },
  })
  await move(id, 'to_review', { remedy: '已整改', evidence: '台账' })
  await move(id, 'reported_back')
  expect((await move(id, 'closed')).status).toBe(409)
  expect(await move(id, 'followed_up')).toMatchObject({ status: 400, body: { fields: [{ path: 'followUp' }] } })
  expect(await move(id, 'followed_up', { followUp: 'unreachable' })).toMatchObject({ status: 400 })
  const call = { result: 'unreachable', note: '没有接通' }
  for (const state of ['reported_back', 'reported_back', 'followed_up'])
    expect(await officer.post(`/api/cases/${id}/follow-ups`, call)).toMatchObject({ status: 200, body: { state } })
  expect(await move(id, 'closed')).toMatchObject({ status: 200, body: { state: 'closed' } })
  citizen.close()
})

it('takes a rating out of the figures by an appeal that somebody else judges, and keeps it', async () => {
  const { citizen, id } = await aBadRating(1)
  expect((await move(id, 'appeal', { ground: 'malicious' })).status).toBe(200)
  expect((await move(id, 'excluded')).status).toBe(409)
  const waiting = (await supervisor.get('/api/alerts?unseen=1')).body as { alerts: { kind: string; subject: string }[] }
  expect(waiting.alerts).toMatchObject([{ kind: 'case.appealed', subject: id }])
  const judged = await supervisor.post(`/api/cases/${id}/moves`, { to: 'excluded', note: '核实为恶意评价' })
  expect(judged).toMatchObject({ status: 200, body: { state: 'excluded', level: 1 } })
  expect(
    await rows(`select r.excluded, r.level from rating r join case_file f on f.rating_id = r.id where f.id = '${id}'`),
  ).toEqual([{ excluded: true, level: 1 }])
  await citizen.hears('这条评价不计入统计，记录保留')
  citizen.close()
})

it('tells the citizen and whoever appealed that an appeal was refused, and that the case goes on', async () => {
  const { citizen, id } = await aBadRating(1)
  await move(id, 'appeal', { ground: 'misjudged' })
  const judged = await supervisor.post(`/api/cases/${id}/moves`, { to: 'to_verify', note: '评价属实' })
  expect(judged).toMatchObject({ status: 200, body: { state: 'to_verify' } })
  await citizen.hears('已经复核：您的评价照常计入，我们会继续办理')
  const { alerts } = (await officer.get('/api/alerts?unseen=1')).body as { alerts: { kind: string; subject: string }[] }
  expect(alerts.filter(({ kind, subject }) => kind === 'case.judged' && subject === id)).toHaveLength(1)
  citizen.close()
})

it('reminds, supervises and reports once each, and escalates what the citizen does not accept', async () => {
  await comeIn('2026-11-22T10:00')
  const { citizen, id } = await aBadRating(2)
  await move(id, 'contacted')
  for (const at of ['2026-11-26T00:00:30', '2026-11-26T01:00:30', '2026-11-26T00:10:00', '2026-11-28T00:01:00']) {
    clock = new Date(`${at}+08:00`)
    await hotline.jobs.tick()
    await hotline.jobs.tick()
  }
  await comeIn('2026-12-07T00:01')
  await Promise.all([hotline.jobs.tick(), caseLadders(hotline.db).fireAll(clock)])
  expect(await urged(id)).toEqual(['remind', 'supervise', 'report'])

  await move(id, 'rectifying')
  await move(id, 'to_review', { remedy: '已补发办理须知。', evidence: '台账 12 号' })
  await move(id, 'reported_back')
  const again = await until(() => citizen.ratings.find((one) => one.about === 'case'), 'the fix to be rated')
  await citizen.must('rating:give', { token: again.token, level: 2, reasons: ['没有解决问题'] })
  expect(await view(id)).toMatchObject({
    state: 'rectifying',
    reopened: 1,
    dueOn: '2026-12-14',
    supervisor: 'supervisor2',
  })
  citizen.close()
})

it('gives more time before it is due, and tells the citizen why, on the line and by message', async () => {
  await comeIn('2026-11-23T10:00')
  const citizen = await aVisitor(hotline.url)
  await citizen.must('turn:say', { clientId: randomUUID(), text: '你好' })
  const filed = await citizen.must('complaint:file', { text: '=1+1 窗口提前下班', contact: '13800138000' })
  const id = await idOf(filed.caseNumber)
  const more = { days: 3, reason: '需要向参保地调取记录' }
  expect(await officer.post(`/api/cases/${id}/extension`, { ...more, days: 14 })).toMatchObject({
    status: 400,
    body: { fields: [{ path: 'days' }] },
  })
  expect(await officer.post(`/api/cases/${id}/extension`, more)).toMatchObject({
    status: 200,
    body: { dueOn: '2026-12-15' },
  })
  await citizen.hears('需要向参保地调取记录')
  await citizen.hears('2026年12月15日')
  const sent = await rows<{ kind: string; recipient_masked: string }>(
    `select * from outbox_message where kind = 'case_notice'`,
  )
  expect(sent).toHaveLength(1)
  expect(JSON.stringify(sent)).not.toContain('13800138000')
  citizen.close()
})

it('opens a case again by the link that was sent, although an officer noted that the citizen was content', async () => {
  const citizen = await aVisitor(hotline.url)
  await citizen.must('turn:say', { clientId: randomUUID(), text: '你好' })
  const filed = await citizen.must('complaint:file', { text: '等了三个小时', contact: '13800138004' })
  const id = await idOf(filed.caseNumber)
  await fixAndTell(id)
  const asked = await until(() => citizen.ratings.find(({ about }) => about === 'case'), 'the fix to be rated')
  await officer.post(`/api/cases/${id}/follow-ups`, { result: 'satisfied', note: '市民认可' })
  expect(await move(id, 'closed')).toMatchObject({ status: 200, body: { state: 'closed' } })
  await citizen.hears('已按回访时的答复办结')
  const { text } = await rateByLink(asked.token, '1')
  expect(text).toContain(`编号 ${filed.caseNumber} 将重新办理`)
  expect(text).not.toContain('已办结')
  expect(await view(id)).toMatchObject({ state: 'rectifying', reopened: 1, supervisor: 'supervisor2' })
  citizen.close()
  const kinds = async (client: HttpClient) =>
    ((await client.get('/api/alerts?limit=200')).body as { alerts: { kind: string; subject: string }[] }).alerts
      .filter(({ subject }) => subject === id)
      .map(({ kind }) => kind)
  expect((await kinds(officer)).sort()).toEqual(['case.opened', 'case.reopened'])
  expect(await kinds(supervisor)).toEqual(['case.reopened'])
})

it('says of a rating what is so, where the case is elsewhere meanwhile', async () => {
  const citizen = await aVisitor(hotline.url)
  await citizen.must('turn:say', { clientId: randomUUID(), text: '你好' })
  const filed = await citizen.must('complaint:file', { text: '电话一直占线', contact: '13800138005' })
  const id = await idOf(filed.caseNumber)
  await fixAndTell(id)
  const asked = await until(() => citizen.ratings.find(({ about }) => about === 'case'), 'the fix to be rated')
  await officer.post(`/api/cases/${id}/follow-ups`, { result: 'dissatisfied', note: '还是占线' })
  const { text } = await rateByLink(asked.token, '1')
  expect(text).toContain(`编号 ${filed.caseNumber} 还在办理`)
  expect(text).not.toContain('感谢您的确认')
  citizen.close()
})

it('tells an emergency by short message at once, and hands cases on by the doors of supervisors alone', async () => {
  await officer.post('/api/my-contacts', { phone: '13900139000' })
  const urgent = { ...anOrder('0010'), urgent: true }
  const { orders } = (await officer.post('/api/work-orders', { orders: [urgent] })).body as {
    orders: { caseId: string; caseNumber: string }[]
  }
  const [{ caseId: id, caseNumber: number }] = orders as [{ caseId: string; caseNumber: string }]
  const sent = await rows<{ kind: string }>(
    `select kind from outbox_message where channel = 'sms' and recipient_masked = '139****9000'`,
  )
  expect(sent).toEqual([{ kind: 'staff_alert' }])

  const { owners } = (await supervisor.get(`/api/case-owners?case=${id}`)).body as { owners: { id: string }[] }
  const change = { ownerId: owners[0]?.id, reason: '原负责人休假' }
  expect((await officer.post(`/api/cases/${id}/owner`, change)).status).toBe(403)
  expect(await supervisor.post(`/api/cases/${id}/owner`, { ...change, reason: '' })).toMatchObject({ status: 400 })
  const given = await supervisor.post(`/api/cases/${id}/owner`, change)
  expect(given.status).toBe(200)
  expect((given.body as CaseView).events.at(-1)).toMatchObject({ kind: 'given', ownerFrom: 'officer1' })
  expect(await rows(`select detail->>'reason' as reason from audit where act = 'case.owner'`)).toEqual([
    { reason: '原负责人休假' },
  ])
  const found = (await officer.get(`/api/cases?words=${number}`)).body as { cases: { id: string }[] }
  expect(found.cases.map((one) => one.id)).toEqual([id])
})

it('tells whoever asks with the number where their case stands, and anybody else nothing', async () => {
  const [citizen, stranger] = [await aVisitor(hotline.url), await aVisitor(hotline.url)]
  for (const one of [citizen, stranger]) await one.must('turn:say', { clientId: randomUUID(), text: '你好' })
  const { caseNumber } = await citizen.must('complaint:file', { text: '材料反复补正', contact: '13800138006' })
  const number = String(caseNumber)
  const ask = (one: Visitor, text: string) => one.must('turn:say', { clientId: randomUUID(), text })
  await ask(citizen, `${number} 办到哪了`)
  await citizen.hears(`编号 ${number}：已经登记，专人正在核实`)
  await ask(stranger, `${number} 办到哪了`)
  await stranger.hears('我没有查到您的记录')
  expect(JSON.stringify(stranger.turns)).not.toContain('正在核实')

  const id = await idOf(number)
  await fixAndTell(id)
  await ask(citizen, `我的投诉办到哪了`)
  await citizen.hears('办理结果：已补发办理须知。')
  const agent = await signedIn(hotline.url, await hotline.aMember('agent'))
  const told = await agent.get(`/api/case-progress?number=${number.toLowerCase()}`)
  expect(told).toMatchObject({ status: 200, body: { number, state: 'reported_back', remedy: '已补发办理须知。' } })
  expect(JSON.stringify(told.body)).not.toContain('台账')
  expect((await agent.get('/api/case-progress?number=ZG20200101-0001')).status).toBe(404)
  expect((await agent.get('/api/case-progress?number=abc')).status).toBe(400)
  citizen.close()
  stranger.close()
})

it('asks by message for the fix to be rated, and takes the rating by its link', async () => {
  const citizen = await aVisitor(hotline.url)
  await citizen.must('turn:say', { clientId: randomUUID(), text: '你好' })
  const filed = await citizen.must('complaint:file', { text: '等了两个小时', contact: '13800138001' })
  const id = await idOf(filed.caseNumber)
  await fixAndTell(id)
  const asked = await until(() => citizen.ratings.find(({ about }) => about === 'case'), 'the fix to be rated')
  citizen.close()
  const { messages } = (await supervisor.get('/api/outbox')).body as { messages: { to: string; text: string }[] }
  const sent = messages.find(({ to }) => to === '138****8001')
  expect(sent?.text).toContain('已补发办理须知')
  expect(sent?.text).toContain('https://hotline.example.gov.cn/rate/')

  const form = new URLSearchParams({ level: '5' })
  const given = await fetch(`${hotline.url}/rate/${asked.token}`, { method: 'POST', body: form })
  expect(given.status).toBe(200)
  expect(await view(id)).toMatchObject({ state: 'closed' })
})

it('exports what a spreadsheet does not run, and says who did', async () => {
  const { body } = await officer.get('/api/cases-table?format=csv')
  expect(String(body.text)).toContain(`'=1+1 窗口提前下班`)
  expect(String(body.text)).not.toContain('\n=')
  expect(await rows(`select detail->>'format' as format from audit where act = 'case.export'`)).toEqual([
    { format: 'csv' },
  ])
})

it('follows the days that a supervisor sets for a city, and an officer may not', async () => {
  const rule = {
    ...{ city: '340600', kind: 'complaint', countedIn: 'working', firstContactDays: 1, dueDays: 7 },
    ...{ remindDays: 2, reportAfterDays: 3, extensions: 0, extensionDays: 0, attempts: 2 },
  }
  expect((await officer.post('/api/case-rules', rule)).status).toBe(403)
  expect(await supervisor.post('/api/case-rules', { ...rule, firstContactDays: 8 })).toMatchObject({ status: 400 })
  expect((await supervisor.post('/api/case-rules', rule)).status).toBe(200)
  const order = { ...anOrder('0009'), city: '340600' }
  const taken = await officer.post('/api/work-orders', { orders: [order] })
  expect(taken.body).toMatchObject({ orders: [{ dueOn: '2026-12-02' }] })
  expect((await supervisor.post('/api/case-rules/remove', { city: '340600', kind: 'complaint' })).status).toBe(200)
  expect((await supervisor.post('/api/case-rules/remove', { city: '340600', kind: 'complaint' })).status).toBe(404)
})

it('counts again what waited for a year’s notice, and tells who was told another day', async () => {
  await comeIn('2026-12-28T10:00')
  const citizen = await aVisitor(hotline.url)
  await citizen.must('turn:say', { clientId: randomUUID(), text: '你好' })
  const filed = await citizen.must('complaint:file', { text: '回复太慢' })
  const id = await idOf(filed.caseNumber)
  expect(await view(id)).toMatchObject({ dueOn: '2027-01-14', provisional: true })
  const days = [1, 2, 3].map((day) => ({ day: `2027-01-0${day}`, kind: 'off', name: '元旦' }))
  const notice = { year: 2027, notice: '国办发明电〔2026〕7号', days }
  expect(await supervisor.post('/api/holidays', notice)).toMatchObject({
    status: 400,
    body: { fields: [{ path: 'days' }] },
  })
  const whole = { ...notice, days: [...days, { day: '2027-10-01', kind: 'off', name: '国庆节' }] }
  expect(await supervisor.post('/api/holidays', whole)).toMatchObject({ status: 200 })
  expect(await view(id)).toMatchObject({ dueOn: '2027-01-15', provisional: false })
  await hotline.jobs.tick()
  await citizen.hears('2027年1月15日')
  expect((await officer.get('/api/holidays?year=2027')).body).toMatchObject({
    known: { notice: '国办发明电〔2026〕7号', enteredBy: 'supervisor2' },
  })
  citizen.close()
})

it('takes orders of 12345 in once, handles them, and gives them back', async () => {
  await comeIn('2026-11-23T10:00')
  const sunday = { ...anOrder('0001'), urgent: true, dueOn: '2026-12-30' }
  const orders = [sunday, { ...anOrder('0002'), type: 'consultation' }, { ...anOrder('0003'), dueOn: '2026-11-25' }]
  const taken = await officer.post('/api/work-orders', { orders })
  expect(taken).toMatchObject({
    status: 200,
    body: { taken: 3, known: 0, orders: [{ dueOn: '2026-11-23' }, { dueOn: '2026-11-26' }, { dueOn: '2026-11-25' }] },
  })
  expect((await officer.post('/api/work-orders', { orders })).body).toMatchObject({ taken: 0, known: 3 })

  const [first, second] = (taken.body.orders as { caseId: string }[]).map(({ caseId }) => caseId)
  await fixAndTell(first ?? '')
  await officer.post(`/api/cases/${first}/follow-ups`, { result: 'satisfied', note: '市民认可' })
  await move(first ?? '', 'closed')
  expect(await move(second ?? '', 'returned', { note: '=属于人社部门' })).toMatchObject({ body: { state: 'returned' } })
  const whole = await officer.post(`/api/cases/${first}/contact`, { reason: '回电办理诉求' })
  expect(whole.body).toEqual({ phone: '13800138000', person: '张三' })

  // A name without a number is read by the same door, and goes with the words of the case.
  const phoneless = { ...orders[0], number: 'no-phone-1', phone: undefined, person: '李四' }
  const named = (await officer.post('/api/work-orders', { orders: [phoneless] })).body as {
    orders: { caseId: string }[]
  }
  const namedId = named.orders[0]?.caseId ?? expect.unreachable('no case')
  expect(await view(namedId)).toMatchObject({ hasPerson: true })
  const read = await officer.post(`/api/cases/${namedId}/contact`, { reason: '核实诉求' })
  expect(read).toMatchObject({ status: 200, body: { person: '李四' } })
  await hotline.database.db
    .transaction()
    .execute((tx) => erasingStore(tx, openKeyRing(hotline.config)).cases([namedId]))
  expect((await officer.post(`/api/cases/${namedId}/contact`, { reason: '核实诉求' })).status).toBe(404)
  expect(await rows(`select person_sealed as person from work_order where number = 'no-phone-1'`)).toEqual([
    { person: null },
  ])

  const { results } = (await officer.get('/api/work-order-results')).body
  expect(results).toMatchObject([
    {
      number: 'ORDER-0001',
      outcome: 'closed',
      remedy: '已补发办理须知。',
      evidence: '台账 12 号',
      followUp: 'satisfied',
    },
    { number: 'ORDER-0002', outcome: 'returned', returnReason: '=属于人社部门' },
  ])
  const table = String((await officer.get('/api/work-order-results?format=csv')).body.text)
  expect(table).toContain(`'=属于人社部门`)
  expect(await officer.post('/api/work-orders/given-back', { numbers: ['ORDER-0003'] })).toMatchObject({ status: 400 })
  const numbers = ['ORDER-0001', 'ORDER-0002']
  expect((await officer.post('/api/work-orders/given-back', { numbers })).body).toEqual({ given: 2 })
  expect((await officer.get('/api/work-order-results')).body).toEqual({ results: [] })
  expect(await rows(`select 1 from audit where act like 'work-order.%'`)).not.toHaveLength(0)
})

it('takes a table of orders in whole or not at all', async () => {
  const head = [
    '工单编号',
    '诉求类型',
    '是否紧急',
    '诉求标题',
    '诉求内容',
    '地区',
    '姓名',
    '联系电话',
    '受理时间',
    '办理期限',
  ]
  const row = (number: string, phone: string, at: string) => [
    number,
    '投诉',
    '否',
    '标题',
    '内容',
    '淮北',
    '张三',
    phone,
    at,
    '2026/12/30',
  ]
  const sent = async (lines: string[][], check = '') => {
    const response = await fetch(`${hotline.url}/api/work-orders-table${check}`, {
      method: 'POST',
      headers: { cookie: officer.cookie, 'x-csrf-token': officer.csrf },
      body: new Uint8Array(writeXlsx([{ name: '工单', rows: [head, ...lines] }])),
    })
    return { status: response.status, body: (await response.json()) as Record<string, unknown> }
  }
  const good = row('ROW-0001', '138 0013 8000', '2026-11-22 10:05')
  const bad = await sent([good, row('ROW-0002', '123', '昨天'), row('ROW-0001', '', '2026-11-22')])
  expect(bad.body.fields).toMatchObject([{ path: '3.联系电话' }, { path: '3.受理时间' }, { path: '4.工单编号' }])
  expect((await sent([good], '?check=1')).body).toMatchObject({ taken: 1, checked: true, orders: [] })
  expect((await sent([good])).body).toMatchObject({ taken: 1, orders: [{ number: 'ROW-0001', known: false }] })
  const [kept] = await rows<{ received_at: Date }>(`select received_at from work_order where number = 'ROW-0001'`)
  expect(kept?.received_at.toISOString()).toBe('2026-11-22T02:05:00.000Z')
})

it('sends the citizen of a work order a link too, and opens the case again by their rating', async () => {
  const order = { ...anOrder('0011'), phone: '13800138011' }
  const { orders } = (await officer.post('/api/work-orders', { orders: [order] })).body as {
    orders: { caseId: string }[]
  }
  const id = orders[0]?.caseId ?? ''
  await fixAndTell(id)
  const { messages } = (await supervisor.get('/api/outbox')).body as { messages: { to: string; text: string }[] }
  expect(messages.find(({ to }) => to === '138****8011')?.text).toContain('请评价这次整改')
  const [asked] = await rows<{ id: string }>(
    `select r.id from rating r join case_file f on f.episode_id = r.episode_id where f.id = '${id}'`,
  )
  const token = ratingTokens(openKeyRing(hotline.config).secret('rating')).make(asked?.id ?? '')
  expect((await rateByLink(token, '2')).text).toContain('将重新办理')
  expect(await view(id)).toMatchObject({ state: 'rectifying', reopened: 1 })
  expect((await view(id)).conversationId).toBeUndefined()
})

function anOrder(serial: string) {
  return {
    number: `ORDER-${serial}`,
    type: 'complaint',
    title: '门诊慢特病复审超时',
    text: '提交材料一个月没有答复。',
    person: '张三',
    phone: '13800138000',
    receivedAt: '2026-11-22T10:05:00+08:00',
  }
}

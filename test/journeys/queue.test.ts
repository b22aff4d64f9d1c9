/** The queue that loses nobody: given to whoever has room, in order, within capacity; taken over; told to those on duty. */
import { randomUUID } from 'node:crypto'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import type { AlertsView } from '../../contract/alert.ts'
import type { QueueNews } from '../../contract/queue.ts'
import type { WallView } from '../../contract/wall.ts'
import type { DutyView, MonthView } from '../../contract/shift.ts'
import { presenceStore } from '../../desk/presence.store.ts'
import { businessDay } from '../../desk/working-days.ts'
import { aHotline, type TestHotline } from '../support/hotline.ts'
import { signedIn, type HttpClient } from '../support/http-client.ts'
import { aPhoneClient } from '../support/phone-client.ts'
import { phoneToken } from '../support/phone-peers.ts'
import { anAgent, aVisitor, until, type Visitor } from '../support/socket-clients.ts'

let hotline: TestHotline
let lead: HttpClient
/** A Monday morning, far from midnight. */
let shiftMs = Date.parse('2026-11-23T10:00:00+08:00') - Date.now()
const now = () => new Date(Date.now() + shiftMs)
const minute = 60_000
const open: { close: () => unknown }[] = []

function opened<T extends { close: () => unknown }>(one: T): T {
  open.push(one)
  return one
}

beforeAll(async () => {
  hotline = await aHotline({ env: { PHONE_TOKEN: phoneToken, QUEUE_MODE: 'assign' }, now })
  lead = await signedIn(hotline.url, await hotline.aMember('supervisor'))
})
afterEach(async () => {
  for (const one of open.splice(0).reverse()) one.close()
  await hotline.database.pool.query('update handover set left_at = $1 where claimed_at is null and left_at is null', [
    now(),
  ])
  await hotline.database.pool.query(
    "update conversation set state = 'closed', agent_id = null, closed_at = $1 where state in ('waiting', 'agent')",
    [now()],
  )
  await presenceStore(hotline.db).offlineAll(now())
})
afterAll(() => hotline.close())

async function anOnlineAgent(web = 3) {
  const member = await hotline.aMember('agent')
  const { status } = await lead.post(`/api/seats/${member.staffId}`, {
    ...{ skills: [], regions: [] },
    capacity: { phone: 1, web, wechat: 3 },
  })
  expect(status).toBe(200)
  const agent = opened(await anAgent(hotline.url, member))
  const heard: { name: keyof QueueNews; told: unknown }[] = []
  for (const name of ['conversation:given', 'conversation:taken', 'queue:escalated'] as const)
    agent.socket.on(name, (told: unknown) => heard.push({ name, told }))
  await agent.must('presence:set', { state: 'online' })
  return { ...agent, member, heard }
}

async function aWaiting(words = '我想找人工'): Promise<Visitor & { id: string }> {
  const visitor = opened(await aVisitor(hotline.url))
  const { conversationId: id } = await visitor.must('turn:say', { clientId: randomUUID(), text: words })
  await until(() => visitor.standing()?.state !== 'bot', 'the queue')
  return { ...visitor, id }
}
const isWith = (visitor: Visitor, agent: { member: { workNumber: string } }) =>
  until(() => visitor.standing()?.agentNumber === agent.member.workNumber, `${agent.member.workNumber} on the line`)

describe('whoever waits', () => {
  it('is given to an agent with room; the fourth of three waits, and is the one that a freed place is given to', async () => {
    const agent = await anOnlineAgent(3)
    const first = await aWaiting()
    await isWith(first, agent)
    await until(() => agent.heard.find(({ name }) => name === 'conversation:given'), 'the news at the agent')
    for (const one of [await aWaiting(), await aWaiting()]) await isWith(one, agent)
    const [fourth, fifth] = [await aWaiting(), await aWaiting()]
    await until(() => agent.queue()?.waiting.length === 2, 'two who wait')
    await fourth.hears('您排在第 1 位')
    await fifth.hears('您排在第 2 位')

    await agent.must('conversation:open', { conversationId: first.id })
    await agent.must('conversation:close', { conversationId: first.id, summary: '办完了' })
    await isWith(fourth, agent)
    expect(fifth.standing()?.state).toBe('waiting')
    const refused = await agent.ask('conversation:claim', { conversationId: fifth.id })
    expect(refused).toMatchObject({
      ok: false,
      code: 'at_capacity',
      message: expect.stringContaining('上限') as string,
    })
    await until(() => fifth.places.at(-1)?.place === 1, 'a new place')
  })

  it('is given on when nobody looks, and whoever did not look counts as busy', async () => {
    const absent = await anOnlineAgent()
    const citizen = await aWaiting()
    await isWith(citizen, absent)
    shiftMs += minute
    const present = await anOnlineAgent()
    expect(await hotline.queue.assigner.takeBackUnseen()).toBe(1)
    await isWith(citizen, present)
    await citizen.hears('暂时离开')
    const { seats } = (await lead.get('/api/wall')).body as WallView
    expect(seats.find(({ staffId }) => staffId === absent.member.staffId)?.state).toBe('busy')
    await present.must('conversation:open', { conversationId: citizen.id })
    shiftMs += minute
    expect(await hotline.queue.assigner.takeBackUnseen()).toBe(0)
  })

  it('goes first with an urgent word or as somebody old, and the list says why', async () => {
    const agent = await anOnlineAgent(1)
    await isWith(await aWaiting(), agent)
    const usual = await aWaiting()
    const elder = await aWaiting('我今年72岁了，我想找人工')
    const urgent = await aWaiting('我的药快没了，转人工')
    const waiting = await until(
      () => agent.queue()?.waiting.length === 3 && agent.queue()?.waiting,
      'the three in the list',
    )
    expect(waiting.map(({ conversationId, flags }) => [conversationId, flags])).toEqual([
      [urgent.id, ['urgent-word']],
      [elder.id, ['elder']],
      [usual.id, []],
    ])
    await usual.say('等不了了，家里人正在急诊')
    await until(() => agent.queue()?.waiting[0]?.conversationId === usual.id, 'the first place')
  })

  it('is given to who knows the matter, and comes back to who had them the last time', async () => {
    const { id } = (await lead.post('/api/skills', { name: '生育', words: ['产检'] })).body
    const [first, knowing] = [await anOnlineAgent(), await anOnlineAgent()]
    const seat = { skills: [id], regions: [], capacity: null }
    expect((await lead.post(`/api/seats/${knowing.member.staffId}`, seat)).status).toBe(200)
    const citizen = await aWaiting('产检的费用，转人工')
    await isWith(citizen, knowing)
    await knowing.must('conversation:close', { conversationId: citizen.id, summary: '产检' })
    const usual = await aWaiting()
    await isWith(usual, first)
    await first.must('conversation:close', { conversationId: usual.id, summary: '办完了' })
    await usual.say('还有一件事，转人工')
    await until(() => usual.standing()?.state === 'agent', 'the agent again')
    await isWith(usual, first)
  })

  it('in a call is given to an agent without one, who is rung', async () => {
    const phone = opened(await aPhoneClient(hotline.url, phoneToken))
    const agent = await anOnlineAgent()
    const { conversationId, desk } = await phone.ring('13700135901')
    expect(desk.free).toBe(1)
    await phone.must('person:ask', { conversationId, reason: 'asked' })
    const news = await until(() => agent.heard.find(({ name }) => name === 'conversation:given'), 'the gift')
    expect(news.told).toEqual({ conversationId, isCall: true })
    const second = await phone.ring('13700135902')
    expect(second.desk.free).toBe(0)
    await phone.must('person:ask', { conversationId: second.conversationId, reason: 'asked' })
    await until(() => agent.queue()?.waiting.length === 1, 'the second caller waits')
  })
})

describe('a supervisor', () => {
  it('sees who waits and who works, and takes a conversation over with a reason; 首问 stays', async () => {
    const agent = await anOnlineAgent(1)
    const [held, waiting] = [await aWaiting(), await aWaiting()]
    await isWith(held, agent)
    const before = (await lead.get('/api/wall')).body as WallView
    expect(before.waiting.map((row) => row.conversationId)).toEqual([waiting.id])
    expect(before.open.find((row) => row.conversationId === held.id)?.agentNumber).toBe(agent.member.workNumber)
    expect(before.seats.find(({ staffId }) => staffId === agent.member.staffId)).toMatchObject({
      ...{ state: 'online', held: { phone: 0, web: 1, wechat: 0 }, capacity: { phone: 1, web: 1, wechat: 3 } },
    })

    const reason = '久未回复'
    expect((await lead.post(`/api/conversations/${held.id}/take-over`, { reason })).status).toBe(200)
    const told = await until(() => agent.heard.find(({ name }) => name === 'conversation:taken'), 'the news')
    expect(told.told).toMatchObject({ conversationId: held.id, reason })
    await held.hears('接着为您服务')
    expect(JSON.stringify(held.turns)).not.toContain(reason)
    const late = await agent.ask('turn:say', { conversationId: held.id, clientId: randomUUID(), text: '在吗' })
    expect(late).toMatchObject({ ok: false, code: 'not_your_conversation' })
    const view = (await lead.get(`/api/conversations/${held.id}`)).body
    expect(view.conversation).toMatchObject({ firstAskedNumber: agent.member.workNumber, state: 'agent' })
    await isWith(waiting, agent)
  })
})

describe('who is on duty', () => {
  it('is told of an emergency though nobody is at a desk, one after the other, and then a callback is offered', async () => {
    shiftMs += 10 * minute
    const [first, second] = [await hotline.aMember('agent'), await hotline.aMember('agent')]
    const day = (await lead.get('/api/duty')).body as DutyView & { opensAt: string }
    expect(day.onDuty).toEqual([])
    const today = businessDay(now())
    for (const [i, { staffId }] of [first, second].entries()) {
      const shift = { day: today, from: '00:00', to: '24:00', staffId, rank: i + 1 }
      expect((await lead.post('/api/shifts', shift)).body).toEqual({ ok: true })
      expect((await lead.post('/api/shifts', shift)).status).toBe(400)
    }
    const { onDuty } = (await lead.get('/api/duty')).body as DutyView
    expect(onDuty.map(({ staffId }) => staffId)).toEqual([first.staffId, second.staffId])

    expect((await lead.post(`/api/seats/${second.staffId}/duty-phone`, { phone: '13800138009' })).status).toBe(200)
    const console = opened(await anAgent(hotline.url, first))
    const heard: unknown[] = []
    console.socket.on('queue:escalated', (told: unknown) => heard.push(told))
    const usual = opened(await aVisitor(hotline.url))
    await usual.say('我想找人工')
    await usual.hears('登记回电')
    const citizen = await aWaiting('救命，要出人命了')
    await citizen.hears('已通知值班同事')
    await hotline.queue.tellDuty()
    await until(() => heard.length === 1, 'the news at the first')
    expect(heard).toEqual([{ conversationId: citizen.id, waitedMinutes: 0 }])
    await hotline.timekeeper.letGoTheWaiting()
    expect(citizen.standing()?.state).toBe('waiting')

    shiftMs += 4 * minute
    await hotline.queue.tellDuty()
    const { rows } = await hotline.database.pool.query('select escalated from handover where conversation_id = $1', [
      citizen.id,
    ])
    expect(rows).toEqual([{ escalated: 2 }])
    const letters = await hotline.database.pool.query("select recipient_masked from outbox_message where kind = 'duty'")
    expect(letters.rows).toEqual([{ recipient_masked: '138****8009' }])
    shiftMs += 4 * minute
    await hotline.timekeeper.letGoTheWaiting()
    await until(() => citizen.standing()?.state === 'bot', 'the offer of a callback')
  })

  it('stands in the month, is copied by the week and filled from office hours', async () => {
    const { staffId } = await hotline.aMember('agent')
    expect((await lead.post('/api/shift-imports', { month: '2027-03', staffIds: [staffId] })).body).toMatchObject({
      stood: 0,
    })
    const march = (await lead.get('/api/shifts?month=2027-03')).body as MonthView
    expect(march.shifts.length).toBe(23)
    expect(march.shifts[0]).toMatchObject({ day: '2027-03-01', from: '09:00', to: '17:30', staffId, rank: 1 })
    const copied = await lead.post('/api/shift-copies', { from: '2027-03-01', to: '2027-04-05' })
    expect(copied.body).toEqual({ made: 5, stood: 0 })
    expect((await lead.post('/api/shift-copies', { from: '2027-03-01', to: '2027-04-08' })).body).toEqual({
      ...{ made: 0, stood: 5 },
    })
    const [shift] = march.shifts
    expect((await lead.post(`/api/shifts/${shift?.id}/remove`)).body).toEqual({ ok: true })
    expect((await lead.post(`/api/shifts/${shift?.id}/remove`)).status).toBe(404)
    expect((await lead.post('/api/shift-copies', { from: '2029-01-01', to: '2029-01-08' })).status).toBe(400)
  })
})

describe('whoever asked for a person and gets no answer', () => {
  type Late = Parameters<QueueNews['queue:late']>[0]
  const lateAt = async (seconds: number) => {
    shiftMs += seconds * 1_000
    await Promise.all([hotline.queue.tellLate(), hotline.queue.tellLate()])
  }

  it('is told of once when it gets late and once when it is too late, and the list has the time and the limits', async () => {
    const agent = await anOnlineAgent(1)
    const served = await aWaiting()
    await isWith(served, agent)
    await agent.must('turn:say', { conversationId: served.id, clientId: randomUUID(), text: '您好，请讲。' })
    const late: Late[] = []
    agent.socket.on('queue:late', (told: Late) => late.push(told))
    const citizen = await aWaiting()
    await lateAt(119)
    await lateAt(1)
    await lateAt(30)
    await until(() => late.length === 1 && late, 'amber')
    await lateAt(31)
    await lateAt(60)
    await until(() => late.length === 2, 'red')
    expect(late.map(({ conversationId, level }) => [conversationId, level])).toEqual([
      [citizen.id, 'amber'],
      [citizen.id, 'red'],
    ])
    expect((await lead.get('/api/wall')).body).toMatchObject({ late: { amberSeconds: 120, redSeconds: 180 } })
    const { alerts } = (await lead.get('/api/alerts')).body as unknown as AlertsView
    const mine = alerts.filter(({ subject }) => subject === citizen.id)
    expect(mine.map(({ kind, text }) => [kind, text])).toEqual([
      ['queue.late', '一位市民要人工，等了 3 分钟还没有人接待。'],
    ])
  })

  it('counts on while an agent has them and says nothing, and is answered by the first word', async () => {
    const agent = await anOnlineAgent()
    const late: Late[] = []
    agent.socket.on('queue:late', (told: Late) => late.push(told))
    const [silent, served] = [await aWaiting(), await aWaiting()]
    for (const one of [silent, served]) await isWith(one, agent)
    await agent.must('conversation:open', { conversationId: served.id })
    const words = { conversationId: served.id, clientId: randomUUID(), text: '您好，请讲。' }
    await agent.must('turn:say', words)
    const { mine } = await agent.must('queue:list', {})
    const since = (id: string) => mine.find(({ conversationId }) => conversationId === id)?.unansweredSince
    expect([since(silent.id) !== undefined, since(served.id)]).toEqual([true, undefined])
    await lateAt(200)
    await until(() => late.length > 0, 'red at once')
    expect(late).toMatchObject([{ conversationId: silent.id, level: 'red', agentNumber: agent.member.workNumber }])
  })
})

it('gives whoever writes to people first while the hours of the web say so, and tells no phone of them', async () => {
  const allDay = [{ on: 'every-day', from: '00:00', to: '24:00', mode: 'person-first' }]
  expect((await lead.post('/api/line-hours', { line: '@web', hours: allDay })).status).toBe(200)
  const agent = await anOnlineAgent()
  await isWith(await aWaiting('新生儿怎么参保'), agent)
  const phone = opened(await aPhoneClient(hotline.url, phoneToken))
  const { lineTable } = await phone.must('phone:hello', { hearing: 'none', speaks: true, sipPort: 5060 })
  expect(lineTable.lines).toEqual({})
  expect((await lead.post('/api/line-hours', { line: '@mail', hours: allDay })).status).toBe(400)
  await lead.post('/api/line-hours', { line: '@web', hours: [] })
  const next = opened(await aVisitor(hotline.url))
  await next.say('新生儿怎么参保')
  await next.hears('出生')
  expect(next.standing()?.state).toBe('bot')
})

it('tells the phone at once who picks up from now on', async () => {
  const phone = opened(await aPhoneClient(hotline.url, phoneToken))
  const heard = () => phone.heard('lines:changed')
  const hours = [
    { on: 'sat', from: '09:00', to: '12:00', mode: 'person-first' },
    { on: 'workdays', from: '08:30', to: '17:30', mode: 'overflow' },
  ]
  expect((await lead.post('/api/line-hours', { line: '12393', hours })).status).toBe(200)
  const [changed] = await until(() => heard().length === 1 && heard(), 'the new table')
  expect(changed?.lineTable.lines).toEqual({ '12393': hours })
  expect((await lead.get('/api/line-hours')).body).toMatchObject({ lines: [{ line: '12393', hours }] })
  const wrong = await lead.post('/api/line-hours', { line: '1', hours: [{ ...hours[0], to: '08:00' }] })
  expect(wrong).toMatchObject({ status: 400, body: { fields: [{ path: 'hours.0.to' }] } })
  await lead.post('/api/line-hours', { line: '12393', hours: [] })
  await until(() => heard().length === 2, 'the table without it')
  expect(heard()[1]?.lineTable.lines).toEqual({})
})

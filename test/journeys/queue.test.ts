/** The queue that loses nobody: given to whoever has room, in order, within capacity; taken over; told to those on duty. */
import { randomUUID } from 'node:crypto'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import type { AlertsView } from '../../contract/alert.ts'
import type { MyPresence, QueueNews } from '../../contract/queue.ts'
import type { WallRowsView, WallView } from '../../contract/wall.ts'
import type { DutyView, MonthView } from '../../contract/shift.ts'
import { figuresWallStore } from '../../desk/figures-wall.store.ts'
import { wording } from '../../bot/wording.ts'
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
  hotline = await aHotline({ env: { PHONE_TOKEN: phoneToken }, now })
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

  it('is given on when nobody looks, and whoever did not look counts as busy, and learns why', async () => {
    const absent = await anOnlineAgent()
    const told: MyPresence[] = []
    absent.socket.on('presence:changed', (changed: MyPresence) => told.push(changed))
    const citizen = await aWaiting()
    await isWith(citizen, absent)
    shiftMs += minute
    const present = await anOnlineAgent()
    await hotline.queue.assigner.takeBackUnseen()
    await isWith(citizen, present)
    await citizen.hears('暂时离开')
    const { seats } = (await lead.get('/api/wall')).body as WallView
    expect(seats.find(({ staffId }) => staffId === absent.member.staffId)?.state).toBe('busy')
    await until(() => told.some(({ state, cause }) => state === 'busy' && cause === 'unseen'), 'the news of it')
    expect((await absent.must('queue:list', {})).presence).toMatchObject({ state: 'busy', cause: 'unseen' })
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

  it('is one person on every channel once verified: given to who had them in a call, as old and as coming again', async () => {
    const phone = opened(await aPhoneClient(hotline.url, phoneToken))
    const [first, idle] = [await anOnlineAgent(), await anOnlineAgent()]
    const chatsAlone = { skills: [], regions: [], capacity: { phone: 0, web: 3, wechat: 3 } }
    await lead.post(`/api/seats/${idle.member.staffId}`, chatsAlone)
    const { conversationId } = await phone.ring('13700135903')
    await phone.must('turn:say', { conversationId, clientId: randomUUID(), text: '我今年72岁了', heardBy: 'speech' })
    await phone.must('person:ask', { conversationId, reason: 'asked' })
    await until(() => first.heard.find(({ name }) => name === 'conversation:given'), 'the call')
    await first.must('conversation:close', { conversationId, summary: '报销' })

    const citizen = opened(await aVisitor(hotline.url))
    const { conversationId: id } = await citizen.must('turn:say', { clientId: randomUUID(), text: '你好' })
    const known = { phone: '13700135903', how: 'rang_back' }
    expect((await first.http.post(`/api/conversations/${id}/person`, known)).status).toBe(200)
    await citizen.must('person:ask', {})
    await isWith(citizen, first)
    const { rows } = await hotline.database.pool.query('select flags from handover where conversation_id = $1', [id])
    expect(rows).toEqual([{ flags: ['elder', 'repeat'] }])
    expect((await first.must('conversation:open', { conversationId: id })).isElder).toBe(true)
  })

  it('is given to nobody while agents take by themselves, and at once when supervisors want it so again', async () => {
    const settings = { mode: 'claim', askMinutes: 15, endMinutes: 5, ageMinutes: 5 }
    expect((await lead.get('/api/queue-settings')).body).toEqual({ ...settings, mode: 'assign' })
    expect((await lead.post('/api/queue-settings', settings)).status).toBe(200)
    const agent = await anOnlineAgent()
    const [byHand, given] = [await aWaiting(), await aWaiting()]
    await hotline.queue.assigner.look()
    expect([byHand.standing()?.state, given.standing()?.state]).toEqual(['waiting', 'waiting'])
    expect((await lead.get('/api/wall')).body).toMatchObject({ mode: 'claim' })
    await agent.must('conversation:claim', { conversationId: byHand.id })
    const wrong = await lead.post('/api/queue-settings', { ...settings, mode: 'assign', askMinutes: 0 })
    expect(wrong).toMatchObject({ status: 400, body: { fields: [{ path: 'askMinutes' }] } })
    expect((await lead.get('/api/queue-settings')).body).toEqual(settings)
    await lead.post('/api/queue-settings', { ...settings, mode: 'assign' })
    await isWith(given, agent)
    const { rows } = await hotline.database.pool.query(
      "select detail ->> 'mode' as mode from audit where act = 'queue.set' order by at",
    )
    expect(rows).toEqual([{ mode: 'claim' }, { mode: 'assign' }])
  })

  it('is given to whom their agent names, whatever their own words would say, and still when that one is gone', async () => {
    const named = (await lead.post('/api/skills', { name: '异地报销', words: ['垫付'] })).body.id as string
    const [giver, guessed, wanted] = [await anOnlineAgent(), await anOnlineAgent(), await anOnlineAgent()]
    const other = (await lead.post('/api/skills', { name: '门诊慢病', words: ['慢病'] })).body.id as string
    for (const [{ member }, skill] of [[guessed, other] as const, [wanted, named] as const])
      await lead.post(`/api/seats/${member.staffId}`, { skills: [skill], regions: ['140400'], capacity: null })
    const citizen = await aWaiting('慢病的事，转人工')
    await isWith(citizen, guessed)
    await guessed.must('conversation:open', { conversationId: citizen.id })
    const { groups } = await guessed.must('colleagues:list', { conversationId: citizen.id })
    expect(groups.skills.map(({ id, online }) => [id, online])).toEqual(
      expect.arrayContaining([
        [named, 1],
        [other, 0],
      ]),
    )
    expect(groups.regions).toEqual([{ code: '140400', online: 1 }])
    const given = { conversationId: citizen.id, toQueue: true, reason: '其实是异地垫付的事' }
    const unknown = await guessed.ask('conversation:transfer', { ...given, skillId: randomUUID() })
    expect(unknown).toMatchObject({ ok: false, fields: [{ path: 'skillId' }] })
    const both = { ...given, toQueue: false, toStaffId: giver.member.staffId, skillId: named }
    expect(await guessed.ask('conversation:transfer', both)).toMatchObject({ ok: false, fields: [{ path: 'skillId' }] })
    await guessed.must('conversation:transfer', { ...given, skillId: named, region: '140400' })
    await isWith(citizen, wanted)
    await wanted.must('conversation:open', { conversationId: citizen.id })

    wanted.close()
    shiftMs += 2 * minute
    await hotline.timekeeper.takeBackFromTheGone()
    const { rows } = await hotline.database.pool.query(
      'select skill_id, region from handover where conversation_id = $1 order by asked_at desc, id limit 1',
      [citizen.id],
    )
    expect(rows).toEqual([{ skill_id: named, region: '140400' }])
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

describe('an agent', () => {
  it('stays on duty when another tab opens or the line drops for a moment, and learns of having been taken off after', async () => {
    const agent = await anOnlineAgent()
    const tab = opened(await anAgent(hotline.url, agent.member))
    const heard: MyPresence[] = []
    agent.socket.on('presence:changed', (changed: MyPresence) => heard.push(changed))
    expect((await tab.must('queue:list', {})).presence).toMatchObject({ state: 'online', cause: 'chosen' })
    await tab.must('presence:set', { state: 'busy' })
    await until(() => heard.some(({ state }) => state === 'busy'), 'the first tab')
    await tab.must('presence:set', { state: 'online' })

    for (const one of [agent, tab]) one.close()
    shiftMs += 50_000
    await hotline.timekeeper.takeBackFromTheGone()
    const back = opened(await anAgent(hotline.url, agent.member))
    expect((await back.must('queue:list', {})).presence).toMatchObject({ state: 'online', cause: 'chosen' })
    back.close()
    shiftMs += 61_000
    await hotline.timekeeper.takeBackFromTheGone()
    const later = opened(await anAgent(hotline.url, agent.member))
    expect((await later.must('queue:list', {})).presence).toMatchObject({ state: 'offline', cause: 'gone' })
    expect(await later.must('presence:set', { state: 'online' })).toMatchObject({ state: 'online', cause: 'chosen' })
  })
})

describe('a supervisor', () => {
  it('sees who waits and who works, and takes a conversation over with a reason; 首问 stays', async () => {
    const agent = await anOnlineAgent(1)
    const [held, waiting] = [await aWaiting(), await aWaiting()]
    await isWith(held, agent)
    const before = (await lead.get('/api/wall')).body as WallView
    expect(before).toMatchObject({ waiting: 1, waitingSince: expect.any(String) as string })
    const rowsOf = async (query: string) =>
      ((await lead.get(`/api/wall/conversations?${query}`)).body as WallRowsView).rows.map((row) => row.conversationId)
    expect(await rowsOf('holder=waiting')).toEqual([waiting.id])
    expect(await rowsOf(`agent=${agent.member.staffId}`)).toEqual([held.id])
    expect(await rowsOf(`agent=${agent.member.staffId}&channel=phone`)).toEqual([])
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

  it('keeps whom they took over, though they never said that they are there', async () => {
    const agent = await anOnlineAgent(1)
    const held = await aWaiting()
    await isWith(held, agent)
    const member = await hotline.aMember('supervisor')
    const console = opened(await anAgent(hotline.url, member))
    const taken = await console.http.post(`/api/conversations/${held.id}/take-over`, { reason: '久未回复' })
    expect(taken.status).toBe(200)
    expect(await hotline.timekeeper.takeBackFromTheGone()).toBe(0)
    const seats = ((await lead.get('/api/wall')).body as WallView).seats.map(({ staffId }) => staffId)
    expect(seats).toContain(agent.member.staffId)
    expect(seats).not.toContain(member.staffId)
  })
})

describe('a supervisor of two thousand conversations', () => {
  type Asked = Record<string, string>
  const seen = async (query: Asked) =>
    (await lead.get(`/api/wall/conversations?${new URLSearchParams(query).toString()}`)).body as WallRowsView

  it('finds whoever waits longest for a word on top, among the late ones alone, and takes them over', async () => {
    const agent = await anOnlineAgent(3)
    const [silent, answered] = [await aWaiting(), await aWaiting()]
    await isWith(silent, agent)
    await isWith(answered, agent)
    for (const { id } of [silent, answered])
      await agent.must('turn:say', { conversationId: id, clientId: randomUUID(), text: '您好，请讲。' })
    await silent.must('turn:say', { clientId: randomUUID(), text: '孩子的药不能停，怎么办' })
    // Thanks wait for no answer, here as on the agents' own desks.
    await answered.must('turn:say', { clientId: randomUUID(), text: '谢谢' })
    const { rows: made } = await hotline.database.pool.query<{ id: string }>(
      `insert into conversation (contact_id, channel, state, started_at, last_turn_at)
       select (select contact_id from conversation limit 1), 'wechat', 'bot', $1, $1 from generate_series(1, 2000)
       returning id`,
      [now()],
    )
    shiftMs += 20 * minute
    // Or the hour that jumped would have the agent gone.
    await presenceStore(hotline.db).seen(agent.member.staffId, now())
    const late = await aWaiting('转人工，我有急事')
    await until(() => late.standing()?.agentNumber, 'somebody with room')

    const late1 = await seen({ late: '1' })
    expect(late1.rows.map((row) => row.conversationId)).toEqual([silent.id])
    expect(late1.total).toBe(1)
    const all = await seen({ limit: '5' })
    expect(all.rows.slice(0, 3).map((row) => row.conversationId)).toEqual([silent.id, late.id, answered.id])
    const [{ count: open } = { count: 0 }] = (
      await hotline.database.pool.query<{ count: number }>(`select count(*) from conversation where state <> 'closed'`)
    ).rows
    expect(all.total).toBe(open)
    const bots = await seen({ holder: 'bot', channel: 'wechat', limit: '200', offset: '1900' })
    expect([bots.rows.length, bots.total]).toEqual([100, 2_000])
    expect((await seen({ agent: agent.member.staffId })).total).toBe(3)

    const reason = '二十分钟没有答复'
    expect((await lead.post(`/api/conversations/${silent.id}/take-over`, { reason })).status).toBe(200)
    await silent.hears('接着为您服务')
    await hotline.database.pool.query('delete from conversation where id = any($1)', [made.map(({ id }) => id)])
  })

  it('is told of numbers that plain counts of the same rows find, and counts nobody as waiting whose conversation is over', async () => {
    const agent = await anOnlineAgent(1)
    const [held, waiting] = [await aWaiting(), await aWaiting()]
    await isWith(held, agent)
    // What should never be: a place in the queue of a conversation that is closed.
    await hotline.database.pool.query(
      `with closed as (
         insert into conversation (contact_id, channel, state, started_at, last_turn_at, closed_at)
         select contact_id, 'web', 'closed', $1, $1, $1 from conversation where id = $2 returning id
       ) insert into handover (conversation_id, reason, priority, asked_at, flags, assigned, escalated)
         select id, 'asked', 0, $1::timestamptz - interval '3 hours', '{}', false, 0 from closed`,
      [now(), waiting.id],
    )
    await hotline.database.pool.query(
      `insert into callback (conversation_id, phone_sealed, phone_masked, asked_at, due_at, state, priority)
       values ($1, 'x', '138****0000', $2, $2, 'waiting', 0)`,
      [held.id, new Date(now().getTime() - minute)],
    )
    const view = (await lead.get('/api/wall')).body as WallView
    const standing = await figuresWallStore(hotline.db).standing(now())
    const counted = async (sql: string, given: unknown[] = []) =>
      (await hotline.database.pool.query<{ n: number }>(`select (${sql}) as n`, given)).rows[0]?.n
    const waitingSql = `select count(*) from handover h join conversation c on c.id = h.conversation_id
      where h.claimed_at is null and h.left_at is null and c.state = 'waiting'`
    expect(view.waiting).toBe(1)
    expect({ wall: view.waiting, since: view.waitingSince }).toEqual({
      wall: standing.waiting,
      since: standing.waitingSince,
    })
    expect((await seen({ holder: 'waiting' })).rows.map((row) => row.conversationId)).toEqual([waiting.id])
    expect(standing).toMatchObject({
      waiting: await counted(waitingSql),
      withAgent: await counted(`select count(*) from conversation where agent_id is not null`),
      withBot: await counted(`select count(*) from conversation where state = 'bot'`),
      callsUp: await counted('select count(*) from call where ended_at is null'),
      online: await counted(`select count(*) from presence where state = 'online'`),
      busy: await counted(`select count(*) from presence where state = 'busy'`),
      callbacksWaiting: await counted(`select count(*) from callback where state = 'waiting'`),
      callbacksLate: await counted(`select count(*) from callback where state = 'waiting' and due_at < $1`, [now()]),
      casesOpen: await counted('select count(*) from case_file where closed_at is null'),
    })
    expect(standing.callbacksLate).toBeGreaterThan(0)
    expect((await seen({ holder: 'agent' })).total).toBe(standing.withAgent)
    expect((await seen({ holder: 'bot' })).total).toBe(standing.withBot)
    const { rows: seats } = await hotline.database.pool.query<{ staffId: string; state: string; web: number }>(
      `select p.staff_id as "staffId", p.state, (select count(*) from conversation c
         where c.agent_id = p.staff_id and c.channel = 'web') as web
         from presence p join staff s on s.id = p.staff_id where p.state <> 'offline' or 'agent' = any(s.roles)`,
    )
    const shown = view.seats.map(({ staffId, state, held: { web } }) => ({ staffId, state, web }))
    const byId = (a: { staffId: string }, b: { staffId: string }) => (a.staffId < b.staffId ? -1 : 1)
    expect(shown.sort(byId)).toEqual(seats.sort(byId))
    await hotline.database.pool.query('delete from callback where conversation_id = $1', [held.id])
  })
})

describe('who is on duty', () => {
  it('is told of an emergency though nobody is at a desk, one after the other, and then a callback is offered', async () => {
    shiftMs += 10 * minute
    const [absent, first, second, third] = await Promise.all([1, 2, 3, 4].map(() => hotline.aMember('agent')))
    if (!absent || !first || !second || !third) throw new Error('no staff')
    const day = (await lead.get('/api/duty')).body as DutyView & { opensAt: string }
    expect(day.onDuty).toEqual([])
    const today = businessDay(now())
    const roster = [absent, first, second, third]
    for (const [i, { staffId }] of roster.entries()) {
      const shift = { day: today, from: '00:00', to: '24:00', staffId, rank: i + 1 }
      expect((await lead.post('/api/shifts', shift)).body).toEqual({ ok: true })
      expect((await lead.post('/api/shifts', shift)).status).toBe(400)
    }
    const { onDuty } = (await lead.get('/api/duty')).body as DutyView
    expect(onDuty.map(({ staffId }) => staffId)).toEqual(roster.map(({ staffId }) => staffId))
    // No console is open and no number is known: nobody is called, and the citizen is told nothing else.
    const unheard = opened(await aVisitor(hotline.url))
    await unheard.say('救命，要出人命了')
    await unheard.hears('登记回电')
    expect(JSON.stringify(unheard.turns)).not.toContain('已通知值班同事')

    expect((await lead.post(`/api/seats/${second.staffId}/duty-phone`, { phone: '13800138009' })).status).toBe(200)
    const http = await signedIn(hotline.url, third)
    expect((await http.post('/api/my-contacts', { email: 'night@example.com' })).status).toBe(200)
    const month = (await lead.get(`/api/shifts?month=${today.slice(0, 7)}`)).body as MonthView
    expect(month.withoutPhone.sort()).toEqual([absent, first, third].map(({ staffId }) => staffId).sort())
    const console = opened(await anAgent(hotline.url, first))
    const heard: unknown[] = []
    console.socket.on('queue:escalated', (told: unknown) => heard.push(told))
    const usual = opened(await aVisitor(hotline.url))
    await usual.say('我想找人工')
    await usual.hears('登记回电')
    const citizen = await aWaiting('救命，要出人命了')
    await citizen.hears('已通知值班同事')
    await until(() => heard.length === 1, 'the news at the first')
    await hotline.queue.tellDuty()
    expect(heard).toEqual([{ conversationId: citizen.id, waitedMinutes: 0 }])
    const { alerts } = (await console.http.get('/api/alerts')).body as unknown as AlertsView
    expect(alerts.map(({ kind, subject }) => [kind, subject])).toEqual([['queue.duty', citizen.id]])
    await hotline.timekeeper.letGoTheWaiting()
    expect(citizen.standing()?.state).toBe('waiting')

    shiftMs += 4 * minute
    await hotline.queue.tellDuty()
    const { rows } = await hotline.database.pool.query('select escalated from handover where conversation_id = $1', [
      citizen.id,
    ])
    expect(rows).toEqual([{ escalated: 2 }])
    const letters = () =>
      hotline.database.pool.query<{ channel: string; recipient_masked: string }>(
        "select channel, recipient_masked from outbox_message where kind = 'duty' order by channel desc",
      )
    expect((await letters()).rows).toEqual([{ channel: 'sms', recipient_masked: '138****8009' }])
    shiftMs += 4 * minute
    await hotline.queue.tellDuty()
    expect((await letters()).rows.map(({ channel }) => channel)).toEqual(['sms', 'email'])
    shiftMs += 2 * minute
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

    await served.say('那要带什么材料')
    await lateAt(120)
    await until(() => late.length === 2, 'amber for the next answer')
    await lateAt(60)
    await until(() => late.length === 3, 'red for it')
    expect(late.slice(1).map(({ conversationId, level }) => [conversationId, level])).toEqual([
      [served.id, 'amber'],
      [served.id, 'red'],
    ])
    const list = await agent.must('queue:list', {})
    expect(list.mine.every(({ unansweredSince }) => unansweredSince !== undefined)).toBe(true)
    await agent.must('turn:say', { ...words, clientId: randomUUID(), text: '身份证就可以。' })
    await served.say('好的，谢谢')
    const { mine: now } = await agent.must('queue:list', {})
    expect(now.find(({ conversationId }) => conversationId === served.id)?.unansweredSince).toBeUndefined()
  })
})

describe('whoever an agent waits for', () => {
  const nothingMore = '好的，谢谢'

  async function anAnswered() {
    const agent = await anOnlineAgent()
    const citizen = await aWaiting()
    await isWith(citizen, agent)
    await agent.must('conversation:open', { conversationId: citizen.id })
    await agent.must('turn:say', {
      conversationId: citizen.id,
      clientId: randomUUID(),
      text: '带身份证到窗口就可以办。',
    })
    return { agent, citizen }
  }

  it('is asked whether they are still there, let go with a 小结 owed, and comes back to the same agent', async () => {
    await lead.post('/api/queue-settings', { mode: 'assign', askMinutes: 5, endMinutes: 2 })
    const { agent, citizen } = await anAnswered()
    await citizen.say('那几点上班')
    shiftMs += 8 * minute
    await hotline.timekeeper.endSilentChats()
    expect(citizen.standing()?.state).toBe('agent')
    await agent.must('turn:say', { conversationId: citizen.id, clientId: randomUUID(), text: '九点。' })
    await citizen.say(nothingMore)
    shiftMs += 4 * minute
    await hotline.timekeeper.endSilentChats()
    expect(citizen.turns.map(({ text }) => text)).not.toContain(wording.stillThere)
    shiftMs += 2 * minute
    await hotline.timekeeper.endSilentChats()
    await citizen.hears(wording.stillThere)
    await hotline.timekeeper.endSilentChats()
    expect(citizen.standing()?.state).toBe('agent')
    shiftMs += 2 * minute
    await hotline.timekeeper.endSilentChats()
    await citizen.hears(wording.endedAsLeft)
    await until(() => citizen.standing()?.state === 'closed', 'the end')
    const view = await agent.must('conversation:open', { conversationId: citizen.id })
    expect(view.unsummedBy).toEqual([agent.member.workNumber])

    await anOnlineAgent()
    await agent.must('presence:set', { state: 'online' }) // seen now, by the clock that was moved
    await citizen.say('我找到那张单子了，上面没有盖章')
    await isWith(citizen, agent)
    await lead.post('/api/queue-settings', { mode: 'assign', askMinutes: 15, endMinutes: 5 })
  })

  it('is seen to have left, and goes into line behind those who wait when that agent goes home', async () => {
    const { agent, citizen } = await anAnswered()
    const there: boolean[] = []
    agent.socket.on('citizen:there', (told: { isThere: boolean }) => there.push(told.isThere))
    expect((await agent.must('queue:list', {})).mine).toMatchObject([{ isThere: true }])
    citizen.close()
    await until(() => there.at(-1) === false, 'the news that they left')
    expect((await agent.must('queue:list', {})).mine).toMatchObject([{ isThere: false }])

    const owed = await aWaiting()
    await isWith(owed, agent)
    agent.close()
    shiftMs += 2 * minute
    await hotline.timekeeper.takeBackFromTheGone()
    const { rows } = await hotline.database.pool.query<{ conversation_id: string; priority: number }>(
      "select conversation_id, priority from handover where reason = 'agent_gone' and claimed_at is null and left_at is null",
    )
    expect(new Map(rows.map((row) => [row.conversation_id, row.priority]))).toEqual(
      new Map([
        [citizen.id, 0],
        [owed.id, 3],
      ]),
    )
    await owed.hears(wording.handedOver.agent_gone)
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

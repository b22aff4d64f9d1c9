/** Who rates is never shown to the person rated: not live, not in the thread, not in the history. */
import { afterAll, beforeAll, expect, it } from 'vitest'
import type { ConversationsView } from '../../contract/conversation-list.ts'
import { figureIds, type FigureId, type FigureRowsView } from '../../contract/figure.ts'
import { openKeyRing } from '../../server/key-ring.ts'
import { callerIdentity } from '../../server/live/caller.ts'
import { aHotline, type TestHotline } from '../support/hotline.ts'
import { signedIn, type HttpClient } from '../support/http-client.ts'
import { anAgent, aVisitor, until, type Agent } from '../support/socket-clients.ts'

let hotline: TestHotline
beforeAll(async () => {
  hotline = await aHotline({ env: { QUEUE_MODE: 'claim' } })
})
afterAll(() => hotline.close())

async function served() {
  const agent = await anAgent(hotline.url, await hotline.aMember('agent'))
  await agent.must('presence:set', { state: 'online' })
  const citizen = await aVisitor(hotline.url)
  const { conversationId } = await citizen.must('person:ask', {})
  await agent.must('conversation:claim', { conversationId })
  await agent.must('conversation:close', { conversationId, summary: '已答复' })
  const rating = await until(() => citizen.ratings[0], 'a rating asked for')
  return { agent, citizen, conversationId, token: rating.token }
}

/** All that the agent can get to see of the conversation. */
async function seenBy(agent: Agent, conversationId: string): Promise<string> {
  const thread = await agent.must('conversation:open', { conversationId })
  const page = (await agent.http.get(`/api/conversations/${conversationId}`)).body
  const older = await agent.must('turns:before', { conversationId, beforeSeq: 1_000 })
  const past = (await agent.http.get('/api/conversations?limit=50')).body
  return JSON.stringify([thread, page, older, past, agent.turns])
}

it('keeps a bad rating given on the card from the agent it is about, and tells the citizen of the case', async () => {
  const { agent, citizen, conversationId, token } = await served()
  await citizen.must('rating:give', { token, level: 1, reasons: ['态度恶劣'] })
  await citizen.hears('已立案核实')
  const { turns } = await agent.must('conversation:open', { conversationId })
  expect(turns.at(-1)).toMatchObject({ text: '', hidden: true })
  expect(turns.at(-1)?.aboutRating).toBeUndefined()
  const seen = await seenBy(agent, conversationId)
  expect(seen).not.toContain('已立案核实')
  expect(seen).not.toContain('已收到您的评价')
})

it('keeps from the agent that the citizen asks where the case of their bad rating stands', async () => {
  const { agent, citizen, conversationId, token } = await served()
  const { caseNumber = '' } = await citizen.must('rating:give', { token, level: 1, reasons: ['态度恶劣'] })
  await agent.must('conversation:open', { conversationId })
  await citizen.say(`${caseNumber} 办到哪了`)
  await citizen.hears(`编号 ${caseNumber}：已经登记`)
  await citizen.say('我的差评办到哪了')
  await citizen.say('新生儿怎么参保')
  await until(() => agent.turns.some((turn) => turn.answer), 'the answer on the desk')
  const seen = await seenBy(agent, conversationId)
  expect(seen).toContain('新生儿怎么参保')
  for (const told of [caseNumber, '我的差评']) expect(seen).not.toContain(told)
  agent.close()
  citizen.close()
})

it('keeps what became of a bad rating from the agent it is about, to the very end, and from nobody else', async () => {
  const { agent, citizen, conversationId, token } = await served()
  const colleague = await anAgent(hotline.url, await hotline.aMember('agent'))
  const officer = await signedIn(hotline.url, await hotline.aMember('officer'))
  // Both have the closed conversation on their screens.
  for (const one of [agent, colleague]) await one.must('conversation:open', { conversationId })
  const before = agent.turns.length
  const { caseNumber } = await citizen.must('rating:give', { token, level: 1, reasons: ['态度恶劣'] })
  const cases = (await officer.get('/api/cases?limit=200')).body.cases as { id: string; number: string }[]
  const id = cases.find(({ number }) => number === caseNumber)?.id ?? expect.unreachable('no case')

  const move = (to: string, more: object = {}) =>
    officer.post(`/api/cases/${id}/moves`, { to, note: `办理：${to}`, ...more })
  const reason = '需要调取通话记录'
  expect((await officer.post(`/api/cases/${id}/extension`, { days: 2, reason })).status).toBe(200)
  for (const to of ['contacted', 'rectifying']) expect((await move(to)).status).toBe(200)
  await move('to_review', { remedy: '已当面致歉。', evidence: '台账 12 号' })
  expect((await move('reported_back')).status).toBe(200)
  const again = await until(() => citizen.ratings.find(({ about }) => about === 'case'), 'the fix to be rated')
  await citizen.must('rating:give', { token: again.token, level: 2, reasons: ['没有解决问题'] })
  await citizen.hears('将重新办理')

  const told = [reason, '已当面致歉', '请您评价这次整改', '将重新办理', String(caseNumber), '已立案核实', id]
  await until(() => colleague.turns.some(({ text }) => text.includes('请您评价这次整改')), 'the card on the other desk')
  expect(agent.turns.slice(before)).toEqual([])
  expect(JSON.stringify((await agent.http.get('/api/conversations')).body)).toContain(conversationId)
  const seen = await seenBy(agent, conversationId)
  expect(told.filter((words) => seen.includes(words))).toEqual([])
  const { turns, history } = await colleague.must('conversation:open', { conversationId })
  expect(history).toEqual([])
  const shown = turns.map(({ text }) => text).join('\n')
  expect([reason, '已当面致歉', '请您评价这次整改'].filter((words) => !shown.includes(words))).toEqual([])
  expect(turns.map(({ seq }) => seq)).toEqual(turns.map((_, i) => i + 1))
  colleague.close()
  citizen.close()
  agent.close()
})

it('keeps the case of a bad rating from the lists of a supervisor who was rated, and shows it to another', async () => {
  const rated = await anAgent(hotline.url, await hotline.aMember('supervisor', 'agent'))
  const other = await signedIn(hotline.url, await hotline.aMember('supervisor'))
  await rated.must('presence:set', { state: 'online' })
  const citizen = await aVisitor(hotline.url)
  const { conversationId } = await citizen.must('person:ask', {})
  await rated.must('conversation:claim', { conversationId })
  await rated.must('conversation:close', { conversationId, summary: '已答复' })
  const { token } = await until(() => citizen.ratings[0], 'a rating asked for')
  const { caseNumber = '' } = await citizen.must('rating:give', { token, level: 1, reasons: ['态度恶劣'] })
  const phone = '13900000021'
  const { rows } = await hotline.database.pool.query<{ id: string }>(
    'select contact_id as id from conversation where id = $1',
    [conversationId],
  )
  const lookup = openKeyRing(hotline.config).lookupHash(callerIdentity(phone).lookup)
  await hotline.database.pool.query(
    `insert into identity (contact_id, kind, lookup_hash, created_at) values ($1, 'phone', $2, now())`,
    [rows[0]?.id, lookup],
  )
  const numbersSeenBy = async (http: HttpClient) => {
    const one = ({ body }: { body: object }) =>
      (body as ConversationsView).conversations.find((row) => row.conversationId === conversationId)?.caseNumbers
    const byNumber = await http.get(`/api/conversations?number=${caseNumber}`)
    const byPhone = await http.post('/api/conversations/by-phone', { phone, reason: '核实来电' })
    return [one(await http.get('/api/conversations?limit=50')), one(byNumber), one(byPhone)]
  }
  expect(await numbersSeenBy(rated.http)).toEqual([[], undefined, []])
  expect(await numbersSeenBy(other)).toEqual([[caseNumber], [caseNumber], [caseNumber]])

  // Fixed, found wanting, and closed: it stands in every figure of cases.
  const { rows: opened } = await hotline.database.pool.query<{ id: string; at: string }>(
    `update case_file set state = 'closed', closed_at = now(), opened_at = opened_at - interval '1 hour' where number = $1
      returning id, to_char(opened_at at time zone 'Asia/Shanghai', 'YYYY-MM-DD HH24:MI:SS') as at`,
    [caseNumber],
  )
  const { id: caseId, at } = opened[0] ?? expect.unreachable('no case')
  await hotline.database.pool.query(
    `insert into case_event (case_id, seq, at, kind, by_whom, from_state, to_state, note, data)
      values ($1, 2, now(), 're-rated', 'citizen', 'reported_back', 'followed_up', '再评价', '{"level": 4}')`,
    [caseId],
  )
  const days = new Map(
    [-1, 30].map((from) => [from, new Date(Date.now() + from * 86_400_000).toISOString().slice(0, 10)] as const),
  )
  const rowsSeenBy = async (http: HttpClient, figure: FigureId) =>
    JSON.stringify(
      (await http.get(`/api/figures/${figure}/rows?from=${days.get(-1)}&to=${days.get(30)}&limit=200`)).body,
    )
  const naming: string[] = []
  for (const figure of figureIds) {
    const seen = await rowsSeenBy(rated.http, figure)
    expect({ figure, told: [caseNumber, caseId, at].filter((word) => seen.includes(word)) }).toEqual({
      figure,
      told: [],
    })
    if ((await rowsSeenBy(other, figure)).includes(caseNumber)) naming.push(figure)
  }
  expect(naming).toEqual(['cases', 'on-time-share', 'follow-up-share', 'fixed-share'])
  const told = (seen: string) => [seen.includes(conversationId), seen.includes('"rows":[{')]
  expect(told(await rowsSeenBy(rated.http, 'one-touch-share'))).toEqual([false, true])
  expect(told(await rowsSeenBy(other, 'one-touch-share'))).toEqual([true, true])
  const conversations = (await rated.http.get(`/api/figures/conversations/rows?limit=200`)).body as FigureRowsView
  const shown = conversations.rows.find(({ opens }) => opens?.id === conversationId)
  expect(shown?.cells[conversations.columns.indexOf('立投诉单')]).toBe('否')
  citizen.close()
  rated.close()
})

it('keeps a rating that is typed from the agent, and shows what the citizen asks next', async () => {
  const { agent, citizen, conversationId } = await served()
  await agent.must('conversation:open', { conversationId })
  await citizen.say('不满意')
  await citizen.say('推诿')
  await citizen.hears('已立案核实')
  await citizen.say('新生儿怎么参保')
  await until(() => agent.turns.some((turn) => turn.answer), 'the answer on the desk')
  const seen = await seenBy(agent, conversationId)
  expect(seen).toContain('新生儿怎么参保')
  for (const told of ['"text":"不满意"', '"text":"推诿"', '感谢您直说', '已立案核实']) expect(seen).not.toContain(told)
  expect(agent.turns.some(({ hidden }) => hidden)).toBe(false)
  const { turns } = await agent.must('conversation:open', { conversationId })
  expect(turns.map(({ seq }) => seq)).toEqual(turns.map((_, i) => i + 1))
})

it('makes a case of what a citizen tells an agent, once, tells the citizen, and keeps it from whoever it is about', async () => {
  const [member, about] = [await hotline.aMember('agent'), await hotline.aMember('agent')]
  const [agent, accused] = [await anAgent(hotline.url, member), await anAgent(hotline.url, about)]
  const officer = await signedIn(hotline.url, await hotline.aMember('officer'))
  await agent.must('presence:set', { state: 'online' })
  const citizen = await aVisitor(hotline.url)
  const { conversationId } = await citizen.must('person:ask', {})
  await agent.must('conversation:claim', { conversationId })
  await accused.must('conversation:open', { conversationId })
  const file = (http: HttpClient, more: object = {}) =>
    http.post(`/api/conversations/${conversationId}/cases`, {
      ...{ clientId: 'told-by-phone-1', kind: 'complaint', text: '那位同事挂了我的电话。', contact: '13900000022' },
      ...{ aboutNumber: about.workNumber, ...more },
    })
  expect(await file(accused.http)).toMatchObject({ status: 403, body: { code: 'not_your_conversation' } })
  expect(await file(agent.http, { aboutNumber: 'nobody0' })).toMatchObject({
    status: 400,
    body: { fields: [{ path: 'aboutNumber' }] },
  })
  const { status, body } = await file(agent.http)
  expect(status).toBe(200)
  const number = String(body['number'])
  expect((await file(agent.http)).body).toEqual(body)
  await citizen.hears(`您的投诉已登记，编号 ${number}`)
  expect(citizen.turns.filter(({ text }) => text.includes(number))).toHaveLength(1)

  const { rows } = await hotline.database.pool.query<object>(
    `select f.kind, f.contact_masked as contact, f.rated_staff_id as about, s.work_number as by,
       f.owner_id <> f.rated_staff_id as "isOthers",
       (select count(*)::int from audit a where a.act = 'case.file' and a.subject = f.id::text) as audited,
       (select count(*)::int from staff_alert l where l.kind = 'case.opened' and l.subject = f.id::text) as told
     from case_file f join case_event e on e.case_id = f.id and e.kind = 'opened' join staff s on s.id = e.staff_id
     where f.conversation_id = $1`,
    [conversationId],
  )
  const kept = { kind: 'complaint', contact: '139****0022', about: about.staffId, by: member.workNumber }
  expect(rows).toEqual([{ ...kept, isOthers: true, audited: 1, told: 1 }])
  expect(await seenBy(accused, conversationId)).not.toContain(number)
  expect(JSON.stringify((await officer.get('/api/cases?limit=200')).body)).toContain(number)

  await agent.must('conversation:close', { conversationId, summary: '已登记' })
  const later = await file(agent.http, { clientId: 'told-afterwards', kind: 'emergency', aboutNumber: undefined })
  expect(later.status).toBe(200)
  await citizen.hears(`您反映的事项已登记，编号 ${String(later.body['number'])}`)
  for (const one of [agent, accused, citizen]) one.close()
})

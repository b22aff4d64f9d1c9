/** One citizen's story from question to put right, over real sockets and a real database. */
import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { wording } from '../../bot/wording.ts'
import { aHotline, type TestHotline } from '../support/hotline.ts'
import { anAgent, aVisitor, until } from '../support/socket-clients.ts'
import { signedIn } from '../support/http-client.ts'

let hotline: TestHotline
beforeAll(async () => {
  hotline = await aHotline()
})
afterAll(() => hotline.close())

it('answers, hands over, is rated badly, is put right, and the citizen confirms', async () => {
  const [agentMember, officerMember] = [await hotline.aMember('agent'), await hotline.aMember('officer')]
  const agent = await anAgent(hotline.url, agentMember)
  await agent.must('presence:set', { state: 'online' })
  const citizen = await aVisitor(hotline.url)

  const asked = await citizen.must('turn:say', { clientId: randomUUID(), text: '新生儿怎么参保' })
  const answered = await until(() => citizen.turns.find((turn) => turn.answer), 'an answer')
  expect(answered.sources?.length).toBeGreaterThan(0)
  expect(answered.answer?.question).toContain('新生儿')

  expect(await citizen.must('person:ask', {})).toMatchObject({ outcome: 'queued' })
  const mine = await until(() => agent.queue()?.mine[0], 'the citizen whom the queue gives')
  expect(mine.conversationId).toBe(asked.conversationId)
  const view = await agent.must('conversation:open', { conversationId: asked.conversationId })
  expect(view.turns.map((turn) => turn.text)).toContain('新生儿怎么参保')
  expect(view.conversation.firstAskedNumber).toBe(agentMember.workNumber)

  await citizen.must('turn:say', { clientId: randomUUID(), text: '孩子已经三个月了还能办吗' })
  await until(() => agent.turns.find((turn) => turn.text.includes('三个月')), 'the citizen at the desk')
  await agent.must('turn:say', {
    conversationId: asked.conversationId,
    clientId: randomUUID(),
    text: '可以办，以参保地规定为准。',
  })
  expect((await citizen.hears('可以办')).agentNumber).toBe(agentMember.workNumber)
  await agent.must('conversation:close', { conversationId: asked.conversationId, summary: '新生儿参保时间' })

  const rating = await until(() => citizen.ratings.find((one) => !one.quiet), 'a rating asked for')
  expect(rating).toMatchObject({ about: 'agent', agentNumber: agentMember.workNumber })
  const { caseNumber } = await citizen.must('rating:give', {
    token: rating.token,
    level: 1,
    reasons: ['答复错误'],
    words: '说得不清楚',
  })
  expect(caseNumber).toMatch(/^ZG\d{8}-\d+$/)
  expect(await citizen.ask('rating:give', { token: rating.token, level: 5, reasons: [] })).toMatchObject({
    ok: false,
    code: 'already_rated',
  })

  const officer = await signedIn(hotline.url, officerMember)
  const { cases } = (await officer.get('/api/cases')).body as {
    cases: { id: string; number: string; owner: string; state: string }[]
  }
  const file = cases.find((one) => one.number === caseNumber)
  if (!file) throw new Error('no case')
  const move = (to: string, more: object = {}) =>
    officer.post(`/api/cases/${file.id}/moves`, { to, note: `办理：${to}`, ...more })
  expect(await move('contacted')).toMatchObject({ status: 200, body: { state: 'contacted' } })
  await move('rectifying')
  expect(await move('to_review')).toMatchObject({
    status: 400,
    body: { code: 'invalid_input', fields: [{ path: 'remedy' }, { path: 'evidence' }] },
  })
  await move('to_review', { remedy: '已补发完整的办理须知。', evidence: '回电记录 12 号' })
  await move('reported_back')
  await citizen.hears('已补发完整的办理须知')

  const again = await until(() => citizen.ratings.find((one) => one.about === 'case'), 'the fix to be rated')
  await citizen.must('rating:give', { token: again.token, level: 2, reasons: ['没有解决问题'] })
  await citizen.hears('将重新办理')
  expect((await officer.get(`/api/cases/${file.id}`)).body).toMatchObject({ state: 'rectifying', reopened: 1 })

  await move('to_review', { remedy: '已上门讲清并代办。', evidence: '签收单' })
  await move('reported_back')
  const last = await until(() => citizen.ratings.filter((one) => one.about === 'case')[1], 'the second fix to be rated')
  await citizen.must('rating:give', { token: last.token, level: 5, reasons: [] })
  await citizen.hears(wording.fixAccepted(String(caseNumber)))
  expect((await officer.get(`/api/cases/${file.id}`)).body).toMatchObject({ state: 'closed' })
  citizen.close()
  agent.close()
})

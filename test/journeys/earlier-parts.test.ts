/** Every part of a conversation can be rated: the last person's is asked for, the others wait to be looked for. */
import { randomUUID } from 'node:crypto'
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest'
import { presenceStore } from '../../desk/presence.store.ts'
import { ratingsStore } from '../../desk/ratings.store.ts'
import { aHotline, type TestHotline } from '../support/hotline.ts'
import { anAgent, aVisitor, until, type Agent, type Visitor } from '../support/socket-clients.ts'

const dayMs = 86_400_000
let hotline: TestHotline
let clockShiftMs = 0
beforeAll(async () => {
  hotline = await aHotline({ env: { QUEUE_MODE: 'claim' }, now: () => new Date(Date.now() + clockShiftMs) })
  await hotline.aMember('officer')
})
afterEach(async () => {
  clockShiftMs = 0
  await presenceStore(hotline.db).offlineAll(new Date())
})
afterAll(() => hotline.close())

async function anAgentOnline() {
  const member = await hotline.aMember('agent')
  const agent = await anAgent(hotline.url, member)
  await agent.must('presence:set', { state: 'online' })
  return { agent, workNumber: member.workNumber }
}

async function asksTheBot(citizen: Visitor) {
  await citizen.say('新生儿怎么参保')
  await until(() => citizen.turns.some((turn) => turn.answer), 'an answer')
}

async function isServed(citizen: Visitor, agent: Agent) {
  const { conversationId } = await citizen.must('person:ask', {})
  await agent.must('conversation:claim', { conversationId })
  await agent.must('turn:say', { conversationId, clientId: randomUUID(), text: '可以办。' })
  await agent.must('conversation:close', { conversationId, summary: '已答复' })
  return conversationId
}

const quietOf = (citizen: Visitor) => citizen.ratings.filter((one) => one.quiet)

it("asks for the agent's part by a card, and lets the bot's part before it be rated once", async () => {
  const { agent, workNumber } = await anAgentOnline()
  const heardByAgent: string[] = []
  agent.socket.onAny((name: string) => heardByAgent.push(name))
  const citizen = await aVisitor(hotline.url)
  await asksTheBot(citizen)
  await isServed(citizen, agent)

  const quiet = await until(() => quietOf(citizen)[0], "the bot's part to be ratable")
  expect(quiet.about).toBe('bot')
  expect(citizen.ratings).toHaveLength(2)
  expect(citizen.ratings[0]).toMatchObject({ about: 'agent', agentNumber: workNumber })
  expect(citizen.ratings[0]?.quiet).toBeUndefined()
  expect(citizen.turns.flatMap((turn) => turn.rating?.about ?? [])).toEqual(['agent'])
  expect(heardByAgent).not.toContain('rating:asked')

  const reloaded = await aVisitor(hotline.url, { token: citizen.token })
  await until(() => reloaded.ratings.length === 2, 'both again after a reload')
  expect(quietOf(reloaded)).toEqual([quiet])

  const given = { token: quiet.token, level: 1, reasons: ['答复错误'] }
  expect((await citizen.must('rating:give', given)).caseNumber).toMatch(/^ZG\d{8}-\d+$/)
  expect(await citizen.ask('rating:give', given)).toMatchObject({ ok: false, code: 'already_rated' })
  const later = await aVisitor(hotline.url, { token: citizen.token })
  await until(() => later.ratings.length === 1, 'the card alone')
  expect(quietOf(later)).toEqual([])

  // The card's own question is still open: the rating of the earlier part left it alone.
  await citizen.say('非常满意')
  await until(() => citizen.turns.some((turn) => turn.aboutRating === 'words'), 'the typed rating to be taken')
})

it('closes the rating of an earlier part after seven days', async () => {
  const { agent } = await anAgentOnline()
  const citizen = await aVisitor(hotline.url)
  await asksTheBot(citizen)
  const conversationId = await isServed(citizen, agent)
  const { token, ratingId } = await until(() => quietOf(citizen)[0], "the bot's part to be ratable")
  clockShiftMs = 6 * dayMs
  const stillOpen = await ratingsStore(hotline.db).pending(conversationId, new Date(Date.now() + clockShiftMs))
  expect(stillOpen.map((one) => one.id)).toContain(ratingId)
  clockShiftMs = 7 * dayMs + 60_000
  const refused = await citizen.ask('rating:give', { token, level: 5, reasons: [] })
  expect(refused).toMatchObject({ ok: false, code: 'rating_closed' })
})

it('offers no rating of a part in which its side said nothing, and none of a part that was offered before', async () => {
  const { agent } = await anAgentOnline()
  const citizen = await aVisitor(hotline.url)
  const conversationId = await isServed(citizen, agent)
  await until(() => citizen.ratings[0], 'the card')
  expect(quietOf(citizen)).toEqual([])

  await asksTheBot(citizen)
  await isServed(citizen, agent)
  await until(() => quietOf(citizen)[0], "the bot's second part to be ratable")
  expect(quietOf(citizen).map((one) => one.about)).toEqual(['bot'])
  expect(await ratingsStore(hotline.db).askedAbout(conversationId)).toHaveLength(3)
})

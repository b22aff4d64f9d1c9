/** Who rates is never shown to the person rated: not live, not in the thread, not in the history. */
import { afterAll, beforeAll, expect, it } from 'vitest'
import { wording } from '../../bot/wording.ts'
import { aHotline, type TestHotline } from '../support/hotline.ts'
import { anAgent, aVisitor, until } from '../support/socket-clients.ts'

let hotline: TestHotline
beforeAll(async () => {
  hotline = await aHotline()
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
async function seenBy(agent: Awaited<ReturnType<typeof anAgent>>, conversationId: string): Promise<string> {
  const thread = await agent.must('conversation:open', { conversationId })
  const page = (await agent.http.get(`/api/conversations/${conversationId}`)).body
  return JSON.stringify([thread, page, agent.turns])
}

it('keeps a bad rating given on the card from the agent it is about, and tells the citizen of the case', async () => {
  const { agent, citizen, conversationId, token } = await served()
  await citizen.must('rating:give', { token, level: 1, reasons: ['态度恶劣'] })
  await citizen.hears('已立案核实')
  const hidden = await until(() => agent.turns.find((turn) => turn.text === wording.ratingHidden), 'a turn left out')
  expect(hidden.aboutRating).toBeUndefined()
  const seen = await seenBy(agent, conversationId)
  expect(seen).not.toContain('已立案核实')
  expect(seen).not.toContain('已收到您的评价')
})

it('keeps a rating that is typed from the agent, and shows what the citizen asks next', async () => {
  const { agent, citizen, conversationId } = await served()
  await citizen.say('不满意')
  await citizen.say('推诿')
  await citizen.hears('已立案核实')
  await citizen.say('新生儿怎么参保')
  await until(() => agent.turns.some((turn) => turn.answer), 'the answer on the desk')
  const seen = await seenBy(agent, conversationId)
  expect(seen).toContain('新生儿怎么参保')
  for (const told of ['"text":"不满意"', '"text":"推诿"', '感谢您直说', '已立案核实']) expect(seen).not.toContain(told)
  expect(agent.turns.map((turn) => turn.seq)).toEqual(agent.turns.map((_, i) => (agent.turns[0]?.seq ?? 0) + i))
})

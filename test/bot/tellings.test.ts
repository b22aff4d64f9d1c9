/** 一次性告知 over real sockets: told by the bot and by an agent, read by the citizen, and told again. */
import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { samePerson } from '../../bot/same-person.ts'
import type { Telling } from '../../contract/telling.ts'
import { aHotline, type TestHotline } from '../support/hotline.ts'
import { anAgent, aVisitor, until } from '../support/socket-clients.ts'

let hotline: TestHotline
const closing: { close: () => unknown }[] = []
beforeAll(async () => {
  hotline = await aHotline({ env: { QUEUE_MODE: 'claim' } })
})
afterAll(async () => {
  for (const one of closing.reverse()) one.close()
  await hotline.close()
})

async function anOnlineAgent() {
  const agent = await anAgent(hotline.url, await hotline.aMember('agent'))
  closing.push(agent)
  await agent.must('presence:set', { state: 'online' })
  return agent
}
type Agent = Awaited<ReturnType<typeof anOnlineAgent>>

async function toldIn(agent: Agent, conversationId: string): Promise<Telling[]> {
  const { status, body } = await agent.http.get(`/api/conversations/${conversationId}`)
  expect(status).toBe(200)
  return (body as { tellings: Telling[] }).tellings
}

it('is kept when the bot tells it, proved when it is read, and shown as told twice when an agent tells it again', async () => {
  const agent = await anOnlineAgent()
  const citizen = await aVisitor(hotline.url)
  closing.push(citizen)
  await citizen.say('新生儿怎么参保')
  const told = await until(() => citizen.turns.find(({ answer }) => answer?.guide), 'an answer with a card')
  const { conversationId, seq, answer } = told
  const [kept] = await toldIn(agent, conversationId)
  expect(kept).toMatchObject({ seq, entryId: answer?.entryId, question: answer?.question, time: 1 })
  expect([kept?.agentNumber, kept?.arrivedAt]).toEqual([undefined, undefined])

  await citizen.must('person:ask', {})
  await agent.must('conversation:claim', { conversationId })
  await agent.must('conversation:open', { conversationId })
  const read: { conversationId: string; seq: number }[] = []
  agent.socket.on('conversation:read', (one: (typeof read)[number]) => read.push(one))
  await citizen.must('turns:read', { seq })
  await until(() => read.length > 0, 'the news of the reading')
  await citizen.must('turns:read', { seq: 1 }) // nobody reads backwards
  expect(read).toEqual([{ conversationId, seq }])
  expect((await toldIn(agent, conversationId))[0]?.arrivedAt).toBeDefined()

  const clientId = randomUUID()
  const send = () =>
    agent.http.post(`/api/conversations/${conversationId}/tellings`, { clientId, entryId: answer?.entryId })
  const [first, again] = [await send(), await send()]
  expect([first.status, again.body]).toEqual([200, first.body])
  const card = await until(() => citizen.turns.find((turn) => turn.speaker === 'agent'), 'the card')
  expect(card.answer).toEqual(answer)
  const [second, before, ...others] = await toldIn(agent, conversationId)
  expect(others).toEqual([])
  expect(second).toMatchObject({ seq: card.seq, agentNumber: card.agentNumber, time: 2 })
  expect(second?.arrivedAt).toBeUndefined()
  expect(before?.time).toBe(1)
})

it('is sent by whoever has the conversation, of an entry that has a card, and by nobody else', async () => {
  const [agent, colleague] = [await anOnlineAgent(), await anOnlineAgent()]
  const citizen = await aVisitor(hotline.url)
  closing.push(citizen)
  const { conversationId } = await citizen.must('person:ask', {})
  await agent.must('conversation:claim', { conversationId })
  const send = (by: Agent, entryId: string) =>
    by.http.post(`/api/conversations/${conversationId}/tellings`, { clientId: randomUUID(), entryId })
  const { rows } = await hotline.database.pool.query<{ entry_id: string; has: boolean }>(
    `select distinct on (has) entry_id, wording -> 'guide' is not null as has from revision
      where state = 'published' and wording ->> 'region' is null order by has, entry_id`,
  )
  const [without, withCard] = rows
  expect([without?.has, withCard?.has]).toEqual([false, true])
  expect((await send(colleague, withCard?.entry_id ?? '')).body.code).toBe('not_your_conversation')
  expect((await send(agent, without?.entry_id ?? '')).status).toBe(404)
  expect((await send(agent, 'no-such-entry')).status).toBe(404)
  expect(await toldIn(agent, conversationId)).toEqual([])
  expect((await send(agent, withCard?.entry_id ?? '')).status).toBe(200)
  expect(await toldIn(agent, conversationId)).toHaveLength(1)
})

it('is shown as told twice to a person who was found to be the same on another channel', async () => {
  const agent = await anOnlineAgent()
  const [first, second] = [await aVisitor(hotline.url), await aVisitor(hotline.url)]
  closing.push(first, second)
  const toldTo = async (citizen: typeof first) => {
    await citizen.say('新生儿怎么参保')
    const { conversationId } = await until(() => citizen.turns.find(({ answer }) => answer?.guide), 'a card')
    return conversationId
  }
  const ids = [await toldTo(first), await toldTo(second)]
  const [before = '', after = ''] = ids
  expect((await toldIn(agent, after)).map(({ time }) => time)).toEqual([1])
  const { rows } = await hotline.database.pool.query<{ contact_id: string }>(
    'select contact_id from conversation where id = any($1::uuid[])',
    [ids],
  )
  const [one, other] = rows.map(({ contact_id }) => contact_id)
  await samePerson(hotline.db).joinByConsent([one ?? '', other ?? ''], new Date())
  const told = await toldIn(agent, after)
  expect(told.map(({ conversationId, time }) => [conversationId, time])).toEqual([
    [after, 2],
    [before, 1],
  ])
})

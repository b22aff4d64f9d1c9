import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest'
import { handoversStore, type HandoversStore } from '../../desk/handovers.store.ts'
import { aDatabase, type TestDatabase } from '../support/postgres.ts'
import { aColleague, aConversation, hoursAfter, sundayNoon } from './rows.ts'

let database: TestDatabase
let handovers: HandoversStore
beforeAll(async () => {
  database = await aDatabase()
  handovers = handoversStore(database.db)
})
afterAll(() => database.drop())
beforeEach(() => database.pool.query('delete from handover'))

const minutesAfter = (minutes: number) => hoursAfter(sundayNoon, minutes / 60)
const queue = async () => (await handovers.waitingList()).map(({ conversationId }) => conversationId)

it('serves the urgent first, then whoever lost their agent, then in order of asking', async () => {
  const [first, second, lost, urgent] = [
    await aConversation(database.pool),
    await aConversation(database.pool),
    await aConversation(database.pool),
    await aConversation(database.pool),
  ]
  await handovers.ask({ conversationId: first, reason: 'asked' }, minutesAfter(0))
  await handovers.ask({ conversationId: second, reason: 'bot_stuck', note: '两次没听懂' }, minutesAfter(1))
  await handovers.ask({ conversationId: lost, reason: 'agent_gone' }, minutesAfter(2))
  await handovers.ask({ conversationId: urgent, reason: 'urgent' }, minutesAfter(3))
  expect(await queue()).toEqual([urgent, lost, first, second])
  expect(await handovers.find(second)).toMatchObject({ reason: 'bot_stuck', note: '两次没听懂', priority: 0 })
})

it('lets nobody be passed for ever: so many minutes of waiting, as many as are set, weigh as one place', async () => {
  const [usual, early, late] = [
    await aConversation(database.pool),
    await aConversation(database.pool),
    await aConversation(database.pool),
  ]
  await handovers.ask({ conversationId: usual, reason: 'asked' }, minutesAfter(0))
  await handovers.ask({ conversationId: early, reason: 'asked', flags: ['elder'] }, minutesAfter(4))
  await handovers.ask({ conversationId: late, reason: 'asked', flags: ['elder'] }, minutesAfter(6))
  expect(await queue()).toEqual([early, usual, late])
  await database.pool.query('update queue_setting set age_minutes = 7')
  expect(await queue()).toEqual([early, late, usual])
  await database.pool.query('update queue_setting set age_minutes = 5')
})

it('keeps the place of whoever asks again, and moves them forward when it turns urgent', async () => {
  const [first, second] = [await aConversation(database.pool), await aConversation(database.pool)]
  const asked = await handovers.ask({ conversationId: first, reason: 'asked' }, minutesAfter(0))
  expect(asked.joined).toBe(true)
  await handovers.ask({ conversationId: second, reason: 'asked' }, minutesAfter(1))
  const again = await handovers.ask({ conversationId: first, reason: 'bot_failed' }, minutesAfter(2))
  expect(again).toEqual({ id: asked.id, askedAt: minutesAfter(0), joined: false })
  expect((await handovers.find(first))?.reason).toBe('asked')
  expect(await queue()).toEqual([first, second])

  await handovers.ask({ conversationId: second, reason: 'urgent' }, minutesAfter(3))
  expect(await queue()).toEqual([second, first])
  await handovers.ask({ conversationId: second, reason: 'asked' }, minutesAfter(4))
  expect(await handovers.find(second)).toMatchObject({ reason: 'urgent', priority: 5, askedAt: minutesAfter(1) })
})

it('is won by one of eight agents who claim at the same moment', async () => {
  const conversationId = await aConversation(database.pool)
  await handovers.ask({ conversationId, reason: 'asked' }, sundayNoon)
  const agents = await Promise.all(Array.from({ length: 8 }, () => aColleague(database.pool, 'agent')))
  const won = await Promise.all(agents.map((agent) => handovers.claim(conversationId, agent.staffId, sundayNoon)))
  expect(won.filter(Boolean)).toHaveLength(1)
  const { rows } = await database.pool.query('select claimed_by from handover where conversation_id = $1', [
    conversationId,
  ])
  expect(rows).toEqual([{ claimed_by: agents[won.indexOf(true)]?.staffId }])
  expect(await queue()).toEqual([])
})

it('cannot be claimed once left, nor left once claimed, and may be joined again', async () => {
  const agent = await aColleague(database.pool, 'agent')
  const conversationId = await aConversation(database.pool)
  expect(await handovers.leave(conversationId, sundayNoon)).toBe(false)
  await handovers.ask({ conversationId, reason: 'asked' }, sundayNoon)
  expect(await handovers.leave(conversationId, sundayNoon)).toBe(true)
  expect(await handovers.claim(conversationId, agent.staffId, sundayNoon)).toBe(false)

  expect((await handovers.ask({ conversationId, reason: 'asked' }, minutesAfter(5))).joined).toBe(true)
  expect(await handovers.claim(conversationId, agent.staffId, sundayNoon)).toBe(true)
  expect(await handovers.leave(conversationId, sundayNoon)).toBe(false)
  expect(await handovers.find(conversationId)).toBeUndefined()
})

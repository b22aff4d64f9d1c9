import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { ratingsStore, type RatingsStore } from '../../desk/ratings.store.ts'
import { aDatabase, type TestDatabase } from '../support/postgres.ts'
import { aConversation, anEpisode, hoursAfter, sundayNoon } from './rows.ts'

let database: TestDatabase
let ratings: RatingsStore
beforeAll(async () => {
  database = await aDatabase()
  ratings = ratingsStore(database.db)
})
afterAll(() => database.drop())

const discontent = { level: 2, reasons: ['答非所问'], words: '没听懂' } as const
const week = 7 * 24

async function asked() {
  const conversationId = await aConversation(database.pool)
  const episodeId = await anEpisode(database.pool, conversationId)
  return { conversationId, episodeId, id: await ratings.ask({ episodeId, conversationId }, sundayNoon) }
}

it('asks once about an episode, also when asked twice at the same moment', async () => {
  const conversationId = await aConversation(database.pool)
  const episodeId = await anEpisode(database.pool, conversationId)
  const ids = await Promise.all([1, 2, 3].map(() => ratings.ask({ episodeId, conversationId }, sundayNoon)))
  expect(new Set(ids).size).toBe(1)
  expect(await ratings.find(ids[0] ?? '')).toMatchObject({ closesAt: hoursAfter(sundayNoon, week), excluded: false })
})

it('keeps what was given, and it is pending no more', async () => {
  const { id, conversationId, episodeId } = await asked()
  expect((await ratings.pending(conversationId, sundayNoon)).map((rating) => rating.id)).toEqual([id])
  expect(await ratings.give(id, discontent, sundayNoon)).toMatchObject({ episodeId, conversationId, ...discontent })
  expect(await ratings.pending(conversationId, sundayNoon)).toEqual([])
})

it('takes one of five that are given at the same moment', async () => {
  const { id } = await asked()
  const given = await Promise.allSettled(
    ([1, 2, 3, 4, 5] as const).map((level) => ratings.give(id, { level, reasons: [] }, sundayNoon)),
  )
  const taken = given.filter((one) => one.status === 'fulfilled')
  expect(taken).toHaveLength(1)
  for (const one of given) if (one.status === 'rejected') expect(one.reason).toMatchObject({ code: 'already_rated' })
  expect((await ratings.find(id))?.level).toBe(taken[0]?.value.level)
})

it('is closed after seven days, and says so; a given one says that it was given', async () => {
  const { id, conversationId } = await asked()
  const late = hoursAfter(sundayNoon, week)
  expect(await ratings.pending(conversationId, late)).toEqual([])
  await expect(ratings.give(id, discontent, late)).rejects.toMatchObject({ code: 'rating_closed' })
  await ratings.give(id, discontent, hoursAfter(late, -1))
  await expect(ratings.give(id, discontent, late)).rejects.toMatchObject({ code: 'already_rated' })
})

it('knows no rating that was never asked for', async () => {
  await expect(ratings.give(randomUUID(), discontent, sundayNoon)).rejects.toMatchObject({ code: 'not_found' })
  expect(await ratings.find(randomUUID())).toBeUndefined()
})

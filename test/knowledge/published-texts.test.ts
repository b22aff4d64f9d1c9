import { afterAll, beforeAll, expect, it } from 'vitest'
import { entriesStore } from '../../knowledge/entries.store.ts'
import { inOrder, publishedTexts } from '../../knowledge/published-texts.ts'
import { review } from '../../knowledge/review.ts'
import { aDatabase, type TestDatabase } from '../support/postgres.ts'
import { aWording } from '../support/wording.ts'
import { staffNamed } from './staff-rows.ts'

const now = new Date('2026-11-22T01:00:00Z')
let base: TestDatabase
let writer: string
let checker: string

beforeAll(async () => {
  base = await aDatabase()
  ;[writer = '', checker = ''] = await staffNamed(base.pool, '李编辑', '王审核')
})
afterAll(() => base.drop())

async function published(entryId: string): Promise<string> {
  return base.db.transaction().execute(async (tx) => {
    const texts = review(tx)
    const { id } = await texts.draft(aWording({ question: `${entryId}怎么办` }), { staffId: writer, now }, entryId)
    await texts.move(id, 'submit', { staffId: writer, now })
    await texts.move(id, 'approve', { staffId: checker, now })
    await texts.move(id, 'publish', { staffId: checker, now })
    return id
  })
}
const withdraw = (id: string) =>
  base.db.transaction().execute((tx) => review(tx).move(id, 'withdraw', { staffId: checker, now }))

it('fetches what is new, keeps what stays as it is, and forgets what was withdrawn', async () => {
  const read = publishedTexts(base.db)
  const [last, first] = [await published('z-last'), await published('a-first')]
  const before = await read()
  expect(before.map(({ id }) => id)).toEqual([first, last])

  const middle = await published('m-middle')
  await withdraw(first)
  const after = await read()
  expect(after.map(({ id }) => id)).toEqual([middle, last])
  expect(after[1]).toBe(before[1])
})

it('gives the very same list while nothing is published', async () => {
  const read = publishedTexts(base.db)
  await published('once')
  const texts = await read()
  expect(await read()).toBe(texts)
})

it('has them in the order in which the whole would be sorted, whatever came when', async () => {
  const read = publishedTexts(base.db)
  for (const entryId of ['q-5', 'q-1', 'q-9', 'q-3']) {
    await published(entryId)
    const texts = await read()
    const all = (await entriesStore(base.db).published()).map(({ id }) => id).sort()
    expect(texts).toEqual(inOrder(texts))
    expect(texts.map(({ id }) => id).sort()).toEqual(all)
  }
})

it('says of a shipped text that was approved here that it is no example any more', async () => {
  const read = publishedTexts(base.db)
  await base.db.transaction().execute(async (tx) => {
    const store = entriesStore(tx)
    await store.addEntries([{ id: 'shipped', pack: 'national' }], now)
    await store.addRevisions([{ entryId: 'shipped', number: 1, state: 'published', wording: aWording(), now }])
    await store.bumpVersion(now)
  })
  const shipped = async () => (await read()).find(({ entryId }) => entryId === 'shipped')
  const before = await shipped()
  expect(before?.example).toBe(true)
  await base.db.transaction().execute((tx) => review(tx).move(before?.id ?? '', 'approve', { staffId: checker, now }))
  const after = await shipped()
  expect(after).toMatchObject({ id: before?.id, example: false })
  expect(after?.wording).toBe(before?.wording)
})

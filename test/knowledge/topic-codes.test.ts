/** The four digits of a topic: as they are given, and as they are kept. */
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { isTopicCode, topicCodes } from '../../contract/topic-code.ts'
import { entriesStore } from '../../knowledge/entries.store.ts'
import { newCodes } from '../../knowledge/topic-codes.ts'
import { topicCodesStore } from '../../knowledge/topic-codes.store.ts'
import { aDatabase, type TestDatabase } from '../support/postgres.ts'
import { aWording } from '../support/wording.ts'

const ids = fc.uniqueArray(fc.stringMatching(/^[a-z]{2}-[a-z0-9]{1,12}$/), { maxLength: 300 })
const none = new Set<string>()

describe('a new code', () => {
  it('has four digits with a 1 and without a 0, so that none is taken for initials or for a person', () => {
    expect(topicCodes).toHaveLength(2_465)
    expect(topicCodes.filter((code) => !/^(?=.*1)[1-9]{4}$/.test(code))).toEqual([])
    expect(['9359', '1204', '123', '12345'].map(isTopicCode)).toEqual([false, false, false, false])
  })

  it('is an entry’s own, and was never another’s', () => {
    fc.assert(
      fc.property(ids, ids, (made, later) => {
        const first = newCodes(made, none)
        const taken = new Set(first.values())
        const second = newCodes(
          later.filter((id) => !first.has(id)),
          taken,
        )
        const all = [...first.values(), ...second.values()]
        expect(new Set(all).size).toBe(all.length)
        for (const code of all) expect(isTopicCode(code)).toBe(true)
      }),
    )
  })

  it('is the same for the same beginnings', () => {
    expect([...newCodes(['nat-newborn-enrol', 'nat-away-record', 'nat-newborn-enrol'], none)]).toEqual([
      ['nat-newborn-enrol', '1511'],
      ['nat-away-record', '7124'],
    ])
  })

  it('is given as long as there are any', () => {
    const many = Array.from({ length: 2_500 }, (_, i) => `entry-${i}`)
    const codes = newCodes(many, new Set(['1111', '1112']))
    expect(codes.size).toBe(2_463)
    expect(codes.has('entry-2499')).toBe(false)
  })
})

describe('codes as they are kept', () => {
  let database: TestDatabase
  beforeAll(async () => {
    database = await aDatabase()
  })
  afterAll(() => database.drop())

  async function anEntry(id: string, state: 'published' | 'draft' | 'withdrawn', now: Date) {
    const entries = entriesStore(database.db)
    await entries.addEntries([{ id, pack: 'test' }], now)
    const wording = aWording({ question: `${id}怎么办` })
    await entries.addRevisions([{ entryId: id, number: 1, state, wording, now }])
  }

  it('come with the first publication, stay when others are added, and cannot be changed', async () => {
    const store = topicCodesStore(database.db)
    const now = new Date('2026-11-22T08:00:00Z')
    await anEntry('nat-newborn-enrol', 'published', now)
    await anEntry('nat-draft', 'draft', now)
    await Promise.all([store.giveMissing(now), store.giveMissing(now)])
    expect([...(await store.all())]).toEqual([['nat-newborn-enrol', '1511']])

    await anEntry('nat-away-record', 'published', new Date('2026-11-21T08:00:00Z'))
    await store.giveMissing(now)
    expect([...(await store.all())].sort()).toEqual([
      ['nat-away-record', '7124'],
      ['nat-newborn-enrol', '1511'],
    ])
    await expect(database.pool.query(`update topic_code set code = '1999'`)).rejects.toThrow()
    await expect(database.pool.query('delete from topic_code')).rejects.toThrow()
  })
})

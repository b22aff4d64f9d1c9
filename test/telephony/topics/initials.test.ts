import fc from 'fast-check'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { parseAllDocuments } from 'yaml'
import { z } from 'zod'
import { topicSearch, topicSearchInSlices, type Topic } from '../../../telephony/topics/initials.ts'
import { keysOf } from '../../../telephony/topics/readings.ts'

const aTopic = (id: string, title: string, ...similar: string[]): Topic => ({ id, title, similar })
const topics = [
  aTopic('away', '异地就医怎么备案', '异地就医', '去外地看病'),
  aTopic('away-claim', '异地就医怎么报销'),
  aTopic('chronic', '门诊慢特病怎么认定', '慢病证'),
  aTopic('newborn', '新生儿怎么参保'),
  aTopic('care', '长护险由谁缴费'),
]
const found = (digits: string, among = topics) =>
  topicSearch(among)
    .find(digits)
    .map(({ id }) => id)
const typed = (words: string) =>
  keysOf(words)
    .map(([key]) => key)
    .join('')

it('types 异地就医 as 9359', () => {
  expect(typed('异地就医')).toBe('9359')
})

it('finds titles by their beginning, the fuller match first', () => {
  expect(found('9359')).toEqual(['away', 'away-claim'])
  expect(found('93599622')[0]).toBe('away')
})

it('finds what stands in the middle of a title, and a similar question', () => {
  expect(found(typed('慢特病'))).toEqual(['chronic'])
  expect(found(typed('慢病证'))[0]).toBe('chronic')
  expect(found(typed('外地看病'))[0]).toBe('away')
})

it('finds a title typed without its small words', () => {
  expect(found(typed('新生儿参保'))).toEqual(['newborn'])
})

it('takes a character of several readings by any of them, the fitting one first', () => {
  expect(keysOf('长护险')[0]).toEqual(['2', '9'])
  expect(keysOf('银行').at(1)?.[0]).toBe('4')
  expect(found('249')).toContain('care')
  expect(found('949')).toContain('care')
  const both = [aTopic('a', '长期照护'), aTopic('b', '张家照护')]
  expect(found('9594', both)[0]).toBe('b')
})

it('takes letters and figures as they stand on the keys, and marks as nothing', () => {
  expect(keysOf('OTC 药，12393').map(([key]) => key)).toEqual(['6', '8', '2', '9', '1', '2', '3', '9', '3'])
})

it('finds nothing for one key, for none, or for what is no digit', () => {
  expect(['', '9', '9*', 'yd'].map((digits) => found(digits))).toEqual([[], [], [], []])
})

it('gives at most three, each topic once, best first, the same every time', () => {
  const many = Array.from({ length: 50 }, (_, i) => aTopic(`t${i}`, '异地就医', '异地就医备案', '异地'))
  fc.assert(
    fc.property(fc.stringMatching(/^[2-9]{1,8}$/), (digits) => {
      const hits = topicSearch([...topics, ...many]).find(digits)
      expect(hits.length).toBeLessThanOrEqual(3)
      expect(new Set(hits.map(({ id }) => id)).size).toBe(hits.length)
      expect(hits.map(({ score }) => score)).toEqual(hits.map(({ score }) => score).sort((a, b) => b - a))
      expect(topicSearch([...many, ...topics]).find(digits)).toEqual(hits)
    }),
    { numRuns: 30 },
  )
})

it('finds the same when it was built between the frames of running calls', async () => {
  let breaths = 0
  const search = await topicSearchInSlices(topics, () => Promise.resolve(void breaths++))
  expect(breaths).toBe(topics.length)
  expect(search.find('9359')).toEqual(topicSearch(topics).find('9359'))
})

const packFile = z.object({ id: z.string(), question: z.string(), similar: z.array(z.string()).default([]) })
const packs = join(import.meta.dirname, '../../../knowledge/packs')
const published = readdirSync(packs, { recursive: true, encoding: 'utf8' })
  .filter((file) => file.endsWith('.yaml'))
  .flatMap((file) => parseAllDocuments(readFileSync(join(packs, file), 'utf8')))
  .flatMap((document) => packFile.safeParse(document.toJS()).data ?? [])
const topicsOf = new Map(published.map(({ id, question, similar }) => [id, aTopic(id, question, ...similar)]))

it('finds nearly every shipped entry by the first eight initials of its title', () => {
  const shipped = [...topicsOf.values()]
  expect(shipped.length).toBeGreaterThan(200)
  const search = topicSearch(shipped)
  const hits = shipped.filter(({ id, title }) => search.find(typed(title).slice(0, 8)).some((hit) => hit.id === id))
  expect(hits.length / shipped.length).toBeGreaterThan(0.95)
})

import { expect, it } from 'vitest'
import type { PublishedRevision } from '../../knowledge/entries.store.ts'
import { atOnce } from '../../knowledge/search/steps.ts'
import { addedTo, withSynonymsSteps } from '../../knowledge/synonyms.ts'
import { aWording } from '../support/wording.ts'

const text = (question: string, similar: string[] = []): PublishedRevision => ({
  id: 'a',
  entryId: 'a',
  wording: aWording({ question, similar }),
  example: false,
})
const groups = [['新农合', '居民医保', '城乡居民医保']]

it('asks every question with the other words of a group too, and leaves the question itself', () => {
  const [one] = atOnce(withSynonymsSteps([text('居民医保怎么交费', ['怎么交费'])], groups))
  expect(one?.wording.question).toBe('居民医保怎么交费')
  expect(one?.wording.similar).toEqual(['怎么交费', '新农合怎么交费', '城乡居民医保怎么交费'])
})

it('takes the longest word that stands there, and says no word twice', () => {
  expect(addedTo(text('城乡居民医保怎么交费'), groups)).toEqual(['新农合怎么交费'])
  expect(addedTo(text('新农合怎么交费', ['居民医保怎么交费']), groups)).toEqual(['城乡居民医保怎么交费'])
})

it('adds nothing without groups, and never more than thirty', () => {
  expect(addedTo(text('居民医保怎么交费'), [])).toEqual([])
  const many = Array.from({ length: 40 }, (_, at) => `新农合第${at}问`)
  expect(addedTo(text('别的', many), groups)).toHaveLength(30)
})

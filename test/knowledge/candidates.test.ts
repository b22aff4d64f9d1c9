import { describe, expect, it } from 'vitest'
import { bm25Steps } from '../../knowledge/search/bm25.ts'
import { candidateSteps, flexsearchSurfaces } from '../../knowledge/search/candidates.ts'
import { atOnce } from '../../knowledge/search/steps.ts'
import { vocabulary } from '../../knowledge/search/vocabulary.ts'
import { grams } from '../../knowledge/text/grams.ts'

const texts = ['新生儿怎么参加医保', '住院能报多少', '异地就医怎么备案', '医保断交了怎么办', '住院', '怎么办']
function surfacesOf(some: readonly string[]) {
  const numbers = vocabulary()
  const parts = some.map((text) => Uint32Array.from(grams(text), numbers.numberOf))
  return { count: some.length, partsOf: (at: number) => parts[at] ?? new Uint32Array(), vocabulary: numbers }
}
const indexes = {
  flexsearch: atOnce(candidateSteps(surfacesOf(texts))),
  'our own': atOnce(bm25Steps(surfacesOf(texts))),
}

describe.each(Object.entries(indexes))('candidates by %s', (_name, index) => {
  const near = (asked: string, limit = 10) => index.near(grams(asked), limit).map((at) => texts[at])

  it('are first what shares most with the question', () => {
    expect(near('去外地就医要备案')[0]).toBe('异地就医怎么备案')
    expect(near('住院报销能报多少')[0]).toBe('住院能报多少')
  })

  it('are no more than asked for, and none twice', () => {
    expect(near('医保怎么办', 2)).toHaveLength(2)
    expect(new Set(near('医保怎么办')).size).toBe(near('医保怎么办').length)
  })

  it('are none for what nothing shares a part with', () => {
    expect(near('xyz')).toEqual([])
    expect(near('')).toEqual([])
  })

  it('are the same however often it is asked', () => {
    expect(near('医保怎么办')).toEqual(near('医保怎么办'))
  })
})

it('finds the one text with a rare part among more texts than FlexSearch is given', () => {
  const count = flexsearchSurfaces + 1
  const many = Array.from({ length: count }, (_, at) =>
    at === 2_345 ? '异地就医备案' : `第${at % 500}种医保问题怎么办`,
  )
  const index = atOnce(candidateSteps(surfacesOf(many)))
  expect(index.near(grams('备案怎么办'), 5)[0]).toBe(2_345)
  expect(index.near(grams('医保怎么办'), 5)).toHaveLength(5)
})

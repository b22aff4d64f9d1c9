import { describe, expect, it } from 'vitest'
import { ranking, share } from '../../bench/ranking.ts'

const asked = (...relevant: string[]) => ({ text: '问', relevant })

describe('the ranking figures', () => {
  it('count the place of the first right entry', () => {
    const queries = [asked('a'), asked('b'), asked('c', 'd'), asked('e')]
    const found = [['a'], ['x', 'b'], ['x', 'y', 'z', 'd'], []]
    expect(ranking(queries, found)).toEqual({ r1: 25, r3: 50, mrr: 43.8 })
  })

  it('leave out questions that no entry answers', () => {
    expect(ranking([asked('a'), asked()], [['a'], ['a']])).toEqual({ r1: 100, r3: 100, mrr: 100 })
  })

  it('look ten places deep and no further', () => {
    const ten = Array.from({ length: 10 }, (_, at) => `x${at}`)
    expect(ranking([asked('a')], [[...ten, 'a']])).toEqual({ r1: 0, r3: 0, mrr: 0 })
  })

  it('are nothing of nothing', () => {
    expect(share(0, 0)).toBe(0)
  })
})

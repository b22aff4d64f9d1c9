import { describe, expect, it } from 'vitest'
import { loosened, normalise } from '../../knowledge/text/normalise.ts'
import { oneNameForEach } from '../../knowledge/text/same-thing.ts'

describe('words that name one thing', () => {
  it.each([
    ['新农合', '城乡居民基本医疗保险'],
    ['农村合作医疗一年多少钱', '居民医保一年多少钱'],
    ['城镇职工基本医疗保险', '职工医保'],
    ['医疗保险断交了', '医保断缴了'],
    ['生育险', '生育保险'],
    ['公司没给上社会保障卡', '单位没给上医保卡'],
  ])('%s and %s are compared as the same', (one, other) => {
    expect(loosened(normalise(one))).toBe(loosened(normalise(other)))
  })

  it('leave alone what only looks like them', () => {
    for (const text of ['新农保', '商业医疗保险', '保险公司', '居民医保', '新生儿'])
      expect(oneNameForEach(text)).toBe(text)
  })

  it('are named once and for all: a second reading changes nothing', () => {
    for (const text of ['新型农村合作医疗保险和城镇职工医疗保险', '企业辞职后电子医保卡丢了', '小孩子的医疗卡'])
      expect(oneNameForEach(oneNameForEach(text))).toBe(oneNameForEach(text))
  })
})

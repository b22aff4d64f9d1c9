import { expect, it } from 'vitest'
import type { Wording } from '../../contract/entry.ts'
import { differingNumbers, entryPairSteps } from '../../knowledge/entry-pairs.ts'
import { atOnce } from '../../knowledge/search/steps.ts'
import { aWording } from '../support/wording.ts'

const pairs = (...wordings: Partial<Wording>[]) =>
  atOnce(
    entryPairSteps(
      wordings.map((given, at) => ({ entryId: `entry-${at}`, wording: aWording({ similar: [], ...given }) })),
    ),
  ).map(({ kind, a, b }) => [kind, a.entryId, b.entryId])
const question = '居民医保门诊报销比例是多少'

it('pairs entries that are asked in nearly the same words', () => {
  expect(pairs({ question: '异地就医怎么备案' }, { question: '补卡', similar: ['异地就医备案怎么办'] })).toEqual([])
  expect(pairs({ question: '异地就医怎么备案' }, { question: '补卡', similar: ['异地就医怎么备案呢'] })).toEqual([
    ['alike', 'entry-0', 'entry-1'],
  ])
})

it('pairs entries that answer one question with different numbers', () => {
  const [one, other] = [
    { question, answer: '报销60%。' },
    { question: '居民医保的门诊报销比例', answer: '报销 70％。' },
  ]
  expect(pairs(one, other)).toContainEqual(['contradiction', 'entry-0', 'entry-1'])
  expect(pairs(one, { ...other, answer: '一般报销 60%，有的 70%。' })).not.toContainEqual(
    expect.arrayContaining(['contradiction']),
  )
})

it('leaves apart what nobody could be told both of', () => {
  const [one, other] = [
    { question, answer: '报销60%。' },
    { question, answer: '报销70%。' },
  ]
  expect(pairs({ ...one, region: '340600' }, { ...other, region: '141100' })).toEqual([])
  expect(pairs({ ...one, insurance: 'resident' }, { ...other, insurance: 'employee' })).toEqual([])
  expect(pairs({ ...one, validUntil: '2026-12-31' }, { ...other, validFrom: '2027-01-01' })).toEqual([])
  expect(pairs({ ...one, region: '340600' }, other)).toEqual([])
})

it('compares numbers of one unit, and no dates', () => {
  const numbers = (a: string, b: string) => differingNumbers(aWording({ answer: a }), aWording({ answer: b }))
  expect(numbers('满15天', '满20天')).toEqual({ a: ['15天'], b: ['20天'] })
  expect(numbers('满15天', '交20元')).toBeUndefined()
  expect(numbers('2025年1月1日起满15天', '2026年1月1日起满15天')).toBeUndefined()
  expect(numbers('（2024）5号文件', '〔2023〕7号文件')).toBeUndefined()
})

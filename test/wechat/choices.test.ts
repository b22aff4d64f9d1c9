import { expect, it } from 'vitest'
import { chosen, numbered } from '../../wechat/choices.ts'

const named = (...questions: string[]) => questions.map((question) => ({ question }))

it('counts choices from one', () => {
  const choices = named('职工医保', '居民医保')
  expect(numbered(choices)).toEqual([
    { number: 1, question: '职工医保' },
    { number: 2, question: '居民医保' },
  ])
  expect(['1', ' 2 ', '２', '2.', '2。'].map((text) => chosen(text, choices))).toEqual([
    '职工医保',
    '居民医保',
    '居民医保',
    '居民医保',
    '居民医保',
  ])
  expect(['3', '0', '', '1 个', '第一个', '120'].map((text) => chosen(text, choices))).toEqual(Array(6).fill(undefined))
})

it('gives the levels of a rating their own numbers, so that nobody says the opposite of what they mean', () => {
  const levels = named('非常满意', '满意', '基本满意', '不满意', '非常不满意')
  expect(numbered(levels).map(({ number }) => number)).toEqual([5, 4, 3, 2, 1])
  expect([chosen('5', levels), chosen('1', levels)]).toEqual(['非常满意', '非常不满意'])
})

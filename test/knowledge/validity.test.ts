import { describe, expect, it } from 'vitest'
import { isInForce, noticesOn } from '../../knowledge/validity.ts'

const today = '2026-11-22'
const text = (validFrom: string, validUntil?: string, spoken = '旧') => ({
  validFrom,
  validUntil,
  answer: spoken,
  spoken,
})
const old = text('2024-01-01', '2026-12-31')
const next = text('2027-01-01', undefined, '新')

describe('a text that is told', () => {
  it('for today tells of the one that follows it soon, in its own spoken words', () => {
    expect(noticesOn(old, { next, today })).toEqual({ coming: '自2027年1月1日起：新' })
  })

  it.each([
    ['what follows is further away', '2027-03-01'],
    ['what follows says the same', today],
  ])('says nothing of a change when %s', (why, validFrom) => {
    const follower = why.endsWith('same') ? { ...old, validFrom: '2027-01-01' } : text(validFrom, undefined, '新')
    expect(noticesOn(text('2024-01-01'), { next: follower, today })).toEqual({})
  })

  it('says until when it holds when nothing follows', () => {
    expect(noticesOn(old, { today })).toEqual({ coming: '这项规定有效期到2026年12月31日，之后的规定我这里还没有。' })
    expect(noticesOn(text('2024-01-01', '2027-12-31'), { today })).toEqual({})
  })

  it.each([
    ['is not in force yet', next, '2027-01-01', '以下规定自2027年1月1日起施行。'],
    [
      'has run out',
      text('2024-01-01', '2025-12-31'),
      '2025-06-30',
      '以下是当时的规定，已于2025年12月31日失效，不是现行规定。',
    ],
    [
      'is younger than the day',
      text('2026-01-01'),
      '2025-12-31',
      '以下是现行规定，自2026年1月1日起施行；我这里没有更早的规定。',
    ],
    ['ends before the day', old, '2027-06-01', '以下是现行规定，有效期到2026年12月31日；之后的规定我这里还没有。'],
  ])('for another day says so when it %s', (_, served, asked, notice) => {
    expect(noticesOn(served, { today, asked }).notice).toBe(notice)
  })

  it('needs no word when it holds on both days', () => {
    expect(noticesOn(text('2024-01-01'), { today, asked: '2027-01-01' })).toEqual({})
  })
})

it('is in force from its first to its last day, both included', () => {
  expect(['2023-12-31', '2024-01-01', '2026-12-31', '2027-01-01'].map((on) => isInForce(old, on))).toEqual([
    false,
    true,
    true,
    false,
  ])
})

import fc from 'fast-check'
import { expect, it } from 'vitest'
import { codeOf, isTopicCode, topicCodes } from '../../../telephony/topics/codes.ts'

const ids = fc.uniqueArray(fc.stringMatching(/^[a-z]{2}-[a-z0-9]{1,12}$/), { maxLength: 300 })

it('gives four digits with a 1 and without a 0, so that no code is taken for initials or for a person', () => {
  expect(topicCodes).toHaveLength(2_465)
  expect(topicCodes.filter((code) => !/^(?=.*1)[1-9]{4}$/.test(code))).toEqual([])
  expect(['9359', '1204', '123', '12345'].map(isTopicCode)).toEqual([false, false, false, false])
})

it('gives every entry a code of its own', () => {
  fc.assert(
    fc.property(ids, (given) => {
      const codes = codeOf(given)
      expect(codes.size).toBe(given.length)
      expect(new Set(codes.values()).size).toBe(given.length)
      for (const code of codes.values()) expect(isTopicCode(code)).toBe(true)
    }),
  )
})

it('keeps every printed code when entries are added', () => {
  fc.assert(
    fc.property(ids, ids, (made, later) => {
      const all = codeOf([...made, ...later])
      for (const [id, code] of codeOf(made)) expect(all.get(id)).toBe(code)
    }),
  )
})

it('keeps to the codes it once gave', () => {
  expect([...codeOf(['nat-newborn-enrol', 'nat-away-record', 'nat-newborn-enrol'])]).toEqual([
    ['nat-newborn-enrol', '1511'],
    ['nat-away-record', '7124'],
  ])
})

it('hands out all its codes and then no more', () => {
  const many = Array.from({ length: 2_500 }, (_, i) => `entry-${i}`)
  const codes = codeOf(many)
  expect(codes.size).toBe(2_465)
  expect(new Set(codes.values()).size).toBe(2_465)
  expect(codes.has('entry-2499')).toBe(false)
})

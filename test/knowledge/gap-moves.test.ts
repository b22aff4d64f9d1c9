import { expect, it } from 'vitest'
import { gapStates } from '../../contract/gap.ts'
import { afterGapMove, moveByDraft } from '../../knowledge/gap-moves.ts'

it('goes from open over drafting and published to told', () => {
  expect(afterGapMove('open', 'draft')).toBe('drafting')
  expect(afterGapMove('drafting', 'publish')).toBe('published')
  expect(afterGapMove('published', 'tell')).toBe('told')
})

it('is taken up again only after it was dismissed', () => {
  expect(gapStates.map((state) => afterGapMove(state, 'reopen'))).toEqual([
    undefined,
    undefined,
    undefined,
    undefined,
    'open',
  ])
})

it('is not dismissed any more once it is published', () => {
  expect(gapStates.filter((state) => afterGapMove(state, 'dismiss'))).toEqual(['open', 'drafting'])
})

it('is published by its draft or by any later text of the entry', () => {
  expect(moveByDraft(['published'])).toBe('publish')
  expect(moveByDraft(['withdrawn', 'published'])).toBe('publish')
  expect(moveByDraft(['superseded', 'draft'])).toBe('publish')
})

it('falls back to open when every text that was to answer it was withdrawn', () => {
  expect(moveByDraft(['withdrawn', 'withdrawn'])).toBe('fall-back')
  expect(moveByDraft(['withdrawn', 'submitted'])).toBeUndefined()
  expect(moveByDraft(['draft'])).toBeUndefined()
})

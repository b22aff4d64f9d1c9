import { expect, it } from 'vitest'
import { revisionStates } from '../../contract/entry.ts'
import { revisionMove } from '../../contract/http.ts'
import { afterMove } from '../../knowledge/revision-moves.ts'

it('allows the way from draft to withdrawn, withdrawing on every step of it, and nothing else', () => {
  const legal = revisionStates.flatMap((state) =>
    revisionMove.options.flatMap((move) => {
      const next = afterMove(state, move, false)
      return next ? [`${state} ${move} ${next}`] : []
    }),
  )
  expect(legal.sort()).toEqual([
    'approved publish published',
    'approved withdraw withdrawn',
    'draft submit submitted',
    'draft withdraw withdrawn',
    'published withdraw withdrawn',
    'submitted approve approved',
    'submitted withdraw withdrawn',
  ])
})

it('lets a shipped example be approved where it stands, once it is published', () => {
  expect(afterMove('published', 'approve', true)).toBe('published')
  expect(afterMove('withdrawn', 'approve', true)).toBeUndefined()
  expect(afterMove('submitted', 'approve', true)).toBe('approved')
})

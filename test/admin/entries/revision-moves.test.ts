import { expect, it } from 'vitest'
import { isExample, movesFor } from '../../../admin/entries/revision-moves.ts'

const ours = { origin: 'console', reviewer: undefined } as const

it('offers an editor to submit and a reviewer to approve', () => {
  expect(movesFor({ ...ours, state: 'draft' }, ['editor'])).toEqual(['submit', 'withdraw'])
  expect(movesFor({ ...ours, state: 'submitted' }, ['reviewer'])).toEqual(['approve', 'withdraw'])
  expect(movesFor({ ...ours, state: 'submitted' }, ['editor'])).toEqual(['withdraw'])
})

it('offers an agent nothing', () => {
  expect(movesFor({ ...ours, state: 'draft' }, ['agent'])).toEqual([])
})

it('lets a reviewer approve a shipped example where it stands, once', () => {
  const shipped = { origin: 'pack', state: 'published' } as const
  expect(movesFor(shipped, ['reviewer'])).toContain('approve')
  expect(movesFor({ ...shipped, reviewer: '李' }, ['reviewer'])).not.toContain('approve')
  expect([isExample(shipped), isExample({ ...shipped, reviewer: '李' }), isExample(ours)]).toEqual([true, false, false])
})

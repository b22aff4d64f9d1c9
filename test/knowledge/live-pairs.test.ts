import { expect, it } from 'vitest'
import type { PublishedRevision } from '../../knowledge/entries.store.ts'
import { holding } from '../../knowledge/live-pairs.ts'
import { aWording } from '../support/wording.ts'

const text = (id: string, entryId: string, validFrom: string, validUntil?: string): PublishedRevision => ({
  id,
  entryId,
  example: false,
  wording: aWording({ validFrom, validUntil }),
})

it('pairs of each entry the newest text that is in force, and none that has run out or is still to come', () => {
  const published = [
    text('old', 'a', '2024-01-01'),
    text('now', 'a', '2026-01-01'),
    text('later', 'a', '2027-01-01'),
    text('over', 'b', '2024-01-01', '2026-06-30'),
    text('coming', 'c', '2027-01-01'),
  ]
  expect(holding(published, '2026-11-22').map(({ id }) => id)).toEqual(['now'])
  expect(holding(published, '2027-02-01').map(({ id }) => id)).toEqual(['later', 'coming'])
})

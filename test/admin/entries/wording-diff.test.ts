import { expect, it } from 'vitest'
import { wordingDiff } from '../../../admin/entries/wording-diff.ts'
import { aWording } from '../../support/wording.ts'

it('shows only the fields that differ, character by character', () => {
  const before = aWording({ answer: '九十天内办理。', similar: ['甲', '乙'] })
  const after = aWording({ answer: '六十天内办理。', similar: ['甲', '乙'] })
  expect(wordingDiff(before, after)).toEqual([
    {
      label: '答案',
      pieces: [
        { text: '九', kind: 'gone' },
        { text: '六', kind: 'added' },
        { text: '十天内办理。', kind: 'same' },
      ],
    },
  ])
})

it('shows a source that is new, and a day that was taken away', () => {
  const before = aWording({ sources: [{ title: '旧' }], validUntil: '2027-01-01' })
  const after = aWording({ sources: [{ title: '旧' }, { title: '新', number: '1号' }] })
  const labels = wordingDiff(before, after).map(({ label }) => label)
  expect(labels).toEqual(['依据', '失效日'])
  expect(wordingDiff(before, before)).toEqual([])
})

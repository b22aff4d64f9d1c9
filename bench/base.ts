/** An evaluation set's entries as the published base that the answerer works on. */
import type { PublishedRevision } from '../knowledge/entries.store.ts'
import type { SetEntry } from './evaluation-set.ts'

export const askedOn = '2026-11-22'

export function asPublished(kb: readonly SetEntry[]): PublishedRevision[] {
  return kb.map(({ id, question, similar = [], answer = '' }, at) => ({
    id: `00000000-0000-4000-8000-${String(at).padStart(12, '0')}`,
    entryId: id,
    example: false,
    wording: {
      question,
      similar,
      answer,
      spoken: '',
      sources: [],
      topic: '',
      audience: [],
      notToConfuse: [],
      validFrom: '2000-01-01',
    },
  }))
}

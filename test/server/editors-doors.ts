/** The editors' doors as policy.test.ts and sound-asks.ts ask for them: whose each is, and a sound value of what it takes. */
import type { Wording } from '../../contract/entry.ts'

const reading = ['editor', 'reviewer', 'supervisor', 'administrator'] as const
const editing = ['editor', 'reviewer'] as const

/** The bureau's own rule, written a second time on purpose. */
export const editorsDoors = {
  'GET /api/editors': editing,
  'GET /api/gaps': reading,
  'GET /api/gaps/:id': reading,
  'POST /api/gaps/:id/owner': editing,
  'POST /api/gaps/:id/draft': ['editor'],
  'POST /api/gaps/:id/attach': ['editor'],
  'POST /api/gaps/:id/merge': editing,
  'POST /api/gaps/:id/take-out': editing,
  'POST /api/gaps/:id/dismiss': editing,
  'POST /api/gaps/:id/reopen': editing,
  'GET /api/entries-table': reading,
  'GET /api/entries-template': editing,
  'POST /api/entries-table': ['editor'],
  'POST /api/reviews': editing,
  'GET /api/golden-runs': reading,
  'POST /api/golden-runs': editing,
  'GET /api/golden-runs/:id': reading,
  'GET /api/entry-pairs': reading,
  'POST /api/entry-pairs/settled': editing,
  'GET /api/entry-hits': reading,
  'GET /api/coverage': reading,
  'GET /api/entries-ending': reading,
  'POST /api/confusions': editing,
  'GET /api/revisions/:id/gate': editing,
  'POST /api/entries/:id/rollback': ['editor'],
  'GET /api/plans': reading,
  'POST /api/plans': editing,
  'POST /api/plans/:id/cancel': editing,
  'GET /api/synonyms': reading,
  'POST /api/synonyms/preview': editing,
  'POST /api/synonyms': editing,
  'POST /api/trials': reading,
  'POST /api/trial-batches': editing,
} as const

const noOnesId = '7b1d6c1e-2f5a-4c6e-9d3b-0a1b2c3d4e5f'

export const soundEditorsBodies = (wording: Wording) => ({
  'POST /api/gaps/:id/owner': { ownerId: noOnesId, dueOn: '2026-12-01' },
  'POST /api/gaps/:id/draft': { id: 'made-for-gap', wording },
  'POST /api/gaps/:id/attach': { entryId: 'nat-newborn-enrol' },
  'POST /api/gaps/:id/merge': { into: noOnesId },
  'POST /api/gaps/:id/take-out': { conversationId: noOnesId, seq: 1 },
  'POST /api/gaps/:id/dismiss': { reason: '与医保无关' },
  'POST /api/gaps/:id/reopen': {},
  'POST /api/entries/:id/rollback': { number: 1 },
  'POST /api/plans': { revisionId: noOnesId, move: 'publish', on: '2027-01-01' },
  'POST /api/plans/:id/cancel': {},
  'POST /api/synonyms/preview': { id: noOnesId, words: ['新农合', '居民医保'], override: '政策合并' },
  'POST /api/synonyms': { id: noOnesId, words: ['新农合', '居民医保'], override: '政策合并' },
  'POST /api/trials': {
    question: '怎么参保',
    region: '340600',
    insurance: 'resident',
    on: '2026-12-01',
    voice: true,
    revision: noOnesId,
  },
  'POST /api/golden-runs': {},
  'POST /api/entry-pairs/settled': { kind: 'alike', a: 'nat-one', b: 'nat-two', reason: '问的不是一件事' },
  'POST /api/confusions': { text: '怎么参保', entryId: 'nat-one' },
  'POST /api/reviews': { move: 'submit', revisions: [noOnesId] },
})

export const soundEditorsQueries = {
  'GET /api/editors': {},
  'GET /api/entries-template': {},
  'POST /api/entries-table': { check: '1' },
  'POST /api/trial-batches': { voice: '1', drafts: '1' },
  'GET /api/golden-runs': { limit: '10', offset: '0' },
  'GET /api/golden-runs/:id': { fate: 'wrong', q: '参保', limit: '10', offset: '0' },
  'GET /api/entry-pairs': { kind: 'alike', limit: '10', offset: '0' },
  'GET /api/entry-hits': { never: '1', q: '参保', limit: '10', offset: '0' },
  'GET /api/coverage': {},
  'GET /api/synonyms': {},
  'GET /api/entries-ending': {},
  'GET /api/plans': { entry: 'nat-newborn-enrol', limit: '10', offset: '0' },
  'GET /api/entries-table': {
    format: 'csv',
    q: '新生儿',
    state: 'published',
    topic: '参保',
    region: '340600',
    example: '1',
    ending: '7',
  },
  'GET /api/gaps': {
    state: 'open',
    cause: 'unknown',
    mine: '1',
    overdue: '1',
    q: '种植牙',
    limit: '10',
    offset: '0',
  },
} as const

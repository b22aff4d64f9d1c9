/** The doors of the editors' tools, as policy.ts has them: gaps, import and export, the publish gate, the golden set. */
import {
  gapAttachSchema,
  gapDismissSchema,
  gapMergeSchema,
  gapTakeOutSchema,
  gapDraftSchema,
  gapOwnerSchema,
  gapsQuery,
} from '../contract/gap.ts'
import { planSchema, plansQuery, rollbackSchema } from '../contract/gate.ts'
import {
  confusionSchema,
  goldenMissedQuery,
  goldenRunsQuery,
  hitsQuery,
  pairSettleSchema,
  pairsQuery,
} from '../contract/golden.ts'
import { entryParams, idParams, noBody, noQuery } from '../contract/http.ts'
import { bulkSchema, exportQuery, importQuery } from '../contract/import.ts'
import { synonymSchema } from '../contract/synonym.ts'
import { trialBatchQuery, trialSchema } from '../contract/trial.ts'
import type { HttpDoor } from './door.ts'

const editing = ['editor', 'reviewer'] as const
const reading = [...editing, 'supervisor', 'administrator'] as const
const limit = 'staff'

export const editorsPolicy = {
  'GET /api/editors': { who: editing, limit, query: noQuery, summary: 'who may see to a gap' },
  'GET /api/gaps': { who: reading, limit, query: gapsQuery, summary: 'what nobody answered, gathered' },
  'GET /api/gaps/:id': { who: reading, limit, params: idParams, summary: 'a gap with what was asked' },
  'POST /api/gaps/:id/owner': {
    who: editing,
    limit,
    params: idParams,
    body: gapOwnerSchema,
    summary: 'who sees to a gap, and by when',
  },
  'POST /api/gaps/:id/draft': {
    who: ['editor'],
    limit,
    params: idParams,
    body: gapDraftSchema,
    summary: 'a new entry that answers a gap, as a draft',
  },
  'POST /api/gaps/:id/attach': {
    who: ['editor'],
    limit,
    params: idParams,
    body: gapAttachSchema,
    summary: "an entry takes a gap's questions over, in a new draft",
  },
  'POST /api/gaps/:id/merge': {
    who: editing,
    limit,
    params: idParams,
    body: gapMergeSchema,
    summary: 'two gaps are one: what was asked into this one goes into another',
  },
  'POST /api/gaps/:id/take-out': {
    who: editing,
    limit,
    params: idParams,
    body: gapTakeOutSchema,
    summary: 'a question in a gap is about something else, and becomes a gap of its own',
  },
  'POST /api/gaps/:id/dismiss': {
    who: editing,
    limit,
    params: idParams,
    body: gapDismissSchema,
    summary: 'a gap that will not be answered, with the reason',
  },
  'POST /api/gaps/:id/reopen': {
    who: editing,
    limit,
    params: idParams,
    body: noBody,
    summary: 'a dismissed gap is taken up again',
  },

  'GET /api/entries-table': { who: reading, limit, query: exportQuery, summary: 'entries as a table; audited' },
  'GET /api/entries-template': { who: editing, limit, query: noQuery, summary: 'an empty table with instructions' },
  'POST /api/entries-table': {
    who: ['editor'],
    limit,
    query: importQuery,
    summary: 'a table (xlsx or csv, as the body) becomes drafts, all of it or nothing',
  },
  'POST /api/reviews': { who: editing, limit, body: bulkSchema, summary: 'one move of many revisions' },

  'GET /api/revisions/:id/gate': {
    who: editing,
    limit,
    params: idParams,
    summary: 'what publishing a revision would do to the questions that are known',
  },
  'POST /api/entries/:id/rollback': {
    who: ['editor'],
    limit,
    params: entryParams,
    body: rollbackSchema,
    summary: 'an earlier text once more, put up for review',
  },
  'GET /api/plans': { who: reading, limit, query: plansQuery, summary: 'what is to be published or withdrawn later' },
  'POST /api/plans': { who: editing, limit, body: planSchema, summary: 'publish or withdraw on a later day' },
  'POST /api/plans/:id/cancel': {
    who: editing,
    limit,
    params: idParams,
    body: noBody,
    summary: 'a planned move is not made',
  },

  'GET /api/golden-runs': { who: reading, limit, query: goldenRunsQuery, summary: 'runs of the golden questions' },
  'POST /api/golden-runs': { who: editing, limit, body: noBody, summary: 'try the golden questions now' },
  'GET /api/golden-runs/:id': {
    who: reading,
    limit,
    params: idParams,
    query: goldenMissedQuery,
    summary: 'a run, with what was not answered rightly',
  },
  'GET /api/entry-pairs': { who: reading, limit, query: pairsQuery, summary: "entries in each other's way" },
  'POST /api/entry-pairs/settled': {
    who: editing,
    limit,
    body: pairSettleSchema,
    summary: 'a pair that is let stand, with the reason',
  },
  'GET /api/entry-hits': { who: reading, limit, query: hitsQuery, summary: 'how often each entry was told' },
  'GET /api/coverage': { who: reading, limit, query: noQuery, summary: 'what was answered, day by day' },
  'GET /api/entries-ending': { who: reading, limit, query: noQuery, summary: 'texts that run out within 30 days' },
  'POST /api/confusions': {
    who: editing,
    limit,
    body: confusionSchema,
    summary: 'entries that a text would be taken for',
  },
  'GET /api/synonyms': { who: reading, limit, query: noQuery, summary: 'words that mean the same' },
  'POST /api/synonyms/preview': {
    who: editing,
    limit,
    body: synonymSchema,
    summary: 'what a change of synonyms would do to the questions that are known',
  },
  'POST /api/synonyms': {
    who: editing,
    limit,
    body: synonymSchema,
    summary: 'a group of synonyms is added, changed or taken away',
  },
  'POST /api/trials': {
    who: reading,
    limit,
    body: trialSchema,
    summary: 'what a question leads to, live and with drafts; kept nowhere',
  },
  'POST /api/trial-batches': {
    who: editing,
    limit,
    query: trialBatchQuery,
    summary: 'a table of questions (xlsx or csv, as the body) is tried; kept nowhere',
  },
} as const satisfies Record<string, HttpDoor>

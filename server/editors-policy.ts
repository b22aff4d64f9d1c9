/** The doors of the editors' tools, as policy.ts has them: gaps, import and export, the publish gate, the golden set. */
import { gapAttachSchema, gapDismissSchema, gapDraftSchema, gapOwnerSchema, gapsQuery } from '../contract/gap.ts'
import { planSchema, plansQuery, rollbackSchema } from '../contract/gate.ts'
import { entryParams, idParams, noBody, noQuery } from '../contract/http.ts'
import { bulkSchema, exportQuery, importQuery } from '../contract/import.ts'
import type { HttpDoor } from './policy.ts'

const editing = ['editor', 'reviewer'] as const
const reading = [...editing, 'supervisor', 'auditor', 'administrator'] as const
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

  'GET /api/entries-table': { who: reading, limit, query: exportQuery, summary: 'entries as a table' },
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
} as const satisfies Record<string, HttpDoor>

/** The doors of the editors' tools, as policy.ts has them: gaps, import and export, the publish gate, the golden set. */
import { gapAttachSchema, gapDismissSchema, gapDraftSchema, gapOwnerSchema, gapsQuery } from '../contract/gap.ts'
import { idParams, noBody, noQuery } from '../contract/http.ts'
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
} as const satisfies Record<string, HttpDoor>

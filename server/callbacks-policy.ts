/** The doors of callbacks, as policy.ts has them: the list, who takes one up, and what became of it. */
import { callbackAgainSchema, callbackDoneSchema, callbacksQuery } from '../contract/callback.ts'
import { idParams, noBody } from '../contract/http.ts'
import { unmaskSchema } from '../contract/security.ts'
import type { HttpDoor } from './door.ts'

const who = ['agent', 'supervisor'] as const
const limit = 'staff'
const params = idParams

export const callbacksPolicy = {
  'GET /api/callbacks': { who, limit, query: callbacksQuery, summary: 'calls that are owed, or were settled' },
  'GET /api/callbacks/:id': { who, limit, params, summary: 'a callback, what was said and what was tried' },
  'POST /api/callbacks/:id/claim': { who, limit, params, body: noBody, summary: 'a callback is taken up' },
  'POST /api/callbacks/:id/release': {
    who,
    limit,
    params,
    body: noBody,
    summary: 'a callback is put back; by a supervisor for whoever has it',
  },
  'POST /api/callbacks/:id/phone': {
    who,
    limit: 'reveal',
    params,
    body: unmaskSchema,
    summary: 'the number to ring; audited with the reason',
  },
  'POST /api/callbacks/:id/recording': {
    who,
    limit: 'reveal',
    params,
    body: unmaskSchema,
    summary: 'a question that was spoken for the desk, as WAV; audited with the reason',
  },
  'POST /api/callbacks/:id/done': {
    who,
    limit,
    params,
    body: callbackDoneSchema,
    summary: 'a callback was rung; not answered, it is due again until it was tried often enough',
  },
  'POST /api/callbacks/:id/again': {
    who,
    limit,
    params,
    body: callbackAgainSchema,
    summary: 'the citizen is to be rung at another time',
  },
} as const satisfies Record<string, HttpDoor>

/** The doors of what leaves the house, as policy.ts has them: the outbox, who opted out, proactive notices. */
import { z } from 'zod'
import { idParams, noBody, noQuery, pageQuery } from '../contract/http.ts'
import { noticeSheetQuery, noticeUploadQuery, templateSchema } from '../contract/notice.ts'
import { optOutSchema, outboxAgainSchema, outboxQuery, smsReplySchema } from '../contract/outbox.ts'
import type { HttpDoor } from './door.ts'

const who = ['administrator', 'supervisor'] as const
const limit = 'staff'
const paged = z.strictObject({ ...pageQuery })

export const outboxPolicy = {
  'GET /api/outbox': { who, limit, query: outboxQuery, summary: 'what leaves the house, masked' },
  'POST /api/outbox/:id/again': {
    who,
    limit,
    params: idParams,
    body: noBody,
    summary: 'what did not go out is sent anew; audited',
  },
  'POST /api/outbox/again': {
    who,
    limit,
    body: outboxAgainSchema,
    summary: 'all that did not go out, narrowed down as the list is, is sent anew; audited',
  },
  'GET /api/opt-outs': { who, limit, query: paged, summary: 'who does not want to be written to unasked' },
  'POST /api/opt-outs': { who, limit, body: optOutSchema, summary: 'somebody opts out by telling us; audited' },
  'POST /api/opt-outs/:id/lift': {
    who,
    limit,
    params: idParams,
    body: noBody,
    summary: 'somebody wants to be written to again; audited',
  },
  'POST /api/sms-replies': {
    who: 'anyone',
    limit: 'page',
    body: smsReplySchema,
    summary: "a citizen's answer to a short message, signed by the SMS service",
  },
  'GET /api/notices': {
    who,
    limit,
    query: paged,
    summary: 'tables of notices that were sent, and what became of them',
  },
  'POST /api/notices': {
    who,
    limit,
    query: noticeUploadQuery,
    summary: 'a table of notices (xlsx or csv, as the body) goes out, all of it or nothing',
  },
  'POST /api/notices/:id/cancel': {
    who,
    limit,
    params: idParams,
    body: noBody,
    summary: 'what still waits of a table of notices goes to nobody; audited',
  },
  'GET /api/notice-sheet': { who, limit, query: noticeSheetQuery, summary: 'an empty table for a kind of notice' },
  'GET /api/notice-templates': { who, limit, query: noQuery, summary: 'what the notices say' },
  'POST /api/notice-templates': {
    who: ['administrator'],
    limit,
    body: templateSchema,
    summary: 'what a kind of notice says from now on; audited',
  },
} as const satisfies Record<string, HttpDoor>

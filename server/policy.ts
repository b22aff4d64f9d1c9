/**
 * Every door and its lock: who may knock, how often, and the shape of what they bring. A route or socket event that
 * has no line here cannot be opened (its name does not type-check), and a test walks the running router to be sure.
 */
import { askSchema } from '../contract/answer.ts'
import { caseMoveSchema, casesQuery } from '../contract/case.ts'
import { revisionMoveBody } from '../contract/gate.ts'
import {
  dueQuery,
  earlierQuery,
  entriesQuery,
  entryParams,
  idParams,
  newEntrySchema,
  newRevisionSchema,
  noBody,
  noQuery,
  revisionMoveParams,
  searchQuery,
} from '../contract/http.ts'
import { unmaskSchema } from '../contract/security.ts'
import { extensionSchema, newStaffSchema, roles, setUpSchema, signInSchema } from '../contract/staff.ts'
import { apiKeysPolicy } from './api-keys-policy.ts'
import { attachmentsPolicy } from './attachments-policy.ts'
import { callbacksPolicy } from './callbacks-policy.ts'
import type { HttpDoor } from './door.ts'
import { deskToolsPolicy } from './desk-policy.ts'
import { casesPolicy } from './cases-policy.ts'
import { editorsPolicy } from './editors-policy.ts'
import { outboxPolicy } from './outbox-policy.ts'
import { figuresPolicy } from './figures-policy.ts'
import { queuePolicy } from './queue-policy.ts'
import { securityPolicy } from './security-policy.ts'
import { tellingPolicy } from './telling-policy.ts'
import { watchingPolicy } from './watching-policy.ts'
import { wechatPeoplePolicy } from './wechat-people-policy.ts'
import { wechatPolicy } from './wechat-policy.ts'

/** Who works here; the security administrator and the auditor watch over it, and see their own pages alone. */
const staff = ['agent', 'supervisor', 'editor', 'reviewer', 'officer', 'administrator'] as const
const cases = ['officer', 'supervisor', 'administrator'] as const
const editors = ['editor', 'reviewer'] as const

export const httpPolicy = {
  'GET /': { who: 'anyone', limit: 'page', summary: 'the front page' },
  'GET /topics': { who: 'anyone', limit: 'page', summary: 'the printed list of topics and their codes' },
  'GET /policy': { who: 'anyone', limit: 'page', summary: 'published entries by place and topic (政策地图)' },
  'GET /policy/:id': {
    who: 'anyone',
    limit: 'page',
    params: entryParams,
    summary: 'one published entry with its code to scan (码上查)',
  },
  'GET /widget/*path': { who: 'anyone', limit: 'page', summary: "the widget's files" },
  'GET /console{/*path}': { who: 'anyone', limit: 'page', summary: "the console's files" },
  'GET /healthz': { who: 'anyone', limit: 'page', summary: 'the process lives' },
  'GET /readyz': { who: 'anyone', limit: 'page', summary: 'the process can serve' },
  'GET /metrics': { who: 'loopback', limit: 'page', summary: 'Prometheus metrics' },
  'GET /api/openapi.json': { who: 'anyone', limit: 'page', summary: 'this table as OpenAPI' },

  'POST /api/ask': {
    who: 'anyone',
    limit: 'ask',
    body: askSchema,
    summary: 'one question, one decision; nothing is stored',
  },
  'POST /api/visitors': { who: 'anyone', limit: 'visitor', body: noBody, summary: 'a pass for a new visitor' },
  'GET /api/widget/settings': {
    who: 'anyone',
    limit: 'page',
    query: noQuery,
    summary: 'what the panel needs before the first word',
  },
  'GET /api/working-days/due': {
    who: 'anyone',
    limit: 'ask',
    query: dueQuery,
    summary: 'the day a number of working days ends',
  },

  'POST /api/session': { who: 'anyone', limit: 'sign-in', body: signInSchema, summary: 'sign in' },
  'GET /api/session': {
    who: roles,
    beforeEnrolment: true,
    limit: 'staff',
    query: noQuery,
    summary: 'who is signed in',
  },
  'POST /api/session/use': {
    who: roles,
    beforeEnrolment: true,
    limit: 'staff',
    body: noBody,
    summary: 'somebody sits at the console: they stay signed in',
  },
  'DELETE /api/session': { who: roles, beforeEnrolment: true, limit: 'staff', summary: 'sign out' },
  'POST /api/setup': {
    who: 'anyone',
    limit: 'sign-in',
    body: setUpSchema,
    summary: 'the first administrator sets a password',
  },

  'GET /api/staff': {
    who: ['administrator', 'security', 'supervisor'],
    limit: 'staff',
    query: noQuery,
    summary: 'members of staff',
  },
  'POST /api/staff': { who: ['administrator'], limit: 'staff', body: newStaffSchema, summary: 'a new member of staff' },
  'POST /api/staff/:id/extension': {
    who: ['administrator'],
    limit: 'staff',
    params: idParams,
    body: extensionSchema,
    summary: 'the desk phone of a member of staff',
  },

  'GET /api/search': { who: staff, limit: 'staff', query: searchQuery, summary: 'knowledge for the side panel' },
  'GET /api/entries': { who: staff, limit: 'staff', query: entriesQuery, summary: 'entries' },
  'POST /api/entries': { who: ['editor'], limit: 'staff', body: newEntrySchema, summary: 'a new entry, as a draft' },
  'GET /api/entries/:id': { who: staff, limit: 'staff', params: entryParams, summary: 'an entry with its revisions' },
  'POST /api/entries/:id/revisions': {
    who: ['editor'],
    limit: 'staff',
    params: entryParams,
    body: newRevisionSchema,
    summary: 'a new draft of an entry',
  },
  'POST /api/revisions/:id/:move': {
    who: editors,
    limit: 'staff',
    params: revisionMoveParams,
    body: revisionMoveBody,
    summary: 'submit, approve, publish, withdraw',
  },

  'GET /api/conversations/:id': {
    who: ['agent', ...cases],
    limit: 'staff',
    params: idParams,
    summary: 'a conversation, personal data masked',
  },
  'GET /api/conversations/:id/earlier': {
    who: ['agent', ...cases],
    limit: 'staff',
    params: idParams,
    query: earlierQuery,
    summary: 'more of what one citizen came with before',
  },
  'GET /api/conversations/:id/summaries': {
    who: ['agent', ...cases],
    limit: 'staff',
    params: idParams,
    summary: 'what agents wrote at the end of their parts',
  },
  'GET /api/figures/calls': {
    who: ['supervisor', 'administrator'],
    limit: 'staff',
    query: noQuery,
    summary: 'calls of the last 24 hours: 接通率 and the 15-second share',
  },

  'GET /api/cases': { who: cases, limit: 'staff', query: casesQuery, summary: 'cases, overdue first' },
  'GET /api/cases/:id': {
    who: cases,
    limit: 'staff',
    params: idParams,
    summary: 'a case with its timeline',
  },
  'POST /api/cases/:id/contact': {
    who: cases,
    limit: 'reveal',
    params: idParams,
    body: unmaskSchema,
    summary: 'the number a citizen left; audited with the reason',
  },
  'POST /api/cases/:id/moves': {
    who: cases,
    limit: 'staff',
    params: idParams,
    body: caseMoveSchema,
    summary: 'the next step of a case',
  },

  ...editorsPolicy,
  ...outboxPolicy,
  ...figuresPolicy,
  ...casesPolicy,
  ...callbacksPolicy,
  ...queuePolicy,
  ...deskToolsPolicy,
  ...securityPolicy,
  ...tellingPolicy,
  ...attachmentsPolicy,
  ...wechatPolicy,
  ...wechatPeoplePolicy,
  ...watchingPolicy,
  ...apiKeysPolicy,
} as const satisfies Record<string, HttpDoor>

export type HttpDoorName = keyof typeof httpPolicy

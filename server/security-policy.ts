/** The doors of what protects the rest, as policy.ts has them: accounts, second factor, audit, citizens' own data, retention. */
import { idParams, noBody, noQuery } from '../contract/http.ts'
import {
  auditCheckQuery,
  auditExportQuery,
  auditQuery,
  dataCopySchema,
  dataEraseSchema,
  dataRequestsQuery,
  ownPasswordSchema,
  passCopySchema,
  passSchema,
  passwordOnlySchema,
  retentionSchema,
  staffDisableSchema,
  staffRolesSchema,
  totpConfirmSchema,
  totpRemoveSchema,
  unmaskSchema,
} from '../contract/security.ts'
import { offices, roles } from '../contract/staff.ts'
import type { HttpDoor } from './door.ts'

const accounts = ['administrator', 'security'] as const
const security = ['security'] as const
const auditor = ['auditor'] as const
const limit = 'staff'
const byId = { limit, params: idParams } as const
/** Of one's own account: open before a second factor is enrolled. */
const own = { who: roles, beforeEnrolment: true } as const

export const securityPolicy = {
  'POST /api/staff/:id/roles': { who: security, ...byId, body: staffRolesSchema, summary: 'the roles of a colleague' },
  'POST /api/staff/:id/disable': {
    who: accounts,
    ...byId,
    body: staffDisableSchema,
    summary: 'an account is stopped, its sessions end at once',
  },
  'POST /api/staff/:id/enable': { who: accounts, ...byId, body: noBody, summary: 'a stopped account is opened again' },
  'POST /api/staff/:id/password-reset': {
    who: accounts,
    ...byId,
    body: noBody,
    summary: 'the password is void; a one-time link for the next one',
  },
  'POST /api/staff/:id/confirm': {
    who: offices,
    ...byId,
    body: noBody,
    summary: 'an account with an office is its holder’s, says somebody of another office',
  },
  'GET /api/staff-unconfirmed': {
    who: offices,
    limit,
    query: noQuery,
    summary: 'accounts with an office that nobody has confirmed yet',
  },
  'POST /api/staff/:id/unlock': {
    who: security,
    ...byId,
    body: noBody,
    summary: 'an account that wrong passwords locked',
  },
  'POST /api/staff/:id/totp-reset': {
    who: security,
    ...byId,
    body: noBody,
    summary: "a colleague's second factor is taken off",
  },

  'POST /api/password': { ...own, limit: 'sign-in', body: ownPasswordSchema, summary: 'change the own password' },
  'GET /api/totp': { ...own, limit, query: noQuery, summary: 'the own second factor' },
  'POST /api/totp': { ...own, limit: 'sign-in', body: passwordOnlySchema, summary: 'a secret for the authenticator' },
  'POST /api/totp/confirm': {
    ...own,
    limit: 'sign-in',
    body: totpConfirmSchema,
    summary: 'the first code; gives the recovery codes, once',
  },
  'POST /api/totp/remove': { ...own, limit: 'sign-in', body: totpRemoveSchema, summary: 'take the own factor off' },

  'POST /api/conversations/:id/unmask': {
    who: ['agent', 'supervisor'],
    limit: 'reveal',
    params: idParams,
    body: unmaskSchema,
    summary: 'the numbers that a citizen typed, whole; audited with the reason',
  },

  'GET /api/audit': { who: auditor, limit, query: auditQuery, summary: 'the audit log' },
  'GET /api/audit-table': { who: auditor, limit, query: auditExportQuery, summary: 'the audit log as a table' },
  'GET /api/audit-anchors': {
    who: auditor,
    limit,
    query: noQuery,
    summary: 'the daily heads of the chain kept outside of the database, compared',
  },
  'GET /api/audit-check': {
    who: auditor,
    limit,
    query: auditCheckQuery,
    summary: 'one slice of the chain, and where it is broken',
  },

  'GET /api/security': { who: security, limit, query: noQuery, summary: 'what is protected, and what is not yet' },
  'GET /api/data-requests': {
    who: security,
    limit,
    query: dataRequestsQuery,
    summary: 'what citizens asked about their own data',
  },
  'POST /api/data-requests/copy': {
    who: security,
    limit: 'reveal',
    body: dataCopySchema,
    summary: 'all that is kept of the owner of a number, as a file',
  },
  'POST /api/data-requests/erase': {
    who: security,
    limit: 'reveal',
    body: dataEraseSchema,
    summary: 'what the owner of a number said is taken out',
  },
  'GET /api/retention': { who: accounts, limit, query: noQuery, summary: 'how long things are kept' },
  'POST /api/retention': {
    who: ['administrator'],
    limit,
    body: retentionSchema,
    summary: 'how long one kind of things is kept',
  },

  'POST /api/visitors/records': {
    who: 'anyone',
    limit: 'form',
    body: passCopySchema,
    summary: "a visitor's own conversations, ratings and cases, as a file",
  },
  'POST /api/visitors/erasure': {
    who: 'anyone',
    limit: 'form',
    body: passSchema,
    summary: 'what a visitor said is taken out, and the pass is void',
  },
} as const satisfies Record<string, HttpDoor>

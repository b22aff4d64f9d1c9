/** The doors of 整改 beside the cases themselves, as policy.ts has them: follow-up, rules, holidays, work orders. */
import { caseRuleKeySchema, caseRuleSchema } from '../contract/case-rule.ts'
import { evidenceUploadQuery } from '../contract/case-evidence.ts'
import { caseFilingSchema } from '../contract/case-filing.ts'
import {
  caseExtensionSchema,
  caseOwnerSchema,
  caseOwnersQuery,
  casesTableQuery,
  followUpSchema,
  followUpsQuery,
} from '../contract/case.ts'
import { caseProgressQuery } from '../contract/case-progress.ts'
import { holidaysQuery, holidayYearSchema } from '../contract/holiday.ts'
import { idParams, noQuery } from '../contract/http.ts'
import {
  workOrderResultsQuery,
  workOrdersGivenSchema,
  workOrdersQuery,
  workOrdersSchema,
  workOrdersTableQuery,
} from '../contract/work-order.ts'
import type { HttpDoor } from './door.ts'

const cases = ['officer', 'supervisor', 'administrator'] as const
const ruling = ['supervisor', 'administrator'] as const
const limit = 'staff'

export const casesPolicy = {
  'POST /api/conversations/:id/cases': {
    who: ['agent', ...cases],
    limit,
    params: idParams,
    body: caseFilingSchema,
    summary: 'what a citizen told a member of staff becomes a case (立投诉单); audited',
  },
  'POST /api/cases/:id/extension': {
    who: cases,
    limit,
    params: idParams,
    body: caseExtensionSchema,
    summary: 'more time for a case, before it is due; told to the citizen',
  },
  'POST /api/cases/:id/owner': {
    who: ruling,
    limit,
    params: idParams,
    body: caseOwnerSchema,
    summary: 'a case is given to another owner (改派); audited with the reason',
  },
  'GET /api/case-owners': {
    who: cases,
    limit,
    query: caseOwnersQuery,
    summary: 'who works cases, or may be given one',
  },
  'GET /api/case-progress': {
    who: ['agent', ...cases],
    limit,
    query: caseProgressQuery,
    summary: 'where a case stands, as much as its citizen may hear, by its number',
  },
  'POST /api/cases/:id/follow-ups': {
    who: cases,
    limit,
    params: idParams,
    body: followUpSchema,
    summary: 'a call back to the citizen, reached or not',
  },
  'GET /api/cases/:id/evidence': {
    who: cases,
    limit,
    params: idParams,
    query: noQuery,
    summary: 'files that prove what was done for a case',
  },
  'POST /api/cases/:id/evidence': {
    who: cases,
    limit: 'upload',
    params: idParams,
    query: evidenceUploadQuery,
    summary: 'a picture or a paper as evidence (the body); drawn anew, sealed, audited',
  },
  'GET /api/case-evidence/:id': {
    who: cases,
    limit,
    params: idParams,
    query: noQuery,
    summary: 'one such file, to be saved; audited',
  },
  'GET /api/cases-table': { who: cases, limit, query: casesTableQuery, summary: 'cases as a table; audited' },
  'GET /api/follow-ups': { who: cases, limit, query: followUpsQuery, summary: 'who is to be asked about a fix' },

  'GET /api/case-rules': { who: cases, limit, query: noQuery, summary: 'how many days each kind of case has' },
  'POST /api/case-rules': {
    who: ruling,
    limit,
    body: caseRuleSchema,
    summary: 'the days of a kind, in a city or everywhere',
  },
  'POST /api/case-rules/remove': {
    who: ruling,
    limit,
    body: caseRuleKeySchema,
    summary: 'a city has no days of its own any more',
  },
  'GET /api/holidays': {
    who: cases,
    limit,
    query: holidaysQuery,
    summary: "a year's days off and days worked instead",
  },
  'POST /api/holidays': {
    who: ruling,
    limit,
    body: holidayYearSchema,
    summary: "a year's notice; deadlines that are counted through it are counted again",
  },

  'GET /api/work-orders': { who: cases, limit, query: workOrdersQuery, summary: 'work orders of 12345' },
  'POST /api/work-orders': {
    who: cases,
    limit,
    body: workOrdersSchema,
    summary: 'work orders, and what became of earlier ones, are taken in, all or none',
  },
  'GET /api/work-orders-template': { who: cases, limit, query: noQuery, summary: 'an empty table with instructions' },
  'POST /api/work-orders-table': {
    who: cases,
    limit,
    query: workOrdersTableQuery,
    summary: 'work orders as a table (xlsx or csv, as the body), all or none',
  },
  'GET /api/work-order-results': {
    who: cases,
    limit,
    query: workOrderResultsQuery,
    summary: 'what became of work orders, for 12345; audited',
  },
  'POST /api/work-orders/given-back': {
    who: cases,
    limit,
    body: workOrdersGivenSchema,
    summary: 'these results were given back to 12345',
  },
} as const satisfies Record<string, HttpDoor>

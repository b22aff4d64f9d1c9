/** The doors of figures, reports, ratings by link and what is published, as policy.ts has them. */
import {
  figureParams,
  figureRowsQuery,
  figureSplitQuery,
  figuresQuery,
  ratingsExportQuery,
} from '../contract/figure.ts'
import { idParams, noQuery } from '../contract/http.ts'
import { newWindowSchema, reasonListsSchema, windowOpenSchema } from '../contract/rating.ts'
import { reportsQuery } from '../contract/report.ts'
import type { HttpDoor } from './door.ts'

const reading = ['supervisor', 'administrator'] as const
const limit = 'staff'

export const figuresPolicy = {
  'GET /api/figures': { who: reading, limit, query: figuresQuery, summary: 'every figure of a stretch of time' },
  'GET /api/figures-split': {
    who: reading,
    limit,
    query: figureSplitQuery,
    summary: 'figures by day, channel, agent …',
  },
  'GET /api/figures/:id/rows': {
    who: reading,
    limit,
    params: figureParams,
    query: figureRowsQuery,
    summary: 'the rows that a figure was counted from, personal data masked',
  },
  'GET /api/figures/:id/table': {
    who: reading,
    limit,
    params: figureParams,
    query: figureRowsQuery,
    summary: 'the same rows as xlsx; audited',
  },
  'GET /api/figure-bursts': {
    who: reading,
    limit,
    query: noQuery,
    summary: 'topics asked unusually often in the last hour',
  },
  'GET /api/reports': {
    who: reading,
    limit,
    query: reportsQuery,
    summary: 'weekly and monthly reports that were kept',
  },
  'GET /api/reports/:id': { who: reading, limit, params: idParams, summary: 'a report as it was written' },
  'GET /api/reports/:id/table': { who: reading, limit, params: idParams, summary: 'the same as xlsx; audited' },

  'GET /public': { who: 'anyone', limit: 'page', summary: 'ratings and rectification as published' },
  // Their handlers read the address themselves: whoever follows half a link is told so on a page.
  'GET /rate/window/:code': {
    who: 'anyone',
    limit: 'page',
    summary: 'the QR code of a window leads here, and on to a fresh rating',
  },
  'GET /rate/:token': { who: 'anyone', limit: 'page', summary: 'a rating by link' },
  'POST /rate/:token': { who: 'anyone', limit: 'form', summary: 'the same, given: a form, once' },
  'GET /api/ratings-export': {
    who: reading,
    limit,
    query: ratingsExportQuery,
    summary: 'ratings for a provincial system, as JSON; audited',
  },
  'GET /api/reasons': { who: reading, limit, query: noQuery, summary: 'the lists of reasons, every version' },
  'POST /api/reasons': { who: ['supervisor'], limit, body: reasonListsSchema, summary: 'a new version of the lists' },
  'GET /api/windows': { who: reading, limit, query: noQuery, summary: 'windows with a QR code' },
  'POST /api/windows': { who: ['supervisor'], limit, body: newWindowSchema, summary: 'a window gets a QR code' },
  'POST /api/windows/:id/open': {
    who: ['supervisor'],
    limit,
    params: idParams,
    body: windowOpenSchema,
    summary: 'a window takes ratings, or takes none any more',
  },
  'GET /api/windows/:id/code': { who: reading, limit, params: idParams, summary: "a window's QR code, as SVG" },
} as const satisfies Record<string, HttpDoor>

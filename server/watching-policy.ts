/** The doors of what staff are told by the system, and of jobs that were given up, as policy.ts has them. */
import { alertsQuery, myContactsSchema } from '../contract/alert.ts'
import { idParams, noBody, noQuery } from '../contract/http.ts'
import { jobAgainSchema, jobParams } from '../contract/job.ts'
import { roles } from '../contract/staff.ts'
import type { HttpDoor } from './door.ts'

const limit = 'staff'
const keepers = ['administrator'] as const

export const watchingPolicy = {
  'GET /api/alerts': { who: roles, limit, query: alertsQuery, summary: 'what the system told this member of staff' },
  'POST /api/alerts/:id/seen': { who: roles, limit, params: idParams, body: noBody, summary: 'one of them was seen' },
  'POST /api/alerts-seen': { who: roles, limit, body: noBody, summary: 'all of them were seen' },
  'GET /api/my-contacts': { who: roles, limit, query: noQuery, summary: 'where one is written to, masked' },
  'POST /api/my-contacts': {
    who: roles,
    limit,
    body: myContactsSchema,
    summary: 'where one wants to be written to; audited',
  },
  'GET /api/jobs': { who: keepers, limit, query: noQuery, summary: 'jobs that were given up, and how many wait' },
  'POST /api/jobs/:id/again': {
    who: keepers,
    limit,
    params: jobParams,
    body: jobAgainSchema,
    summary: 'a job that was given up is put back; audited',
  },
} as const satisfies Record<string, HttpDoor>

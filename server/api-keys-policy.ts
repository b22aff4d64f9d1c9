/** The doors of keys, and those that a key opens, as policy.ts has them. docs/work-orders.md tells the other side. */
import { z } from 'zod'
import { newApiKeySchema } from '../contract/api-key.ts'
import { idParams, noBody, noQuery } from '../contract/http.ts'
import { workOrderResultsQuery, workOrdersGivenSchema, workOrdersSchema } from '../contract/work-order.ts'
import type { HttpDoor } from './door.ts'

const orders = { who: 'key', scope: 'orders', limit: 'key' } as const

export const apiKeysPolicy = {
  'GET /api/keys': {
    who: ['administrator', 'security'],
    limit: 'staff',
    query: noQuery,
    summary: 'keys of other systems, as they begin',
  },
  'POST /api/keys': {
    who: ['administrator'],
    limit: 'form',
    body: newApiKeySchema,
    summary: 'a new key, told once; audited',
  },
  'POST /api/keys/:id/revoke': {
    who: ['administrator', 'security'],
    limit: 'staff',
    params: idParams,
    body: noBody,
    summary: 'a key opens nothing any more; audited',
  },
  'POST /api/v1/work-orders': {
    ...orders,
    body: workOrdersSchema,
    summary: 'work orders are taken in by key, all or none; audited',
  },
  'GET /api/v1/work-order-results': {
    ...orders,
    query: z.strictObject({ all: workOrderResultsQuery.shape.all }),
    summary: 'what became of work orders, by key; audited',
  },
  'POST /api/v1/work-orders/given-back': {
    ...orders,
    body: workOrdersGivenSchema,
    summary: 'these results have reached 12345, by key; audited',
  },
} as const satisfies Record<string, HttpDoor>

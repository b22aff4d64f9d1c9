/** For whoever watches the process: alive, ready, metrics, and the doors as OpenAPI. */
import type { Registry } from 'prom-client'
import type { Doors } from './doors.ts'
import { openApi } from './open-api.ts'

export type Readiness = {
  database: () => Promise<boolean>
  search: () => boolean
  phone: () => 'up' | 'down' | 'off'
  isDraining: () => boolean
}

export function healthRoutes(doors: Doors, parts: { readiness: Readiness; metrics: Registry }): void {
  const { readiness, metrics } = parts
  doors.open('GET /healthz', () => ({ ok: true }))
  doors.open('GET /readyz', async ({ res }) => {
    const database = await readiness.database()
    const search = readiness.search()
    const ready = database && search && !readiness.isDraining()
    res.status(ready ? 200 : 503)
    return { ready, database: database ? 'up' : 'down', search: search ? 'up' : 'down', phone: readiness.phone() }
  })
  doors.open('GET /metrics', async ({ res }) => {
    res.type(metrics.contentType).send(await metrics.metrics())
  })
  const document = openApi()
  doors.open('GET /api/openapi.json', () => document)
}

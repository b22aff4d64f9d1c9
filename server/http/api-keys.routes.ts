/** Keys of other systems: made, listed, revoked; and the doors of the work orders that a key opens. */
import type { ApiKeyRow, MadeApiKey } from '../../contract/api-key.ts'
import type { AuditAct } from '../../contract/audit.ts'
import { faultyField, Problem } from '../../contract/problem.ts'
import type { TakenView } from '../../contract/work-order.ts'
import { apiKeysStore, type KeyHolder } from '../../desk/api-keys.store.ts'
import { auditStore } from '../../desk/audit.store.ts'
import type { TellStaff } from '../../desk/case-news.ts'
import type { Sealer } from '../../desk/sealer.ts'
import { workOrders } from '../../desk/work-orders.ts'
import type { Db } from '../db/database.ts'
import type { Doors } from './doors.ts'

type Parts = { db: Db; sealer: Sealer; tellStaff: TellStaff; now: () => Date }

const mostAudited = 200

export function apiKeysRoutes(doors: Doors, { db, sealer, tellStaff, now }: Parts): void {
  doors.open('GET /api/keys', async () => ({ keys: await apiKeysStore(db).list() }) satisfies { keys: ApiKeyRow[] })
  doors.open('POST /api/keys', async ({ body, signedIn, res }) => {
    const { staffId } = signedIn.actor
    const made: MadeApiKey = await db.transaction().execute(async (tx) => {
      const fresh = await apiKeysStore(tx).make(body, staffId, now())
      if (!fresh) throw faultyField('name', '已有同名的密钥在用')
      const detail = { name: body.name, scopes: body.scopes, days: body.days }
      await auditStore(tx).record({ staffId, act: 'key.make', subject: fresh.id, detail }, now())
      return fresh
    })
    res.set('cache-control', 'no-store')
    return made
  })
  doors.open('POST /api/keys/:id/revoke', async ({ params: { id }, signedIn }) => {
    const { staffId } = signedIn.actor
    await db.transaction().execute(async (tx) => {
      if (!(await apiKeysStore(tx).revoke(id, staffId, now()))) throw new Problem('not_found', `no key ${id} in force`)
      await auditStore(tx).record({ staffId, act: 'key.revoke', subject: id }, now())
    })
    return { ok: true }
  })

  doors.open('POST /api/v1/work-orders', ({ body, keyed }) =>
    db.transaction().execute(async (tx) => {
      const view = await workOrders(tx, sealer, tellStaff).takeIn(body, keyed.madeBy, now())
      const { taken, known, changed } = view
      await note(tx, keyed, 'work-order.take-in', { taken, known, changed })
      return view satisfies TakenView
    }),
  )
  doors.open('GET /api/v1/work-order-results', async ({ query, keyed, res }) => {
    const results = await workOrders(db, sealer).results(query.all === '1', now())
    await note(db, keyed, 'work-order.export', { format: 'json', results: results.length })
    res.set('cache-control', 'no-store')
    return { results }
  })
  doors.open('POST /api/v1/work-orders/given-back', ({ body, keyed }) =>
    db.transaction().execute(async (tx) => {
      const given = await workOrders(tx, sealer).givenBack(body.numbers, keyed.madeBy, now())
      await note(tx, keyed, 'work-order.give-back', { numbers: body.numbers.slice(0, mostAudited), given })
      return { given }
    }),
  )

  /** Nobody of the staff did it: the key stands in the record. */
  const note = (tx: Db, { keyId, name }: KeyHolder, act: AuditAct, detail: Record<string, unknown>) =>
    auditStore(tx).record({ act, subject: 'work-orders', detail: { ...detail, keyId, key: name } }, now())
}

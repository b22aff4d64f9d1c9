/** 缺口 for editors: what nobody answered, and what they make of it. */
import { Problem, faultyField } from '../../contract/problem.ts'
import { auditStore, type Act } from '../../desk/audit.store.ts'
import { staffStore } from '../../desk/staff.store.ts'
import { businessDay } from '../../desk/working-days.ts'
import { gapListsStore } from '../../knowledge/gap-lists.store.ts'
import { gaps } from '../../knowledge/gaps.ts'
import type { Db } from '../db/database.ts'
import type { Doors } from './doors.ts'

type Parts = { db: Db; now: () => Date }
const editing = ['editor', 'reviewer'] as const

export function gapsRoutes(doors: Doors, { db, now }: Parts): void {
  const lists = gapListsStore(db)
  const today = () => businessDay(now())

  /** What is done and its line in the audit trail, together or not at all. */
  function done<T>(act: (tx: Db) => Promise<T>, line: (value: T) => Act): Promise<T> {
    return db.transaction().execute(async (tx) => {
      const value = await act(tx)
      await auditStore(tx).record(line(value), now())
      return value
    })
  }

  async function editors() {
    const all = await staffStore(db).list()
    return all
      .filter(({ roles }) => editing.some((role) => roles.includes(role)))
      .map(({ id, displayName }) => ({ id, name: displayName }))
  }

  doors.open('GET /api/editors', async () => ({ editors: await editors() }))

  doors.open('GET /api/gaps', async ({ query, signedIn }) => {
    const { mine, overdue, ...filter } = query
    const ownerId = mine && signedIn.actor.staffId
    const { rows, total } = await lists.list({ ...filter, ownerId, overdue: overdue === '1' }, today())
    return { gaps: rows, total }
  })

  doors.open('GET /api/gaps/:id', async ({ params }) => {
    const view = await lists.view(params.id, today())
    if (!view) throw new Problem('not_found', `no gap ${params.id}`)
    return view
  })

  doors.open('POST /api/gaps/:id/owner', async ({ params, body, signedIn }) => {
    const { staffId } = signedIn.actor
    if (body.ownerId && !(await editors()).some(({ id }) => id === body.ownerId))
      throw faultyField('ownerId', '没有这位知识编辑或审核')
    await done(
      (tx) => gaps(tx).give(params.id, body),
      () => ({ staffId, act: 'gap.give', subject: params.id, detail: body }),
    )
    return { ok: true }
  })

  doors.open('POST /api/gaps/:id/draft', async ({ params, body, signedIn }) => {
    const { staffId } = signedIn.actor
    const revision = await done(
      (tx) => gaps(tx).draft(params.id, body.wording, { staffId, now: now() }, body.id),
      ({ id }) => ({ staffId, act: 'gap.draft', subject: params.id, detail: { revision: id } }),
    )
    return { id: revision.entryId, revision }
  })

  doors.open('POST /api/gaps/:id/attach', async ({ params, body, signedIn }) => {
    const { staffId } = signedIn.actor
    const revision = await done(
      (tx) => gaps(tx).attach(params.id, body.entryId, { staffId, now: now() }),
      ({ id }) => ({ staffId, act: 'gap.attach', subject: params.id, detail: { revision: id } }),
    )
    return { id: revision.entryId, revision }
  })

  doors.open('POST /api/gaps/:id/merge', async ({ params, body, signedIn }) => {
    const { staffId } = signedIn.actor
    const moved = await done(
      (tx) => gaps(tx).merge(params.id, body.into, now()),
      (questions) => ({ staffId, act: 'gap.merge', subject: params.id, detail: { into: body.into, questions } }),
    )
    return { moved }
  })

  doors.open('POST /api/gaps/:id/take-out', async ({ params, body, signedIn }) => {
    const { staffId } = signedIn.actor
    const id = await done(
      (tx) => gaps(tx).takeOut(params.id, body, now()),
      (fresh) => ({ staffId, act: 'gap.take-out', subject: params.id, detail: { gap: fresh } }),
    )
    return { id }
  })

  doors.open('POST /api/gaps/:id/dismiss', async ({ params, body, signedIn }) => {
    const { staffId } = signedIn.actor
    await done(
      (tx) => gaps(tx).dismiss(params.id, body.reason, now()),
      () => ({ staffId, act: 'gap.dismiss', subject: params.id, detail: { reason: body.reason } }),
    )
    return { ok: true }
  })

  doors.open('POST /api/gaps/:id/reopen', async ({ params, signedIn }) => {
    const { staffId } = signedIn.actor
    await done(
      (tx) => gaps(tx).reopen(params.id, now()),
      () => ({ staffId, act: 'gap.reopen', subject: params.id }),
    )
    return { ok: true }
  })
}

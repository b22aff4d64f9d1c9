/** Cases for those who work them: the worklist, one case, its moves, more time, and who is to be asked about a fix. */
import { progressWords } from '../../bot/case-wording.ts'
import { firstAskedNumber } from '../../bot/first-asked.ts'
import type { Rectification } from '../../bot/rectification.ts'
import type { CaseCounts, CaseOwner, CaseRow, CaseView, FollowUpRate, FollowUpRow } from '../../contract/case.ts'
import type { CaseProgress } from '../../contract/case-progress.ts'
import { Problem } from '../../contract/problem.ts'
import { auditStore } from '../../desk/audit.store.ts'
import type { CaseFilter } from '../../desk/case-lists.store.ts'
import { caseOwners } from '../../desk/case-owners.ts'
import { caseProgress } from '../../desk/case-progress.ts'
import { cases } from '../../desk/cases.ts'
import { maskText } from '../../desk/masking.ts'
import type { Sealer } from '../../desk/sealer.ts'
import { workOrders } from '../../desk/work-orders.ts'
import { businessDay } from '../../desk/working-days.ts'
import { casesTable } from '../case-tables.ts'
import type { Db } from '../db/database.ts'
import type { Doors } from './doors.ts'
import { download } from './download.ts'

const mostExported = 20_000

type Parts = { db: Db; sealer: Sealer; rectification: Rectification; now: () => Date }

export function casesRoutes(doors: Doors, { db, sealer, rectification, now }: Parts): void {
  const desk = cases(db, sealer)

  doors.open('GET /api/cases', async ({ query, signedIn }) => {
    const { staffId } = signedIn.actor
    const { limit, offset, ...filter } = query
    const { rows, total } = await desk.list({ ...wantedOf(filter, staffId), limit, offset, viewerId: staffId }, now())
    const counts = await desk.counts(staffId, now())
    return { cases: rows, total, counts } satisfies { cases: CaseRow[]; total: number; counts: CaseCounts }
  })

  doors.open('POST /api/conversations/:id/cases', ({ params, body, signedIn }) =>
    rectification.file(params.id, body, signedIn.actor),
  )

  doors.open('GET /api/cases/:id', async ({ params, signedIn }) => {
    const { staffId, roles } = signedIn.actor
    await desk.mustMaySee(params.id, staffId)
    const view = await desk.view(params.id, roles, now(), staffId)
    const firstAsked = view.conversationId && (await firstAskedNumber(db, view.conversationId))
    return { ...view, ...(firstAsked && { firstAskedNumber: firstAsked }) } satisfies CaseView
  })

  doors.open('POST /api/cases/:id/contact', async ({ params, body, signedIn }) => {
    const { staffId } = signedIn.actor
    await desk.mustMaySee(params.id, staffId)
    const phone = await desk.contactOf(params.id)
    const person = await workOrders(db, sealer).personOf(params.id)
    if (!phone && !person) throw new Problem('not_found', `nobody by name or number in case ${params.id}`)
    // A number in the reason is not kept.
    const detail = { reason: maskText(body.reason) }
    await auditStore(db).record({ staffId, act: 'case.contact', subject: params.id, detail }, now())
    return { phone, person }
  })

  doors.open('POST /api/cases/:id/moves', async ({ params, body, signedIn }) => {
    await desk.mustMaySee(params.id, signedIn.actor.staffId)
    return rectification.move(params.id, body, signedIn.actor)
  })
  doors.open('POST /api/cases/:id/owner', async ({ params, body, signedIn }) => {
    await desk.mustMaySee(params.id, signedIn.actor.staffId)
    return rectification.assign(params.id, body, signedIn.actor)
  })
  doors.open('GET /api/case-owners', async ({ query, signedIn }) => {
    if (query.case) await desk.mustMaySee(query.case, signedIn.actor.staffId)
    return { owners: await caseOwners(db).offered(query.case) } satisfies { owners: CaseOwner[] }
  })
  doors.open('GET /api/case-progress', async ({ query, signedIn }) => {
    const { progress } = await caseProgress(db, sealer).forStaff(query.number, signedIn.actor.staffId)
    return { ...progress, words: progressWords(progress, businessDay(now())) } satisfies CaseProgress
  })
  doors.open('POST /api/cases/:id/extension', async ({ params, body, signedIn }) => {
    await desk.mustMaySee(params.id, signedIn.actor.staffId)
    return rectification.extend(params.id, body, signedIn.actor)
  })
  doors.open('POST /api/cases/:id/follow-ups', async ({ params, body, signedIn }) => {
    await desk.mustMaySee(params.id, signedIn.actor.staffId)
    return rectification.followUp(params.id, body, signedIn.actor)
  })

  doors.open('GET /api/follow-ups', async ({ query, signedIn }) => {
    const { staffId } = signedIn.actor
    const { mine, ...page } = query
    const { rows, total } = await desk.followUps({ ...page, ownerId: mine && staffId, viewerId: staffId }, now())
    const rate = await desk.followUpRate(now())
    return { followUps: rows, total, rate } satisfies { followUps: FollowUpRow[]; total: number; rate: FollowUpRate }
  })

  doors.open('GET /api/cases-table', async ({ query, signedIn, res }) => {
    const { staffId } = signedIn.actor
    const { format, ...filter } = query
    const chosen = wantedOf(filter, staffId)
    const wanted = { ...chosen, viewerId: staffId, limit: mostExported, offset: 0 }
    const { rows } = await desk.list(wanted, now())
    // What is looked for may be a number or a name, and stays in the trail for good.
    const words = chosen.words && { words: maskText(chosen.words) }
    const detail = { ...chosen, ...words, format, rows: rows.length }
    await auditStore(db).record({ staffId, act: 'case.export', subject: 'cases', detail }, now())
    download(res, `整改单-${businessDay(now())}.${format}`, casesTable(rows, format))
  })
}

type Asked = Omit<CaseFilter, 'limit' | 'offset' | 'overdue'> & { owner?: string; overdue?: '1' }

/** What is chosen by words of the address, as the desk knows it. */
function wantedOf({ owner, overdue, ...filter }: Asked, staffId: string): Omit<CaseFilter, 'limit' | 'offset'> {
  const isUnowned = owner === 'none'
  const ownerId = owner === 'mine' ? staffId : isUnowned ? undefined : owner
  return { ...filter, ownerId, isUnowned, overdue: overdue === '1' }
}

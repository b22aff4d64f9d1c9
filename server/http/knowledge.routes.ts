/** Entries and their revisions for editors and reviewers; the agents' search. */
import { Problem } from '../../contract/problem.ts'
import type { Role } from '../../contract/staff.ts'
import { auditStore } from '../../desk/audit.store.ts'
import { businessDay } from '../../desk/working-days.ts'
import type { Answerer } from '../../knowledge/answerer.ts'
import { entryListsStore } from '../../knowledge/entry-lists.store.ts'
import { review } from '../../knowledge/review.ts'
import type { RevisionMove } from '../../knowledge/revision-moves.ts'
import type { Db } from '../db/database.ts'
import type { Doors } from './doors.ts'

const hitsShown = 8

/** Whoever writes submits, whoever reviews approves; what both have seen either may publish or take back. */
const rolesOf: Record<RevisionMove, readonly Role[]> = {
  submit: ['editor'],
  approve: ['reviewer'],
  publish: ['editor', 'reviewer'],
  withdraw: ['editor', 'reviewer'],
}

type Parts = { db: Db; answers: () => Answerer; refreshKnowledge: () => Promise<void>; now: () => Date }

export function knowledgeRoutes(doors: Doors, { db, answers, refreshKnowledge, now }: Parts): void {
  const lists = entryListsStore(db)

  doors.open('GET /api/search', ({ query }) => {
    const asked = { question: query.question, region: query.region, on: businessDay(now()) }
    return { hits: answers().search(asked, hitsShown) }
  })

  doors.open('GET /api/entries', async ({ query }) => {
    const { rows, total } = await lists.list(query)
    return { entries: rows, total }
  })

  doors.open('GET /api/entries/:id', async ({ params }) => {
    const view = await lists.view(params.id)
    if (!view) throw new Problem('not_found', `no entry ${params.id}`)
    return view
  })

  doors.open('POST /api/entries', ({ body, signedIn }) => {
    const { staffId } = signedIn.actor
    return db.transaction().execute(async (tx) => {
      const revision = await review(tx).draft(body.wording, { staffId, now: now() }, body.id)
      await auditStore(tx).record({ staffId, act: 'entry.draft', subject: revision.id }, now())
      return { id: revision.entryId, revision }
    })
  })

  doors.open('POST /api/entries/:id/revisions', ({ params, body, signedIn }) => {
    const { staffId } = signedIn.actor
    return db.transaction().execute(async (tx) => {
      const revision = await review(tx).revise(params.id, body.wording, { staffId, now: now() })
      await auditStore(tx).record({ staffId, act: 'entry.revise', subject: revision.id }, now())
      return { id: revision.entryId, revision }
    })
  })

  doors.open('POST /api/revisions/:id/:move', async ({ params, signedIn }) => {
    const { staffId, roles } = signedIn.actor
    if (!rolesOf[params.move].some((role) => roles.includes(role)))
      throw new Problem('not_allowed', `${params.move} needs one of ${rolesOf[params.move].join()}`)
    const revision = await db.transaction().execute(async (tx) => {
      const moved = await review(tx).move(params.id, params.move, { staffId, now: now() })
      await auditStore(tx).record({ staffId, act: `revision.${params.move}`, subject: params.id }, now())
      return moved
    })
    await refreshKnowledge()
    return { revision }
  })
}

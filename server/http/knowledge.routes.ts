/** Entries and their revisions for editors and reviewers; the agents' search. */
import { questionInContext } from '../../bot/question-in-context.ts'
import { Problem } from '../../contract/problem.ts'
import { auditStore } from '../../desk/audit.store.ts'
import { businessDay } from '../../desk/working-days.ts'
import type { Answerer } from '../../knowledge/answerer.ts'
import { entryListsStore } from '../../knowledge/entry-lists.store.ts'
import { review } from '../../knowledge/review.ts'
import type { Db } from '../db/database.ts'
import type { Publishing } from '../publishing.ts'
import type { Doors } from './doors.ts'
import { mustMay, mustMaySign } from './revision-roles.ts'

const hitsShown = 8

type Parts = {
  db: Db
  answers: () => Answerer
  publishing: Publishing
  refreshKnowledge: () => Promise<void>
  now: () => Date
}

export function knowledgeRoutes(doors: Doors, { db, answers, publishing, refreshKnowledge, now }: Parts): void {
  const lists = entryListsStore(db)

  doors.open('GET /api/search', ({ query }) => {
    const { earlier = [], region, insurance } = query
    const talk = { conversation: { channel: 'web' as const, region, insurance }, now: now() }
    const { question } = questionInContext({ talk, answers: answers() }, [...earlier, query.question])
    return { hits: answers().search({ question, region, insurance, on: businessDay(now()) }, hitsShown) }
  })

  doors.open('GET /api/entries', async ({ query }) => {
    const { example, ending, ...filter } = query
    const wanted = { ...filter, example: example === '1', ...(ending && { endingWithin: Number(ending) }) }
    const { rows, total } = await lists.list(wanted, businessDay(now()))
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

  doors.open('POST /api/revisions/:id/:move', async ({ params, body, signedIn }) => {
    const { staffId, roles } = signedIn.actor
    mustMay(roles, params.move)
    mustMaySign(roles, body?.override)
    const revision = await publishing.move(params.id, params.move, { staffId, now: now() }, body)
    await refreshKnowledge()
    return { revision }
  })
}

/** Conversations and the calls of the last day, for those who work them. */
import type { DeskViews } from '../../bot/desk-view.ts'
import { summariesOf } from '../../bot/summary-views.ts'
import { auditStore } from '../../desk/audit.store.ts'
import { callsStore } from '../../desk/calls.store.ts'
import type { Db } from '../db/database.ts'
import type { Doors } from './doors.ts'

const dayMs = 24 * 3_600_000

type Parts = { db: Db; views: DeskViews; now: () => Date }

export function deskRoutes(doors: Doors, { db, views, now }: Parts): void {
  doors.open('GET /api/conversations/:id', async ({ params: { id }, signedIn }) => {
    const { staffId } = signedIn.actor
    const view = await views.thread(id, staffId)
    // As on the socket: reading what is in other hands, or nobody's, is an act of a named person.
    if (view.conversation.agentId !== staffId)
      await auditStore(db).record({ staffId, act: 'conversation.look', subject: id }, now())
    return view
  })
  doors.open('GET /api/conversations/:id/earlier', async ({ params: { id }, query: { offset }, signedIn }) => {
    const earlier = await views.earlier(id, offset)
    const { staffId } = signedIn.actor
    await auditStore(db).record({ staffId, act: 'conversation.look', subject: id }, now())
    return { earlier }
  })
  doors.open('GET /api/conversations/:id/summaries', async ({ params }) => ({
    summaries: (await summariesOf(db, [params.id])).get(params.id) ?? [],
  }))
  doors.open('GET /api/figures/calls', async () => {
    const to = now()
    const from = new Date(to.getTime() - dayMs)
    return { from: from.toISOString(), to: to.toISOString(), ...(await callsStore(db).figures(from, to)) }
  })
}

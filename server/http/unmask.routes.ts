/** The numbers that a citizen typed, whole: for the agent who talks with them, or a supervisor, and for a reason. */
import type { TypedWhole } from '../../contract/security.ts'
import { Problem } from '../../contract/problem.ts'
import { conversationsStore } from '../../bot/conversations.store.ts'
import { shownToDesk } from '../../bot/desk-view.ts'
import { turnsStore } from '../../bot/turns.store.ts'
import { auditStore } from '../../desk/audit.store.ts'
import { maskText } from '../../desk/masking.ts'
import type { Db } from '../db/database.ts'
import type { Doors } from './doors.ts'

export function unmaskRoutes(doors: Doors, { db, now }: { db: Db; now: () => Date }): void {
  doors.open('POST /api/conversations/:id/unmask', async ({ params, body, signedIn }) => {
    const { staffId, roles } = signedIn.actor
    const conversation = await conversationsStore(db).find(params.id)
    if (!conversation) throw new Problem('not_found', `no conversation ${params.id}`)
    if (conversation.agentId !== staffId && !roles.includes('supervisor'))
      throw new Problem('not_your_conversation', `conversation ${params.id} is not ${staffId}'s`)
    const turns = await turnsStore(db).since(params.id, 0)
    const shown = shownToDesk(turns)
    // What is hidden for another reason than its numbers, as a rating is, stays hidden.
    const typed = turns.flatMap(({ seq, text }, i): TypedWhole[] =>
      shown[i]?.text !== text && shown[i]?.text === maskText(text) ? [{ seq, text }] : [],
    )
    const detail = { reason: maskText(body.reason), turns: typed.length }
    await auditStore(db).record({ staffId, act: 'conversation.unmask', subject: params.id, detail }, now())
    return { typed }
  })
}

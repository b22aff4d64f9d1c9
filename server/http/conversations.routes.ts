/** Past conversations, looked up: an agent finds their own, a supervisor all, and those of one number with a reason. */
import { conversationList } from '../../bot/conversation-lists.ts'
import { contactsStore } from '../../bot/contacts.store.ts'
import type { DeskViews } from '../../bot/desk-view.ts'
import { contactsOfPerson } from '../../bot/same-person.ts'
import { auditStore } from '../../desk/audit.store.ts'
import { maskText } from '../../desk/masking.ts'
import { businessTime } from '../../desk/working-days.ts'
import type { Db } from '../db/database.ts'
import type { KeyRing } from '../key-ring.ts'
import { callerIdentity } from '../live/caller.ts'
import type { Doors } from './doors.ts'

const dayMs = 24 * 3_600_000
/** Of one number; whoever has more than these is looked up by day as well. */
const mostOfPhone = 200

type Parts = { db: Db; keys: KeyRing; views: DeskViews; now: () => Date }

export function conversationsRoutes(doors: Doors, { db, keys, views, now }: Parts): void {
  doors.open('GET /api/conversations', ({ query, signedIn }) => {
    const { from, to, channel, agent: agentId, tag, number: caseNumber, limit, offset } = query
    const { staffId, roles } = signedIn.actor
    const filter = {
      ...{ viewerId: staffId, channel, agentId, tag, caseNumber },
      ...(!roles.includes('supervisor') && { ownedBy: staffId }),
      ...(from && { from: businessTime(from, '00:00') }),
      ...(to && { before: new Date(businessTime(to, '00:00').getTime() + dayMs) }),
    }
    return conversationList({ db, views }, filter, { limit, offset })
  })

  doors.open('POST /api/conversations/by-phone', async ({ body: { phone, reason }, signedIn }) => {
    const { staffId } = signedIn.actor
    const known = await contactsStore(db).find('phone', keys.lookupHash(callerIdentity(phone).lookup))
    const contactIds = known ? await contactsOfPerson(db, known) : []
    const found = await conversationList(
      { db, views },
      { viewerId: staffId, contactIds },
      { limit: mostOfPhone, offset: 0 },
    )
    const detail = { reason: maskText(reason), results: found.total }
    await auditStore(db).record({ staffId, act: 'conversation.find', subject: known ?? 'nobody', detail }, now())
    return found
  })
}

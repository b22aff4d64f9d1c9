/** Whom colleagues found a contact to be, as the desk shows it: the other contacts of that person, and who found it how. */
import type { ConversationView } from '../contract/agent-events.ts'
import type { JoinView } from '../contract/person.ts'
import { staffStore } from '../desk/staff.store.ts'
import type { Db } from './tables.ts'
import { optedOutSince } from './opting-out.ts'
import { touches } from './person.ts'
import { verifiedContactsStore } from './verified-contacts.store.ts'

type Shown = Pick<ConversationView, 'verified' | 'joins' | 'optedOutAt'>

export async function personView(db: Db, contactId: string): Promise<Shown & { contacts: string[] }> {
  const store = verifiedContactsStore(db)
  const found = await store.find(contactId)
  const contacts = found ? await store.contactsOf(found.personId) : [contactId]
  const since = await optedOutSince(db, contacts)
  const optedOut = since && { optedOutAt: since.toISOString() }
  if (!found) return { contacts, joins: [], ...optedOut }
  const joins = await store.joinsOf(contacts)
  const staffIds = [found, ...joins].flatMap(({ staffId }) => staffId ?? [])
  const numbers = await staffStore(db).workNumbers([...new Set(staffIds)])
  const by = (staffId: string | undefined) => (staffId ? { byNumber: numbers.get(staffId) } : {})
  return {
    contacts,
    ...optedOut,
    verified: { how: found.how, at: found.at.toISOString(), ...by(found.staffId) },
    joins: joins.reverse().map((join): JoinView => {
      const { id: joinId, how, at, staffId } = join
      return { joinId, how, at: at.toISOString(), isHere: touches(join, contactId), ...by(staffId) }
    }),
  }
}

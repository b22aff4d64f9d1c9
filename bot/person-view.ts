/** Whom colleagues found a contact to be, as the desk shows it: the other contacts of that person, and who found it how. */
import type { ConversationView } from '../contract/agent-events.ts'
import type { JoinView } from '../contract/person.ts'
import { staffStore } from '../desk/staff.store.ts'
import type { Db } from './tables.ts'
import { touches } from './person.ts'
import { verifiedContactsStore } from './verified-contacts.store.ts'

type Shown = Pick<ConversationView, 'verified' | 'joins'>

export async function personView(db: Db, contactId: string): Promise<Shown & { contacts: string[] }> {
  const store = verifiedContactsStore(db)
  const found = await store.find(contactId)
  if (!found) return { contacts: [contactId], joins: [] }
  const contacts = await store.contactsOf(found.personId)
  const joins = await store.joinsOf(contacts)
  const staffIds = [found, ...joins].flatMap(({ staffId }) => staffId ?? [])
  const numbers = await staffStore(db).workNumbers([...new Set(staffIds)])
  const by = (staffId: string | undefined) => (staffId ? { byNumber: numbers.get(staffId) } : {})
  return {
    contacts,
    verified: { how: found.how, at: found.at.toISOString(), ...by(found.staffId) },
    joins: joins.reverse().map((join): JoinView => {
      const { id: joinId, how, at, staffId } = join
      return { joinId, how, at: at.toISOString(), isHere: touches(join, contactId), ...by(staffId) }
    }),
  }
}

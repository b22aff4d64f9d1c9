/**
 * One citizen on several channels. Contacts are joined by an agent who made sure of it, through a telephone number that
 * is that citizen's; never by what anybody is called, nor by a number that somebody merely typed.
 */
import { randomUUID } from 'node:crypto'
import type { VerifiedHow } from '../contract/person.ts'
import { Problem } from '../contract/problem.ts'
import type { Actor } from '../contract/staff.ts'
import { contactsStore } from './contacts.store.ts'
import { conversationsStore } from './conversations.store.ts'
import { groupsOf, newestOf } from './person.ts'
import type { Db } from './tables.ts'
import { verifiedContactsStore } from './verified-contacts.store.ts'

/** Hand it a transaction. */
export function samePerson(tx: Db) {
  const store = verifiedContactsStore(tx)

  async function contactOf(conversationId: string): Promise<string> {
    const conversation = await conversationsStore(tx).find(conversationId)
    if (!conversation) throw new Problem('not_found', `no conversation ${conversationId}`)
    return conversation.contactId
  }

  return {
    /**
     * Whoever talks here is the owner of that number, on whatever channel they came or will come.
     * @param phoneHash as the telephone channel looks callers up.
     * @throws Problem not_found
     */
    async verify(conversationId: string, phoneHash: Buffer, how: VerifiedHow, agent: Actor, now: Date): Promise<void> {
      const here = await contactOf(conversationId)
      const caller = await contactsStore(tx).known('phone', phoneHash, now)
      const [ofHere, ofCaller] = [await store.find(here), await store.find(caller)]
      const personId = ofCaller?.personId ?? ofHere?.personId ?? randomUUID()
      if (ofHere && ofHere.personId !== personId) await store.merge(ofHere.personId, personId)
      const found = { how, staffId: agent.staffId, at: now }
      await store.keepJoin({ contactId: here, otherId: caller, ...found })
      for (const contactId of new Set([here, caller])) await store.set(contactId, { personId, ...found })
    },

    /** Both are one person's, who showed it by a code and said so; what a colleague found of either stands. */
    async joinByConsent(contactIds: readonly [string, string], now: Date): Promise<void> {
      const found = await Promise.all(contactIds.map((contactId) => store.find(contactId)))
      const personId = found.find((one) => one !== undefined)?.personId ?? randomUUID()
      const [contactId, otherId] = contactIds
      await store.keepJoin({ contactId, otherId, how: 'wechat_scan', at: now })
      for (const [n, contactId] of contactIds.entries()) {
        const before = found[n]
        if (!before) await store.set(contactId, { personId, how: 'wechat_scan', at: now })
        else if (before.personId !== personId) await store.merge(before.personId, personId)
      }
    },

    /**
     * It was a mistake: whoever that very finding held together are strangers again, and whoever else was joined before
     * or since stays with whom they were joined.
     * @param joinId one of the person's; the newest about this contact when absent. @throws Problem not_found
     */
    async undo(conversationId: string, joinId: string | undefined, agent: Actor, now: Date): Promise<void> {
      const here = await contactOf(conversationId)
      const found = await store.find(here)
      const contacts = found ? await store.contactsOf(found.personId) : []
      const joins = await store.joinsOf(contacts)
      const mistaken = joinId ? joins.find(({ id }) => id === joinId) : newestOf(joins, here)
      if (!found || !mistaken) throw new Problem('not_found', `nothing to undo for the contact of ${conversationId}`)
      await store.undoJoin(mistaken.id, agent.staffId, now)

      const left = joins.filter((join) => join !== mistaken)
      for (const [n, group] of groupsOf(contacts, left).entries()) {
        const personId = n === 0 ? found.personId : randomUUID()
        for (const contactId of group) {
          const last = newestOf(left, contactId)
          if (last) await store.set(contactId, { ...last, personId })
          else await store.remove(contactId)
        }
      }
    },
  }
}

/** This contact and every other that is the same person. */
export async function contactsOfPerson(db: Db, contactId: string): Promise<string[]> {
  const store = verifiedContactsStore(db)
  const found = await store.find(contactId)
  return found ? store.contactsOf(found.personId) : [contactId]
}

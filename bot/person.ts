/** Who is one person: contacts that joins hold together, directly or over others. Pure. */
import type { FoundHow } from '../contract/person.ts'

/** Two contacts were found to be one person; the same one twice where the owner of a number was found on that number. */
export type Join = { id: string; contactId: string; otherId: string; how: FoundHow; staffId?: string; at: Date }

export const touches = ({ contactId, otherId }: Join, contact: string) => contactId === contact || otherId === contact

/** The newest of these that is about this contact. */
export function newestOf(joins: readonly Join[], contact: string): Join | undefined {
  return joins
    .filter((join) => touches(join, contact))
    .reduce<Join | undefined>((last, join) => (last && last.at > join.at ? last : join), undefined)
}

/** Those of the contacts that are held together, each group in the order given. */
export function groupsOf(contacts: readonly string[], joins: readonly Join[]): string[][] {
  const groupOf = new Map(contacts.map((contact) => [contact, new Set([contact])]))
  for (const { contactId, otherId } of joins) {
    const [one, other] = [groupOf.get(contactId), groupOf.get(otherId)]
    if (!one || !other || one === other) continue
    for (const contact of other) groupOf.set(contact, one.add(contact))
  }
  return [...new Set(groupOf.values())].map((group) => contacts.filter((contact) => group.has(contact)))
}

/** Contacts and the identities by which they are known again. A contact is a pseudonym; identifiers stay hashed. */
import type { BotTables, Db } from './tables.ts'

export type IdentityKind = BotTables['identity']['kind']
export type ContactsStore = ReturnType<typeof contactsStore>

export function contactsStore(db: Db) {
  const tables = db.withTables<BotTables>()
  return {
    async find(kind: IdentityKind, lookupHash: Buffer): Promise<string | undefined> {
      const row = await tables
        .selectFrom('identity')
        .select('contact_id')
        .where('kind', '=', kind)
        .where('lookup_hash', '=', lookupHash)
        .executeTakeFirst()
      return row?.contact_id
    },

    /** Who these identifiers belong to, of those that were ever seen. */
    async findAll(kind: IdentityKind, lookupHashes: readonly Buffer[]): Promise<{ hash: Buffer; contactId: string }[]> {
      if (lookupHashes.length === 0) return []
      const rows = await tables
        .selectFrom('identity')
        .select(['lookup_hash', 'contact_id'])
        .where('kind', '=', kind)
        .where('lookup_hash', 'in', lookupHashes)
        .execute()
      return rows.map((row) => ({ hash: row.lookup_hash, contactId: row.contact_id }))
    },

    /** By which they are known, of that kind. */
    async hashesOf(contactIds: readonly string[], kind: IdentityKind): Promise<Buffer[]> {
      if (contactIds.length === 0) return []
      const rows = await tables
        .selectFrom('identity')
        .select('lookup_hash')
        .where('contact_id', 'in', contactIds)
        .where('kind', '=', kind)
        .execute()
      return rows.map((row) => row.lookup_hash)
    },

    /** Whoever is known as `kin` is known by this identifier as well, unless somebody already is. */
    async alsoKnown(kind: IdentityKind, lookupHash: Buffer, kin: Buffer, now: Date): Promise<void> {
      const contactId = await this.find(kind, kin)
      if (contactId === undefined) return
      await tables
        .insertInto('identity')
        .values({ contact_id: contactId, kind, lookup_hash: lookupHash, sealed: null, created_at: now })
        .onConflict((on) => on.columns(['kind', 'lookup_hash']).doNothing())
        .execute()
    },

    /** Who this identifier belongs to; a new contact when it has never been seen. */
    async known(kind: IdentityKind, lookupHash: Buffer, now: Date): Promise<string> {
      const before = await this.find(kind, lookupHash)
      if (before) return before
      const contact = await tables
        .insertInto('contact')
        .values({ created_at: now })
        .returning('id')
        .executeTakeFirstOrThrow()
      const identity = await tables
        .insertInto('identity')
        .values({ contact_id: contact.id, kind, lookup_hash: lookupHash, sealed: null, created_at: now })
        .onConflict((on) => on.columns(['kind', 'lookup_hash']).doUpdateSet({ lookup_hash: lookupHash }))
        .returning('contact_id')
        .executeTakeFirstOrThrow()
      return identity.contact_id
    },
  }
}

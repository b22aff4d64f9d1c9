/**
 * Who comes in, and where they go on: a conversation that comes back within 24 hours continues (same contact, same
 * channel), otherwise a new one begins with the bot. Two messages that arrive at once begin one conversation.
 */
import { sql } from 'kysely'
import type { Insurance } from '../contract/text.ts'
import type { Channel } from '../contract/turn.ts'
import { begin } from './begun.store.ts'
import type { IdentityKind } from './contacts.store.ts'
import { continuesWithinMs, type Conversation } from './conversation.ts'
import { conversationsStore } from './conversations.store.ts'
import type { Db } from './tables.ts'

/** How a channel knows somebody again; the hash is keyed, the identifier itself is not kept. */
export type Caller = { kind: IdentityKind; lookupHash: Buffer; channel: Channel }
export type Scope = { region?: string; insurance?: Insurance }

export type Arrivals = ReturnType<typeof arrivals>

export function arrivals({ db, now }: { db: Db; now: () => Date }) {
  const since = () => new Date(now().getTime() - continuesWithinMs)
  const goingOn = (caller: Caller, tx = db): Promise<Conversation | undefined> =>
    conversationsStore(tx).latestOfIdentity(caller, since())

  return {
    /** The conversation that continues; undefined for somebody new, or back after a day. Writes nothing. */
    continuing: (caller: Caller) => goingOn(caller),

    /** Where to tell somebody of an earlier matter: where they would go on now, else in that conversation itself. */
    async placeToTell(conversationId: string): Promise<string> {
      const conversation = await conversationsStore(db).find(conversationId)
      const present =
        conversation && (await conversationsStore(db).latestOf(conversation.contactId, conversation.channel, since()))
      return present?.id ?? conversationId
    },

    /**
     * @param isTaken whether somebody else talks in that conversation now, as two callers of one office's number may;
     * to be asked in the transaction: a second connection would be waited for while this one is held.
     * @returns `isNew` when a conversation began just now.
     */
    async enter(
      caller: Caller,
      scope: Scope,
      isTaken?: (conversationId: string, tx: Db) => Promise<boolean>,
    ): Promise<{ conversation: Conversation; isNew: boolean }> {
      // One that is there already needs no lock: only to begin one do two have to wait for each other.
      const there = isTaken ? undefined : await goingOn(caller)
      if (there) return { conversation: there, isNew: false }
      const { lookupHash } = caller
      return db.transaction().execute(async (tx) => {
        await sql`select pg_advisory_xact_lock(${lookupHash.readInt32BE(0)}, ${lookupHash.readInt32BE(4)})`.execute(tx)
        const before = await goingOn(caller, tx)
        if (before && !(await isTaken?.(before.id, tx))) return { conversation: before, isNew: false }
        const conversation = await begin(tx, { ...caller, ...scope }, now())
        return { conversation, isNew: true }
      })
    },
  }
}

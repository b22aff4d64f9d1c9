/**
 * Callbacks as the desk works them: one person takes one up, each try is kept, and one that is not answered comes again
 * until it was tried often enough.
 *
 * Invariant: a ticket that waits is in no more than one hand, and leaves the list only by a result that names somebody.
 */
import { Problem } from '../contract/problem.ts'
import type { Actor } from '../contract/staff.ts'
import { dueAfterTry, goneMs, isForgotten, ringingMs, triesIn } from './callback-tries.ts'
import { callbackWorkStore, type Ticket } from './callback-work.store.ts'
import { ringingHours, whenDue } from './callbacks.ts'
import { presenceStore } from './presence.store.ts'
import { staffStore } from './staff.store.ts'
import type { Db } from './tables.ts'

/** `dueAt`: when they are rung again; absent when they are not. */
export type Tried = { ticket: Ticket; tries: number; dueAt?: Date }

/** @param tx a transaction. @param mostTries after which nobody rings any more. */
export function callbackWork(tx: Db, mostTries: number) {
  const store = callbackWorkStore(tx)

  /** @throws Problem already_claimed, naming who has it */
  async function mustBeFree({ holderId }: Ticket, staffId: string): Promise<void> {
    if (!holderId || holderId === staffId) return
    const holder = (await staffStore(tx).workNumbers([holderId])).get(holderId) ?? holderId
    throw new Problem('already_claimed', holder, {
      fields: [{ path: '', message: `这个回电已由工号 ${holder} 接下` }],
    })
  }

  /** @throws Problem not_found; conflict when it is settled; already_claimed */
  async function mine(id: string, staffId: string): Promise<Ticket> {
    const ticket = await store.lock(id)
    if (!ticket.isWaiting)
      throw new Problem('conflict', `callback ${id} is settled`, {
        fields: [{ path: '', message: '这个回电已经办结' }],
      })
    await mustBeFree(ticket, staffId)
    return ticket
  }

  /** Nobody took the call: when it comes again, or that it does not. */
  async function putOff(ticket: Ticket, staffId: string, now: Date): Promise<Tried> {
    const unanswered = await store.unanswered(ticket.id, ticket.countsFrom)
    const tries = triesIn(unanswered)
    const { calendar, shifts } = await ringingHours(tx, now)
    const dueAt = dueAfterTry(unanswered, mostTries, now, calendar, shifts)
    if (dueAt) await store.putOff(ticket.id, dueAt)
    else await store.settle(ticket.id, 'not_reached', staffId, undefined, now)
    return { ticket, tries, ...(dueAt && { dueAt }) }
  }

  return {
    /** To whom it is shown whole: while somebody has it, to them and to a supervisor. @throws Problem not_found, already_claimed */
    async mustBeShownTo(id: string, { staffId, roles }: Actor): Promise<void> {
      const ticket = await store.find(id)
      if (ticket.isWaiting && !roles.includes('supervisor')) await mustBeFree(ticket, staffId)
    },

    /** @returns false where they had it already. */
    async claim(id: string, staffId: string, now: Date): Promise<boolean> {
      const { holderId } = await mine(id, staffId)
      await store.claim(id, staffId, now)
      return holderId !== staffId
    },

    /** Whoever has it, or a supervisor for them. @returns false where nobody had it. @throws Problem not_found, already_claimed */
    async release(id: string, by: Actor): Promise<boolean> {
      const ticket = await store.lock(id)
      if (!ticket.holderId) return false
      if (!by.roles.includes('supervisor')) await mustBeFree(ticket, by.staffId)
      return store.release(id, ticket.holderId)
    },

    /** Rung by another telephone, and taken. */
    async reached(id: string, staffId: string, note: string, now: Date): Promise<void> {
      await mine(id, staffId)
      await store.addAttempt(id, { staffId, outcome: 'reached', note }, now)
      await store.settle(id, 'reached', staffId, note, now)
    },

    /** Rung by another telephone, and not taken. */
    async notReached(id: string, staffId: string, note: string, now: Date): Promise<Tried> {
      const ticket = await mine(id, staffId)
      await store.addAttempt(id, { staffId, outcome: 'not_reached', note }, now)
      return putOff(ticket, staffId, now)
    },

    /** The call of ours that rang there was taken: the ticket is settled with it. @returns which. */
    async answered(conversationId: string, now: Date): Promise<{ id: string; staffId: string } | undefined> {
      const rang = await store.endRinging(conversationId, 'reached')
      if (!rang) return undefined
      const { callbackId: id, staffId } = rang
      const ticket = await store.lock(id)
      if (ticket.isWaiting) await store.settle(id, 'reached', staffId, undefined, now)
      return { id, staffId }
    },

    /** The call of ours that rang there was not taken. @returns nothing where none rang. */
    async unanswered(conversationId: string, now: Date): Promise<Tried | undefined> {
      const rang = await store.endRinging(conversationId, 'not_reached')
      if (!rang) return undefined
      const ticket = await store.lock(rang.callbackId)
      return ticket.isWaiting ? putOff(ticket, rang.staffId, now) : undefined
    },

    /** The citizen wants to be rung at another time; what was settled waits anew. @throws Problem conflict */
    async again(id: string, staffId: string, wanted: { at: Date; note: string }, now: Date): Promise<Date> {
      const ticket = await store.lock(id)
      await mustBeFree(ticket, staffId)
      const dueAt = await whenDue(tx, now, wanted.at)
      await store.addAttempt(id, { staffId, outcome: 'reached', note: wanted.note }, now)
      if (!(await store.askAgain(id, dueAt, now))) throw new Problem('conflict', `another call is owed beside ${id}`)
      return dueAt
    },

    /** What nobody works any more goes back to all. @returns whether anything did. */
    async lookAfter(now: Date): Promise<boolean> {
      let changed = (await store.dropRinging(new Date(now.getTime() - ringingMs))) > 0
      if ((await store.settleServed()) > 0) changed = true
      const held = await store.held()
      const holders = [...new Set(held.map(({ staffId }) => staffId))]
      const gone = new Set(await presenceStore(tx).unseen(holders, new Date(now.getTime() - goneMs)))
      for (const { id, staffId, touchedAt } of held)
        if (isForgotten(touchedAt, gone.has(staffId), now) && (await store.release(id, staffId))) changed = true
      return changed
    },
  }
}

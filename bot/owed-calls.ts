/**
 * The calls that we owe: taken up by one agent, rung, settled by an answer; after the last try the citizen is written to,
 * where they spoke with us and by SMS, and told how to reach us.
 *
 * Invariant: what became of a try, the citizen's message and the ticket are kept in one transaction.
 */
import { mobileNumber } from '../contract/outbox.ts'
import type { News } from '../contract/line.ts'
import type { CallEnd } from '../contract/phone-events.ts'
import type { Actor } from '../contract/staff.ts'
import { auditStore } from '../desk/audit.store.ts'
import { callbackWork, type Tried } from '../desk/callback-work.ts'
import { callbackWorkStore } from '../desk/callback-work.store.ts'
import { callbacksStore } from '../desk/callbacks.store.ts'
import type { Outbox } from '../desk/outbox.ts'
import type { Sealer } from '../desk/sealer.ts'
import type { Arrivals } from './arrivals.ts'
import type { OpenLines, Talk } from './open-lines.ts'
import type { Db } from './tables.ts'
import { wording, type WaysToUs } from './wording.ts'

export type OwedCalls = ReturnType<typeof owedCalls>

type Parts = {
  db: Db
  lines: OpenLines
  arrivals: Arrivals
  sealer: Sealer
  post: Outbox['post']
  publish: (news: readonly News[]) => void
  /** After so many tries nobody rings any more. */
  mostTries: number
  /** Who writes, and where a citizen finds us. */
  us: WaysToUs
  now: () => Date
}

export function owedCalls({ db, lines, arrivals, sealer, post, publish, mostTries, us, now }: Parts) {
  const changed = () => publish([{ kind: 'callbacks' }])

  async function inOne<T>(work: (tx: Db, at: Date) => Promise<T>): Promise<T> {
    const value = await db.transaction().execute((tx) => work(tx, now()))
    changed()
    return value
  }

  /** Where the citizen would read it now. */
  async function toldIn<T>(callbackId: string, work: (talk: Talk) => Promise<T>): Promise<T> {
    const { conversationId } = await callbackWorkStore(db).find(callbackId)
    return lines.hold(await arrivals.placeToTell(conversationId), async (talk) => {
      const value = await work(talk)
      talk.tell({ kind: 'callbacks' })
      return value
    })
  }

  async function followUp(talk: Talk, { ticket, tries, dueAt }: Tried): Promise<void> {
    if (dueAt) return
    const text = wording.notReached[ticket.origin](tries, us)
    await talk.line.say({ text }, { speaker: 'system' })
    const to = mobileNumber.safeParse(await callbacksStore(talk.tx, sealer).phoneOf(ticket.id))
    if (!to.success) return // a landline reads no messages
    const key = `callback:${ticket.id}:${ticket.countsFrom.toISOString()}`
    const letter = { channel: 'sms', to: to.data, kind: 'callback_notice', text, key } as const
    await post(talk.tx, letter, talk.now)
  }

  const audited = (
    tx: Db,
    at: Date,
    staffId: string,
    act: 'claim' | 'release' | 'ring' | 'done' | 'again',
    subject: string,
  ) => auditStore(tx).record({ staffId, act: `callback.${act}`, subject }, at)

  return {
    mostTries,

    /** @throws Problem not_found; already_claimed, naming who has it */
    mustBeShownTo: (id: string, agent: Actor): Promise<void> => callbackWork(db, mostTries).mustBeShownTo(id, agent),

    /** @throws Problem not_found; conflict when it is settled; already_claimed, naming who has it */
    claim: (id: string, { staffId }: Actor): Promise<void> =>
      inOne(async (tx, at) => {
        if (await callbackWork(tx, mostTries).claim(id, staffId, at)) await audited(tx, at, staffId, 'claim', id)
      }),

    /** Taken up by whoever rings it, in one act. @throws as claim */
    claimToRing: (id: string, { staffId }: Actor): Promise<void> =>
      inOne(async (tx, at) => {
        await callbackWork(tx, mostTries).claim(id, staffId, at)
        await audited(tx, at, staffId, 'ring', id)
      }),

    release: (id: string, by: Actor): Promise<void> =>
      inOne(async (tx, at) => {
        if (await callbackWork(tx, mostTries).release(id, by)) await audited(tx, at, by.staffId, 'release', id)
      }),

    /** Rung by another telephone. @returns when they are rung again. @throws as claim */
    note: (id: string, { staffId }: Actor, done: { result: 'reached' | 'not_reached'; note: string }) =>
      toldIn(id, async (talk): Promise<Date | undefined> => {
        const work = callbackWork(talk.tx, mostTries)
        await audited(talk.tx, talk.now, staffId, 'done', id)
        if (done.result === 'reached') {
          await work.reached(id, staffId, done.note, talk.now)
          return undefined
        }
        const tried = await work.notReached(id, staffId, done.note, talk.now)
        await followUp(talk, tried)
        return tried.dueAt
      }),

    /** They want to be rung at another time. @returns when they are. @throws Problem as claim */
    again: (id: string, { staffId }: Actor, wanted: { at: Date; note: string }): Promise<Date> =>
      inOne(async (tx, at) => {
        await audited(tx, at, staffId, 'again', id)
        return callbackWork(tx, mostTries).again(id, staffId, wanted, at)
      }),

    /** A call of ours is about to be dialled. @returns false where one rings there already. */
    ringing: (id: string, { staffId }: Actor, conversationId: string): Promise<boolean> =>
      inOne((tx, at) => callbackWorkStore(tx).beginRinging(id, staffId, conversationId, at)),

    /** It was not dialled after all, or whoever rang thought better of it. */
    brokenOff: async (conversationId: string): Promise<void> => {
      await inOne((tx) => callbackWorkStore(tx).endRinging(conversationId, 'broken_off'))
    },

    answered: (conversationId: string): Promise<void> =>
      inOne(async (tx, at) => {
        const settled = await callbackWork(tx, mostTries).answered(conversationId, at)
        if (settled) await audited(tx, at, settled.staffId, 'done', settled.id)
      }),

    /** @param why as the record has it; the agent's own goodbye is no try. */
    unanswered: async (conversationId: string, why: CallEnd | 'lost'): Promise<void> => {
      if (why === 'agent' || why === 'lost') {
        await inOne((tx) => callbackWorkStore(tx).endRinging(conversationId, 'broken_off'))
        return
      }
      const id = await callbackWorkStore(db).ringingIn(conversationId)
      if (id === undefined) return
      await toldIn(id, async (talk) => {
        const tried = await callbackWork(talk.tx, mostTries).unanswered(conversationId, talk.now)
        if (tried) await followUp(talk, tried)
      })
    },

    /** What nobody works any more goes back to all; what was done otherwise is settled. */
    async lookAfter(): Promise<void> {
      const isChanged = await db.transaction().execute((tx) => callbackWork(tx, mostTries).lookAfter(now()))
      if (isChanged) changed()
    },
  }
}

/**
 * Tells a citizen in WeChat what was said in their conversation: on the spot while the platform waits for an answer,
 * else by customer-service messages, within what may be sent. One after the other within a conversation: what is told
 * arrives in the order in which it was said.
 */
import type { KeptTurn } from '../contract/turn.ts'
import { claims, forsakenAfterMs, type Cause, type Claimed, type ClaimParts, type Deed } from './claims.ts'
import { deliveriesStore } from './deliveries.store.ts'
import { dueStore } from './due.store.ts'
import type { Seen } from './events.store.ts'
import { fewAtOnce } from './few-at-once.ts'
import { messagesOf } from './outgoing.ts'
import { openRoads, type Road } from './road.ts'
import { sending, type SendingParts } from './sending.ts'
import type { Db } from './tables.ts'

export type Teller = ReturnType<typeof teller>

const mostTries = 5
const againAtOnce = 50
const notOnTheSpot = () => false

export function teller(parts: ClaimParts & SendingParts) {
  const { db, changed, became, log, now } = parts
  const claim = claims(parts)
  const { send, sendAgain } = sending(parts)
  /** The last that is under way in each conversation. */
  const lastOf = new Map<string, Promise<unknown>>()

  async function sendOff(conversationId: string, claimed: Claimed): Promise<void> {
    try {
      await send(claimed)
    } finally {
      if (claimed.isChanged) changed(conversationId)
    }
  }

  function inTurn<T>(conversationId: string, work: () => Promise<T>): Promise<T> {
    const mine = (lastOf.get(conversationId) ?? Promise.resolve()).then(work, work)
    lastOf.set(conversationId, mine)
    const forget = () => void (lastOf.get(conversationId) === mine && lastOf.delete(conversationId))
    mine.then(forget, forget)
    return mine
  }

  const tellIn = (conversationId: string, cause?: Cause): Promise<void> =>
    inTurn(conversationId, async () => sendOff(conversationId, await claim(conversationId, notOnTheSpot, cause)))

  /**
   * What was held up in other conversations of theirs goes first, oldest first: a conversation that is over is never
   * written in again, and its last words were promised. Not in this one's turn: two would wait for each other.
   */
  async function tellHeldBack({ openIdHash }: Deed, conversationId: string): Promise<void> {
    try {
      for (const other of await deliveriesStore(db).heldBackBeside(openIdHash, conversationId))
        await tellIn(other, 'back')
    } catch (error) {
      log.warn({ err: error }, 'what was held back was not told')
    }
  }

  async function tell(conversationId: string, deed?: Deed): Promise<void> {
    if (deed) await tellHeldBack(deed, conversationId)
    await tellIn(conversationId, deed)
  }

  return {
    /** Everything that was said and not told yet. */
    tell,

    /**
     * The usual case, in the transaction in which it is said: one message, and nothing else is to be told.
     * @param seen of the event that it answers, with that answer
     * @returns what is answered on the spot; nothing, and nothing done, in any other case
     */
    async answerIn(
      tx: Db,
      { openIdHash, road, said: turns }: { openIdHash: Buffer; road: Road; said: readonly KeptTurn[] },
      seen: (answer: string) => Seen,
    ): Promise<string | undefined> {
      const [asked] = turns
      const said = turns.filter(({ speaker }) => speaker !== 'customer')
      const [first, last] = [said[0], turns.at(-1)]
      if (!asked || !first || !last || lastOf.has(asked.conversationId)) return undefined
      const [message, ...more] = messagesOf(said, undefined)
      if (message?.kind !== 'text' || more.length > 0) return undefined
      const { conversationId } = asked
      const told = { conversationId, openIdHash, afterSeq: asked.seq - 1, fromSeq: first.seq, toSeq: last.seq }
      if (!(await deliveriesStore(tx).toldOnTheSpot(told, seen(message.text)))) return undefined
      became(road, 'passive', 1)
      return message.text
    },

    /**
     * @param isAsked whether an answer on the spot is still heard
     * @returns what is answered on the spot, as soon as it is claimed; the rest goes out behind it, before anything else.
     */
    tellOnTheSpot: (conversationId: string, isAsked: () => boolean, deed: Deed): Promise<string | undefined> =>
      new Promise((resolve, reject) => {
        tellHeldBack(deed, conversationId)
          .then(() =>
            inTurn(conversationId, async () => {
              const claimed = await claim(conversationId, isAsked, deed)
              resolve(claimed.onTheSpot)
              await sendOff(conversationId, claimed).catch((error: unknown) =>
                log.warn({ err: error }, 'the rest of an answer was not sent'),
              )
            }),
          )
          .catch(reject)
      }),

    /** What was claimed by a process that is gone. */
    async forsake(): Promise<void> {
      for (const conversationId of await dueStore(db).forsake(now())) changed(conversationId)
    },

    /** What may be sent again: for nobody knows what became of it, or for it was not taken for now. */
    async again(): Promise<void> {
      const unsure = await dueStore(db).unsure(
        now(),
        new Date(now().getTime() + forsakenAfterMs),
        mostTries,
        againAtOnce,
      )
      const unsureIn = (id: string) => unsure.filter(({ conversationId }) => conversationId === id)
      const conversations = [...new Set(unsure.map(({ conversationId }) => conversationId))]
      await fewAtOnce(conversations, (id) => inTurn(id, () => sendAgain(id, unsureIn(id))))
      await fewAtOnce(await dueStore(db).delayed(openRoads(parts.ways), now(), againAtOnce), (id) => tellIn(id))
    },

    /** Nothing is under way any more. */
    settled: async (): Promise<void> => void (await Promise.allSettled([...lastOf.values()])),
  }
}

/**
 * Tells a citizen in WeChat what was said in their conversation: on the spot while the platform waits for an answer,
 * else by customer-service messages, within what may be sent.
 *
 * Invariant: what is to go out is claimed in the database before it goes, under the lock of the conversation's line;
 * so nothing goes out twice, whoever tells, and what nobody knows the fate of is never sent again.
 */
import type { KeptTurn } from '../contract/turn.ts'
import { WechatRefusal, type WechatApi } from './api.ts'
import { deliveriesStore } from './deliveries.store.ts'
import { messagesOf, sendBody, type Message } from './outgoing.ts'
import { room, spent, type Allowance, type Quota } from './quota.ts'
import type { Db, DeliveryState } from './tables.ts'
import { wechatUsersStore } from './users.store.ts'

type Log = { warn(facts: object, message: string): void }
type Sealer = { open(sealed: string): string }
export type TurnsSince = (db: Db, conversationId: string, seq: number) => Promise<readonly KeptTurn[]>

type Parts = {
  db: Db
  api: Pick<WechatApi, 'call'>
  sealer: Sealer
  turnsSince: TurnsSince
  allowance: Allowance
  log: Log
  now: () => Date
}
type ToSend = { id: number; message: Message }
type Claimed = { openIdSealed?: string; onTheSpot?: string; toSend: readonly ToSend[] }
type Paid = { mayGo: boolean; openIdSealed?: string }
/** Done in the transaction in which it is claimed what is told. */
type Settle = (tx: Db, onTheSpot: string | undefined) => Promise<void>
export type Teller = ReturnType<typeof teller>

/** One is kept for a person, who may have to say that they have come. */
const keptForPerson = 1
const forsakenAfterMs = 60_000

export function teller({ db, api, sealer, turnsSince, allowance, log, now }: Parts) {
  /** One after the other within a conversation: they arrive in the order in which they were said. */
  const lastOf = new Map<string, Promise<unknown>>()

  function claim(conversationId: string, isOnTheSpot: boolean, settle?: Settle): Promise<Claimed> {
    return db.transaction().execute(async (tx) => {
      const claimed = await claimIn(tx, conversationId, isOnTheSpot)
      await settle?.(tx, claimed.onTheSpot)
      return claimed
    })
  }

  async function claimIn(tx: Db, conversationId: string, isOnTheSpot: boolean): Promise<Claimed> {
    const deliveries = deliveriesStore(tx)
    const line = await deliveries.lock(conversationId)
    const turns = line ? await turnsSince(tx, conversationId, line.toldSeq) : []
    const toSeq = turns.at(-1)?.seq
    if (!line || toSeq === undefined) return { toSend: [] }
    const said = turns.filter(({ speaker }) => speaker !== 'customer')
    const fromSeq = said[0]?.seq
    if (fromSeq === undefined) {
      await deliveries.toldUpTo(conversationId, toSeq)
      return { toSend: [] }
    }
    const messages = messagesOf(said, !isOnTheSpot)
    const free = isOnTheSpot ? 1 : 0
    const kept = said.every(({ speaker }) => speaker === 'bot') ? keptForPerson : 0
    const { mayGo, openIdSealed } = await pay(tx, line.openIdHash, messages.length - free, kept)
    const stateOf = (part: number): DeliveryState => (part < free ? 'passive' : mayGo ? 'sending' : 'blocked')
    const claimed = messages.map((_, part) => ({ fromSeq, toSeq, part, state: stateOf(part) }))
    const ids = await deliveries.claim(conversationId, toSeq, claimed, now())
    const spoken = messages[0]
    return {
      openIdSealed,
      toSend: messages.flatMap((message, part) => {
        const id = ids[part]
        return stateOf(part) === 'sending' && id !== undefined ? [{ id, message }] : []
      }),
      ...(isOnTheSpot && spoken?.kind === 'text' && { onTheSpot: spoken.text }),
    }
  }

  /** For as many messages at once, or none. */
  async function pay(tx: Db, openIdHash: Buffer, count: number, kept: number): Promise<Paid> {
    if (count <= 0) return { mayGo: true }
    const users = wechatUsersStore(tx)
    const user = await users.lock(openIdHash)
    const left = user && quotaAfter(user.quota, count, kept)
    if (left) await users.change(openIdHash, { quota: left }, now())
    return { mayGo: left !== undefined && user?.follows === true, openIdSealed: user?.openIdSealed }
  }

  /** @returns nothing where not all of them may be sent: half an answer is none. */
  function quotaAfter(quota: Quota, count: number, kept: number): Quota | undefined {
    if (room(quota, allowance, now()).left < count + kept) return undefined
    let left: Quota | undefined = quota
    for (let n = 0; n < count && left; n++) left = spent(left, allowance, now())
    return left
  }

  async function send({ openIdSealed, toSend }: Claimed): Promise<void> {
    if (openIdSealed === undefined) return
    for (const { id, message } of toSend) {
      const { state, code } = await sent(sealer.open(openIdSealed), message)
      await deliveriesStore(db).settle(id, state, code, now())
    }
  }

  async function sent(openId: string, message: Message): Promise<{ state: DeliveryState; code?: number }> {
    try {
      await api.call('/cgi-bin/message/custom/send', sendBody(openId, message))
      return { state: 'sent' }
    } catch (error) {
      if (error instanceof WechatRefusal) {
        log.warn({ code: error.code, failure: error.failure }, 'WeChat did not take a message')
        return { state: error.failure === 'window' ? 'blocked' : 'refused', code: error.code }
      }
      // It may have arrived. Sent again, it might be read twice.
      log.warn({ err: error }, 'whether a message reached WeChat is not known')
      return { state: 'unknown' }
    }
  }

  function inTurn<T>(conversationId: string, work: () => Promise<T>): Promise<T> {
    const mine = (lastOf.get(conversationId) ?? Promise.resolve()).then(work, work)
    lastOf.set(conversationId, mine)
    const forget = () => void (lastOf.get(conversationId) === mine && lastOf.delete(conversationId))
    mine.then(forget, forget)
    return mine
  }

  return {
    /** Everything that was said and not told yet. */
    tell: (conversationId: string, settle?: Settle): Promise<void> =>
      inTurn(conversationId, async () => send(await claim(conversationId, false, settle))),

    /** @returns what is answered on the spot; the rest goes out behind it. */
    async tellOnTheSpot(conversationId: string, settle?: Settle): Promise<string | undefined> {
      const claimed = await inTurn(conversationId, () => claim(conversationId, true, settle))
      if (claimed.toSend.length === 0) return claimed.onTheSpot
      void inTurn(conversationId, () => send(claimed)).catch((error: unknown) =>
        log.warn({ err: error }, 'the rest of an answer was not sent'),
      )
      return claimed.onTheSpot
    },

    /** What was claimed by a process that is gone. */
    forsake: () => deliveriesStore(db).forsake(new Date(now().getTime() - forsakenAfterMs), now()),

    /** Nothing is under way any more. */
    settled: async (): Promise<void> => void (await Promise.allSettled([...lastOf.values()])),
  }
}

/**
 * Tells a citizen in WeChat what was said in their conversation: on the spot while the platform waits for an answer,
 * else by customer-service messages, within what may be sent.
 *
 * Invariant: what is to go out is claimed in the database before it goes, under the lock of the conversation's line;
 * so nothing goes out twice, whoever tells. What nobody knows the fate of is never sent again, but by a way that takes
 * each number of ours once.
 */
import type { KeptTurn } from '../contract/turn.ts'
import { WechatRefusal } from './api.ts'
import { deliveriesStore, type Delivery, type Line, type Unsure } from './deliveries.store.ts'
import type { Seen } from './events.store.ts'
import { messagesOf, type Message } from './outgoing.ts'
import { keptForPerson, spentAll, type Allowance } from './quota.ts'
import type { Recipient, Way, Ways } from './road.ts'
import type { Db, DeliveryState } from './tables.ts'
import { wechatUsersStore, type WechatUser } from './users.store.ts'

type Log = { warn(facts: object, message: string): void }
type Sealer = { open(sealed: string): string }
export type TurnsSince = (db: Db, conversationId: string, seq: number) => Promise<readonly KeptTurn[]>

type Parts = {
  db: Db
  ways: Ways
  sealer: Sealer
  turnsSince: TurnsSince
  log: Log
  now: () => Date
}
/** `messageId`: by a way that takes each number once. */
type ToSend = { id: number; message: Message; messageId?: string }
type Claimed = { onTheSpot?: string; to?: { user: WechatUser; way: Way }; toSend: readonly ToSend[] }
type Paid = { mayGo: boolean; user?: WechatUser }
/** Who has just done something, and what is done in the transaction in which it is claimed what they are told. */
type Deed = { openIdHash: Buffer; settle?: (tx: Db, onTheSpot: string | undefined) => Promise<void> }
type Outcome = { state: DeliveryState; code?: number }
export type Teller = ReturnType<typeof teller>

const forsakenAfterMs = 60_000
const mostTries = 5
const againAtOnce = 50
const unsure: Outcome = { state: 'unknown' }

export function teller({ db, ways, sealer, turnsSince, log, now }: Parts) {
  /** One after the other within a conversation: they arrive in the order in which they were said. */
  const lastOf = new Map<string, Promise<unknown>>()

  function claim(conversationId: string, isOnTheSpot: boolean, deed?: Deed): Promise<Claimed> {
    return db.transaction().execute(async (tx) => {
      const line = await (deed ? taken(tx, conversationId, deed.openIdHash) : deliveriesStore(tx).lock(conversationId))
      const claimed = await claimIn(tx, conversationId, isOnTheSpot, line)
      await deed?.settle?.(tx, claimed.onTheSpot)
      return claimed
    })
  }

  /** Told to whom they have just come as; what the quota held up is told with what is told next. */
  async function taken(tx: Db, conversationId: string, openIdHash: Buffer): Promise<Line | undefined> {
    const deliveries = deliveriesStore(tx)
    const before = await deliveries.lock(conversationId)
    const isTheirs = before?.openIdHash.equals(openIdHash) ?? false
    if (!isTheirs) await deliveries.open(conversationId, openIdHash)
    const isAgain = await deliveries.takeBackBlocked(conversationId)
    return isTheirs && !isAgain ? before : deliveries.lock(conversationId)
  }

  async function claimIn(tx: Db, conversationId: string, isOnTheSpot: boolean, line?: Line): Promise<Claimed> {
    const deliveries = deliveriesStore(tx)
    const way = line && ways[line.road]
    const turns = way ? await turnsSince(tx, conversationId, line.toldSeq) : []
    const toSeq = turns.at(-1)?.seq
    if (!way || toSeq === undefined) return { toSend: [] }
    const said = turns.filter(({ speaker }) => speaker !== 'customer')
    const fromSeq = said[0]?.seq
    if (fromSeq === undefined) {
      await deliveries.toldUpTo(conversationId, toSeq)
      return { toSend: [] }
    }
    const messages = messagesOf(said, isOnTheSpot ? undefined : way.menu)
    const free = isOnTheSpot ? 1 : 0
    const kept = said.every(({ speaker }) => speaker === 'bot') ? keptForPerson : 0
    const { mayGo, user } = await pay(tx, line.openIdHash, way.allowance, messages.length - free, kept)
    const stateOf = (part: number): DeliveryState => (part < free ? 'passive' : mayGo ? 'sending' : 'blocked')
    const numberOf = (part: number) =>
      way.numberOf ? { messageId: way.numberOf(conversationId, fromSeq, toSeq, part, now().getTime()) } : {}
    const claimed = messages.map(
      (_, part): Delivery => ({ fromSeq, toSeq, part, state: stateOf(part), ...numberOf(part) }),
    )
    const ids = await deliveries.claim(conversationId, toSeq, claimed, now())
    const spoken = messages[0]
    return {
      ...(user && { to: { user, way } }),
      toSend: messages.flatMap((message, part) => {
        const id = ids[part]
        const messageId = claimed[part]?.messageId
        const isToGo = stateOf(part) === 'sending' && id !== undefined
        return isToGo ? [{ id, message, ...(messageId && { messageId }) }] : []
      }),
      ...(isOnTheSpot && spoken?.kind === 'text' && { onTheSpot: spoken.text }),
    }
  }

  /** For as many messages at once, or none. */
  async function pay(tx: Db, openIdHash: Buffer, allowance: Allowance, count: number, kept: number): Promise<Paid> {
    if (count <= 0) return { mayGo: true }
    const users = wechatUsersStore(tx)
    const user = await users.lock(openIdHash)
    const left = user && spentAll(user.quota, allowance, { count, kept }, now())
    if (left) await users.change(openIdHash, { quota: left }, now())
    return { mayGo: left !== undefined && user?.follows === true, ...(user && { user }) }
  }

  async function send({ to, toSend }: Claimed): Promise<void> {
    if (!to) return
    const { user, way } = to
    const recipient = { openId: sealer.open(user.openIdSealed), account: user.account }
    let isSure = true
    for (const one of toSend) {
      // Behind one that is sent again: they go again as well, in their order.
      const outcome: Outcome = isSure || !way.numberOf ? await sent(way, recipient, one) : unsure
      isSure = isSure && outcome.state !== 'unknown'
      await deliveriesStore(db).settle(one.id, outcome.state, outcome.code, now())
    }
  }

  async function sent(way: Way, to: Recipient, { message, messageId = '' }: ToSend): Promise<Outcome> {
    try {
      await way.send(to, message, messageId)
      return { state: 'sent' }
    } catch (error) {
      if (error instanceof WechatRefusal) {
        log.warn({ code: error.code, failure: error.failure }, 'WeChat did not take a message')
        return { state: error.failure === 'window' ? 'blocked' : 'refused', code: error.code }
      }
      // It may have arrived. Sent again without a number, it might be read twice.
      log.warn({ err: error }, 'whether a message reached WeChat is not known')
      return unsure
    }
  }

  /** What it was, made anew from what was said: a turn is never changed. */
  async function sendAgain({ id, conversationId, messageId, fromSeq, toSeq, part }: Unsure): Promise<void> {
    const line = await deliveriesStore(db).lineOf(conversationId)
    const way = line && ways[line.road]
    const user = way && (await wechatUsersStore(db).find(line.openIdHash))
    if (!way || !user) return
    const turns = await turnsSince(db, conversationId, fromSeq - 1)
    const said = turns.filter(({ seq, speaker }) => seq <= toSeq && speaker !== 'customer')
    const message = messagesOf(said, way.menu)[part]
    if (message) await send({ to: { user, way }, toSend: [{ id, message, messageId }] })
  }

  const forsakenBefore = () => new Date(now().getTime() - forsakenAfterMs)

  function inTurn<T>(conversationId: string, work: () => Promise<T>): Promise<T> {
    const mine = (lastOf.get(conversationId) ?? Promise.resolve()).then(work, work)
    lastOf.set(conversationId, mine)
    const forget = () => void (lastOf.get(conversationId) === mine && lastOf.delete(conversationId))
    mine.then(forget, forget)
    return mine
  }

  return {
    /** Everything that was said and not told yet. */
    tell: (conversationId: string, deed?: Deed): Promise<void> =>
      inTurn(conversationId, async () => send(await claim(conversationId, false, deed))),

    /**
     * The usual case, in the transaction in which it is said: one message, and nothing else is to be told.
     * @param seen of the event that it answers, with that answer
     * @returns what is answered on the spot; nothing, and nothing done, in any other case
     */
    async answerIn(
      tx: Db,
      { openIdHash, said: turns }: { openIdHash: Buffer; said: readonly KeptTurn[] },
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
      return (await deliveriesStore(tx).toldOnTheSpot(told, seen(message.text))) ? message.text : undefined
    },

    /** @returns what is answered on the spot; the rest goes out behind it. */
    async tellOnTheSpot(conversationId: string, deed: Deed): Promise<string | undefined> {
      const claimed = await inTurn(conversationId, () => claim(conversationId, true, deed))
      if (claimed.toSend.length === 0) return claimed.onTheSpot
      void inTurn(conversationId, () => send(claimed)).catch((error: unknown) =>
        log.warn({ err: error }, 'the rest of an answer was not sent'),
      )
      return claimed.onTheSpot
    },

    /** What was claimed by a process that is gone. */
    forsake: () => deliveriesStore(db).forsake(forsakenBefore(), now()),

    /** What may be sent again, for nobody knows what became of it. */
    async again(): Promise<void> {
      const all = await deliveriesStore(db).unsure(forsakenBefore(), mostTries, againAtOnce)
      await Promise.all(all.map((one) => inTurn(one.conversationId, () => sendAgain(one))))
    },

    /** Nothing is under way any more. */
    settled: async (): Promise<void> => void (await Promise.allSettled([...lastOf.values()])),
  }
}

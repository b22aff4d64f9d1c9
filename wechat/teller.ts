/**
 * Tells a citizen in WeChat what was said in their conversation: on the spot while the platform waits for an answer,
 * else by customer-service messages, within what may be sent.
 *
 * Invariant: what is to go out is claimed in the database before it goes, under the lock of the conversation's line;
 * so nothing goes out twice, whoever tells. What was not taken for now goes again, in its order and before what was said
 * after it. What nobody knows the fate of is never sent again, but by a way that takes each number of ours once.
 */
import type { KeptTurn } from '../contract/turn.ts'
import { WechatRefusal } from './api.ts'
import { batchesOf, type HeldUp } from './batches.ts'
import { deliveriesStore, type Line, type NewDelivery } from './deliveries.store.ts'
import { dueStore, type Unsure } from './due.store.ts'
import type { Seen } from './events.store.ts'
import { againAt, fateOf, sharingFate, type Fate } from './fate.ts'
import { messagesOf, type Message } from './outgoing.ts'
import { keptForPerson, spentAll, unspent, type Allowance, type Quota } from './quota.ts'
import type { Road, Way, Ways } from './road.ts'
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
  /** Words of a person, or that one has come: for these the last message is kept. */
  isPersons: (turn: KeptTurn) => boolean
  /** Something was sent in a conversation, or is not going to be. */
  changed: (conversationId: string) => void
  /** What became of messages, each time. @param refusal what the platform said, where it said anything */
  became: (road: Road, state: DeliveryState, count: number, refusal?: WechatRefusal) => void
  log: Log
  now: () => Date
}
/** `messageId`: by a way that takes each number once. */
type ToSend = { id: number; fromSeq: number; message: Message; messageId?: string }
type Addressee = { user: WechatUser; road: Road; way: Way }
type Claimed = {
  onTheSpot?: string
  to?: Addressee
  toSend: readonly ToSend[]
  /** How often what is sent was delayed before. */
  tries: number
  paid?: Quota
  isChanged: boolean
}
type Paid = { mayGo: boolean; user?: WechatUser; left?: Quota }
/** Who has just done something, and what is done in the transaction in which it is claimed what they are told. */
type Deed = { openIdHash: Buffer; settle?: (tx: Db, onTheSpot: string | undefined) => Promise<void> }
export type Teller = ReturnType<typeof teller>

const forsakenAfterMs = 60_000
const mostTries = 5
const againAtOnce = 50
const nothing: Claimed = { toSend: [], tries: 0, isChanged: false }
const notOnTheSpot = () => false

export function teller({ db, ways, sealer, turnsSince, isPersons, changed, became, log, now }: Parts) {
  /** One after the other within a conversation: they arrive in the order in which they were said. */
  const lastOf = new Map<string, Promise<unknown>>()
  const later = (ms: number) => new Date(now().getTime() + ms)

  function claim(conversationId: string, isAsked: () => boolean, deed?: Deed): Promise<Claimed> {
    return db.transaction().execute(async (tx) => {
      const line = await lineFor(tx, conversationId, deed)
      const claimed = line ? await claimIn(tx, conversationId, line, isAsked, deed !== undefined) : nothing
      await deed?.settle?.(tx, claimed.onTheSpot)
      return claimed
    })
  }

  /** Told to whom they have just come as. */
  async function lineFor(tx: Db, conversationId: string, deed: Deed | undefined): Promise<Line | undefined> {
    const deliveries = deliveriesStore(tx)
    const line = await deliveries.lock(conversationId)
    if (!deed || line?.openIdHash.equals(deed.openIdHash)) return line
    await deliveries.open(conversationId, deed.openIdHash)
    return deliveries.lock(conversationId)
  }

  /**
   * @param isAsked whether an answer on the spot is still heard: asked when nothing is waited for any more.
   * @param isWritten the citizen has just done something: what the quota held up is told with what is told next.
   */
  async function claimIn(
    tx: Db,
    conversationId: string,
    line: Line,
    isAsked: () => boolean,
    isWritten: boolean,
  ): Promise<Claimed> {
    const deliveries = deliveriesStore(tx)
    const { road, toldSeq } = line
    const way = ways[road]
    if (!way) return nothing
    const states = isWritten ? (['blocked', 'delayed'] as const) : (['delayed'] as const)
    const { heldUp, tries } = line.isHeldUp ? await deliveries.takeBack(conversationId, states) : noneHeldUp
    const fromSeq = Math.min(toldSeq + 1, ...heldUp.map((one) => one.fromSeq))
    const turns = await turnsSince(tx, conversationId, fromSeq - 1)
    const lastSeq = Math.max(toldSeq, turns.at(-1)?.seq ?? 0)
    const isOnTheSpot = turns.some(({ speaker }) => speaker !== 'customer') && isAsked()
    const batches = batchesOf({ turns, toldSeq, heldUp, menu: way.menu, isOnTheSpot })
    if (batches.length === 0) {
      if (lastSeq > toldSeq) await deliveries.toldUpTo(conversationId, lastSeq)
      return nothing
    }
    const parts = batches.flatMap(({ messages, firstPart, ...batch }) =>
      messages.map((message, at) => ({ ...batch, message, part: firstPart + at })),
    )
    const [first] = parts
    const spoken = isOnTheSpot && first?.message.kind === 'text' ? first.message.text : undefined
    const free = spoken === undefined ? 0 : 1
    const isForPerson = turns.some((turn) => isPersons(turn) && batches.some((one) => isIn(turn, one)))
    const kept = isForPerson ? 0 : keptForPerson
    const { mayGo, user, left } = await pay(tx, line.openIdHash, way.allowance, parts.length - free, kept)

    const claimed = parts.map(({ message, ...about }, at): NewDelivery & { message: Message } => {
      const state: DeliveryState = at < free ? 'passive' : mayGo ? 'sending' : 'blocked'
      const { fromSeq: from, toSeq: to, part } = about
      return {
        ...{ ...about, message, state, tries },
        ...(way.numberOf && { messageId: way.numberOf(conversationId, from, to, part, now().getTime()) }),
        ...(state === 'sending' && { dueAt: later(forsakenAfterMs) }),
      }
    })
    const ids = await deliveries.claim(conversationId, lastSeq, claimed, now())
    if (free > 0) became(road, 'passive', free)
    if (!mayGo) became(road, 'blocked', parts.length - free)
    return {
      ...{ tries, isChanged: true },
      ...(user && { to: { user, road, way } }),
      ...(left && { paid: left }),
      ...(spoken !== undefined && { onTheSpot: spoken }),
      toSend: claimed.flatMap(({ state, message, messageId, fromSeq: from }, at) => {
        const id = ids[at]
        return state === 'sending' && id !== undefined ? [{ id, fromSeq: from, message, messageId }] : []
      }),
    }
  }

  /** For as many messages at once, or none. */
  async function pay(tx: Db, openIdHash: Buffer, allowance: Allowance, count: number, kept: number): Promise<Paid> {
    if (count <= 0) return { mayGo: true }
    const users = wechatUsersStore(tx)
    const user = await users.lock(openIdHash)
    const left = user && spentAll(user.quota, allowance, { count, kept }, now())
    if (!user || !left || !user.follows) return { mayGo: false, ...(user && { user }) }
    await users.change(openIdHash, { quota: left }, now())
    return { mayGo: true, user, left }
  }

  async function send({ to, toSend, tries, paid }: Claimed): Promise<void> {
    if (!to) return
    const { user, road, way } = to
    const isNumbered = way.numberOf !== undefined
    for (let left = toSend; left[0]; ) {
      const [one, ...behind] = left
      const fate = await sent(to, one)
      const sharing = sharingFate(one, behind, fate, isNumbered)
      const settled = [one, ...sharing]
      const isAgain = fate.state === 'delayed' || (fate.state === 'unknown' && isNumbered)
      const dueAt = isAgain ? againAt(tries, now()) : undefined
      await deliveriesStore(db).settle(
        settled.map(({ id }) => id),
        { ...fate, ...(dueAt && { dueAt }) },
        now(),
      )
      if (sharing.length > 0) became(road, fate.state, sharing.length)
      // It was never sent, so it counts for nothing; when it goes again it is paid for again.
      if (fate.state === 'delayed' && paid)
        await wechatUsersStore(db).giveBack(user.openIdHash, unspent(user.quota, paid, settled.length), now())
      left = behind.filter((other) => !sharing.includes(other))
    }
  }

  async function sent({ user, road, way }: Addressee, { message, messageId = '' }: ToSend): Promise<Fate> {
    try {
      await way.send({ openId: sealer.open(user.openIdSealed), account: user.account }, message, messageId)
      became(road, 'sent', 1)
      return { state: 'sent' }
    } catch (error) {
      const fate = fateOf(error, way.numberOf !== undefined)
      const refusal = error instanceof WechatRefusal ? error : undefined
      const facts = refusal ? { code: refusal.code, failure: refusal.failure } : { err: error }
      log.warn(
        facts,
        fate.state === 'unknown' ? 'whether a message reached WeChat is not known' : 'WeChat did not take a message',
      )
      became(road, fate.state, 1, refusal)
      return fate
    }
  }

  /**
   * What they were, made anew from what was said: a turn is never changed. One that is not taken this time was perhaps
   * taken before: it stays unsure, and those behind it wait with it.
   */
  async function sendAgain(conversationId: string, unsure: readonly Unsure[]): Promise<void> {
    const line = await deliveriesStore(db).lineOf(conversationId)
    const way = line && ways[line.road]
    const user = way && (await wechatUsersStore(db).find(line.openIdHash))
    if (!way || !user) return
    const turns = await turnsSince(db, conversationId, Math.min(...unsure.map(({ fromSeq }) => fromSeq)) - 1)
    for (const { id, messageId, part, ...batch } of unsure) {
      const said = turns.filter((turn) => isIn(turn, batch) && turn.speaker !== 'customer')
      const message = messagesOf(said, way.menu)[part]
      if (!message) continue
      const fate = await sent({ user, road: line.road, way }, { id, fromSeq: batch.fromSeq, message, messageId })
      if (fate.state !== 'sent' && fate.state !== 'refused') break
      await deliveriesStore(db).settle([id], fate, now())
    }
    changed(conversationId)
  }

  async function tellNow(conversationId: string, deed?: Deed): Promise<void> {
    const claimed = await claim(conversationId, notOnTheSpot, deed)
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

  const tell = (conversationId: string, deed?: Deed): Promise<void> =>
    inTurn(conversationId, () => tellNow(conversationId, deed))

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
     * @returns what is answered on the spot; the rest goes out behind it.
     */
    async tellOnTheSpot(conversationId: string, isAsked: () => boolean, deed: Deed): Promise<string | undefined> {
      const claimed = await inTurn(conversationId, () => claim(conversationId, isAsked, deed))
      if (claimed.toSend.length > 0)
        void inTurn(conversationId, () => send(claimed))
          .catch((error: unknown) => log.warn({ err: error }, 'the rest of an answer was not sent'))
          .finally(() => changed(conversationId))
      else if (claimed.isChanged) changed(conversationId)
      return claimed.onTheSpot
    },

    /** What was claimed by a process that is gone. */
    async forsake(): Promise<void> {
      for (const conversationId of await dueStore(db).forsake(now())) changed(conversationId)
    },

    /** What may be sent again: for nobody knows what became of it, or for it was not taken for now. */
    async again(): Promise<void> {
      const unsure = await dueStore(db).unsure(now(), later(forsakenAfterMs), mostTries, againAtOnce)
      const conversations = [...new Set(unsure.map(({ conversationId }) => conversationId))]
      const unsureIn = (id: string) => unsure.filter(({ conversationId }) => conversationId === id)
      await Promise.all(conversations.map((id) => inTurn(id, () => sendAgain(id, unsureIn(id)))))
      const delayed = await dueStore(db).delayed(now(), againAtOnce)
      await Promise.all(delayed.map((id) => tell(id)))
    },

    /** Nothing is under way any more. */
    settled: async (): Promise<void> => void (await Promise.allSettled([...lastOf.values()])),
  }
}

const noneHeldUp: { heldUp: HeldUp[]; tries: number } = { heldUp: [], tries: 0 }
const isIn = ({ seq }: KeptTurn, { fromSeq, toSeq }: { fromSeq: number; toSeq: number }) =>
  seq >= fromSeq && seq <= toSeq

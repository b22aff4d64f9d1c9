/**
 * What is to be told next in a conversation, claimed in the database before it goes, under the lock of the
 * conversation's line: so nothing goes out twice, whoever tells. What may be sent is paid for in the same transaction.
 */
import type { KeptTurn } from '../contract/turn.ts'
import type { WechatRefusal } from './api.ts'
import { batchesOf, type HeldUp } from './batches.ts'
import { deliveriesStore, type Line, type NewDelivery } from './deliveries.store.ts'
import { withEnding } from './notice-invitation.ts'
import type { Message } from './outgoing.ts'
import { keptForAnswer, keptForPerson, room, spentAll, type Allowance, type Quota } from './quota.ts'
import type { Road, Way, Ways } from './road.ts'
import type { Db, DeliveryState } from './tables.ts'
import { wechatUsersStore, type WechatUser } from './users.store.ts'

export type TurnsSince = (db: Db, conversationId: string, seq: number) => Promise<readonly KeptTurn[]>
/** What became of messages, each time. @param refusal what the platform said, where it said anything */
export type Became = (road: Road, state: DeliveryState, count: number, refusal?: WechatRefusal) => void

export type ClaimParts = {
  db: Db
  ways: Ways
  turnsSince: TurnsSince
  /** Words of a person, or that one has come: for these the last message is kept. */
  isPersons: (turn: KeptTurn) => boolean
  /** Whether anything of theirs is open, so that somebody may still have to say that they have come. */
  mayPersonCome: (tx: Db, openIdHash: Buffer) => Promise<boolean>
  became: Became
  now: () => Date
}
/** `messageId`: by a way that takes each number once. */
export type ToSend = { id: number; fromSeq: number; message: Message; messageId?: string }
export type Addressee = { user: WechatUser; road: Road; way: Way }
export type Claimed = {
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
export type Deed = { openIdHash: Buffer; settle?: (tx: Db, onTheSpot: string | undefined) => Promise<void> }
/** `back`: the citizen has done something elsewhere; what was held up here is told before what answers that. */
export type Cause = Deed | 'back' | undefined

/** Whoever has claimed something and has not sent it by then is gone. */
export const forsakenAfterMs = 60_000
const nothing: Claimed = { toSend: [], tries: 0, isChanged: false }

export function claims({ db, ways, turnsSince, isPersons, mayPersonCome, became, now }: ClaimParts) {
  /** Told to whom they have just come as. */
  async function lineFor(tx: Db, conversationId: string, cause: Cause): Promise<Line | undefined> {
    const deliveries = deliveriesStore(tx)
    const line = await deliveries.lock(conversationId)
    if (!cause || cause === 'back' || line?.openIdHash.equals(cause.openIdHash)) return line
    await deliveries.open(conversationId, cause.openIdHash)
    return deliveries.lock(conversationId)
  }

  /**
   * @param isAsked whether an answer on the spot is still heard: asked when nothing is waited for any more.
   * @param cause with one, what the quota held up is told with what is told next.
   */
  async function claimIn(
    tx: Db,
    conversationId: string,
    line: Line,
    isAsked: () => boolean,
    cause: Cause,
  ): Promise<Claimed> {
    const deliveries = deliveriesStore(tx)
    const { road, toldSeq } = line
    const way = ways[road]
    if (!way) return nothing
    const states = cause ? (['blocked', 'delayed'] as const) : (['delayed'] as const)
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
    const kept = cause === 'back' ? keptForAnswer : isForPerson ? 0 : 'for a person'
    const { mayGo, user, left } = await pay(tx, line.openIdHash, way.allowance, parts.length - free, kept)

    const claimed = parts.map(({ message, ...about }, at): NewDelivery & { message: Message } => {
      const state: DeliveryState = at < free ? 'passive' : mayGo ? 'sending' : 'blocked'
      const { fromSeq: from, toSeq: to, part } = about
      return {
        ...{ ...about, message, state, tries },
        ...(way.numberOf && { messageId: way.numberOf(conversationId, from, to, part, now().getTime()) }),
        ...(state === 'sending' && { dueAt: new Date(now().getTime() + forsakenAfterMs) }),
      }
    })
    await endLast(tx, line.openIdHash, way, left, claimed)
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

  async function endLast(
    tx: Db,
    openIdHash: Buffer,
    { ending, allowance }: Way,
    left: Quota | undefined,
    claimed: { message: Message }[],
  ): Promise<void> {
    const last = claimed.at(-1)
    if (!ending || !left || !last || room(left, allowance, now()).left > 0) return
    const words = await ending(tx, openIdHash)
    if (words !== undefined) last.message = withEnding(last.message, words)
  }

  /** For as many messages at once, or none. */
  async function pay(
    tx: Db,
    openIdHash: Buffer,
    allowance: Allowance,
    count: number,
    keeps: number | 'for a person',
  ): Promise<Paid> {
    if (count <= 0) return { mayGo: true }
    const users = wechatUsersStore(tx)
    const user = await users.lock(openIdHash)
    // Asked only where it makes a difference.
    const isLast = user && keeps !== 0 && room(user.quota, allowance, now()).left === count
    const mayCome = keeps === 'for a person' && (!isLast || (await mayPersonCome(tx, openIdHash)))
    const kept = keeps === 'for a person' ? (mayCome ? keptForPerson : 0) : keeps
    const left = user && spentAll(user.quota, allowance, { count, kept }, now())
    if (!user || !left || !user.follows) return { mayGo: false, ...(user && { user }) }
    await users.pay(openIdHash, left, now())
    return { mayGo: true, user, left }
  }

  return function claim(conversationId: string, isAsked: () => boolean, cause?: Cause): Promise<Claimed> {
    return db.transaction().execute(async (tx) => {
      const line = await lineFor(tx, conversationId, cause)
      const claimed = line ? await claimIn(tx, conversationId, line, isAsked, cause) : nothing
      if (cause !== 'back') await cause?.settle?.(tx, claimed.onTheSpot)
      return claimed
    })
  }
}

const noneHeldUp: { heldUp: HeldUp[]; tries: number } = { heldUp: [], tries: 0 }
export const isIn = ({ seq }: KeptTurn, { fromSeq, toSeq }: { fromSeq: number; toSeq: number }) =>
  seq >= fromSeq && seq <= toSeq

/**
 * Sends what was claimed, and notes what became of each message. What was not taken for now goes again, in its order
 * and before what was said after it; what nobody knows the fate of never does, but by a way that takes each number of
 * ours once.
 */
import { WechatRefusal } from './api.ts'
import { isIn, type Addressee, type Became, type Claimed, type ToSend, type TurnsSince } from './claims.ts'
import { deliveriesStore } from './deliveries.store.ts'
import type { Unsure } from './due.store.ts'
import { againAt, fateOf, sharingFate, type Fate } from './fate.ts'
import { messagesOf } from './outgoing.ts'
import { unspent } from './quota.ts'
import type { Ways } from './road.ts'
import type { Db } from './tables.ts'
import { wechatUsersStore } from './users.store.ts'

type Log = { warn(facts: object, message: string): void }
type Sealer = { open(sealed: string): string }

export type SendingParts = {
  db: Db
  ways: Ways
  sealer: Sealer
  turnsSince: TurnsSince
  /** Something was sent in a conversation, or is not going to be. */
  changed: (conversationId: string) => void
  became: Became
  log: Log
  now: () => Date
}

export function sending({ db, ways, sealer, turnsSince, changed, became, log, now }: SendingParts) {
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
   * taken before: it stays unsure, and those behind it wait with it. So does all of it where the citizen has come by
   * another road since, which knows nothing of our numbers.
   */
  async function sendAgain(conversationId: string, unsure: readonly Unsure[]): Promise<void> {
    const line = await deliveriesStore(db).lineOf(conversationId)
    const way = line && ways[line.road]
    const user = way && (await wechatUsersStore(db).find(line.openIdHash))
    if (!way?.numberOf || !user) return
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

  return { send, sendAgain }
}

/**
 * The official account (公众号), and the mini-program, which is the same but for its words: what a citizen sends comes in
 * once, is answered by the same flow as every other channel, and the answer goes back on the spot where it is there in
 * time.
 *
 * Invariant: one thing that a citizen did is worked on once, however often and wherever the platform sends it again;
 * all who ask while it is worked on hear the same answer.
 */
import { hashOf, type Citizens } from './citizens.ts'
import { wechatEventsStore, type Seen } from './events.store.ts'
import { readMessage, type Inbound } from './inbound.ts'
import type { Road } from './road.ts'
import { readScene } from './scene.ts'
import type { Db } from './tables.ts'
import type { Teller } from './teller.ts'
import { turnstile } from './turnstile.ts'
import { wechatUsersStore } from './users.store.ts'

type Sealer = { seal(plain: string): string; open(sealed: string): string }
type Parts = {
  db: Db
  road: Road
  citizens: Citizens
  teller: Pick<Teller, 'tell' | 'tellOnTheSpot' | 'answerIn'>
  sealer: Sealer
  /** One message, as it came. */
  read?: (raw: string) => Inbound | undefined
  /** A mini-program takes no words on the spot. */
  answersOnTheSpot?: boolean
  now: () => Date
}
/** `take`: whether an answer on the spot is still heard; from then on it is waited for, unless it is left again. */
type Asking = { take: () => boolean; leave: () => void }
const nobodyAsks: Asking = { take: () => false, leave: () => undefined }
export type OfficialAccount = ReturnType<typeof officialAccount>

/** The platform hangs up after five seconds, and asks three times in all. */
const answerWithinMs = 3_500
/** Begun later than this, it would be heard by a few. */
const worthwhileForMs = 3_000
/** Fewer than there are connections to the database: the other channels need some too. */
const workedOnAtOnce = 8
const leftOverAfterMs = 30_000
const leftOverAtOnce = 50

export function officialAccount({ db, road, citizens, teller, sealer, now, ...parts }: Parts) {
  const { read = readMessage, answersOnTheSpot = true } = parts
  const { userOf, act } = citizens
  const underWay = new Map<string, Promise<string | undefined>>()
  const atWork = new Set<string>()
  const gate = turnstile({ atOnce: workedOnAtOnce, heardForMs: worthwhileForMs, now })
  const events = wechatEventsStore(db)

  async function takeOnce(inbound: Inbound, raw: string): Promise<string | undefined> {
    // Kept, and too late to be answered on the spot: where everybody waits, who asks again is not looked up.
    if (atWork.has(inbound.key)) return undefined
    const keyHash = hashOf(inbound.key)
    const user = userOf(inbound)
    const told = { keyHash, kind: inbound.kind, rawSealed: sealer.seal(raw) }
    const { isNew, replySealed } = await events.keep(told, user)
    if (isNew) return inTime((asking) => workInTurn(inbound, user.openIdHash, asking))
    return replySealed === undefined ? undefined : sealer.open(replySealed)
  }

  async function workInTurn(inbound: Inbound, openIdHash: Buffer, asking: Asking): Promise<string | undefined> {
    atWork.add(inbound.key)
    try {
      return await gate.through(inbound.openId, () => work(inbound, openIdHash, asking))
    } finally {
      atWork.delete(inbound.key)
    }
  }

  /** The answer is kept for who asks again in the transaction that claims it: it is durable before anybody hears it. */
  async function work(inbound: Inbound, openIdHash: Buffer, asking: Asking): Promise<string | undefined> {
    const maySpeak = answersOnTheSpot && !asksByMenu(inbound)
    const seen = (answer?: string): Seen => ({
      ...{ keyHash: hashOf(inbound.key), now: now() },
      ...(answer !== undefined && { replySealed: sealer.seal(answer) }),
    })
    let spoken: string | undefined
    const conversationId = await act(inbound, openIdHash, async (tx, said) => {
      if (!maySpeak || !asking.take()) return
      spoken = await teller.answerIn(tx, { openIdHash, road, said }, seen)
      if (spoken === undefined) asking.leave()
    })
    if (spoken !== undefined) return spoken
    if (conversationId === undefined) {
      await events.done(seen())
      return undefined
    }
    const settle = (tx: Db, answer?: string) => wechatEventsStore(tx).done(seen(answer))
    if (maySpeak) return teller.tellOnTheSpot(conversationId, asking.take, { openIdHash, settle })
    await teller.tell(conversationId, { openIdHash, settle })
    return undefined
  }

  return {
    /**
     * @param raw one message, in the clear
     * @returns whether it is one, and who is answered what on the spot: nothing where there is none, or it comes later
     */
    async take(raw: string): Promise<{ openId: string; account: string; reply?: string } | undefined> {
      const inbound = read(raw)
      if (!inbound) return undefined
      const { key, openId, account } = inbound
      const mine = underWay.get(key) ?? takeOnce(inbound, raw).finally(() => underWay.delete(key))
      underWay.set(key, mine)
      return { openId, account, reply: await mine }
    },

    /** What a process that is gone had begun with: worked on again; what was said already is not said twice. */
    async takeUpLeftOvers(): Promise<void> {
      const before = new Date(now().getTime() - leftOverAfterMs)
      for (const { keyHash, rawSealed } of await events.leftOver(road, before, leftOverAtOnce)) {
        const inbound = read(sealer.open(rawSealed))
        if (!inbound) {
          await events.done({ keyHash, now: now() })
          continue
        }
        // It waits its turn here; a crowd may take that long.
        if (atWork.has(inbound.key)) continue
        const user = userOf(inbound)
        await wechatUsersStore(db).note(user)
        await work(inbound, user.openIdHash, nobodyAsks)
      }
    },
  }
}

/** A reply on the spot cannot be a menu. */
function asksByMenu(inbound: Inbound): boolean {
  const scene = 'scene' in inbound && inbound.scene !== undefined ? readScene(inbound.scene) : undefined
  return scene !== undefined && scene.kind !== 'entry'
}

/**
 * An answer on the spot is waited for until the time is up; whoever has it ready takes the wait before they claim that it
 * is told so, and leaves it where it is told otherwise after all.
 */
async function inTime(work: (asking: Asking) => Promise<string | undefined>): Promise<string | undefined> {
  let state: 'waiting' | 'answering' | 'late' = 'waiting'
  let isOver = false
  let timer: NodeJS.Timeout | undefined
  let giveUp: () => void = () => undefined
  const late = new Promise<undefined>((resolve) => {
    giveUp = () => {
      isOver = true
      if (state !== 'waiting') return
      state = 'late'
      resolve(undefined)
    }
    timer = setTimeout(giveUp, answerWithinMs)
  })
  const worked = work({
    take() {
      if (state === 'waiting') state = 'answering'
      return state === 'answering'
    },
    leave() {
      if (state === 'answering') state = 'waiting'
      if (isOver) giveUp()
    },
  }).finally(() => clearTimeout(timer))
  return Promise.race([worked, late])
}

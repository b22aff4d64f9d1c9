/**
 * The official account (公众号), and the mini-program, which is the same but for its words: what a citizen sends comes in
 * once, is answered by the same flow as every other channel, and the answer goes back on the spot where it is there in
 * time.
 *
 * Invariant: one thing that a citizen did is worked on once, however often and wherever the platform sends it again;
 * all who ask while it is worked on hear the same answer.
 */
import { setTimeout } from 'node:timers/promises'
import { hashOf, type Alongside, type Citizens } from './citizens.ts'
import { wechatEventsStore, type Ended, type LeftOver, type Seen } from './events.store.ts'
import { readMessage, type Inbound } from './inbound.ts'
import { isMedia } from './media.ts'
import type { Road } from './road.ts'
import { readScene } from './scene.ts'
import type { Db } from './tables.ts'
import type { Teller } from './teller.ts'
import { failedTry } from './trying-again.ts'
import { turnstile } from './turnstile.ts'

type Log = { error(facts: object, message: string): void }
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
  /** Something that a citizen did fails again and again, and is not tried any more. */
  gaveUp: () => void
  log: Log
  now: () => Date
}
/** `take`: whether an answer on the spot is still heard; from then on it is waited for, unless it is left again. */
type Asking = { take: () => boolean; leave: () => void }
const nobodyAsks: Asking = { take: () => false, leave: () => undefined }
export type OfficialAccount = ReturnType<typeof officialAccount>

/** The platform hangs up after five seconds, and asks three times in all. */
const answerWithinMs = 3_500
/** Begun later than this, it would be heard by a few. */
const heardForMs = 3_000
/** Fewer than there are connections to the database: the other channels need some too. */
const workedOnAtOnce = 8
const fetchedAtOnce = 4
const lookEveryMs = 250
const leftOverAfterMs = 30_000
const leftOverAtOnce = 50

export function officialAccount({ db, road, citizens, teller, sealer, log, now, ...parts }: Parts) {
  const { read = readMessage, answersOnTheSpot = true } = parts
  const { userOf, act } = citizens
  const underWay = new Map<string, Promise<string | undefined>>()
  const atWork = new Set<string>()
  const gate = turnstile({ atOnce: workedOnAtOnce, heardForMs, now })
  /** What has to be fetched first takes its time, and nobody who writes waits for that. */
  const slowGate = turnstile({ atOnce: fetchedAtOnce, heardForMs, now })
  /** By whom it is: theirs are worked on in the order in which they came. */
  const lastOf = new Map<string, Promise<unknown>>()
  const events = wechatEventsStore(db)

  async function takeOnce(inbound: Inbound, raw: string): Promise<string | undefined> {
    // Kept, and too late to be answered on the spot: where everybody waits, who asks again is not looked up.
    if (atWork.has(inbound.key)) return undefined
    const keyHash = hashOf(inbound.key)
    const user = userOf(inbound)
    const told = { keyHash, kind: inbound.kind, rawSealed: sealer.seal(raw) }
    const { isNew, ...before } = await events.keep(told, user)
    if (isNew) return inTime((asking) => workInTurn(inbound, user.openIdHash, asking))
    const { replySealed } = before.isDone ? before : await endedElsewhere(keyHash)
    return replySealed === undefined ? undefined : sealer.open(replySealed)
  }

  /** Another process works on it, and may answer whoever asked there: whoever asks here hears the same. */
  async function endedElsewhere(keyHash: Buffer): Promise<Ended> {
    for (let waitedMs = 0; waitedMs < answerWithinMs; waitedMs += lookEveryMs) {
      await setTimeout(lookEveryMs)
      const found = await events.ended(keyHash)
      if (found.isDone) return found
    }
    return { isDone: false }
  }

  async function workInTurn(inbound: Inbound, openIdHash: Buffer, asking: Asking): Promise<string | undefined> {
    const { key, openId, kind } = inbound
    const place = isMedia(kind) ? slowGate : gate
    // Begun before its turn comes, so that nobody else waits for the platform either.
    const kin = citizens.kinOf(inbound)
    const before = lastOf.get(openId)
    atWork.add(key)
    const mine = Promise.allSettled([before, kin]).then(() =>
      place.through(openId, () => work(inbound, openIdHash, asking, kin)),
    )
    lastOf.set(openId, mine)
    try {
      return await mine
    } finally {
      atWork.delete(key)
      if (lastOf.get(openId) === mine) lastOf.delete(openId)
    }
  }

  /** The answer is kept for who asks again in the transaction that claims it: it is durable before anybody hears it. */
  async function work(
    inbound: Inbound,
    openIdHash: Buffer,
    asking: Asking,
    kin?: Promise<Buffer | undefined>,
  ): Promise<string | undefined> {
    const maySpeak = answersOnTheSpot && !asksByMenu(inbound)
    const seen = (answer?: string): Seen => ({
      ...{ keyHash: hashOf(inbound.key), now: now() },
      ...(answer !== undefined && { replySealed: sealer.seal(answer) }),
    })
    let spoken: string | undefined
    const alongside: Alongside = async (tx, said) => {
      if (!maySpeak || !asking.take()) return
      spoken = await teller.answerIn(tx, { openIdHash, road, said }, seen)
      if (spoken === undefined) asking.leave()
    }
    const conversationId = await act(inbound, openIdHash, { alongside, ...(kin && { kin }) })
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

  /** Who it is was noted when it was kept: what they did since counts, and not that it is worked on now. */
  async function takeUp({ keyHash, rawSealed }: LeftOver): Promise<void> {
    const inbound = read(sealer.open(rawSealed))
    if (!inbound) return events.done({ keyHash, now: now() })
    // It waits its turn here; a crowd may take that long.
    if (!atWork.has(inbound.key)) await work(inbound, userOf(inbound).openIdHash, nobodyAsks)
  }

  async function giveUp({ keyHash, rawSealed }: LeftOver): Promise<void> {
    parts.gaveUp()
    try {
      const inbound = read(sealer.open(rawSealed))
      if (inbound && (await events.sorry(keyHash, now()))) await citizens.sayNotWorkedOn(inbound)
    } catch (error) {
      log.error({ err: error }, 'nobody was told that what they did is given up')
    }
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
      for (const leftOver of await events.leftOver(road, before, now(), leftOverAtOnce)) {
        try {
          await takeUp(leftOver)
        } catch (error) {
          log.error({ err: error }, 'something that a citizen did was not worked on')
          if (await events.failed(leftOver, failedTry(leftOver.tries + 1, error, now()), now())) await giveUp(leftOver)
        }
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
    timer = globalThis.setTimeout(giveUp, answerWithinMs)
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

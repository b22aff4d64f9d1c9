/** What is said in WeChat's conversations, told by whatever road the citizen is on: at once, late, or again. */
import { turnsStore } from '../bot/turns.store.ts'
import { wording } from '../bot/wording.ts'
import type { News } from '../contract/line.ts'
import type { KeptTurn } from '../contract/turn.ts'
import { fewAtOnce } from '../wechat/few-at-once.ts'
import { openRoads, type Ways } from '../wechat/road.ts'
import { teller } from '../wechat/teller.ts'
import type { Db } from './db/database.ts'
import type { KeyRing } from './key-ring.ts'
import type { Log } from './log.ts'
import type { Round } from './rounds.ts'
import { wechatLateStore } from './wechat-late.store.ts'
import type { WechatWatch } from './wechat-watch.ts'

type Parts = {
  db: Db
  keys: KeyRing
  ways: Ways
  /** Told whenever something was sent there, or refused. */
  changed: (conversationId: string) => void
  watch: Pick<WechatWatch, 'became'>
  log: Log
  now: () => Date
}
export type WechatTold = ReturnType<typeof wechatTold>

/** Said so long ago and not told yet: whoever should have told it is gone. */
const lateMs = 10_000
/** Longer than a round takes; what was said while nobody was there is looked for at the start, and now and then. */
const [lookBackMs, longLookBackMs, longLookEveryMs] = [600_000, 48 * 3_600_000, 600_000]
const mostLate = 500

export function wechatTold({ db, keys, ways, changed, watch, log, now }: Parts) {
  const told = teller({
    ...{ db, ways, sealer: keys, isPersons, changed, became: watch.became, log, now },
    mayPersonCome: (tx, openIdHash) => wechatLateStore(tx).isOpen(openIdHash),
    turnsSince: (tx, conversationId, seq) => turnsStore(tx).since(conversationId, seq),
  })
  /** Conversations whose citizen waits for an answer to what they have just done. */
  const asked = new Map<string, number>()
  let lookedLongAt = 0

  /** What is said meanwhile is told by whoever asked. */
  async function whileAsked<T>(conversationId: string, work: () => Promise<T>): Promise<T> {
    asked.set(conversationId, (asked.get(conversationId) ?? 0) + 1)
    try {
      return await work()
    } finally {
      const left = (asked.get(conversationId) ?? 1) - 1
      if (left > 0) asked.set(conversationId, left)
      else asked.delete(conversationId)
    }
  }

  const tell = (conversationId: string) =>
    told
      .tell(conversationId)
      .catch((error: unknown) => log.error({ err: error, conversationId }, 'WeChat was not told'))

  async function tellLate(): Promise<void> {
    await told.forsake()
    const at = now().getTime()
    const isLong = at - lookedLongAt >= longLookEveryMs
    const from = new Date(at - (isLong ? longLookBackMs : lookBackMs))
    const late = await wechatLateStore(db).untold(openRoads(ways), from, new Date(at - lateMs), mostLate)
    if (isLong && late.length < mostLate) lookedLongAt = at
    await fewAtOnce(late, tell)
  }

  return {
    teller: told,
    whileAsked,
    /** After every commit. */
    heard(news: readonly News[]): void {
      for (const one of news)
        if (one.kind === 'turn' && one.turn.speaker !== 'customer' && !asked.has(one.turn.conversationId))
          void tell(one.turn.conversationId)
    },
    rounds: [
      { everyMs: 5_000, work: tellLate },
      { everyMs: 2_000, work: () => told.again() },
    ] satisfies Round[],
  }
}

/** Of whoever has come, in the system's words. */
const announced = [wording.claimed, wording.takenOver, wording.transferred]

function isPersons({ speaker, text }: KeptTurn): boolean {
  const number = /工号 (\S+)/.exec(text)?.[1]
  return (
    speaker === 'agent' || (speaker === 'system' && number !== undefined && announced.some((of) => of(number) === text))
  )
}

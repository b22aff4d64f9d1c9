/** What is said in WeChat's conversations, told by whatever road the citizen is on: at once, late, or again. */
import { conversationsStore } from '../bot/conversations.store.ts'
import { turnsStore } from '../bot/turns.store.ts'
import type { News } from '../contract/line.ts'
import { deliveriesStore } from '../wechat/deliveries.store.ts'
import type { Ways } from '../wechat/road.ts'
import { teller } from '../wechat/teller.ts'
import type { Db } from './db/database.ts'
import type { KeyRing } from './key-ring.ts'
import type { Log } from './log.ts'
import type { Round } from './rounds.ts'

type Parts = {
  db: Db
  keys: KeyRing
  ways: Ways
  /** Told whenever something was sent there, or refused. */
  changed: (conversationId: string) => void
  log: Log
  now: () => Date
}
export type WechatTold = ReturnType<typeof wechatTold>

/** Said so long ago and not told yet: whoever should have told it is gone. */
const lateMs = 10_000
const lookBackMs = 48 * 3_600_000

export function wechatTold({ db, keys, ways, changed, log, now }: Parts) {
  const told = teller({
    ...{ db, ways, sealer: keys, log, now },
    turnsSince: (tx, conversationId, seq) => turnsStore(tx).since(conversationId, seq),
  })
  /** Conversations whose citizen waits for an answer to what they have just done. */
  const asked = new Map<string, number>()

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
      .finally(() => changed(conversationId))

  async function tellLate(): Promise<void> {
    await told.forsake()
    const at = now().getTime()
    const spoken = await conversationsStore(db).spokenOn('wechat', new Date(at - lookBackMs), new Date(at - lateMs))
    const toldSeq = await deliveriesStore(db).linesOf(spoken.map(({ id }) => id))
    for (const { id, lastSeq } of spoken) if ((toldSeq.get(id) ?? lastSeq) < lastSeq) await tell(id)
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
      { everyMs: 5_000, work: () => told.again() },
    ] satisfies Round[],
  }
}

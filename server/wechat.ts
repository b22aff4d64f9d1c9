/** The WeChat channel, put together: what it is handed of the hotline, its doors, and its rounds. */
import { keepUnread } from '../bot/unread.ts'
import { turnsStore } from '../bot/turns.store.ts'
import { conversationsStore } from '../bot/conversations.store.ts'
import { wording } from '../bot/wording.ts'
import type { News } from '../contract/line.ts'
import { businessDay } from '../desk/working-days.ts'
import type { LiveIndex } from '../knowledge/live-index.ts'
import { callback } from '../wechat/callback.ts'
import { deliveriesStore } from '../wechat/deliveries.store.ts'
import { officialAccount } from '../wechat/official-account.ts'
import { teller } from '../wechat/teller.ts'
import type { Config } from './config.ts'
import type { conversations } from './conversations.ts'
import type { Db } from './db/database.ts'
import type { Doors } from './http/doors.ts'
import { wechatConsoleRoutes } from './http/wechat-console.routes.ts'
import { wechatRoutes } from './http/wechat.routes.ts'
import type { KeyRing } from './key-ring.ts'
import type { Log } from './log.ts'
import type { Round } from './rounds.ts'
import type { WechatPeople } from './wechat-people.ts'

type Parts = {
  db: Db
  config: Config
  keys: KeyRing
  doors: Doors
  talks: Awaited<ReturnType<typeof conversations>>
  knowledge: LiveIndex
  people: Pick<WechatPeople, 'account' | 'api' | 'changed'>
  log: Log
  now: () => Date
}
export type WechatChannel = ReturnType<typeof wechat>

const mostAgeSeconds = 600
/** Said so long ago and not told yet: whoever should have told it is gone. */
const lateMs = 10_000
const lookBackMs = 48 * 3_600_000

export function wechat({ db, config, keys, doors, talks, knowledge, people, log, now }: Parts) {
  const { account, api } = people
  const questionOf = (entryId: string) =>
    Promise.resolve(knowledge.current().answerEntry(entryId, { on: businessDay(now()) })?.entry?.question)
  const shared = { db, publicUrl: config.PUBLIC_URL, questionOf, now }
  if (!account || !api) {
    wechatRoutes(doors, undefined)
    wechatConsoleRoutes(doors, { ...shared, account: undefined })
    return { heard: () => undefined, rounds: [], settled: () => Promise.resolve() }
  }
  const { arrivals, lines, switchboard } = talks
  const scope = config.BUREAU_CITY ? { region: config.BUREAU_CITY } : {}
  wechatConsoleRoutes(doors, { ...shared, account: { appId: account.api.appId, mode: account.mode, api } })
  const told = teller({
    ...{ db, api, sealer: keys, allowance: account.allowance, log, now },
    turnsSince: (tx, conversationId, seq) => turnsStore(tx).since(conversationId, seq),
  })
  /** Conversations whose citizen waits for an answer on the spot. */
  const asked = new Map<string, number>()

  const official = officialAccount({
    ...{ db, teller: told, sealer: keys, log, now },
    inside: {
      async enter(openId) {
        const who = { kind: 'openid', lookupHash: keys.lookupHash(openId), channel: 'wechat' } as const
        return (await arrivals.enter(who, scope)).conversation.id
      },
      receive: (turn) => whileAsked(turn.conversationId, () => switchboard.receive(turn)),
      keepUnread: (turn, whatToDo) => whileAsked(turn.conversationId, () => keepUnread(lines, turn, whatToDo)),
      greet: (conversationId) =>
        whileAsked(conversationId, () =>
          lines.hold(conversationId, async (talk) => void (await talk.line.say({ text: wording.greeting }))),
        ),
      questionOf,
    },
  })
  wechatRoutes(doors, {
    account: official,
    callback: callback({ keys: account.keys, mode: account.mode, mostAgeSeconds, now }),
  })

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
      .finally(() => people.changed(conversationId))

  async function tellLate(): Promise<void> {
    await told.forsake()
    const at = now().getTime()
    const spoken = await conversationsStore(db).spokenOn('wechat', new Date(at - lookBackMs), new Date(at - lateMs))
    const toldSeq = await deliveriesStore(db).linesOf(spoken.map(({ id }) => id))
    for (const { id, lastSeq } of spoken) if ((toldSeq.get(id) ?? lastSeq) < lastSeq) await tell(id)
  }

  return {
    /** After every commit. */
    heard(news: readonly News[]): void {
      for (const one of news)
        if (one.kind === 'turn' && one.turn.speaker !== 'customer' && !asked.has(one.turn.conversationId))
          void tell(one.turn.conversationId)
    },
    rounds: [
      { everyMs: 5_000, work: tellLate },
      { everyMs: 10_000, work: () => official.takeUpLeftOvers() },
    ] satisfies Round[],
    settled: () => told.settled(),
  }
}

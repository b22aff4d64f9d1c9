/**
 * What becomes of messages in WeChat, for whoever has to put it right: numbers in /metrics, and an alert to the
 * administrators where the platform takes nothing, with what they can do about it.
 */
import { Counter, Gauge, type Registry } from 'prom-client'
import type { Alerts } from '../desk/alerts.ts'
import type { WechatRefusal } from '../wechat/api.ts'
import { codesOf } from '../wechat/api-outcome.ts'
import { dueStore } from '../wechat/due.store.ts'
import { kfGone } from '../wechat/kf/remedies.ts'
import type { Road } from '../wechat/road.ts'
import type { DeliveryState } from '../wechat/tables.ts'
import type { Db } from './db/database.ts'
import type { Log } from './log.ts'
import type { Round } from './rounds.ts'

type Remedies = Readonly<Record<number, string>>
type Parts = {
  db: Db
  alerts: Pick<Alerts, 'wechatFails'>
  metrics: Registry
  remedies: Partial<Record<Road, Remedies>>
  log: Log
  now: () => Date
}
export type WechatWatch = ReturnType<typeof wechatWatch>

const names: Record<Road, string> = { oa: '公众号', kf: '微信客服', mini: '小程序' }
const roadsPage = '请到“微信公众号”页看每一步是否正常'
/** So many within so long are no accident. */
const [pile, pileMs] = [20, 600_000]
/** By each road: that somebody left or refuses is no fault of the road. */
const citizensOwn = [...codesOf('gone'), ...kfGone]
/** The same is told once an hour; it is not looked up each time that it happens. */
const quietMs = 600_000

const words = {
  refused: (road: Road, code: number, remedy: string | undefined) =>
    `${names[road]}的消息发不出去，微信返回 ${code}。${remedy ?? roadsPage}。修好以后，没发出去的会自动补发。`,
  letter: (code: number, remedy: string | undefined) =>
    `公众号给市民的通知发不出去，微信返回 ${code}。${remedy ?? roadsPage}。留有手机号的已改发短信，其余的请另行告知。`,
  pile: (road: Road, count: number) =>
    `最近 10 分钟，${names[road]}有 ${count} 条消息没有送达或不知道是否送达，${roadsPage}。`,
  givenUp: (road: Road) =>
    `${names[road]}有一位市民发来的内容多次处理失败，系统已不再重试，已请市民重发。请到“微信公众号”页的“没处理成的来信”看原因。`,
} as const

export function wechatWatch({ db, alerts, metrics, remedies, log, now }: Parts) {
  const told = new Map<string, number>()
  const underWay = new Set<string>()
  const counter = new Counter({
    name: 'budayang_wechat_messages_total',
    help: 'messages to citizens in WeChat by road and by what became of them',
    labelNames: ['road', 'state'],
    registers: [metrics],
  })
  new Gauge({
    name: 'budayang_wechat_messages_waiting',
    help: 'messages in WeChat that wait: for the citizen to write again, or to be sent again',
    labelNames: ['state'],
    registers: [metrics],
    async collect() {
      const counts = await dueStore(db)
        .waiting()
        .catch(() => undefined)
      this.reset()
      for (const [state, count] of Object.entries(counts ?? {})) this.set({ state }, count)
    },
  })

  async function alert(road: Road, why: string, text: string): Promise<void> {
    const name = `${road}:${why}`
    const at = now().getTime()
    if (underWay.has(name) || at - (told.get(name) ?? -quietMs) < quietMs) return
    underWay.add(name)
    try {
      await db.transaction().execute((tx) => alerts.wechatFails(tx, { road, why }, text, now()))
      told.set(name, at)
    } finally {
      underWay.delete(name)
    }
  }
  const alertLater = (road: Road, why: string, text: string) =>
    void alert(road, why, text).catch((error: unknown) =>
      log.error({ err: error, road, why }, 'nobody was told that WeChat takes nothing'),
    )

  /** A token that is refused twice is another's doing, unless it is a wrong secret. */
  function faultOf(road: Road, { code, failure }: WechatRefusal): { remedy: string | undefined } | undefined {
    const remedy = remedies[road]?.[code]
    return failure === 'set-up' || (failure === 'token' && remedy !== undefined) ? { remedy } : undefined
  }

  async function lookForPiles(): Promise<void> {
    const since = new Date(now().getTime() - pileMs)
    for (const { road, count } of await dueStore(db).failed(since, citizensOwn))
      if (count >= pile) await alert(road, 'pile', words.pile(road, count))
  }

  return {
    /** What became of so many messages. @param refusal what the platform said */
    became(road: Road, state: DeliveryState, count: number, refusal?: WechatRefusal): void {
      counter.inc({ road, state }, count)
      if (!refusal) return
      const fault = faultOf(road, refusal)
      if (fault) alertLater(road, String(refusal.code), words.refused(road, refusal.code, fault.remedy))
    },
    /** A notice, or a letter of the outbox. */
    letterRefused(refusal: WechatRefusal): void {
      const fault = faultOf('oa', refusal)
      if (fault) alertLater('oa', `letter-${refusal.code}`, words.letter(refusal.code, fault.remedy))
    },
    /** Something that a citizen did was tried a few times, and is not tried any more. */
    gaveUp: (road: Road) => alertLater(road, 'given-up', words.givenUp(road)),
    rounds: [{ everyMs: 60_000, work: lookForPiles }] satisfies Round[],
  }
}

/**
 * The official account (公众号): what a citizen sends comes in once, is answered by the same flow as every other
 * channel, and the answer goes back on the spot where it is there in time.
 *
 * Invariant: one thing that a citizen did is worked on once, however often and wherever the platform sends it again;
 * all who ask while it is worked on hear the same answer.
 */
import { createHash } from 'node:crypto'
import type { Turn } from '../contract/turn.ts'
import { consentsStore } from './consents.store.ts'
import { deliveriesStore } from './deliveries.store.ts'
import { wechatEventsStore } from './events.store.ts'
import { readMessage, type Inbound, type InboundKind } from './inbound.ts'
import { noQuota, triggered, type Trigger } from './quota.ts'
import type { Db } from './tables.ts'
import type { Teller } from './teller.ts'
import { wechatUsersStore, type NotedUser } from './users.store.ts'

type Log = { info(facts: object, message: string): void }
type Sealer = { seal(plain: string): string; open(sealed: string): string; lookupHash(identifier: string): Buffer }

/** What the hotline does for this channel. */
export type Inside = {
  /** Where this citizen goes on. */
  enter(openId: string): Promise<string>
  receive(turn: Turn): Promise<unknown>
  /** Words to a citizen who has just come. */
  greet(conversationId: string): Promise<void>
  /** Something that nobody here can read is kept in brackets; the bot, where it has the line, says what to do. */
  keepUnread(turn: Turn, whatToDo: string): Promise<unknown>
  /** The question that a published entry answers. */
  questionOf(entryId: string): Promise<string | undefined>
}

type Parts = { db: Db; inside: Inside; teller: Teller; sealer: Sealer; log: Log; now: () => Date }
export type OfficialAccount = ReturnType<typeof officialAccount>

/** The platform hangs up after five seconds, and asks three times in all. */
const answerWithinMs = 3_500
const leftOverAfterMs = 30_000
const leftOverAtOnce = 50

const words = {
  voice: '我暂时听不了语音，请把问题打字发给我，或者回复“人工”。',
  picture: '图片我看不了，请把问题打字发给我；需要同事看，请回复“人工”。',
} as const

export function officialAccount({ db, inside, teller, sealer, log, now }: Parts) {
  const underWay = new Map<string, Promise<string | undefined>>()
  const events = wechatEventsStore(db)

  async function takeOnce(inbound: Inbound, raw: string): Promise<string | undefined> {
    const keyHash = hashOf(inbound.key)
    const user = userOf(inbound)
    const told = { keyHash, kind: inbound.kind, rawSealed: sealer.seal(raw) }
    const { isNew, replySealed } = await events.keep(told, user)
    if (isNew) return inTime((isAsked) => work(inbound, user.openIdHash, isAsked))
    return replySealed === undefined ? undefined : sealer.open(replySealed)
  }

  /**
   * The answer is kept for who asks again in the transaction that claims it: it is durable before anybody hears it.
   * @param isAsked whether an answer on the spot is still heard; asked once, it is.
   */
  async function work(inbound: Inbound, openIdHash: Buffer, isAsked: () => boolean): Promise<string | undefined> {
    const keyHash = hashOf(inbound.key)
    const done = (tx: Db, reply?: string) => wechatEventsStore(tx).done(keyHash, reply && sealer.seal(reply), now())
    const conversationId = await act(inbound, openIdHash)
    if (conversationId === undefined) await done(db)
    else if (isAsked()) return teller.tellOnTheSpot(conversationId, done)
    else await teller.tell(conversationId, done)
    return undefined
  }

  function userOf({ openId, account, kind, ...inbound }: Inbound): NotedUser {
    const isFromMenu = 'isFromMenu' in inbound && inbound.isFromMenu
    const by = [...triggers[kind], ...(isFromMenu ? (['moment'] as const) : [])]
    return {
      openIdHash: sealer.lookupHash(openId),
      openIdSealed: sealer.seal(openId),
      account,
      follows: kind !== 'unfollow',
      granted: by.reduce((so, trigger) => triggered(so, trigger, now()), noQuota),
      now: now(),
    }
  }

  /** @returns the conversation in which there may be something to tell. */
  async function act(inbound: Inbound, openIdHash: Buffer): Promise<string | undefined> {
    switch (inbound.kind) {
      case 'text':
        return hear(inbound, openIdHash, inbound.text)
      case 'voice':
        return inbound.recognised === undefined
          ? keepUnread(inbound, openIdHash, '[语音]', words.voice)
          : hear(inbound, openIdHash, inbound.recognised)
      case 'image':
      case 'video':
        return keepUnread(inbound, openIdHash, inbound.kind === 'image' ? '[图片]' : '[视频]', words.picture)
      case 'place':
        return hear(inbound, openIdHash, `我的位置：${inbound.label || '（没有地名）'}`)
      case 'link':
        return hear(inbound, openIdHash, `${inbound.title} ${inbound.url}`.trim())
      case 'click':
        return hear(inbound, openIdHash, inbound.menuKey.slice(0, 200))
      case 'follow':
      case 'scan': {
        const question = await askedByScan(inbound.scene)
        if (question !== undefined) return hear(inbound, openIdHash, question)
        const conversationId = await enter(inbound, openIdHash)
        await inside.greet(conversationId)
        return conversationId
      }
      case 'consent':
        for (const { templateId, agrees } of inbound.said)
          await consentsStore(db).said(openIdHash, templateId, agrees, now())
        return undefined
      case 'unfollow':
        return undefined
      case 'other':
        log.info({ what: inbound.what }, 'WeChat sent something of a kind that is not read here')
        return undefined
    }
  }

  async function askedByScan(scene: string | undefined): Promise<string | undefined> {
    const entryId = /^entry-(.+)$/.exec(scene ?? '')?.[1]
    return entryId === undefined ? undefined : inside.questionOf(entryId)
  }

  /** What the quota held up is told with what is told next. */
  async function enter({ openId }: Inbound, openIdHash: Buffer): Promise<string> {
    const conversationId = await inside.enter(openId)
    const { isOpen, isHeldUp } = await deliveriesStore(db).standing(conversationId)
    if (isOpen && !isHeldUp) return conversationId
    await db.transaction().execute(async (tx) => {
      const deliveries = deliveriesStore(tx)
      await deliveries.open(conversationId, openIdHash)
      await deliveries.lock(conversationId)
      await deliveries.takeBackBlocked(conversationId)
    })
    return conversationId
  }

  async function hear(inbound: Inbound, openIdHash: Buffer, text: string): Promise<string> {
    const conversationId = await enter(inbound, openIdHash)
    await inside.receive(turnOf(inbound, conversationId, text))
    return conversationId
  }

  async function keepUnread(inbound: Inbound, openIdHash: Buffer, text: string, whatToDo: string): Promise<string> {
    const conversationId = await enter(inbound, openIdHash)
    await inside.keepUnread(turnOf(inbound, conversationId, text), whatToDo)
    return conversationId
  }

  const turnOf = (inbound: Inbound, conversationId: string, text: string): Turn => ({
    ...{ conversationId, channel: 'wechat', text, saidAt: now() },
    clientId: `wechat-${hashOf(inbound.key).toString('hex').slice(0, 40)}`,
  })

  return {
    /**
     * @param raw the XML of one message, in the clear
     * @returns whether it is one, and who is answered what on the spot: nothing where there is none, or it comes later
     */
    async take(raw: string): Promise<{ openId: string; account: string; reply?: string } | undefined> {
      const inbound = readMessage(raw)
      if (!inbound) return undefined
      const { key, openId, account } = inbound
      const mine = underWay.get(key) ?? takeOnce(inbound, raw).finally(() => underWay.delete(key))
      underWay.set(key, mine)
      return { openId, account, reply: await mine }
    },

    /** What a process that is gone had begun with: worked on again; what was said already is not said twice. */
    async takeUpLeftOvers(): Promise<void> {
      const before = new Date(now().getTime() - leftOverAfterMs)
      for (const { keyHash, rawSealed } of await events.leftOver(before, leftOverAtOnce)) {
        const inbound = readMessage(sealer.open(rawSealed))
        if (!inbound) {
          await events.done(keyHash, undefined, now())
          continue
        }
        const user = userOf(inbound)
        await wechatUsersStore(db).note(user)
        await work(inbound, user.openIdHash, () => false)
      }
    },
  }
}

const triggers: Record<InboundKind, readonly Trigger[]> = {
  text: ['message'],
  voice: ['message'],
  image: ['message'],
  video: ['message'],
  place: ['message'],
  link: ['message'],
  click: ['moment'],
  follow: ['moment'],
  scan: ['moment'],
  consent: [],
  unfollow: [],
  other: [],
}

const hashOf = (key: string) => createHash('sha256').update(key).digest()

/** Whoever works may ask until the time is up whether an answer is still heard; from then on it is waited for. */
async function inTime(work: (isAsked: () => boolean) => Promise<string | undefined>): Promise<string | undefined> {
  let state: 'waiting' | 'answering' | 'late' = 'waiting'
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<undefined>((resolve) => {
    timer = setTimeout(() => {
      if (state !== 'waiting') return
      state = 'late'
      resolve(undefined)
    }, answerWithinMs)
  })
  const worked = work(() => {
    if (state === 'waiting') state = 'answering'
    return state === 'answering'
  }).finally(() => clearTimeout(timer))
  return Promise.race([worked, late])
}

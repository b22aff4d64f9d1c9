/**
 * The company's customer service (微信客服): what was read from the platform, worked on in its order, a citizen's things
 * one after the other.
 *
 * Invariant: only what a citizen wrote is a turn; what a colleague said in the company's own app is theirs, and what was
 * kept is seen to its end or tried again, a few times.
 */
import { WechatRefusal, type WechatApi } from '../api.ts'
import type { Citizens, Inside } from '../citizens.ts'
import type { Words } from '../outgoing.ts'
import type { Db } from '../tables.ts'
import type { Teller } from '../teller.ts'
import { wechatUsersStore } from '../users.store.ts'
import { kfAccountsStore, type KeptKfMessage } from './accounts.store.ts'
import { failedTry } from '../trying-again.ts'
import { readKfItem, type KfItem } from './inbound.ts'
import { kfContent, kfMessageId } from './outgoing.ts'
import { kfFailures } from './failures.store.ts'
import type { KfSessions } from './sessions.ts'

type Log = { info(facts: object, message: string): void; error(facts: object, message: string): void }
type Sealer = { open(sealed: string): string }
type Parts = {
  db: Db
  api: Pick<WechatApi, 'call'>
  citizens: Citizens
  sessions: KfSessions
  teller: Pick<Teller, 'tell'>
  inside: Pick<Inside, 'questionOf'>
  greeting: string
  /** Something that was sent did not arrive. */
  changed: (conversationId: string) => void
  /** Something fails again and again, and is not tried any more. */
  gaveUp: () => void
  sealer: Sealer
  log: Log
  now: () => Date
}
export type KfCustomerService = ReturnType<typeof kfCustomerService>

/** The platform takes a welcome for twenty seconds after somebody opened the window. */
const welcomeWithinMs = 18_000
const leftOverAfterMs = 30_000
const leftOverAtOnce = 50
const mostSideBySide = 8

export function kfCustomerService({ db, api, citizens, sessions, teller, inside, sealer, log, now, ...parts }: Parts) {
  const accounts = kfAccountsStore(db)
  /** By whom it is about: theirs arrive in order. */
  const lastOf = new Map<string, Promise<void>>()
  const underWay = new Set<string>()
  let atWork = 0
  const waiting: (() => void)[] = []

  async function work(kept: KeptKfMessage): Promise<void> {
    const item = readKfItem(JSON.parse(sealer.open(kept.rawSealed)), kept.openKfid)
    if (item) await see(item)
    await accounts.done(kept.keyHash, now())
  }

  async function see(item: KfItem): Promise<void> {
    if (item.by === 'colleague') return sessions.told(item.session, 'theirs')
    if (item.by === 'citizen') {
      await sessions.heard(item.session)
      const user = citizens.userOf(item.inbound)
      await wechatUsersStore(db).note(user)
      const conversationId = await citizens.act(item.inbound, user.openIdHash)
      if (conversationId !== undefined) await teller.tell(conversationId, user)
      return
    }
    const { event } = item
    switch (event.kind) {
      case 'entered':
        return event.welcomeCode === undefined ? undefined : welcome(item.key, event.welcomeCode, event)
      case 'not-delivered':
        return notDelivered(event)
      case 'session':
        return sessions.told(event.session, event.holder)
      case 'nothing':
        log.info({ what: event.what }, 'the customer service sent something of a kind that is not read here')
    }
  }

  async function notDelivered({ messageId, failType }: { messageId: string; failType: number }): Promise<void> {
    const conversationId = await kfFailures(db).note(messageId, failType, now())
    if (conversationId !== undefined) parts.changed(conversationId)
  }

  /** No turn: nobody has said anything yet. A scene of ours offers the question that it stands for. */
  async function welcome(key: string, code: string, { at, scene }: { at: Date; scene?: string }): Promise<void> {
    if (now().getTime() - at.getTime() > welcomeWithinMs) return
    const entryId = /^entry-(.+)$/.exec(scene ?? '')?.[1]
    const question = entryId === undefined ? undefined : await inside.questionOf(entryId)
    const message: Words =
      question === undefined
        ? { kind: 'text', text: parts.greeting }
        : { kind: 'menu', head: parts.greeting, choices: [question], tail: '' }
    try {
      await api.call('/cgi-bin/kf/send_msg_on_event', { code, msgid: kfMessageId(key), ...kfContent(message) })
    } catch (error) {
      // A code is good once, and for seconds: there is no second try.
      const why = error instanceof WechatRefusal ? { code: error.code } : { err: error }
      log.info(why, 'somebody was not welcomed')
    }
  }

  async function room(): Promise<void> {
    if (atWork++ < mostSideBySide) return
    await new Promise<void>((resolve) => waiting.push(resolve))
  }
  function leave(): void {
    atWork--
    waiting.shift()?.()
  }

  async function giveUp(kept: KeptKfMessage): Promise<void> {
    parts.gaveUp()
    try {
      const item = readKfItem(JSON.parse(sealer.open(kept.rawSealed)), kept.openKfid)
      if (item?.by === 'citizen' && (await accounts.sorry(kept.keyHash, now())))
        await citizens.sayNotWorkedOn(item.inbound)
    } catch (error) {
      log.error({ err: error }, 'nobody was told that what they sent is given up')
    }
  }

  /** Behind whatever else there is of theirs. */
  function queue(kept: KeptKfMessage): void {
    const name = kept.keyHash.toString('hex')
    if (underWay.has(name)) return
    underWay.add(name)
    const whose = kept.personHash?.toString('hex') ?? kept.openKfid
    const mine = (lastOf.get(whose) ?? Promise.resolve()).then(async () => {
      await room()
      try {
        await work(kept)
      } catch (error) {
        log.error({ err: error }, 'a message of the customer service was not worked on')
        const failed = failedTry(kept.tries + 1, error, now())
        if (await accounts.failed(kept, failed, now()).catch(() => false)) await giveUp(kept)
      } finally {
        leave()
        underWay.delete(name)
      }
    })
    lastOf.set(whose, mine)
    void mine.then(() => void (lastOf.get(whose) === mine && lastOf.delete(whose)))
  }

  const take = (all: readonly KeptKfMessage[]) => all.forEach(queue)

  return {
    take,
    /** What a process that is gone had begun with; what was said already is not said twice. */
    async takeUpLeftOvers(): Promise<void> {
      take(await accounts.leftOver(new Date(now().getTime() - leftOverAfterMs), now(), leftOverAtOnce))
    },
    settled: async (): Promise<void> => {
      while (lastOf.size > 0) await Promise.allSettled([...lastOf.values()])
    },
  }
}

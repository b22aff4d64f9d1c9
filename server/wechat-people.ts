/**
 * What WeChat does for people beside answering: the room to write that an agent sees, notices that call a citizen back,
 * and letters of the outbox. Made before whatever sends; its doors are opened when the rest is there.
 */
import type { Server } from 'socket.io'
import type { News } from '../contract/line.ts'
import { faultyField, Problem } from '../contract/problem.ts'
import type { Actor } from '../contract/staff.ts'
import { sendableNow, type NoticeState, type WechatStanding } from '../contract/wechat-desk.ts'
import { auditStore } from '../desk/audit.store.ts'
import type { Outbox } from '../desk/outbox.ts'
import { wechatApi, type WechatRefusal } from '../wechat/api.ts'
import { kfAccount } from '../wechat/kf/settings.ts'
import { letters } from '../wechat/letters.ts'
import { lettersStore } from '../wechat/letters.store.ts'
import { miniAccount } from '../wechat/mini/settings.ts'
import { pageSigning } from '../wechat/page-signing.ts'
import { wechatAccount } from '../wechat/settings.ts'
import { noticeKey, standingOf, type Allowances } from '../wechat/standing.ts'
import { standingStore } from '../wechat/standing.store.ts'
import { tokenShelf } from '../wechat/token.store.ts'
import type { Config } from './config.ts'
import type { conversations } from './conversations.ts'
import type { Db } from './db/database.ts'
import type { Doors } from './http/doors.ts'
import { wechatJoiningRoutes } from './http/wechat-joining.routes.ts'
import { wechatNoticesRoutes } from './http/wechat-notices.routes.ts'
import type { KeyRing } from './key-ring.ts'
import { agentSpace, conversationRoom, phoneSpace } from './live/rooms.ts'
import type { Log } from './log.ts'
import type { Outgoing } from './outbox.ts'
import { outboxKeyOf, wechatDriver } from './outgoing/wechat-driver.ts'
import type { VisitorTokens } from './visitor-token.ts'
import { noticesInWechat, wechatReach } from './wechat-reach.ts'
import { wechatScenes } from './wechat-scenes.ts'

type Parts = { db: Db; config: Config; keys: KeyRing; log: Log; now: () => Date }
type Live = {
  io: Server
  doors: Doors
  talks: Pick<Awaited<ReturnType<typeof conversations>>, 'seat' | 'lines' | 'closing'>
  visitors: VisitorTokens
  post: Outbox['post']
  bounced: Outgoing['bounced']
}
export type WechatPeople = ReturnType<typeof wechatPeople>

/** The platform tells what became of a notice within moments. */
const receiptWithinMs = 24 * 3_600_000

const words = {
  matter: '您的咨询有了新回复',
  text: '请在公众号里回复任意一句查看',
  notNow: '现在还能直接发消息，不用发订阅通知',
} as const
const noNotice: Record<Exclude<NoticeState, 'ready' | 'refused'>, string> = {
  unset: '没有设置订阅通知的模板，请联系管理员',
  not_asked: '市民没有同意过接收订阅通知，或者同意的次数已用完',
  declined: '市民拒收订阅通知',
  sent: '订阅通知已经发过，请等市民回复',
  unknown: '订阅通知可能已经送到，请等市民回复',
}

export function wechatPeople({ db, config, keys, log, now }: Parts) {
  const account = wechatAccount(config)
  const api = account && wechatApi({ settings: account.api, shelf: tokenShelf(db, keys, account.api.appId), now })
  const template = account?.notice || undefined
  let letterRefused: ((refusal: WechatRefusal) => void) | undefined
  const writer =
    account &&
    api &&
    letters({
      ...{ db, api, sealer: keys, allowance: account.allowance, template, log, now },
      bureau: config.BUREAU_NAME,
      wasRefused: (refusal) => letterRefused?.(refusal),
    })
  const allowances: Allowances = {
    oa: account?.allowance,
    kf: kfAccount(config)?.allowance,
    mini: miniAccount(config)?.allowance,
  }
  const isOff = Object.values(allowances).every((one) => one === undefined)
  let io: Server | undefined

  const standing = (conversationId: string): Promise<WechatStanding | undefined> =>
    standingOf(db, conversationId, { allowances, template, now: now() })

  /** Tells the consoles that look at it; nobody looks, nobody asks. */
  async function tellStanding(conversationId: string): Promise<void> {
    const room = conversationRoom(conversationId)
    const agents = io && agentSpace(io)
    if (!agents?.adapter.rooms.get(room)?.size) return
    const told = await standing(conversationId)
    if (told) agents.to(room).emit('wechat:standing', told)
  }
  /** One at a time for a conversation, and once more for what changed meanwhile: the last word is the newest. */
  const telling = new Map<string, 'once' | 'again'>()
  async function tellInTurn(conversationId: string): Promise<void> {
    if (telling.has(conversationId)) return void telling.set(conversationId, 'again')
    try {
      do {
        telling.set(conversationId, 'once')
        await tellStanding(conversationId)
      } while (telling.get(conversationId) === 'again')
    } finally {
      telling.delete(conversationId)
    }
  }
  const changed = (conversationId: string) =>
    void tellInTurn(conversationId).catch((error: unknown) =>
      log.error({ err: error, conversationId }, 'how much may be sent was not told'),
    )

  const changedFor = (openIdHash: Buffer) =>
    void standingStore(db)
      .conversationsOf(openIdHash)
      .then((ids) => ids.forEach(changed))
      .catch((error: unknown) => log.error({ err: error }, 'how much may be sent was not told'))

  async function found(conversationId: string): Promise<WechatStanding> {
    const shown = await standing(conversationId)
    if (!shown) throw new Problem('not_found', `${conversationId} is no conversation of WeChat's`)
    return shown
  }

  /** @throws Problem not_found, invalid_input saying why none may go. */
  async function sendNotice(conversationId: string, { staffId }: Actor): Promise<WechatStanding> {
    const before = await found(conversationId)
    const { state } = before.notice
    if (sendableNow(before, now().getTime()) > 0) throw faultyField('', words.notNow)
    if (state !== 'ready' && state !== 'refused') throw faultyField('', noNotice[state])
    const line = await standingStore(db).line(conversationId)
    if (!line || !writer) throw new Problem('not_found', `${conversationId} is no conversation of WeChat's`)
    const { matter, text } = words
    const key = noticeKey(conversationId, line.quota)
    const outcome = await writer.send({
      ...{ key, matter, text, conversationId, openIdHash: line.openIdHash },
      noticeOnly: true,
    })
    const detail = { outcome: outcome.kind }
    await auditStore(db).record({ staffId, act: 'wechat.notice', subject: conversationId, detail }, now())
    changed(conversationId)
    return found(conversationId)
  }

  return {
    account,
    api,
    /** By which way somebody is written to. */
    letterTo: wechatReach(keys, account?.allowance, template),
    noticesInWechat: noticesInWechat(keys, template),
    /** In place of the log. */
    drivers: writer ? { wechat: wechatDriver(writer) } : {},

    /** Something was said, sent or refused there. */
    changed,
    heard(news: readonly News[]): void {
      if (isOff) return
      const spoken = news.flatMap((one) => (one.kind === 'turn' ? [one.turn.conversationId] : []))
      for (const conversationId of new Set(spoken)) changed(conversationId)
    },

    open({ io: server, doors, talks, visitors, post, bounced }: Live) {
      io = server
      const { seat, lines, closing } = talks
      const { BUREAU_NAME: bureau, PUBLIC_URL: publicUrl } = config
      const scenes = wechatScenes({ db, lines, closing, publicUrl, now })
      const numberOf = (conversationId: string) =>
        [...phoneSpace(server).sockets.values()].flatMap(({ data }) => data.numbers?.get(conversationId) ?? [])[0]
      wechatJoiningRoutes(doors, { db, keys, api, scenes, visitors, seat, post, numberOf, bureau, publicUrl, now })
      const sign =
        account && api && pageSigning({ api, shelf: tokenShelf(db, keys, `${account.api.appId}:jsapi`), now })
      const notices = account && sign && template && { appId: account.api.appId, template, sign }
      wechatNoticesRoutes(doors, { notices, kitUrl: config.WECHAT_JSSDK_URL, bureau, publicUrl, log })
      doors.open('GET /api/conversations/:id/wechat', ({ params }) => found(params.id))
      doors.open('POST /api/conversations/:id/wechat/notice', async ({ params, signedIn }) => {
        await seat.mustHold(params.id, signedIn.actor)
        return sendNotice(params.id, signedIn.actor)
      })
      return {
        ...{ account, api, template, changed, changedFor, scenes },
        onLetterRefused: (listen: (refusal: WechatRefusal) => void) => void (letterRefused = listen),
        async noticeFailed(openIdHash: Buffer, templateId: string, code: number): Promise<void> {
          if (templateId !== template?.id) return
          const since = new Date(now().getTime() - receiptWithinMs)
          const letter = await db.transaction().execute(async (tx) => {
            const found = await lettersStore(tx).notArrived(openIdHash, code, since)
            const key = found && outboxKeyOf(found.key)
            if (key !== undefined) await bounced(tx, key, `refused: WeChat ${code}`)
            return found
          })
          if (letter?.conversationId) changed(letter.conversationId)
        },
      }
    },
  }
}

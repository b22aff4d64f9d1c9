/**
 * On with it in WeChat: a code in the widget for whoever holds the visitor's pass, a link by short message after a call,
 * and the page that it leads to. The address of that page is the permission: no cache keeps it.
 */
import type { Response } from 'express'
import { noMobileKnown } from '../../bot/caller-letters.ts'
import { contactsStore } from '../../bot/contacts.store.ts'
import { conversationsStore } from '../../bot/conversations.store.ts'
import type { Seat } from '../../bot/seat.ts'
import { isMobile } from '../../contract/outbox.ts'
import { faultyField, Problem } from '../../contract/problem.ts'
import type { JoinCode } from '../../contract/wechat-desk.ts'
import { auditStore } from '../../desk/audit.store.ts'
import { dataSubject } from '../../desk/data-subject.ts'
import type { Outgoing } from '../../desk/outbox.ts'
import { outboxNumbersStore } from '../../desk/outbox-numbers.store.ts'
import { WechatRefusal, type WechatApi } from '../../wechat/api.ts'
import { wording } from '../../wechat/wording.ts'
import type { Db } from '../db/database.ts'
import type { KeyRing } from '../key-ring.ts'
import type { VisitorTokens } from '../visitor-token.ts'
import { drawScene } from '../wechat-code.ts'
import type { WechatScenes } from '../wechat-scenes.ts'
import type { Doors } from './doors.ts'
import { page, textOf } from './public-page-frame.ts'

type Parts = {
  db: Db
  keys: KeyRing
  /** Absent where no official account is set up. */
  api: WechatApi | undefined
  scenes: WechatScenes
  visitors: VisitorTokens
  seat: Seat
  post: (tx: Db, message: Outgoing, now: Date) => Promise<boolean>
  /** Of a call that goes on now. */
  numberOf: (conversationId: string) => string | undefined
  bureau: string
  publicUrl: string | undefined
  now: () => Date
}

/** A code on a screen is scanned at once; a short message is read when there is time. */
const screenSeconds = 10 * 60
const letterSeconds = 24 * 3_600

export function wechatJoiningRoutes(doors: Doors, parts: Parts): void {
  const { db, keys, api, scenes, visitors, seat, post, numberOf, bureau, publicUrl, now } = parts

  async function draw(token: string, seconds: number): Promise<string> {
    if (!api) throw new Problem('not_found', 'no official account is set up')
    try {
      return await drawScene(api, { kind: 'join', token }, seconds)
    } catch (error) {
      const code = error instanceof WechatRefusal ? ` (${error.code})` : ''
      throw new Problem('not_ready', `WeChat makes no code now${code}`, { cause: error })
    }
  }

  doors.open('POST /api/visitors/wechat', async ({ body }): Promise<JoinCode> => {
    const visitorId = visitors.read(body.token, now())
    const lookupHash = visitorId && keys.lookupHash(visitorId)
    if (!api || !lookupHash || (await dataSubject(db, keys).isWithdrawn(lookupHash)))
      throw new Problem('not_found', 'no valid pass, or no official account')
    const contactId = await contactsStore(db).known('visitor', lookupHash, now())
    const { token, expiresAt } = await scenes.make(db, contactId, screenSeconds)
    return { svg: await draw(token, screenSeconds), expiresAt: expiresAt.toISOString() }
  })

  doors.open('POST /api/conversations/:id/wechat/invitation', async ({ params: { id }, signedIn }) => {
    const { staffId } = signedIn.actor
    await seat.mustHold(id, signedIn.actor)
    const conversation = await conversationsStore(db).find(id)
    if (!api || !publicUrl || conversation?.channel !== 'phone')
      throw faultyField('', '要先开通微信公众号并设置 PUBLIC_URL，而且只用于电话会话')
    const left = await outboxNumbersStore(db, keys).of([conversation.contactId])
    const to = [numberOf(id), ...left].find((number) => number !== undefined && isMobile(number))
    if (!to) throw faultyField('', noMobileKnown)
    await db.transaction().execute(async (tx) => {
      const { token } = await scenes.make(tx, conversation.contactId, letterSeconds)
      const text = wording.invitation(bureau, new URL(`/wechat/go/${token}`, publicUrl).href)
      await post(tx, { channel: 'sms', to, kind: 'wechat_invitation', text, key: `wechat-go:${id}:${token}` }, now())
      await auditStore(tx).record({ staffId, act: 'wechat.invite', subject: id }, now())
    })
    return { ok: true }
  })

  doors.open('GET /wechat/go/:token', async ({ req, res }) => {
    const given = req.params['token']
    const seconds = typeof given === 'string' ? await scenes.secondsLeft(given) : undefined
    if (typeof given !== 'string' || !seconds || !api) return show(res.status(404), wording.joinOver)
    const picture = `data:image/svg+xml;base64,${Buffer.from(await draw(given, seconds)).toString('base64')}`
    const alt = '微信二维码'
    show(res, wording.scanToGoOn, `<p><img src="${picture}" alt="${alt}" width="240" height="240"></p>`)
  })

  function show(res: Response, words: string, more = ''): void {
    const title = '用微信继续'
    const body = `<h1>${title}</h1>\n<p>${textOf(words)}</p>\n${more}`
    res
      .set({ 'cache-control': 'no-store', 'referrer-policy': 'no-referrer' })
      .type('html')
      .send(page(bureau, title, body))
  }
}

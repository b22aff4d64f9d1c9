/**
 * What the stand-in of the platform answers when the hotline calls it: tokens, messages, notices, codes, the menu. It
 * counts what may be sent and refuses as the platform does; nothing here speaks over a network.
 */
import { randomBytes } from 'node:crypto'
import { z } from 'zod'
import { noQuota, spent, triggered, type Allowance, type Quota, type Trigger } from '../quota.ts'

/** What a citizen's screen shows. `choices` can be tapped. */
export type Shown = {
  by: 'account' | 'citizen'
  way: 'passive' | 'custom' | 'notice' | 'citizen'
  text: string
  choices: string[]
  /** A card (图文) leads to a page. */
  url?: string
}
/** How the platform behaves, to be changed while it runs. */
export type Behaviour = {
  allowance: Allowance
  /** How long it waits for an answer. */
  answerWithinMs: number
  /** How often it brings each message at once, as it does when it has lost an answer. */
  copies: number
  /** How far its own clock is ahead, for quotas alone: what it signs bears the true time. */
  aheadMs: number
}
/**
 * The next calls of a path go wrong. `code`: refused with it, `status`: the server breaks down over what it has done,
 * `ms`: it answers so late. `after`: so many calls go well before.
 */
export type Trouble = { path: string; code?: number; status?: number; ms?: number; times?: number; after?: number }
export type PlatformCall = { path: string; token: string | null; errcode: number }

const sendSchema = z.object({
  touser: z.string(),
  msgtype: z.string(),
  text: z.object({ content: z.string() }).optional(),
  image: z.object({ media_id: z.string() }).optional(),
  msgmenu: z
    .object({
      head_content: z.string(),
      list: z.array(z.object({ id: z.string(), content: z.string() })),
      tail_content: z.string(),
    })
    .optional(),
  news: z
    .object({ articles: z.array(z.object({ title: z.string(), description: z.string(), url: z.url() })).length(1) })
    .optional(),
})
const noticeSchema = z.object({
  touser: z.string(),
  template_id: z.string(),
  data: z.record(z.string(), z.object({ value: z.string().min(1) })),
})
const mostThingChars = 20
const codeSchema = z.object({
  expire_seconds: z.number().int().min(1).max(2_592_000).optional(),
  action_info: z.object({ scene: z.object({ scene_str: z.string().min(1).max(64) }) }),
})
const peopleSchema = z.object({ user_list: z.array(z.object({ openid: z.string() })).max(100) })
const tokenSchema = z.object({ appid: z.string(), secret: z.string(), force_refresh: z.boolean().optional() })

export function platformCalls({
  appId,
  appSecret,
  behaviour,
  hasMedia = () => false,
  now,
}: {
  appId: string
  appSecret: string
  behaviour: Behaviour
  /** Whether a file of this number was handed over. */
  hasMedia?: (id: string) => boolean
  now: () => Date
}) {
  const platformTime = () => new Date(now().getTime() + behaviour.aheadMs)
  /** How many notices each citizen may still be sent, by template. */
  const consents = new Map<string, number>()
  const scenes: string[] = []
  const screens = new Map<string, Shown[]>()
  const quotas = new Map<string, Quota>()
  const unions = new Map<string, string>()
  const calls: PlatformCall[] = []
  const refusals: { errcode: number; errmsg: string }[] = []
  const ticket = `ticket-${randomBytes(12).toString('hex')}`
  let token = ''
  let menu: unknown
  let tokensGiven = 0

  function screen(openId: string): Shown[] {
    const shown = screens.get(openId) ?? []
    screens.set(openId, shown)
    return shown
  }

  function answer(at: URL, body: unknown): object {
    const path = at.pathname
    if (path === '/cgi-bin/stable_token') {
      const asked = tokenSchema.parse(body)
      if (asked.appid !== appId) return { errcode: 40_013, errmsg: 'invalid appid' }
      if (asked.secret !== appSecret) return { errcode: 40_125, errmsg: 'invalid appsecret' }
      if (token === '' || asked.force_refresh) token = `token-${++tokensGiven}-${randomBytes(12).toString('hex')}`
      return { access_token: token, expires_in: 7_200 }
    }
    if (at.searchParams.get('access_token') !== token) return { errcode: 42_001, errmsg: 'access_token expired' }
    const refused = refusals.shift()
    if (refused) return refused
    if (path === '/cgi-bin/message/custom/send') return deliver(sendSchema.parse(body))
    if (path === '/cgi-bin/message/subscribe/bizsend') return notify(noticeSchema.parse(body))
    if (path === '/cgi-bin/user/info/batchget') return people(peopleSchema.parse(body))
    if (path === '/cgi-bin/menu/create') menu = body
    if (path === '/cgi-bin/ticket/getticket') return { errcode: 0, errmsg: 'ok', ticket, expires_in: 7_200 }
    // Given by whoever keeps the files.
    if (path === '/cgi-bin/media/get') return {}
    return path === '/cgi-bin/qrcode/create' ? codeFor(codeSchema.parse(body)) : { errcode: 0, errmsg: 'ok' }
  }

  function people({ user_list }: z.output<typeof peopleSchema>): object {
    const known = user_list.map(({ openid }) => {
      const unionid = unions.get(openid)
      return { subscribe: 1, openid, ...(unionid && { unionid }) }
    })
    return { user_info_list: known }
  }

  function codeFor({ action_info }: z.output<typeof codeSchema>): object {
    const scene = action_info.scene.scene_str
    scenes.push(scene)
    return { ticket: randomBytes(12).toString('base64url'), url: `http://weixin.qq.com/q/${encodeURIComponent(scene)}` }
  }

  function deliver({ touser, text, image, msgmenu, news }: z.output<typeof sendSchema>): object {
    const [card] = news?.articles ?? []
    if (image && !hasMedia(image.media_id)) return { errcode: 40_007, errmsg: 'invalid media_id' }
    const said =
      text?.content ??
      (image && `[图片 ${image.media_id}]`) ??
      [msgmenu?.head_content, msgmenu?.tail_content, card?.title, card?.description].filter(Boolean).join('\n')
    if (Buffer.byteLength(said) > 2_048) return { errcode: 45_002, errmsg: 'content size out of limit' }
    const quota = quotas.get(touser) ?? noQuota
    const left = spent(quota, behaviour.allowance, platformTime())
    if (!left) {
      const lastsMs = behaviour.allowance.messageHours * 3_600_000
      const isLate = !quota.messageAt || platformTime().getTime() - quota.messageAt.getTime() >= lastsMs
      return isLate
        ? { errcode: 45_015, errmsg: 'response out of time limit or subscription is canceled' }
        : { errcode: 45_047, errmsg: 'out of response count limit' }
    }
    quotas.set(touser, left)
    const choices = msgmenu?.list.map(({ content }) => content) ?? []
    screen(touser).push({ by: 'account', way: 'custom', text: said, choices, ...(card && { url: card.url }) })
    return { errcode: 0, errmsg: 'ok' }
  }

  function notify({ touser, template_id, data }: z.output<typeof noticeSchema>): object {
    const fields = Object.entries(data)
    if (fields.some(([name, { value }]) => name.startsWith('thing') && [...value].length > mostThingChars))
      return { errcode: 47_003, errmsg: 'argument invalid! data too long' }
    const agreed = `${touser} ${template_id}`
    const left = consents.get(agreed) ?? 0
    if (left < 1) return { errcode: 43_101, errmsg: 'user refuse to accept the msg' }
    consents.set(agreed, left - 1)
    const text = fields.map(([, { value }]) => value).join('\n')
    screen(touser).push({ by: 'account', way: 'notice', text, choices: [] })
    return { errcode: 0, errmsg: 'ok' }
  }

  return {
    /** @param body as JSON had it. @returns what goes back as JSON. */
    answer(at: URL, body: unknown): object {
      let told: object
      try {
        told = answer(at, body)
      } catch {
        told = { errcode: 47_001, errmsg: 'data format error' }
      }
      const errcode = 'errcode' in told && typeof told.errcode === 'number' ? told.errcode : 0
      calls.push({ path: at.pathname, token: at.searchParams.get('access_token'), errcode })
      return told
    },
    screen,
    platformTime,
    /** Everything that was called, with the token that came along. */
    calls: (path?: string): readonly PlatformCall[] => calls.filter((one) => path === undefined || one.path === path),
    menu: () => menu,
    ticket: () => ticket,
    /** What stands in the codes that were made, the newest last. */
    scenes: (): readonly string[] => scenes,
    /** The account in WeChat, the same by every road that is bound to the same open platform. */
    unionIs: (openId: string, unionid: string): void => void unions.set(openId, unionid),
    quotaOf: (openId: string): Quota => quotas.get(openId) ?? noQuota,
    trigger: (openId: string, by: Trigger): void =>
      void quotas.set(openId, triggered(quotas.get(openId) ?? noQuota, by, platformTime())),
    /** The next calls are refused so. */
    refuse: (...codes: number[]) =>
      codes.forEach((errcode) => refusals.push({ errcode, errmsg: 'refused by the stand-in' })),
    /** The token that everybody holds is worth nothing from now on. */
    dropToken: () => void (token = `dropped-${++tokensGiven}`),
    /** One more, or none any more. */
    agree(openId: string, templateId: string, agrees: boolean): void {
      const agreed = `${openId} ${templateId}`
      consents.set(agreed, agrees ? (consents.get(agreed) ?? 0) + 1 : 0)
    },
    noticesLeft: (openId: string, templateId: string): number => consents.get(`${openId} ${templateId}`) ?? 0,
  }
}

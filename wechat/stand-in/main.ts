/** `npm run wechat:standin`: WeChat without an account, to try the whole journey on one's own machine. */
import { readFile } from 'node:fs/promises'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { join } from 'node:path'
import { z } from 'zod'
import { otherRoads, type OtherRoad } from './other-roads.ts'
import { tencentStandIn } from './tencent.ts'

const settings = z
  .object({
    WECHAT_APP_ID: z.string().default('wxstandin00000001'),
    WECHAT_APP_SECRET: z.string().default('stand-in-secret'),
    WECHAT_TOKEN: z.string().default('standintoken'),
    WECHAT_AES_KEY: z.string().length(43).default('YWJjZGVmZ2hpamtsbW5vcHFyc3R1dnd4eXowMTIzNDU'),
    WECHAT_MODE: z.enum(['plain', 'compatible', 'safe']).default('safe'),
    WECHAT_NOTICE_TEMPLATE_ID: z.string().default('stand-in-template-1'),
    HOTLINE_URL: z.url().default('http://127.0.0.1:8080'),
    STANDIN_PORT: z.coerce.number().int().default(8090),
  })
  .parse(process.env)

const openId = z.string().regex(/^\w{6,40}$/)
const road = z.enum(['oa', 'kf', 'mini']).default('oa')
const spoken = z.object({ openId, road, text: z.string().max(2_000), isTapped: z.boolean() })
const asked = z.object({ openId, road })
const acted = z.object({
  openId,
  road,
  act: z.enum([
    'follow',
    'leave',
    'scan',
    'menu',
    'agree',
    'refuse',
    'fail',
    'ahead',
    'wait',
    'copies',
    'quota',
    'token',
    'enter',
    'takes',
    'ends',
  ]),
  value: z.string().max(200).default(''),
})
const hourMs = 3_600_000
const shownCalls = 8

const hotlineUrl = settings.HOTLINE_URL.replace(/\/$/, '')
const others = await otherRoads(hotlineUrl, settings.STANDIN_PORT + 2)
const tencent = await tencentStandIn({
  keys: { token: settings.WECHAT_TOKEN, aesKey: settings.WECHAT_AES_KEY, id: settings.WECHAT_APP_ID },
  appSecret: settings.WECHAT_APP_SECRET,
  mode: settings.WECHAT_MODE,
  callbackUrl: () => `${hotlineUrl}/wechat/oa`,
  port: settings.STANDIN_PORT + 1,
})

/** What stands on the page by another road. */
function shownElsewhere(of: string, other: OtherRoad) {
  const calls = other.calls().slice(-shownCalls).reverse()
  return { shown: other.screen(of), calls: calls.map(({ path, errcode = 0 }) => ({ path, errcode })) }
}

/** What stands on the page: the chat, and what only the platform knows. */
function shownOf(of: string) {
  const { behaviour, quotaOf, noticesLeft, platformTime } = tencent
  const { perMessage, messageHours, perMoment, momentSeconds } = behaviour.allowance
  const { messageAt, messageUsed, momentAt, momentUsed } = quotaOf(of)
  const leftMs = (from: Date | undefined, lastsMs: number) =>
    Math.max(0, from ? from.getTime() + lastsMs - platformTime().getTime() : 0)
  return {
    shown: tencent.screen(of),
    message: { left: perMessage - messageUsed, of: perMessage, leftMs: leftMs(messageAt, messageHours * hourMs) },
    moment: { left: perMoment - momentUsed, of: perMoment, leftMs: leftMs(momentAt, momentSeconds * 1_000) },
    notices: noticesLeft(of, settings.WECHAT_NOTICE_TEMPLATE_ID),
    behaviour: { ...behaviour, aheadHours: behaviour.aheadMs / hourMs },
    scenes: tencent.scenes().slice(-shownCalls).reverse(),
    calls: tencent.calls().slice(-shownCalls).reverse(),
  }
}

async function act({ openId: who, road: by, act: what, value }: z.output<typeof acted>): Promise<unknown> {
  const { behaviour } = tencent
  const other = by === 'oa' ? undefined : others[by]
  const number = Number(value)
  switch (what) {
    case 'follow':
      return tencent.event(who, 'subscribe', value && `qrscene_${value}`)
    case 'leave':
      return tencent.event(who, 'unsubscribe')
    case 'scan':
      return tencent.event(who, 'SCAN', value)
    case 'menu':
      return tencent.event(who, 'CLICK', value)
    case 'agree':
      return tencent.consent(who, settings.WECHAT_NOTICE_TEMPLATE_ID, true)
    case 'refuse':
      return tencent.consent(who, settings.WECHAT_NOTICE_TEMPLATE_ID, false)
    case 'fail':
      return tencent.refuse(number)
    case 'ahead':
      return void (behaviour.aheadMs += number * hourMs)
    case 'wait':
      return void (behaviour.answerWithinMs = number * 1_000)
    case 'copies':
      return void (behaviour.copies = number)
    case 'quota':
      return void (behaviour.allowance = { ...behaviour.allowance, perMessage: number })
    case 'token':
      return tencent.dropToken()
    case 'enter':
      return other?.enter(who, value)
    case 'takes':
    case 'ends':
      return other?.colleague?.(who, what)
  }
}

async function bodyOf(request: IncomingMessage): Promise<unknown> {
  const parts: Buffer[] = []
  for await (const part of request) parts.push(Buffer.from(part as Buffer))
  return JSON.parse(Buffer.concat(parts).toString('utf8'))
}

async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const at = new URL(request.url ?? '/', 'http://stand.in')
  const json = (status: number, body: unknown) =>
    response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body))
  if (at.pathname === '/') {
    const page = await readFile(join(import.meta.dirname, 'chat.html'))
    response.writeHead(200, { 'content-type': 'text/html; charset=utf-8' }).end(page)
  } else if (at.pathname === '/screen') {
    const { openId: of, road: by } = asked.parse(Object.fromEntries(at.searchParams))
    json(200, by === 'oa' ? shownOf(of) : shownElsewhere(of, others[by]))
  } else if (at.pathname === '/say' && request.method === 'POST') {
    const { openId: who, road: by, text, isTapped } = spoken.parse(await bodyOf(request))
    if (by === 'oa') await tencent.say(who, text, { isTapped })
    else await others[by].say(who, text, isTapped)
    json(200, {})
  } else if (at.pathname === '/act' && request.method === 'POST') {
    await act(acted.parse(await bodyOf(request)))
    json(200, {})
  } else json(404, {})
}

createServer((request, response) => {
  answer(request, response).catch((error: unknown) => {
    const told = error instanceof Error ? error.message : ''
    if (!response.headersSent)
      response.writeHead(502, { 'content-type': 'application/json' }).end(JSON.stringify({ told }))
  })
}).listen(settings.STANDIN_PORT, '127.0.0.1', () => {
  console.log(`微信替身已就绪：打开 http://127.0.0.1:${settings.STANDIN_PORT}/ 像在微信里一样发消息`)
  console.log('热线请用这些设置启动：')
  const { WECHAT_APP_ID, WECHAT_APP_SECRET, WECHAT_TOKEN, WECHAT_AES_KEY, WECHAT_MODE } = settings
  const { WECHAT_NOTICE_TEMPLATE_ID } = settings
  const lines = {
    WECHAT_APP_ID,
    WECHAT_APP_SECRET,
    WECHAT_TOKEN,
    WECHAT_AES_KEY,
    WECHAT_MODE,
    WECHAT_NOTICE_TEMPLATE_ID,
    WECHAT_API_BASE: tencent.url,
    WECHAT_JSSDK_URL: tencent.kitUrl,
    PUBLIC_URL: settings.HOTLINE_URL,
    ...others.kf.settings,
    ...others.mini.settings,
  }
  for (const [name, value] of Object.entries(lines)) console.log(`  ${name}=${value}`)
})

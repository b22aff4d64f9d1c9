/** `npm run wechat:standin`: WeChat without an account, to try the whole journey on one's own machine. */
import { readFile } from 'node:fs/promises'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { join } from 'node:path'
import { z } from 'zod'
import { tencentStandIn } from './tencent.ts'

const settings = z
  .object({
    WECHAT_APP_ID: z.string().default('wxstandin00000001'),
    WECHAT_APP_SECRET: z.string().default('stand-in-secret'),
    WECHAT_TOKEN: z.string().default('standintoken'),
    WECHAT_AES_KEY: z.string().length(43).default('YWJjZGVmZ2hpamtsbW5vcHFyc3R1dnd4eXowMTIzNDU'),
    WECHAT_MODE: z.enum(['plain', 'compatible', 'safe']).default('safe'),
    HOTLINE_URL: z.url().default('http://127.0.0.1:8080'),
    STANDIN_PORT: z.coerce.number().int().default(8090),
  })
  .parse(process.env)

const spoken = z.object({ openId: z.string().regex(/^\w{6,40}$/), text: z.string().max(2_000), isTapped: z.boolean() })
const asked = z.object({ openId: z.string().regex(/^\w{6,40}$/) })

const tencent = await tencentStandIn({
  keys: { token: settings.WECHAT_TOKEN, aesKey: settings.WECHAT_AES_KEY, id: settings.WECHAT_APP_ID },
  appSecret: settings.WECHAT_APP_SECRET,
  mode: settings.WECHAT_MODE,
  callbackUrl: () => `${settings.HOTLINE_URL.replace(/\/$/, '')}/wechat/oa`,
  port: settings.STANDIN_PORT + 1,
})

async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const at = new URL(request.url ?? '/', 'http://stand.in')
  const json = (status: number, body: unknown) =>
    response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body))
  if (at.pathname === '/') {
    const page = await readFile(join(import.meta.dirname, 'chat.html'))
    response.writeHead(200, { 'content-type': 'text/html; charset=utf-8' }).end(page)
  } else if (at.pathname === '/screen') {
    json(200, { shown: tencent.screen(asked.parse(Object.fromEntries(at.searchParams)).openId) })
  } else if (at.pathname === '/say' && request.method === 'POST') {
    const parts: Buffer[] = []
    for await (const part of request) parts.push(Buffer.from(part as Buffer))
    const { openId, text, isTapped } = spoken.parse(JSON.parse(Buffer.concat(parts).toString('utf8')))
    await (text === '' ? tencent.event(openId, 'subscribe') : tencent.say(openId, text, { isTapped }))
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
  const lines = {
    WECHAT_APP_ID,
    WECHAT_APP_SECRET,
    WECHAT_TOKEN,
    WECHAT_AES_KEY,
    WECHAT_MODE,
    WECHAT_API_BASE: tencent.url,
  }
  for (const [name, value] of Object.entries(lines)) console.log(`  ${name}=${value}`)
})

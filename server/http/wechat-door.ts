/**
 * The callbacks of WeChat's roads: raw XML or JSON in, raw XML or `success` out; whoever is not the platform is refused
 * in one way.
 */
import type { Request, Response } from 'express'
import { callbackQuery, type Callback, type CallbackQuery } from '../../wechat/callback.ts'
import type { Road } from '../../wechat/road.ts'
import type { Knocks } from '../../wechat/set-up.ts'
import { mostXmlBytes } from '../../wechat/xml.ts'
import { Problem } from '../../contract/problem.ts'
import type { Doors } from './doors.ts'
import { rawBody } from './raw-body.ts'

/** `take` answers nothing where what came is no message, else to whom, and what on the spot if anything. */
export type WechatDoor = {
  callback: Callback
  take(clear: string): Promise<{ openId: string; account: string; reply?: string } | undefined>
}

/** @param open absent where this road is not set up. @returns who knocked, for the set-up page. */
export function wechatDoor(doors: Doors, road: Road, open: WechatDoor | undefined): Knocks {
  const knocks: Knocks = {}

  function door(): WechatDoor {
    if (!open) throw new Problem('not_found', `the road ${road} is not set up`)
    return open
  }

  /** @param query absent where it is none of the platform's */
  function refuse(res: Response, query?: CallbackQuery, body = ''): void {
    res.status(401).type('text/plain').send('')
    const refusedFor = query && open?.callback.refusedFor(query, body)
    if (refusedFor) knocks.bad = { at: new Date(), refusedFor }
  }

  doors.open(`GET /wechat/${road}`, ({ req, res }) => {
    const { callback } = door()
    const query = callbackQuery.safeParse(req.query).data
    const echo = query && callback.verified(query)
    if (echo === undefined) return refuse(res, query)
    knocks.goodAt = new Date()
    res.type('text/plain').send(echo)
  })

  doors.open(`POST /wechat/${road}`, async ({ req, res }) => {
    const open = door()
    const query = callbackQuery.safeParse(req.query).data
    const body = await readBody(req)
    const clear = query && body !== undefined ? open.callback.opened(query, body) : undefined
    const taken = clear === undefined ? undefined : await open.take(clear)
    if (!taken) return refuse(res, query, body)
    knocks.goodAt = new Date()
    if (taken.reply === undefined) res.type('text/plain').send('success')
    else res.type('text/xml').send(open.callback.reply(taken.reply, taken))
  })
  return knocks
}

/** @returns nothing where it is longer than anything that the platform sends. */
async function readBody(req: Request): Promise<string | undefined> {
  const parsed = rawBody(req)
  if (parsed) return parsed.length > mostXmlBytes ? undefined : parsed.toString('utf8')
  const parts: Buffer[] = []
  let bytes = 0
  // Whoever sends too much is still answered: the rest is read and thrown away, where the socket would be torn down.
  for await (const part of req.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>) {
    bytes += part.length
    if (bytes > mostXmlBytes) break
    parts.push(part)
  }
  req.resume()
  if (bytes > mostXmlBytes) return undefined
  return Buffer.concat(parts).toString('utf8')
}

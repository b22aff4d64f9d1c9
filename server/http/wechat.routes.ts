/** The official account's callback: raw XML in, raw XML or `success` out; whoever is not the platform is refused in one way. */
import type { Request, Response } from 'express'
import { callbackQuery, type Callback } from '../../wechat/callback.ts'
import type { OfficialAccount } from '../../wechat/official-account.ts'
import { mostXmlBytes } from '../../wechat/xml.ts'
import { Problem } from '../../contract/problem.ts'
import type { Doors } from './doors.ts'

export type WechatDoors = { callback: Callback; account: OfficialAccount }

/** @param open absent where no official account is set up */
export function wechatRoutes(doors: Doors, open: WechatDoors | undefined): void {
  function account(): WechatDoors {
    if (!open) throw new Problem('not_found', 'no official account is set up')
    return open
  }

  doors.open('GET /wechat/oa', ({ req, res }) => {
    const { callback } = account()
    const query = callbackQuery.safeParse(req.query).data
    const echo = query && callback.verified(query)
    if (echo === undefined) return refuse(res)
    res.type('text/plain').send(echo)
  })

  doors.open('POST /wechat/oa', async ({ req, res }) => {
    const { callback, account: official } = account()
    const query = callbackQuery.safeParse(req.query).data
    const body = await readBody(req)
    const clear = query && body !== undefined ? callback.opened(query, body) : undefined
    const taken = clear === undefined ? undefined : await official.take(clear)
    if (!taken) return refuse(res)
    if (taken.reply === undefined) res.type('text/plain').send('success')
    else res.type('text/xml').send(callback.reply(taken.reply, taken))
  })
}

function refuse(res: Response): void {
  res.status(401).type('text/plain').send('')
}

/** @returns nothing where it is longer than anything that the platform sends. */
async function readBody(req: Request): Promise<string | undefined> {
  const parts: Buffer[] = []
  let bytes = 0
  for await (const part of req as AsyncIterable<Buffer>) {
    bytes += part.length
    if (bytes > mostXmlBytes) return undefined
    parts.push(part)
  }
  return Buffer.concat(parts).toString('utf8')
}

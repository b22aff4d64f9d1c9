/**
 * What lets a page of ours use WeChat's own buttons (JS-SDK): a ticket, fetched and kept like the token and shared by all
 * nodes, and a signature over the page's address. Source: developers.weixin.qq.com, JS-SDK 使用权限签名算法.
 */
import { createHash, randomBytes } from 'node:crypto'
import { z } from 'zod'
import { accessTokens, type TokenShelf } from './access-token.ts'
import type { WechatApi } from './api.ts'

export type PagePass = { nonce: string; timestamp: string; signature: string }
type Parts = { api: Pick<WechatApi, 'look'>; shelf: TokenShelf; now: () => Date }

const ticketAnswer = z.object({ ticket: z.string().min(1), expires_in: z.number().positive() })

/** @param url as the browser has it; what stands behind # is no part of it */
export function pageSignature(ticket: string, { nonce, timestamp }: Omit<PagePass, 'signature'>, url: string): string {
  const signed = `jsapi_ticket=${ticket}&noncestr=${nonce}&timestamp=${timestamp}&url=${url.replace(/#.*$/, '')}`
  return createHash('sha1').update(signed).digest('hex')
}

export function pageSigning({ api, shelf, now }: Parts) {
  const tickets = accessTokens({
    ...{ shelf, now },
    async fetchToken() {
      const { ticket, expires_in } = ticketAnswer.parse(await api.look('/cgi-bin/ticket/getticket', { type: 'jsapi' }))
      return { token: ticket, expiresInSeconds: expires_in }
    },
  })
  /** @throws WechatRefusal, or whatever keeps the ticket from arriving */
  return async (url: string): Promise<PagePass> => {
    const ticket = await tickets.get()
    const stamp = { nonce: randomBytes(8).toString('hex'), timestamp: String(Math.floor(now().getTime() / 1_000)) }
    return { ...stamp, signature: pageSignature(ticket, stamp, url) }
  }
}

/**
 * Fetches what a citizen sent that is not words, from the platform's own addresses alone: never from one that stands in
 * a message. Addresses with tokens in them reach no log.
 *
 * Invariant: no more is read than the platform itself lets a citizen send.
 */
import { z } from 'zod'
import { WechatRefusal, type WechatApi } from './api.ts'

type Parts = Pick<WechatApi, 'apiBase' | 'withToken'> & { fetch?: typeof globalThis.fetch }
export type MediaDownload = ReturnType<typeof mediaDownload>

/** Pictures and films; a voice has 2 MB (developers.weixin.qq.com, 获取临时素材). */
export const mostMediaBytes = 10 * 1_024 * 1_024
const withinMs = 8_000
/** Films lie elsewhere, and still with Tencent. */
const filmHosts = /(^|\.)qq\.com$/

const answered = z.looseObject({
  errcode: z.number().default(0),
  errmsg: z.string().default(''),
  video_url: z.url({ protocol: /^https?$/ }).optional(),
})

export function mediaDownload({ apiBase, withToken, fetch = globalThis.fetch }: Parts) {
  async function read(address: string): Promise<{ bytes: Buffer; isWords: boolean }> {
    const response = await fetch(address, { redirect: 'error', signal: AbortSignal.timeout(withinMs) })
    if (!response.ok) throw new WechatRefusal(-1, `HTTP ${response.status}`)
    const type = response.headers.get('content-type') ?? ''
    return { bytes: await bytesOf(response), isWords: /json|text\/plain/.test(type) }
  }

  async function once(mediaId: string, token: string): Promise<Buffer> {
    const asked = new URLSearchParams({ media_id: mediaId })
    const { bytes, isWords } = await read(`${apiBase}/cgi-bin/media/get?${token}&${asked.toString()}`)
    if (!isWords) return bytes
    const told = answered.parse(JSON.parse(bytes.toString('utf8')))
    if (told.errcode !== 0) throw new WechatRefusal(told.errcode, told.errmsg)
    if (told.video_url === undefined) throw new Error('media/get answered with words')
    return (await read(filmAddress(told.video_url))).bytes
  }

  function filmAddress(told: string): string {
    const { hostname, host } = new URL(told)
    if (!filmHosts.test(hostname) && host !== new URL(apiBase).host) throw new Error('a film lies at a strange host')
    return told
  }

  /** @throws WechatRefusal, WechatUnreached; anything else where it did not arrive, or is too long */
  return (mediaId: string): Promise<Buffer> => withToken((token) => once(mediaId, token))
}

async function bytesOf(response: Response): Promise<Buffer> {
  const tooLong = () => new Error(`more than ${mostMediaBytes} bytes`)
  if (Number(response.headers.get('content-length') ?? 0) > mostMediaBytes) throw tooLong()
  const parts: Uint8Array[] = []
  let size = 0
  const body: AsyncIterable<Uint8Array> | null = response.body
  for await (const part of body ?? []) {
    size += part.length
    if (size > mostMediaBytes) throw tooLong()
    parts.push(part)
  }
  return Buffer.concat(parts)
}

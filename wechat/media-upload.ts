/**
 * Hands a file over to the platform, for three days and one message. A picture is shown, anything else is a file that is
 * saved, where the road knows such.
 */
import { z } from 'zod'
import { notAskedFor, WechatRefusal, type WechatApi } from './api.ts'

/** What was handed over, as it stands in a message. */
export type Media = { kind: 'media'; type: 'image' | 'file'; mediaId: string }
export type OutgoingFile = { name: string; type: string; content: Buffer }
/** @returns nothing for a file that has been taken out since. */
export type ReadFile = (fileId: string) => Promise<OutgoingFile | undefined>
/** What goes instead of a file that is gone. */
export type SentFile = Media | { kind: 'text'; text: string }
export type MediaUpload = ReturnType<typeof mediaUpload>

type Parts = Pick<WechatApi, 'apiBase' | 'withToken'> & { read: ReadFile; fetch?: typeof globalThis.fetch }

const withinMs = 15_000
const gone = '（文件已经删除）'
const answered = z.looseObject({
  errcode: z.number().default(0),
  errmsg: z.string().default(''),
  media_id: z.string().min(1).optional(),
})

export function mediaUpload({ apiBase, withToken, read, fetch = globalThis.fetch }: Parts) {
  async function once({ name, type, content }: OutgoingFile, as: Media['type'], token: string): Promise<Media> {
    const form = new FormData()
    form.append('media', new Blob([new Uint8Array(content)], { type }), name)
    const response = await fetch(`${apiBase}/cgi-bin/media/upload?${token}&type=${as}`, {
      ...{ method: 'POST', body: form, redirect: 'error', signal: AbortSignal.timeout(withinMs) },
    })
    if (!response.ok) throw new WechatRefusal(-1, `HTTP ${response.status}`, { isBroken: true })
    const told = answered.parse(await response.json())
    if (told.errcode !== 0 || told.media_id === undefined) throw new WechatRefusal(told.errcode, told.errmsg)
    return { kind: 'media', type: as, mediaId: told.media_id }
  }

  /** @throws WechatRefusal, WechatUnreached: either way nothing was said to the citizen. */
  return async (fileId: string): Promise<SentFile> => {
    const file = await read(fileId)
    if (!file) return { kind: 'text', text: gone }
    const as = file.type.startsWith('image/') ? 'image' : 'file'
    return withToken((token) => once(file, as, token)).catch(notAskedFor('a file was not handed over'))
  }
}

/**
 * Hands a file over to the platform, for three days and one message. A picture is shown, anything else is a file that is
 * saved, where the road knows such.
 */
import { z } from 'zod'
import { WechatRefusal, WechatUnreached } from './api.ts'

/** What was handed over, as it stands in a message. */
export type Media = { kind: 'media'; type: 'image' | 'file'; mediaId: string }
export type OutgoingFile = { name: string; type: string; content: Buffer }
/** @returns nothing for a file that has been taken out since. */
export type ReadFile = (fileId: string) => Promise<OutgoingFile | undefined>
/** What goes instead of a file that is gone. */
export type SentFile = Media | { kind: 'text'; text: string }
export type MediaUpload = ReturnType<typeof mediaUpload>

type Parts = {
  apiBase: string
  /** @param bad one that the platform has just refused */
  token: (bad?: string) => Promise<string>
  read: ReadFile
  fetch?: typeof globalThis.fetch
}

const withinMs = 15_000
const gone = '（文件已经删除）'
const answered = z.looseObject({
  errcode: z.number().default(0),
  errmsg: z.string().default(''),
  media_id: z.string().min(1).optional(),
})

export function mediaUpload({ apiBase, token, read, fetch = globalThis.fetch }: Parts) {
  async function once({ name, type, content }: OutgoingFile, as: Media['type'], with_: string): Promise<Media> {
    const form = new FormData()
    form.append('media', new Blob([new Uint8Array(content)], { type }), name)
    const query = new URLSearchParams({ access_token: with_, type: as })
    const response = await fetch(`${apiBase}/cgi-bin/media/upload?${query.toString()}`, {
      ...{ method: 'POST', body: form, redirect: 'error', signal: AbortSignal.timeout(withinMs) },
    })
    if (!response.ok) throw new WechatRefusal(-1, `HTTP ${response.status}`)
    const told = answered.parse(await response.json())
    if (told.errcode !== 0 || told.media_id === undefined) throw new WechatRefusal(told.errcode, told.errmsg)
    return { kind: 'media', type: as, mediaId: told.media_id }
  }

  async function handedOver(file: OutgoingFile): Promise<Media> {
    const as = file.type.startsWith('image/') ? 'image' : 'file'
    const first = await token()
    try {
      return await once(file, as, first)
    } catch (error) {
      if (!(error instanceof WechatRefusal) || error.failure !== 'token') throw error
      return once(file, as, await token(first))
    }
  }

  /** @throws WechatRefusal, WechatUnreached: either way nothing was said to the citizen. */
  return async (fileId: string): Promise<SentFile> => {
    const file = await read(fileId)
    if (!file) return { kind: 'text', text: gone }
    return handedOver(file).catch((error: unknown) => {
      throw error instanceof WechatRefusal ? error : new WechatUnreached('a file was not handed over', { cause: error })
    })
  }
}

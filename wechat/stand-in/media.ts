/**
 * Files, as the platform keeps them: what citizens sent is handed over, pictures and voices as they are, films by another
 * address; what the hotline hands over may stand in its messages.
 */
import type { IncomingMessage, ServerResponse } from 'node:http'

type Kept = { file: Buffer; type: string; isFilm: boolean }

export function keptMedia(url: () => string) {
  const kept = new Map<string, Kept>()
  return {
    /** @returns the media id that stands in the citizen's message */
    keep(file: Buffer, type: string): string {
      const id = `media-${kept.size + 1}`
      kept.set(id, { file, type, isFilm: type.startsWith('video/') })
      return id
    },

    has: (id: string): boolean => kept.has(id),

    /** What the hotline hands over. @param told what the platform answers to the call otherwise */
    async take(request: IncomingMessage, body: Buffer, told: object): Promise<object> {
      if ('errcode' in told && told.errcode !== 0) return told
      const headers = { 'content-type': request.headers['content-type'] ?? '' }
      const file = (await new Response(new Uint8Array(body), { headers }).formData()).get('media')
      if (!(file instanceof File)) return { errcode: 41_005, errmsg: 'media data missing' }
      const id = this.keep(Buffer.from(await file.arrayBuffer()), file.type)
      return { type: file.type, media_id: id, created_at: 0 }
    },

    /** @param told what the platform answers to the call otherwise @returns whether it was answered here */
    serve(at: URL, told: object, response: ServerResponse): boolean {
      const film = /^\/films\/(.+)$/.exec(at.pathname)?.[1]
      const found = kept.get(film ?? at.searchParams.get('media_id') ?? '')
      const isGiven = film !== undefined || (at.pathname === '/cgi-bin/media/get' && !('errcode' in told))
      if (!found || !isGiven) return false
      if (found.isFilm && film === undefined) {
        const address = `${url()}/films/${at.searchParams.get('media_id')}`
        response.writeHead(200, { 'content-type': 'text/plain' }).end(JSON.stringify({ video_url: address }))
      } else response.writeHead(200, { 'content-type': found.type }).end(found.file)
      return true
    },
  }
}

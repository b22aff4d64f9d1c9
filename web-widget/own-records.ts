/**
 * What a citizen may do with their own records: take a copy home, or have what they said taken out at the server. The
 * pass is what shows that the records are theirs, so it travels in the body and stands in no address.
 */
import type { Outcome } from './connection.ts'
import { isRecord, type Kept } from './kept.ts'
import { wording } from './wording.ts'

const noReply = { ok: false, code: 'no_reply', message: '' } as const
const words = wording.records

export function ownRecords(kept: Kept) {
  async function post(path: string, more: object = {}): Promise<{ response: Response } | Outcome<never>> {
    const token = kept.token()
    if (token === undefined) return { ok: false, code: 'not_found', message: words.none }
    const response = await fetch(path, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      credentials: 'omit',
      body: JSON.stringify({ token, ...more }),
    }).catch(() => undefined)
    if (!response) return noReply
    if (response.ok) return { response }
    const refusal: unknown = await response.json().catch(() => undefined)
    return isRecord(refusal) && refusal.code === 'not_found'
      ? { ok: false, code: 'not_found', message: words.none }
      : { ok: false, code: response.status === 429 ? 'too_many_requests' : 'internal', message: '' }
  }

  return {
    /** Saves a page that prints, as a file. */
    async copy(): Promise<Outcome<unknown>> {
      const got = await post('/api/visitors/records', { format: 'html' })
      if (!('response' in got)) return got
      save(words.file, await got.response.blob())
      return { ok: true, value: undefined }
    },

    /** @returns the numbers of what the law keeps, and whether an agent is still talking. */
    async erase(): Promise<Outcome<{ held: string[]; isWaiting: boolean }>> {
      const got = await post('/api/visitors/erasure')
      if (!('response' in got)) return got
      const erased: unknown = await got.response.json().catch(() => undefined)
      const held = isRecord(erased) && Array.isArray(erased.held) ? erased.held.map(String) : []
      return { ok: true, value: { held, isWaiting: isRecord(erased) && erased.state === 'waiting' } }
    },
  }
}
export type OwnRecords = ReturnType<typeof ownRecords>

export function save(name: string, file: Blob): void {
  const link = document.createElement('a')
  link.href = URL.createObjectURL(file)
  link.download = name
  link.click()
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000)
}

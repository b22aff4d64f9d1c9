/**
 * Files between this page and the server: sent with how far they are, and fetched to be saved. The pass travels in a
 * header or a body and stands in no address. What a file is, the server judges; here is only asked what need not travel.
 */
import { isRecord, type Kept } from './kept.ts'
import { newClientId } from './session.ts'
import { save } from './own-records.ts'
import { wording } from './wording.ts'

/** On its way, or refused in words. `share` of it has arrived, 0-1. */
export type Upload = { clientId: string; name: string; share: number; refusal?: string }
export type Files = ReturnType<typeof visitorFiles>

const mostBytes = 5 * 1_024 * 1_024
const words = wording.files

export function visitorFiles({ kept, onChange }: { kept: Kept; onChange: (uploads: readonly Upload[]) => void }) {
  let uploads: readonly Upload[] = []

  function change(next: readonly Upload[]) {
    uploads = next
    onChange(uploads)
  }
  const set = (clientId: string, now: Partial<Upload>) =>
    change(uploads.map((one) => (one.clientId === clientId ? { ...one, ...now } : one)))
  const drop = (clientId: string) => change(uploads.filter((one) => one.clientId !== clientId))

  return {
    send(file: File) {
      const clientId = newClientId()
      const upload = { clientId, name: file.name, share: 0 }
      if (file.size > mostBytes) return change([...uploads, { ...upload, refusal: words.tooLong }])
      change([...uploads, upload])
      const request = new XMLHttpRequest()
      const query = new URLSearchParams({ clientId, name: file.name.slice(-100) || words.unnamed })
      request.open('POST', `/api/visitors/attachments?${query.toString()}`)
      request.setRequestHeader('x-visitor-pass', kept.token() ?? '')
      request.setRequestHeader('content-type', 'application/octet-stream')
      request.upload.onprogress = ({ loaded, total }) => set(clientId, { share: total > 0 ? loaded / total : 0 })
      request.onerror = () => set(clientId, { refusal: wording.problems.no_reply })
      // Its turn comes by the line, as every other does.
      request.onload = () =>
        request.status === 200 ? drop(clientId) : set(clientId, { refusal: refusalIn(request.responseText) })
      request.send(file)
    },

    discard: drop,

    /** @returns what kept it from being saved, in words. */
    async save({ id, name }: { id: string; name: string }): Promise<string | undefined> {
      const response = await fetch(`/api/visitors/attachments/${id}`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        credentials: 'omit',
        body: JSON.stringify({ token: kept.token() ?? '' }),
      }).catch(() => undefined)
      if (!response) return wording.problems.no_reply
      if (!response.ok) return response.status === 404 ? words.gone : wording.problems.internal
      save(name, await response.blob())
      return undefined
    },
  }
}

/** The server's own words for this file, else the panel's for the kind of refusal. */
function refusalIn(body: string): string {
  let told: unknown
  try {
    told = JSON.parse(body)
  } catch {
    return wording.problems.internal
  }
  if (!isRecord(told)) return wording.problems.internal
  const fields: unknown[] = Array.isArray(told.fields) ? told.fields : []
  const [field] = fields
  if (isRecord(field) && typeof field.message === 'string') return field.message
  return isCode(told.code) ? wording.problems[told.code] : wording.problems.internal
}

const isCode = (code: unknown): code is keyof typeof wording.problems =>
  typeof code === 'string' && Object.prototype.hasOwnProperty.call(wording.problems, code)

/**
 * What goes over the wire, before and after it is understood. `Lines` is a message as text, which is all that we
 * write; `Request` and `Response` are what the parser made of one, with the fields that decide anything read once.
 * Every text in here came from a stranger: it is data, to be shown as text and never acted upon unread.
 */
import type { Params, Uri } from './uri.ts'

/** `name` is the long form in lower case; `value` has its folds undone and no control characters at its ends. */
export type Header = { readonly name: string; readonly value: string }

export type RequestLines = {
  kind: 'request'
  method: string
  uri: string
  headers: readonly Header[]
  body: Buffer
}
export type ResponseLines = {
  kind: 'response'
  status: number
  reason: string
  headers: readonly Header[]
  body: Buffer
}
export type Lines = RequestLines | ResponseLines

export type NameAddr = { displayName: string; uri: Uri; params: Params }
export type Via = { transport: string; host: string; port?: number; params: Params }

export type Fields = {
  vias: readonly [Via, ...Via[]]
  from: NameAddr
  to: NameAddr
  callId: string
  cseq: { number: number; method: string }
  contacts: readonly NameAddr[]
  /** `Contact: *`, which only REGISTER may say. */
  everyContact: boolean
  routes: readonly NameAddr[]
  recordRoutes: readonly NameAddr[]
}

export type Request = RequestLines & Fields & { target: Uri }
export type Response = ResponseLines & Fields
export type Message = Request | Response

/**
 * A message that was not understood. With a `status` it was a request and is told so, `headers` being what of it an
 * answer has to repeat; without one it is dropped.
 */
export type Refusal = { kind: 'refusal'; why: string; status?: number; method?: string; headers: readonly Header[] }

/** The first header of that name, in lower case. */
export function headerOf(message: { headers: readonly Header[] }, name: string): string | undefined {
  return message.headers.find((header) => header.name === name)?.value
}

/** All members of a comma-separated header whose members hold no commas themselves, in lower case. */
export function listOf(message: { headers: readonly Header[] }, name: string): string[] {
  return message.headers
    .filter((header) => header.name === name)
    .flatMap((header) => header.value.split(','))
    .map((member) => member.trim().toLowerCase())
    .filter(Boolean)
}

export const tagOf = (address: NameAddr) => address.params.get('tag') ?? ''

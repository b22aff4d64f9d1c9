/**
 * A dialog (RFC 3261 §12): two tags, two counters, the route between and the target at its end. Pure: every step gives
 * the next dialog. Numbers only go up, so an old request cannot be played again.
 */
import { tagOf, type NameAddr, type Request, type Response } from './message.ts'
import { formatNameAddr } from './name-addr.ts'
import type { Uri } from './uri.ts'
import type { HeaderPair } from './writer.ts'

export type Dialog = {
  callId: string
  localTag: string
  remoteTag: string
  /** From and To of our requests, tags included. */
  local: string
  remote: string
  localNumber: number
  /** Undefined until the peer's first request. */
  remoteNumber?: number
  /** Record-Routes in the order our requests take them. */
  route: readonly NameAddr[]
  target: Uri
}

export const dialogKey = (callId: string, localTag: string, remoteTag: string) => `${callId} ${localTag} ${remoteTag}`

export const keyOf = (dialog: Dialog) => dialogKey(dialog.callId, dialog.localTag, dialog.remoteTag)

/** The dialog of a request that came, as its receiver sees it. */
export const keyForRequest = (request: Request) => dialogKey(request.callId, tagOf(request.to), tagOf(request.from))

/** As the one who was called. The INVITE has a Contact, which the caller of this has made sure of. */
export function answeringDialog(invite: Request, contact: NameAddr, localTag: string): Dialog {
  return {
    callId: invite.callId,
    localTag,
    remoteTag: tagOf(invite.from),
    local: formatNameAddr(invite.to, localTag),
    remote: formatNameAddr(invite.from, tagOf(invite.from)),
    localNumber: 0,
    remoteNumber: invite.cseq.number,
    route: invite.recordRoutes,
    target: contact.uri,
  }
}

/** As the one who calls, from an answer with a To tag. Without a Contact in it the target stays what we dialled. */
export function callingDialog(response: Response, dialled: Uri): Dialog {
  const remoteTag = tagOf(response.to)
  return {
    callId: response.callId,
    localTag: tagOf(response.from),
    remoteTag,
    local: formatNameAddr(response.from, tagOf(response.from)),
    remote: formatNameAddr(response.to, remoteTag),
    localNumber: response.cseq.number,
    route: response.recordRoutes.toReversed(),
    target: response.contacts[0]?.uri ?? dialled,
  }
}

/** What stands in a request inside the dialog. */
export type Heading = { uri: string; headers: HeaderPair[] }

/** The next request. An ACK takes the number of its INVITE: use `ackHeading`. */
export function nextHeading(dialog: Dialog, method: string): { dialog: Dialog; heading: Heading } {
  const next = { ...dialog, localNumber: dialog.localNumber + 1 }
  return { dialog: next, heading: headingOf(next, method, next.localNumber) }
}

export const ackHeading = (dialog: Dialog, number: number) => headingOf(dialog, 'ACK', number)

const isLoose = (hop: NameAddr) => hop.uri.kind === 'sip' && hop.uri.params.has('lr')
const written = (uri: Uri): HeaderPair => ['route', `<${uri.text}>`]

/** A first proxy of the old, strict kind wants its own address as the Request-URI and the target last (§12.2.1.1). */
function headingOf(dialog: Dialog, method: string, number: number): Heading {
  const [first, ...others] = dialog.route
  const isStrict = first !== undefined && !isLoose(first)
  const routes = isStrict ? [...others.map(({ uri }) => uri), dialog.target] : dialog.route.map(({ uri }) => uri)
  return {
    uri: (isStrict ? first.uri : dialog.target).text,
    headers: [
      ...routes.map(written),
      ['max-forwards', '70'],
      ['from', dialog.local],
      ['to', dialog.remote],
      ['call-id', dialog.callId],
      ['cseq', `${number} ${method}`],
    ],
  }
}

/** Where the next request goes first. */
export const firstStop = (dialog: Dialog): Uri => dialog.route[0]?.uri ?? dialog.target

/** A request of the peer inside the dialog; undefined when its number is not above the last (a 500, §12.2.2). */
export function receive(dialog: Dialog, request: Request): Dialog | undefined {
  const last = dialog.remoteNumber
  if (last !== undefined && request.cseq.number <= last) return undefined
  const moved = isTargetRefresh(request.method) ? request.contacts[0]?.uri : undefined
  return { ...dialog, remoteNumber: request.cseq.number, target: moved ?? dialog.target }
}

export const isTargetRefresh = (method: string) => method === 'INVITE' || method === 'UPDATE'

/** After a 2xx to our own re-INVITE or UPDATE. */
export function retarget(dialog: Dialog, response: Response): Dialog {
  return { ...dialog, target: response.contacts[0]?.uri ?? dialog.target }
}

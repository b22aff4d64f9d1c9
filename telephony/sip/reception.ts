/**
 * The front door: every message that arrives is read, matched, refused or passed on here, in the order of RFC 3261
 * §8.2. Only who is admitted gets a transaction; all others are answered without memory, so a flood fills nothing.
 */
import type { Admission } from './admission.ts'
import type { IncomingCall } from './call.ts'
import { keyForRequest } from './dialog.ts'
import { allowHeader, refusedAtTheGate, supportedHeader } from './gate.ts'
import { incomingCall, inviteIdentity, type Incoming } from './incoming-call.ts'
import { tagOf, type Header, type Refusal, type Request, type Response } from './message.ts'
import type { Outlet } from './outlet.ts'
import { parseMessage } from './parser.ts'
import type { Registrar } from './registrar.ts'
import { readSdp } from './sdp.ts'
import { agreeTimer, shortestInterval } from './session-timer.ts'
import { answerHop, type serverTransactions } from './server-transactions.ts'
import type { Counters, Hop, Wire } from './transport.ts'
import { userOf } from './uri.ts'
import { answerLines, refusalLines, statelessTag, writeMessage, type Answer, type HeaderPair } from './writer.ts'

type Parts = {
  outlet: Outlet
  counters: Counters
  wire: Wire
  servers: ReturnType<typeof serverTransactions>
  takesAnswer: (response: Response) => boolean
  admission: Admission
  registrar: Registrar
  isScanner: (headers: readonly Header[]) => boolean
  capacity: () => 'open' | { retryAfterSeconds: number }
  hasRoom: (isNew: boolean) => boolean
  hostTowards: (peer: string) => string
  secret: Buffer
  incoming: (call: IncomingCall) => void
  /** A call that was welcome and found no room. */
  turnedAway: (call: TurnedAway) => void
}
export type TurnedAway = { id: string; called: string }

export function reception(parts: Parts) {
  const { outlet, counters, wire, servers, admission, registrar } = parts
  const { dialogs, clock, log } = outlet
  const calls = new Map<string, Incoming>()

  function arrived(bytes: Buffer, from: Hop): void {
    try {
      receive(bytes, from)
    } catch (error) {
      log.error({ err: error, transport: from.transport }, 'A SIP message broke its handler')
    }
  }

  function receive(bytes: Buffer, from: Hop): void {
    counters.messages++
    const message = parseMessage(bytes)
    if (message.kind === 'response') return void parts.takesAnswer(message)
    if (parts.isScanner(message.headers)) {
      counters.scanners++
      return
    }
    if (message.kind === 'refusal') {
      counters.malformed++
      const answer = refusalAnswer(message, from)
      if (answer) wire.send(answer, from, () => undefined)
      return
    }
    if (!servers.absorbs(message)) requested(message, from)
  }

  function refusalAnswer(refusal: Refusal, from: Hop): Buffer | undefined {
    if (refusal.status === undefined) return undefined
    const callId = refusal.headers.find(({ name }) => name === 'call-id')?.value ?? ''
    const tag = statelessTag(parts.secret, from.host, callId)
    return writeMessage(refusalLines(refusal, refusal.status, tag))
  }

  function answerWithoutMemory(request: Request, from: Hop, answer: Answer): void {
    if (request.method === 'ACK') return
    if (answer.status >= 300) counters.refused++
    const branch = request.vias[0].params.get('branch') ?? ''
    const toTag = statelessTag(parts.secret, request.callId, tagOf(request.from), branch)
    wire.send(writeMessage(answerLines(request, from, { ...answer, toTag })), answerHop(request, from), () => undefined)
  }

  function requested(request: Request, from: Hop): void {
    const inDialog = tagOf(request.to) === '' ? undefined : dialogs.get(keyForRequest(request))
    if (request.method === 'ACK') return inDialog?.acked(request)
    const refuse = (answer: Answer) => answerWithoutMemory(request, from, answer)
    const refusal = refusedAtTheGate(request)
    if (refusal) return refuse(refusal)
    if (request.method === 'CANCEL') return cancelled(request, from)
    if (inDialog) {
      if (parts.hasRoom(false)) return inDialog.requested(request, servers.open(request, from))
      counters.overflow++
      return refuse({ status: 503, headers: [['retry-after', '5']] })
    }
    switch (request.method) {
      case 'OPTIONS':
        return refuse(presence())
      case 'REGISTER':
        return registered(request, from)
      case 'INVITE':
        return tagOf(request.to) === '' ? invited(request, from) : refuse({ status: 481 })
      default:
        return refuse({ status: 481 })
    }
  }

  /** A proxy asks this to know whether to send us calls. */
  function presence(): Answer {
    const capacity = parts.capacity()
    const facts: HeaderPair[] = [allowHeader, supportedHeader, ['accept', 'application/sdp']]
    return capacity === 'open' ? { status: 200, headers: facts } : busy(capacity.retryAfterSeconds)
  }

  const busy = (seconds: number): Answer => ({
    status: 503,
    headers: [['retry-after', String(Math.max(1, Math.ceil(seconds)))]],
  })

  function cancelled(request: Request, from: Hop): void {
    const invite = servers.inviteOf(request)
    if (!invite) return answerWithoutMemory(request, from, { status: 481 })
    answerWithoutMemory(request, from, { status: 200 })
    calls.get(inviteIdentity(invite.request))?.cancelled()
  }

  function registered(request: Request, from: Hop): void {
    const verdict = admission.toRegister(request, from, clock.now())
    if (verdict.is !== 'admitted') return turnedAway(request, from, verdict)
    if (verdict.as.kind !== 'user' || !parts.hasRoom(true)) return answerWithoutMemory(request, from, busy(30))
    registrar.sweep(clock.now())
    servers.open(request, from).answer(registrar.register(request, from, verdict.as.user, clock.now()))
  }

  function turnedAway(request: Request, from: Hop, { is, answer }: { is: 'challenged' | 'forbidden'; answer: Answer }) {
    counters[is]++
    answerWithoutMemory(request, from, answer)
  }

  function invited(request: Request, from: Hop): void {
    const refuse = (answer: Answer) => answerWithoutMemory(request, from, answer)
    const identity = inviteIdentity(request)
    if (calls.has(identity)) return refuse({ status: 482 })
    const verdict = admission.toCall(request, from, clock.now())
    if (verdict.is !== 'admitted') return turnedAway(request, from, verdict)
    const offer = request.body.length > 0 ? readSdp(request.body) : undefined
    if (offer?.kind === 'unreadable') return refuse({ status: 400, reason: 'SDP' })
    if (offer && !offer.audio?.codecs[0]) return refuse({ status: 488 })
    const timer = agreeTimer(request)
    if (timer === 'too-small') return refuse({ status: 422, headers: [['min-se', String(shortestInterval)]] })
    const capacity = parts.capacity()
    const [contact] = request.contacts
    if (capacity !== 'open' || !parts.hasRoom(true) || !contact) {
      counters.overflow++
      refuse(busy(capacity === 'open' ? 30 : capacity.retryAfterSeconds))
      return parts.turnedAway({ id: request.callId, called: userOf(request.target) })
    }

    counters.calls++
    const transaction = servers.open(request, from, { failed: (why) => incoming.failed(why) })
    transaction.answer({ status: 100 })
    const admittedAs = verdict.as
    const localHost = parts.hostTowards(from.host)
    const incoming = incomingCall({
      outlet,
      invite: request,
      contact,
      transaction,
      offer,
      timer,
      admittedAs,
      localHost,
    })
    calls.set(identity, incoming)
    incoming.call.listen({ ended: () => void calls.delete(identity) })
    try {
      parts.incoming(incoming.call)
    } catch (error) {
      log.error({ err: error }, 'The taker of calls failed')
      incoming.call.reject(500)
    }
  }

  return {
    arrived,

    /** A stream that cannot be followed: the last words to its sender. */
    broken(head: Buffer | undefined, why: string, from: Hop): Buffer | undefined {
      counters.malformed++
      const read = head && parseMessage(head)
      if (!read || read.kind === 'response' || parts.isScanner(read.headers)) return undefined
      if (read.kind === 'refusal') return refusalAnswer(read, from)
      const { method, headers } = read
      const isTold = method !== 'ACK'
      return isTold ? refusalAnswer({ kind: 'refusal', why, status: 400, method, headers }, from) : undefined
    },
  }
}

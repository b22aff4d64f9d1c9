/**
 * Offers and answers inside a call (RFC 3261 §14, RFC 3311): theirs, ours, and the two at once. One exchange at a time;
 * a refused one leaves the media as they were.
 */
import type { EndReason, ReinviteOutcome } from './call.ts'
import type { CallEvents } from './call-events.ts'
import { allowHeader, supportedHeader } from './gate.ts'
import type { Leg } from './leg.ts'
import type { Request, Response } from './message.ts'
import type { Outlet } from './outlet.ts'
import { readSdp, type RemoteSdp } from './sdp.ts'
import type { ServerTransaction } from './server-transactions.ts'
import { agreeTimer, answerTimer, shortestInterval, type SessionTimer } from './session-timer.ts'
import { untilAcked } from './until-acked.ts'
import type { Answer } from './writer.ts'

type Parts = {
  outlet: Outlet
  leg: Leg
  events: CallEvents
  local: string
  remote?: RemoteSdp
  isCaller: boolean
  isUp: () => boolean
  lost: (reason: EndReason, status?: number) => void
  agreed: (timer: SessionTimer | undefined) => void
}
type Unacked = { number: number; stop: () => void; wantsSdp: boolean; then: () => void }

/** Waits after a clash, in ms: first for who made the Call-ID, then for the other (RFC 3261 §14.1). */
const clashMs = { caller: 3_000, called: 1_000 }

export function mediaExchange(parts: Parts) {
  const { outlet, leg, events, isUp } = parts
  let local = parts.local
  let remote = parts.remote
  let unacked: Unacked | undefined
  let isOffering = false
  let disarmClash = (): void => undefined

  function awaitAck(number: number, send: () => void, wantsSdp: boolean, then: () => void = () => undefined): void {
    const gaveUp = () => parts.lost('no-ack')
    const { clock, timings } = outlet
    unacked = { number, wantsSdp, then, stop: untilAcked({ clock, timings, send, gaveUp }).stop }
  }

  function acked(request: Request): void {
    if (unacked?.number !== request.cseq.number) return
    const { wantsSdp, then, stop } = unacked
    unacked = undefined
    stop()
    // Whoever waits for the ACK goes on either way: one that answers nothing has ended the call.
    if (wantsSdp && !takeAnswer(request.body)) parts.lost('rejected', 488)
    then()
  }

  /** The peer's answer to an offer of ours; false when it is none. */
  function takeAnswer(body: Buffer): boolean {
    const answer = readSdp(body)
    if (answer.kind === 'unreadable' || !answer.audio?.codecs[0]) return false
    remote = answer
    events.mediaChanged(answer)
    return true
  }

  /** A re-INVITE or an UPDATE of theirs. */
  function asked(request: Request, transaction: ServerTransaction): void {
    const answer = answerTo(request)
    if (answer.status >= 300 || request.method === 'UPDATE') return transaction.answer(answer)
    awaitAck(request.cseq.number, () => transaction.answer(answer), request.body.length === 0)
  }

  function answerTo(request: Request): Answer {
    if (isOffering) return { status: 491 }
    if (unacked) return { status: 500, headers: [['retry-after', '1']] }
    const timer = agreeTimer(request)
    if (timer === 'too-small') return { status: 422, headers: [['min-se', String(shortestInterval)]] }
    const isOffer = request.body.length > 0
    if (isOffer) {
      const refusal = takeOffer(request.body)
      if (refusal) return refusal
    }
    parts.agreed(timer)
    const isSaid = isOffer || request.method === 'INVITE'
    const said = isSaid ? [['content-type', 'application/sdp'] as const] : []
    const headers = [['contact', leg.contact] as const, allowHeader, supportedHeader, ...answerTimer(timer), ...said]
    return { status: 200, headers, body: isSaid ? local : '' }
  }

  function takeOffer(body: Buffer): Answer | undefined {
    const offer = readSdp(body)
    if (offer.kind === 'unreadable') return { status: 400, reason: 'SDP' }
    const answer = offer.audio?.codecs[0] ? events.reinvited(offer) : undefined
    if (answer === undefined) return { status: 488 }
    local = answer
    remote = offer
    return undefined
  }

  async function offer(sdp: string, isSecond = false): Promise<ReinviteOutcome> {
    if (!isUp()) return { accepted: false, status: 481 }
    if (isOffering) return { accepted: false, status: 491 }
    isOffering = true
    await theirAck()
    if (!isUp()) return { accepted: false, status: 481 }
    const said = { headers: [allowHeader, supportedHeader], type: 'application/sdp', body: sdp }
    const outcome = await leg.ask('INVITE', said, (response) => leg.ack(response.cseq.number))
    isOffering = false
    if (!isUp()) return { accepted: false, status: 481 }
    const status = outcome.is === 'answered' ? outcome.response.status : 408
    if (outcome.is === 'answered' && status < 300) return accepted(outcome.response, sdp)
    if (status === 491 && !isSecond) {
      await clashed()
      return offer(sdp, true)
    }
    if (status === 408 || status === 481) parts.lost('dialog-lost', status)
    return { accepted: false, status }
  }

  /** An offer of ours does not overtake an exchange of theirs that is all but done. */
  function theirAck(): Promise<void> {
    return new Promise((resolve) => {
      if (!unacked) return resolve()
      const { then } = unacked
      unacked.then = () => {
        then()
        resolve()
      }
    })
  }

  function accepted(response: Response, sdp: string): ReinviteOutcome {
    leg.retarget(response)
    local = sdp
    if (takeAnswer(response.body) && remote) return { accepted: true, remote }
    return { accepted: false, status: 488 }
  }

  function clashed(): Promise<void> {
    return new Promise((resolve) => {
      const disarm = outlet.clock.after(parts.isCaller ? clashMs.caller : clashMs.called, resolve)
      disarmClash = () => {
        disarm()
        resolve()
      }
    })
  }

  return {
    asked,
    acked,
    offer,
    awaitAck,
    local: () => local,
    remote: () => remote,
    awaitsAck: () => unacked !== undefined,
    stop(): void {
      unacked?.stop()
      unacked?.then()
      unacked = undefined
      disarmClash()
    },
  }
}

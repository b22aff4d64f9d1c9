/**
 * A call that we make. Whoever answers first is the call; answers of other branches are taken and ended at once, and
 * one that comes after we gave up as well.
 */
import { ask, type Outcome } from './asking.ts'
import type { CallEnding, OutgoingCall, OutgoingOutcome } from './call.ts'
import { callEvents } from './call-events.ts'
import { callingDialog } from './dialog.ts'
import type { Credentials } from './digest.ts'
import { allowHeader, supportedHeader } from './gate.ts'
import { leg as newLeg, type Leg } from './leg.ts'
import { headerOf, listOf, tagOf, type Response } from './message.ts'
import type { Outlet } from './outlet.ts'
import { readSdp, type RemoteSdp } from './sdp.ts'
import { session as newSession, type Session } from './session.ts'
import { agreedTimer, askTimer, insistedOn } from './session-timer.ts'
import type { Hop } from './transport.ts'
import type { Uri } from './uri.ts'
import { newCallId, newTag, requestLines, type HeaderPair } from './writer.ts'

export type DialParts = {
  outlet: Outlet
  target: Uri
  hop: Hop
  sdp: string
  /** `"Name" <uri>`, without a tag. */
  from: string
  to: string
  localHost: string
  credentials?: Credentials
  headers?: readonly HeaderPair[]
  ringSeconds?: number
  /** 180, 181, 183 as they come; with 183 there may be early media. */
  rang?: (status: number, early: RemoteSdp | undefined) => void
}

const defaultRingSeconds = 60

export function outgoingCall(parts: DialParts): OutgoingCall {
  const { outlet, target, hop, sdp } = parts
  const callId = newCallId()
  const tag = newTag()
  const events = callEvents(outlet.log, callId)
  const branches = new Map<string, Leg>()
  let number = 0
  let chosen: Session | undefined
  let early: RemoteSdp | undefined
  let givenUp: CallEnding | undefined
  let resolve: (outcome: OutgoingOutcome) => void = () => undefined
  const outcome = new Promise<OutgoingOutcome>((resolveIt) => (resolve = resolveIt))
  let disarm = (): void => undefined

  function finish(ending: CallEnding): void {
    disarm()
    outlet.dialogs.delete(callId)
    events.finish(ending)
    resolve({ answered: false, ending: events.ending() ?? ending })
  }

  function build(minimum: number, extra: readonly HeaderPair[]) {
    number++
    const headers: HeaderPair[] = [
      ['max-forwards', '70'],
      ['from', `${parts.from};tag=${tag}`],
      ['to', parts.to],
      ['call-id', callId],
      ['cseq', `${number} INVITE`],
      ['contact', outlet.contactFor(hop)],
      allowHeader,
      supportedHeader,
      ...askTimer(undefined, minimum),
      ...(parts.headers ?? []),
      ...extra,
      ['content-type', 'application/sdp'],
    ]
    return requestLines('INVITE', target.text, headers, sdp)
  }

  function rang(response: Response): void {
    if (response.status === 100 || givenUp) return
    const read = response.body.length > 0 ? readSdp(response.body) : undefined
    if (read?.kind === 'sdp') early = read
    parts.rang?.(response.status, early)
  }

  function accepted(response: Response): void {
    const remoteTag = tagOf(response.to)
    const known = branches.get(remoteTag)
    if (known) return known.ack(response.cseq.number)
    const dialog = callingDialog(response, target)
    const leg = newLeg({ outlet, dialog, flow: hop, credentials: parts.credentials })
    branches.set(remoteTag, leg)
    leg.ack(response.cseq.number)
    if (chosen || givenUp || events.ending()) return void leg.ask('BYE')
    take(leg, response)
  }

  function take(leg: Leg, response: Response): void {
    const said = response.body.length > 0 ? readSdp(response.body) : early
    const remote = said?.kind === 'sdp' && said.audio?.codecs[0] ? said : undefined
    if (!remote) {
      void leg.ask('BYE')
      return finish({ reason: 'rejected', status: 488 })
    }
    disarm()
    const timer = agreedTimer(response)
    const peerTakesUpdate = listOf(response, 'allow').includes('update')
    outlet.dialogs.delete(callId)
    chosen = newSession({ outlet, leg, events, local: sdp, remote, timer, peerTakesUpdate, isCaller: true })
    outlet.dialogs.set(leg.key, chosen.inDialog)
    resolve({ answered: true, remote })
  }

  function settled(result: Outcome, minimum: number): void {
    if (chosen || events.ending()) return
    if (result.is === 'failed')
      return finish(givenUp ?? { reason: result.why === 'timeout' ? 'unanswered' : 'transport-failed' })
    const { status, reason } = result.response
    if (status < 300) return finish(givenUp ?? { reason: 'rejected', status })
    const wanted = status === 422 && minimum === 0 && !givenUp ? insistedOn(result.response) : 0
    if (wanted > 0) return attempt(wanted)
    finish(
      givenUp ?? { reason: 'rejected', status, text: (headerOf(result.response, 'reason') ?? reason).slice(0, 200) },
    )
  }

  let asked: ReturnType<typeof ask> | undefined
  function attempt(minimum: number): void {
    const question = { build: (extra: readonly HeaderPair[]) => build(minimum, extra), hop, rang, accepted }
    asked = ask(outlet.begin, { ...question, credentials: parts.credentials })
    void asked.outcome.then((result) => settled(result, minimum))
  }

  /** CANCEL; and if nobody answers that either, the call is over all the same after 64 T1. */
  function giveUp(ending: CallEnding): void {
    if (chosen || givenUp || events.ending()) return
    givenUp = ending
    disarm()
    asked?.cancel()
    disarm = outlet.clock.after(64 * outlet.timings.t1, () => asked?.abandon())
  }

  disarm = outlet.clock.after((parts.ringSeconds ?? defaultRingSeconds) * 1_000, () => giveUp({ reason: 'unanswered' }))
  outlet.dialogs.set(callId, {
    requested: (_request, transaction) => transaction.answer({ status: 491 }),
    acked: () => undefined,
    hangUp: () => giveUp({ reason: 'cancelled' }),
    dropped() {
      asked?.cancel()
      finish({ reason: 'stopped' })
    },
  })
  attempt(0)

  return {
    id: callId,
    outcome,
    localHost: parts.localHost,
    remote: () => chosen?.remote() ?? early,
    isEnded: () => events.ending() !== undefined,
    bye(text) {
      if (chosen) chosen.bye(text)
      else giveUp({ reason: 'cancelled' })
    },
    reinvite: async (offer) => chosen?.reinvite(offer) ?? { accepted: false, status: 491 },
    sendKey: async (key, durationMs = 160) => chosen?.sendKey(key, durationMs) ?? false,
    refer: async (to, progressed) => chosen?.refer(to, progressed) ?? { accepted: false, status: 491 },
    listen: (handlers) => events.listen(handlers),
  }
}

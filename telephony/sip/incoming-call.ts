/**
 * A call that comes to us, from its INVITE on: ringing, answered, refused, taken back. Whatever happens, the INVITE
 * gets exactly one final answer and the call one end.
 */
import type { AdmittedAs } from './admission.ts'
import { partyOf, type CallEnding, type IncomingCall } from './call.ts'
import { callEvents } from './call-events.ts'
import { cursorOn } from './cursor.ts'
import { answeringDialog } from './dialog.ts'
import { allowHeader, supportedHeader } from './gate.ts'
import { leg as newLeg } from './leg.ts'
import { headerOf, listOf, tagOf, type NameAddr, type Request } from './message.ts'
import { takeNameAddrs } from './name-addr.ts'
import type { InDialog, Outlet } from './outlet.ts'
import type { RemoteSdp } from './sdp.ts'
import type { Failure, ServerTransaction } from './server-transactions.ts'
import { session as newSession, type Session } from './session.ts'
import { answerTimer, type SessionTimer } from './session-timer.ts'
import { userOf } from './uri.ts'
import { newTag, type Answer, type HeaderPair } from './writer.ts'

type Parts = {
  outlet: Outlet
  invite: Request & { contacts: readonly NameAddr[] }
  contact: NameAddr
  transaction: ServerTransaction
  offer?: RemoteSdp
  timer?: SessionTimer
  admittedAs: AdmittedAs
  localHost: string
}

/** What the agent holds of it while it rings. */
export type Incoming = { call: IncomingCall; cancelled(): void; failed(why: Failure): void }

/** How long a call may ring before we say that nobody is there, and how often a proxy is reminded that it does. */
const ringMs = { longest: 180_000, remind: 60_000 }

export function incomingCall(parts: Parts): Incoming {
  const { outlet, invite, transaction, offer } = parts
  const tag = newTag()
  const leg = newLeg({ outlet, dialog: answeringDialog(invite, parts.contact, tag), flow: transaction.from })
  const events = callEvents(outlet.log, invite.callId)
  const ours: HeaderPair[] = [['contact', leg.contact], allowHeader, supportedHeader]
  let session: Session | undefined
  let disarmReminder = (): void => undefined
  const disarmRing = outlet.clock.after(ringMs.longest, () => refuse({ status: 480 }, { reason: 'unanswered' }))
  const isRinging = () => !session && !events.ending()

  function quiet(): void {
    disarmReminder()
    disarmRing()
  }
  function refuse(answer: Answer, ending: CallEnding): void {
    if (!isRinging()) return
    quiet()
    transaction.answer({ ...answer, toTag: tag })
    outlet.dialogs.delete(leg.key)
    events.finish(ending)
  }
  function ring(earlySdp?: string): void {
    if (!isRinging()) return
    const typed: HeaderPair[] = earlySdp ? [['content-type', 'application/sdp']] : []
    transaction.answer({ status: earlySdp ? 183 : 180, headers: [...ours, ...typed], body: earlySdp, toTag: tag })
    disarmReminder()
    disarmReminder = outlet.clock.after(ringMs.remind, () => ring(earlySdp))
  }
  function accept(sdp: string): Promise<void> {
    if (!isRinging()) return Promise.resolve()
    quiet()
    const peerTakesUpdate = listOf(invite, 'allow').includes('update')
    const { timer } = parts
    session = newSession({ outlet, leg, events, local: sdp, remote: offer, timer, peerTakesUpdate, isCaller: false })
    const headers: HeaderPair[] = [...ours, ...answerTimer(timer), ['content-type', 'application/sdp']]
    const answer: Answer = { status: 200, headers, body: sdp, toTag: tag }
    const { awaitAck } = session
    return new Promise((acked) => awaitAck(invite.cseq.number, () => transaction.answer(answer), !offer, acked))
  }

  const inDialog: InDialog = {
    requested(request, asked) {
      if (session) return session.inDialog.requested(request, asked)
      if (!leg.receives(request)) return asked.answer({ status: 500, reason: 'Out of order' })
      if (request.method !== 'BYE') return asked.answer({ status: 491 })
      asked.answer({ status: 200 })
      refuse({ status: 487 }, { reason: 'remote-bye' })
    },
    acked: (request) => session?.inDialog.acked(request),
    hangUp: () => call.bye(),
    dropped() {
      session?.inDialog.dropped()
      refuse({ status: 503 }, { reason: 'stopped' })
    },
  }
  outlet.dialogs.set(leg.key, inDialog)

  const call: IncomingCall = {
    id: invite.callId,
    caller: partyOf(invite.from),
    asserted: parts.admittedAs.kind === 'trunk' ? assertedBy(invite) : undefined,
    called: userOf(invite.target),
    admittedAs: parts.admittedAs,
    source: { transport: transaction.from.transport, host: transaction.from.host, port: transaction.from.port },
    localHost: parts.localHost,
    offer,
    header: (name) => headerOf(invite, name.toLowerCase()),
    remote: () => session?.remote() ?? offer,
    isEnded: () => events.ending() !== undefined,
    ring,
    accept,
    reject(status, { retryAfterSeconds, reason } = {}) {
      const headers: HeaderPair[] = retryAfterSeconds ? [['retry-after', String(Math.ceil(retryAfterSeconds))]] : []
      const final = status >= 300 && status <= 699 ? status : 480
      refuse({ status: final, reason, headers }, { reason: 'rejected', status: final })
    },
    bye(text) {
      if (session) session.bye(text)
      else refuse({ status: 480 }, { reason: 'local-bye' })
    },
    reinvite: async (sdp) => session?.reinvite(sdp) ?? { accepted: false, status: 491 },
    sendKey: async (key, durationMs = 160) => session?.sendKey(key, durationMs) ?? false,
    refer: async (target, progressed) => session?.refer(target, progressed) ?? { accepted: false, status: 491 },
    listen: (handlers) => events.listen(handlers),
  }

  return {
    call,
    cancelled: () => refuse({ status: 487 }, { reason: 'cancelled' }),
    failed(why) {
      if (why !== 'transport') return
      if (session) session.lost('transport-failed')
      else refuse({ status: 500 }, { reason: 'transport-failed' })
    },
  }
}

function assertedBy(invite: Request) {
  const first = takeNameAddrs(cursorOn(headerOf(invite, 'p-asserted-identity') ?? ''))?.[0]
  return first && partyOf(first)
}

/** Known again by these three when it comes by another way: a merged request (RFC 3261 §8.2.2.2). */
export const inviteIdentity = (invite: Request) => `${invite.callId} ${tagOf(invite.from)} ${invite.cseq.number}`

/**
 * A call that was answered, either way round: the requests inside its dialog, its media, its timer and its end. Every
 * way out goes through `over`, once, and leaves no timer behind.
 */
import type { CallEnding, EndReason, ReinviteOutcome } from './call.ts'
import type { CallEvents } from './call-events.ts'
import { allowHeader, supportedHeader } from './gate.ts'
import { keyBody, readInfo } from './info.ts'
import type { Leg } from './leg.ts'
import { mediaExchange } from './media-exchange.ts'
import { headerOf, type Request } from './message.ts'
import type { InDialog, Outlet } from './outlet.ts'
import type { RemoteSdp } from './sdp.ts'
import type { SessionTimer } from './session-timer.ts'
import { sessionWatch } from './session-watch.ts'
import { transfers } from './transfers.ts'
import type { HeaderPair } from './writer.ts'

export type SessionParts = {
  outlet: Outlet
  leg: Leg
  events: CallEvents
  local: string
  remote?: RemoteSdp
  timer?: SessionTimer
  peerTakesUpdate: boolean
  /** Whether the Call-ID is ours: the two sides of a clash wait differently. */
  isCaller: boolean
}

export function session(parts: SessionParts) {
  const { outlet, leg, events } = parts
  let state: 'up' | 'leaving' | 'over' = 'up'
  /** Goodbye was said before the caller confirmed: it waits for the ACK (RFC 3261 §15). */
  let byeAtAck: { text?: string } | undefined
  const isUp = () => state === 'up'

  const media = mediaExchange({ ...parts, isUp, lost, agreed: (timer) => watch.agree(timer) })
  const watch = sessionWatch({ ...parts, isUp, local: media.local, lost })
  const transfer = transfers({ clock: outlet.clock, leg, events, isUp })

  function over(ending: CallEnding): void {
    if (state === 'over') return
    state = 'over'
    media.stop()
    watch.stop()
    outlet.dialogs.delete(leg.key)
    events.finish(ending)
  }

  /** The call cannot go on: the peer is told, in case it listens, and we do not wait. */
  function lost(reason: EndReason, status?: number): void {
    if (!isUp()) return
    void leg.ask('BYE')
    over({ reason, status })
  }

  function bye(text?: string): void {
    if (!isUp()) return
    if (media.awaitsAck()) {
      byeAtAck ??= { text }
      return
    }
    state = 'leaving'
    media.stop()
    watch.stop()
    const said = text?.replace(/["\\]/g, '\\$&')
    const headers: HeaderPair[] = said ? [['reason', `SIP;cause=200;text="${said}"`]] : []
    void leg.ask('BYE', { headers }).then((outcome) => {
      if (outcome.is === 'answered') over({ reason: 'local-bye' })
      else over({ reason: outcome.why === 'timeout' ? 'bye-timed-out' : 'transport-failed' })
    })
  }

  const inDialog: InDialog = {
    requested(request, transaction) {
      if (!leg.receives(request)) return transaction.answer({ status: 500, reason: 'Out of order' })
      if (request.method === 'BYE') {
        transaction.answer({ status: 200 })
        return over(state === 'leaving' ? { reason: 'local-bye' } : { reason: 'remote-bye', text: reasonOf(request) })
      }
      if (!isUp()) return transaction.answer({ status: 481 })
      switch (request.method) {
        case 'INVITE':
        case 'UPDATE':
          return media.asked(request, transaction)
        case 'INFO':
          transaction.answer({ status: 200 })
          return void events.info(readInfo(request))
        case 'REFER':
          return transfer.referred(request, transaction)
        case 'NOTIFY':
          return transfer.notified(request, transaction)
        case 'OPTIONS':
          return transaction.answer({ status: 200, headers: [allowHeader, supportedHeader] })
        default:
          return transaction.answer({ status: 405, headers: [allowHeader] })
      }
    },
    acked(request) {
      media.acked(request)
      if (byeAtAck && !media.awaitsAck()) bye(byeAtAck.text)
    },
    hangUp: () => bye(),
    dropped: () => over({ reason: 'stopped' }),
  }

  return {
    inDialog,
    bye,
    lost,
    over,
    remote: media.remote,
    awaitAck: media.awaitAck,
    refer: transfer.refer,

    reinvite: (sdp: string): Promise<ReinviteOutcome> => media.offer(sdp),

    async sendKey(key: string, durationMs: number): Promise<boolean> {
      if (!isUp()) return false
      const outcome = await leg.ask('INFO', { type: 'application/dtmf-relay', body: keyBody(key, durationMs) })
      return outcome.is === 'answered' && outcome.response.status < 300
    },
  }
}

export type Session = ReturnType<typeof session>

function reasonOf(request: Request): string | undefined {
  return headerOf(request, 'reason')?.slice(0, 200)
}

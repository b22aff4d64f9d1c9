/** Runs the session timer of one call: refreshes, or notices that nobody did (RFC 4028). */
import type { EndReason } from './call.ts'
import type { Leg } from './leg.ts'
import type { Outlet } from './outlet.ts'
import { actAfterSeconds, agreedTimer, askTimer, insistedOn, type SessionTimer } from './session-timer.ts'
import { supportedHeader } from './gate.ts'

type Parts = {
  outlet: Outlet
  leg: Leg
  timer?: SessionTimer
  peerTakesUpdate: boolean
  isUp: () => boolean
  local: () => string
  lost: (reason: EndReason, status?: number) => void
}

const againMs = 3_000

export function sessionWatch({ outlet, leg, timer: first, peerTakesUpdate, isUp, local, lost }: Parts) {
  let timer = first
  let disarm = (): void => undefined

  function arm(): void {
    disarm()
    if (timer && isUp()) disarm = outlet.clock.after(actAfterSeconds(timer) * 1_000, act)
  }

  function act(): void {
    if (!timer || !isUp()) return
    if (timer.isOurs) void refresh(0)
    else lost('session-expired')
  }

  async function refresh(minimum: number): Promise<void> {
    const headers = [supportedHeader, ...askTimer(timer, minimum)]
    const outcome = peerTakesUpdate
      ? await leg.ask('UPDATE', { headers })
      : await leg.ask('INVITE', { headers, type: 'application/sdp', body: local() }, (response) =>
          leg.ack(response.cseq.number),
        )
    if (!isUp() || !timer) return
    const status = outcome.is === 'answered' ? outcome.response.status : 408
    if (outcome.is === 'answered' && status < 300) {
      leg.retarget(outcome.response)
      timer = agreedTimer(outcome.response) ?? timer
      return arm()
    }
    if (outcome.is === 'answered' && status === 422 && minimum === 0) return refresh(insistedOn(outcome.response))
    if (status === 408 || status === 481) return lost('session-expired', status)
    if (status === 491) {
      disarm = outlet.clock.after(againMs, act)
      return
    }
    // Refused for a reason of its own: the peer lives, and the other half of the interval is left to it.
    arm()
  }

  arm()
  return {
    /** A request of either side agreed anew; undefined: there is a timer no more. */
    agree(next: SessionTimer | undefined): void {
      timer = next
      arm()
    },
    stop(): void {
      disarm()
      timer = undefined
    },
  }
}

/**
 * A 2xx is sent again until its ACK comes, over TCP too (RFC 3261 §13.3.1.4): the transaction below is already done
 * with it. Ends once: acknowledged, or given up after 64 T1, or stopped.
 */
import type { Clock, Timings } from './clock.ts'

type Parts = { clock: Clock; timings: Timings; send: () => void; gaveUp: () => void }

export function untilAcked({ clock, timings, send, gaveUp }: Parts): { stop: () => void } {
  let waitMs = timings.t1
  let disarm = clock.after(waitMs, again)
  const disarmEnd = clock.after(64 * timings.t1, () => {
    disarm()
    gaveUp()
  })

  function again(): void {
    waitMs = Math.min(waitMs * 2, timings.t2)
    disarm = clock.after(waitMs, again)
    send()
  }
  send()
  return {
    stop() {
      disarm()
      disarmEnd()
    },
  }
}

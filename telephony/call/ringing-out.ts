/**
 * A call of ours to somebody outside, seen as a call of theirs: it is "accepted" by being dialled, with our offer, and
 * lasts from their yes. So a callback is the same call as any other, and nothing above knows who rang whom.
 *
 * Invariant: it ends once, also when it was never dialled.
 */
import { randomUUID } from 'node:crypto'
import { callbackLine } from '../../contract/phone-events.ts'
import type { CallEnding, CallHandlers, IncomingCall, OutgoingCall } from '../sip/call.ts'
import type { UserAgent } from '../sip/user-agent.ts'

type Parts = { agent: Pick<UserAgent, 'dial' | 'hostTowards'>; trunk: { host: string; port: number }; number: string }

const ringSeconds = 45

export function ringingOut({ agent, trunk, number }: Parts): IncomingCall {
  const target = `sip:${number}@${trunk.host}:${trunk.port}`
  const listeners: Partial<CallHandlers>[] = []
  let dialled: OutgoingCall | undefined
  let early: CallEnding | undefined

  /** Before it was dialled. */
  function giveUp(reason: CallEnding['reason']): void {
    if (dialled || early) return
    early = { reason }
    for (const { ended } of listeners) ended?.(early)
  }

  return {
    id: `callback-${randomUUID()}`,
    caller: { uri: target, user: number, displayName: '' },
    called: callbackLine,
    admittedAs: { kind: 'trunk' },
    source: { transport: 'udp', ...trunk },
    localHost: agent.hostTowards(trunk.host),
    header: () => undefined,
    ring: () => undefined,
    remote: () => dialled?.remote(),
    isEnded: () => early !== undefined || (dialled?.isEnded() ?? false),
    async accept(sdp) {
      if (early || dialled) return
      const call = agent.dial({ target, sdp, ringSeconds })
      dialled = call
      const late: Partial<CallHandlers>[] = listeners.splice(0)
      for (const handlers of late) call.listen(handlers)
      const outcome = await call.outcome
      if (outcome.answered) for (const { mediaChanged } of late) mediaChanged?.(outcome.remote)
    },
    reject: () => (dialled ? dialled.bye() : giveUp('local-bye')),
    bye: (text) => (dialled ? dialled.bye(text) : giveUp('local-bye')),
    reinvite: async (sdp) => dialled?.reinvite(sdp) ?? { accepted: false, status: 481 },
    sendKey: async (key, durationMs) => dialled?.sendKey(key, durationMs) ?? false,
    refer: async (to, progressed) => dialled?.refer(to, progressed) ?? { accepted: false, status: 481 },
    listen(handlers) {
      if (dialled) dialled.listen(handlers)
      else if (early) handlers.ended?.(early)
      else listeners.push(handlers)
    },
  }
}

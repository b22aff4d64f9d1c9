/**
 * The direct ways to the consoles of agents: one peer connection a console, made for its first call and kept over the
 * next ones, bound to one call at a time.
 *
 * Invariant: without a connection that really carries sound no call is bound, and a call whose connection fails is
 * back on the link in the same step; the console is told each time.
 */
import type { PhoneAsked, PhoneNews } from '../../contract/phone-events.ts'
import type { PhoneSignal } from '../../contract/peer-signal.ts'
import type { HotlineLink } from '../hotline-link.ts'
import type { Log } from '../log.ts'
import type { Clock } from '../rtp/clock.ts'
import type { AgentLegs, BoundLeg } from './agent-legs.ts'
import type { Webrtc } from './webrtc-library.ts'
import { webrtcPeer, type WebrtcPeer } from './webrtc-peer.ts'

type Parts = {
  webrtc: Webrtc
  legs: Pick<AgentLegs, 'bind'>
  on: HotlineLink['on']
  /** To a console, through the server. */
  send: (told: PhoneAsked['peer:signal']) => Promise<unknown>
  clock: Clock
  log: Log
}
/** `isWanted`: its call is to be bound once sound can travel. */
type Console = { peer: WebrtcPeer; conversationId: string; isWanted: boolean; bound?: BoundLeg }
type Told = Parameters<PhoneNews['peer:signal']>[0]

/** Far more than desks: beyond it somebody makes connections for their own sake. */
const mostPeers = 300
/** A browser sends also while it is muted: one that is not heard so long cannot be reached. */
const deafMs = 3_000

export function webrtcPeers({ webrtc, legs, on, send, clock, log }: Parts) {
  const consoles = new Map<string, Console>()

  function tell(consoleId: string, conversationId: string, signal: PhoneSignal): void {
    send({ consoleId, conversationId, signal }).catch((error: unknown) =>
      log.warn({ err: error, signal: signal.kind }, 'a console was not told'),
    )
  }

  function open({ consoleId, conversationId }: Told, anew: boolean): void {
    const before = consoles.get(consoleId)
    // What is half said belongs to another call.
    if (before && (anew || !before.peer.isConnected())) before.peer.close()
    const one = consoles.get(consoleId) ?? connect(consoleId, conversationId)
    if (!one) return tell(consoleId, conversationId, { kind: 'closed' })
    release(one)
    one.conversationId = conversationId
    one.isWanted = true
    if (one.peer.isConnected()) bind(consoleId, one)
  }

  function connect(consoleId: string, conversationId: string): Console | undefined {
    if (!webrtc.library || consoles.size >= mostPeers) return undefined
    const { library, place } = webrtc
    try {
      const peer = webrtcPeer({
        ...{ library, place, clock, name: consoleId },
        signal: (signal) => tell(consoleId, one.conversationId, signal),
        connected: () => one.isWanted && bind(consoleId, one),
        heard: (alaw) => one.bound?.hear(alaw),
        gone() {
          consoles.delete(consoleId)
          release(one)
          tell(consoleId, one.conversationId, { kind: 'closed' })
        },
      })
      const one: Console = { peer, conversationId, isWanted: true }
      consoles.set(consoleId, one)
      peer.offer()
      return one
    } catch (error) {
      log.error({ err: error }, 'no peer connection could be made')
      return undefined
    }
  }

  function bind(consoleId: string, one: Console): void {
    const { peer, conversationId } = one
    const boundMs = clock.nowMs()
    one.bound = legs.bind(conversationId, {
      send(alaw) {
        if (clock.nowMs() - Math.max(peer.heardMs() ?? 0, boundMs) > deafMs) peer.close()
        else peer.send(alaw)
      },
      close: () => (one.bound = undefined),
    })
    tell(consoleId, conversationId, { kind: one.bound ? 'bound' : 'closed' })
  }

  function release(one: Console): void {
    one.isWanted = false
    one.bound?.release()
    one.bound = undefined
  }

  /** Taken up anew or put down: by whom and which way is told afresh. */
  function releaseCall({ conversationId }: { conversationId: string }): void {
    for (const one of consoles.values()) if (one.conversationId === conversationId) release(one)
  }

  on('peer:signal', (told) => {
    const { signal } = told
    if (signal.kind === 'open') return open(told, signal.anew)
    const one = consoles.get(told.consoleId)
    if (one?.conversationId !== told.conversationId) return
    if (signal.kind === 'answer') one.peer.answer(signal.sdp)
    else if (signal.kind === 'candidate') one.peer.address(signal.candidate, signal.mid)
    else one.peer.close()
  })
  on('console:gone', ({ consoleId }) => consoles.get(consoleId)?.peer.close())
  on('audio:opened', releaseCall)
  on('audio:closed', releaseCall)

  return {
    /** Connections that are up or being made. */
    count: () => consoles.size,
    close: () => [...consoles.values()].forEach(({ peer }) => peer.close()),
  }
}

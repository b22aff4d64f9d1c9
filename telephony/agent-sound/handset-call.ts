/**
 * One ringing, one talk on a desk phone: a call of ours to the place where it registered, and its sound. It knows
 * nothing of the caller at the other end; handsets.ts puts the two together.
 *
 * Invariant: it ends once, whoever ends it, says why once, and lets go of its port.
 */
import type { HandsetWhy } from '../../contract/handset.ts'
import { isOnHold, localMedia, remoteMedia } from '../call/call-media.ts'
import type { Log } from '../log.ts'
import type { Clock } from '../rtp/clock.ts'
import { mediaSession, type MediaSession } from '../rtp/media-session.ts'
import type { Pacer } from '../rtp/pacer.ts'
import type { PortPool } from '../rtp/port-pool.ts'
import type { OutgoingCall } from '../sip/call.ts'
import type { RemoteSdp } from '../sip/sdp.ts'
import type { UserAgent } from '../sip/user-agent.ts'
import { whyOf } from './handset-ending.ts'

export type HandsetParts = {
  agent: Pick<UserAgent, 'dial' | 'placeOf'>
  clock: Clock
  pacer: Pacer
  local: { address: string; ports: PortPool }
  now: () => Date
  log: Log
  ringSeconds?: number
  /** How long a desk phone may be silent in mid-call. */
  silentAfterMs?: number
}
/** `shown`: what the desk phone displays instead of the caller's number. */
type Wanted = { extension: string; shown: string }
type Ends = {
  rang: () => void
  answered: () => void
  held: (on: boolean) => void
  /** 160 bytes of A-law: the agent's voice. */
  heard: (alaw160: Uint8Array) => void
  over: (why: HandsetWhy) => void
}
export type HandsetCall = ReturnType<typeof handsetCall>

export function handsetCall(parts: HandsetParts, { extension, shown }: Wanted, ends: Ends) {
  const { agent, clock, pacer, local, now, log, ringSeconds = 30, silentAfterMs } = parts
  let media: MediaSession | undefined
  let call: OutgoingCall | undefined
  let isTalking = false
  let isHeld = false
  let isOver = false

  function over(why: HandsetWhy): void {
    if (isOver) return
    isOver = true
    call?.bye()
    void media?.close()
    ends.over(why)
  }

  async function ring(): Promise<void> {
    const place = agent.placeOf(extension)
    if (!place) return over('unregistered')
    const opened = await mediaSession({
      ...{ local, clock, pacer, log, silentAfterMs },
      ears: {
        onFrame(alaw) {
          if (isTalking && !isHeld && !isOver) ends.heard(alaw)
        },
        onKey: () => undefined,
        onSilent: () => over('vanished'),
      },
    })
    if (isOver) return void opened.close()
    media = opened
    const ours = localMedia(place, opened.localPort, Math.floor(now().getTime() / 1_000))
    const sdp = ours.answer(undefined) ?? ''
    const dialled = agent.dial({ target: { user: extension }, sdp, displayName: shown, ringSeconds, rang: ends.rang })
    call = dialled
    const take = (remote: RemoteSdp) => placed(opened, remote, place.host)
    dialled.listen({
      ended: (ending) => over(whyOf(ending, isTalking)),
      reinvited(offer) {
        const answer = ours.answer(offer)
        if (answer !== undefined) take(offer)
        return answer
      },
      mediaChanged: take,
    })
    const outcome = await dialled.outcome
    if (!outcome.answered || isOver) return
    isTalking = true
    take(outcome.remote)
    ends.answered()
  }

  function placed(opened: MediaSession, remote: RemoteSdp, host: string): void {
    const far = remoteMedia(remote, host)
    if (!far) return
    opened.setRemote(far)
    if (isOnHold(far) === isHeld) return
    isHeld = !isHeld
    if (isTalking && !isOver) ends.held(isHeld)
  }

  ring().catch((error: unknown) => {
    log.error({ err: error }, 'a desk phone could not be rung')
    over('failed')
  })

  return {
    /** The caller's voice. @param alaw160 not reused. */
    send(alaw160: Uint8Array): void {
      if (isTalking && !isHeld) media?.send(alaw160)
    },
    state: () => (isTalking ? (isHeld ? 'held' : 'talking') : 'ringing'),
    /** In whatever state it is; more than once is once. */
    putDown: () => over('put-down'),
  }
}

/**
 * One call, from its INVITE to its end: read this file to know the flow. SIP, sound, hearing, speaking, the floor and
 * the conversation with the server are put together here and nowhere else.
 *
 * Invariant: whatever happens, everything that the call holds is let go of exactly once, and the server is told once
 * how it ended.
 */
import { randomUUID } from 'node:crypto'
import type { CallEnd, PhoneReplies } from '../../contract/phone-events.ts'
import { alawFrameBytes } from '../../contract/phone-events.ts'
import type { CallEndings } from '../call-endings.ts'
import type { HotlineLink } from '../hotline-link.ts'
import type { Log } from '../log.ts'
import { mediaSession, type MediaSession } from '../rtp/media-session.ts'
import type { Clock } from '../rtp/clock.ts'
import type { Pacer } from '../rtp/pacer.ts'
import type { PortPool } from '../rtp/port-pool.ts'
import type { IncomingCall } from '../sip/call.ts'
import type { RemoteSdp } from '../sip/sdp.ts'
import type { Speech as SpeechEngines } from '../speech/engines.ts'
import { keys, type Key } from '../turn-taking/call-keys.ts'
import type { FloorAction } from '../turn-taking/floor-events.ts'
import { takerOf } from '../turn-taking/line-mode.ts'
import type { VoiceDetectors } from '../vad/voice-detector.ts'
import { voiceEar } from '../vad/voice-ear.ts'
import { callEnd } from './call-end.ts'
import { frames, isOnHold, localMedia, remoteMedia } from './call-media.ts'
import { conversation, type Conversation } from './conversation.ts'
import { floorRunner } from './floor-runner.ts'
import { callerVoice } from './listening.ts'
import { mouth } from './mouth.ts'
import type { TopicBook } from './topic-book.ts'

export type CallParts = {
  link: HotlineLink
  endings: CallEndings
  speech: SpeechEngines
  detectors: VoiceDetectors
  clock: Clock
  now: () => Date
  pacer: Pacer
  local: { address: string; ports: PortPool }
  topics: () => TopicBook
  holdSound: () => Uint8Array
  /** When nothing comes from the caller for so long, the call is over. */
  silentAfterMs?: number
  log: Log
}
type Begun = PhoneReplies['call:begin']

export type Call = {
  /** Resolves when nothing of the call is left. Never rejects. */
  over: Promise<void>
  hangUp(as: CallEnd): void
}

const retryAfterSeconds = 30

/** @param ringsBack the conversation of a call that we make (ringing-out.ts) */
export function takeCall(parts: CallParts, sip: IncomingCall, ringsBack?: string): Call {
  let hangUp: (as: CallEnd) => void = () => undefined
  const ended = new Promise<CallEnd>((resolve) => {
    let ours: CallEnd | undefined
    sip.listen({ ended: ({ reason }) => resolve(callEnd(reason, ours)) })
    hangUp = (as) => {
      ours ??= as
      resolve(as)
      sip.bye()
    }
  })
  const begun = (callRowId: string) => begin(parts, sip, callRowId, ringsBack)
  const over = serve(parts, sip, begun, ended, (as) => hangUp(as)).catch((error: unknown) => {
    parts.log.error({ err: error }, 'a call broke')
    hangUp('failed')
  })
  return { over, hangUp: (as) => hangUp(as) }
}

async function serve(
  parts: CallParts,
  sip: IncomingCall,
  begin: (callRowId: string) => Promise<Begun>,
  ended: Promise<CallEnd>,
  hangUp: (as: CallEnd) => void,
) {
  const { endings, log, now } = parts
  const callRowId = randomUUID()
  const tell = (endedBy: CallEnd) => endings.tell({ callRowId, endedBy, at: now().toISOString() })
  let begun: Begun
  try {
    begun = await begin(callRowId)
  } catch (error) {
    log.warn({ err: error, callRowId }, 'a call could not be begun')
    const endedBy = sip.isEnded() ? await ended : 'failed'
    sip.reject(503, { retryAfterSeconds })
    return tell(endedBy) // the server may have begun it after all, too late
  }
  try {
    if (!sip.isEnded()) await talk(parts, sip, begun, ended, hangUp)
  } catch (error) {
    log.error({ err: error, callRowId }, 'a call broke')
    hangUp('failed')
  }
  const endedBy = await ended
  await tell(endedBy)
  log.info({ callRowId, endedBy }, 'a call has ended')
}

function begin({ link, now }: CallParts, sip: IncomingCall, callRowId: string, ringsBack: string | undefined) {
  const at = now().toISOString()
  if (ringsBack) return link.ask('callback:begin', { callRowId, callId: sip.id, conversationId: ringsBack, at })
  const caller = (sip.asserted ?? sip.caller).user
  const asked = { callId: sip.id.slice(0, 200), caller: caller.slice(0, 120), line: sip.called.slice(0, 120) }
  return link.ask('call:begin', { callRowId, ...asked, at })
}

async function talk(
  parts: CallParts,
  sip: IncomingCall,
  begun: Begun,
  ended: Promise<CallEnd>,
  hangUp: (as: CallEnd) => void,
): Promise<void> {
  const { link, speech, clock, now, log, pacer, local, silentAfterMs } = parts
  const taker = takerOf(link.lineTable(), sip.called, now(), begun.desk)
  let media: MediaSession | undefined
  let isHeldByAgent = false
  let hasHoldSound = false

  const ears = speech.ears((capability, notice) => {
    talked.note('engine-changed', capability)
    if (notice) talked.remark(notice)
    floor.send({ kind: 'capabilityChanged', capability })
  })
  const floor = floorRunner({ clock, capability: ears.capability, act, settled: tuneHold })
  const said = mouth({ player: () => media?.player, voice: speech.voice(), send: floor.send, log })
  const voice = callerVoice({
    ear: voiceEar(parts.detectors.open()),
    ears,
    send: floor.send,
    phrases: () => parts.topics().phrases,
    choices: () => talked.choices(),
  })
  const talked: Conversation = conversation({
    ...{ link, begun, taker, clock, now, log, hangUp },
    topics: parts.topics,
    send: floor.send,
    floor: floor.state,
    recorded: (session) => voice.recorded(session),
    toCaller: (alaw) => media?.send(alaw),
    hold(on) {
      isHeldByAgent = on
      tuneHold()
    },
  })
  const toAgent = frames(alawFrameBytes, (frame) => talked.fromCaller(frame))

  function act(action: FloorAction): void {
    switch (action.kind) {
      case 'play':
        return said.play(action.play, talked.begins(action.speech))
      case 'pause':
        return said.pause()
      case 'resume':
        return said.resume()
      case 'stopPlaying':
        return said.stop(action.play)
      case 'heard': {
        const { play, speech: what, cursor } = action
        return talked.heard(what, play === undefined ? { heard: '', heardMs: 0, ofMs: 0 } : said.played(play, cursor))
      }
      case 'startListening':
        return voice.start(action.session, action.expects)
      case 'endListening':
        return voice.end(action.session)
      case 'stopListening':
        return voice.drop(action.session)
      case 'hangUp':
        return hangUp(talked.isLost() ? 'failed' : 'hotline')
      case 'commitTurn':
      case 'commitMessage':
      case 'choose':
      case 'answerYesNo':
      case 'rate':
      case 'findTopics':
      case 'offerTopics':
      case 'person':
      case 'callback':
        return talked.act(action)
    }
  }

  /** Whoever waits hears that the line lives. */
  function tuneHold(): void {
    const { stage, mouth: speaking, expects, isHeld } = floor.state()
    const isWaiting = stage === 'waiting' && speaking.kind === 'quiet' && expects.kind === 'nothing'
    const wanted = isHeldByAgent || (isWaiting && !isHeld)
    if (!media || wanted === hasHoldSound) return
    hasHoldSound = wanted
    if (wanted) media.hold(parts.holdSound())
    else media.unhold()
  }

  function pressed(key: Key): void {
    const { expects, stage } = floor.state()
    const isTold = key === '0' ? expects.kind !== 'number' : expects.kind === 'choices' || expects.kind === 'rating'
    talked.note('key', isTold && stage !== 'person' ? key : undefined)
    floor.send({ kind: 'key', key })
  }

  async function letGo(): Promise<void> {
    floor.send({ kind: 'hungUp' })
    floor.stop()
    voice.close()
    await Promise.all([media?.close(), talked.close()])
  }

  try {
    media = await mediaSession({
      ...{ local, clock, pacer, log, silentAfterMs },
      ears: {
        onFrame(alaw) {
          said.beat()
          if (floor.state().stage !== 'person') voice.hear(alaw, said.isSpeaking())
        },
        onArrival: toAgent,
        onKey(pressedKey) {
          const key = keys.find((one) => one === pressedKey)
          if (key) pressed(key)
        },
        onSilent: () => hangUp('no-audio'),
      },
    })
    const ours = localMedia(sip, media.localPort, Math.floor(now().getTime() / 1_000))
    const sdp = ours.answer(sip.offer)
    if (sdp === undefined) return sip.reject(488)
    const place = (remote: RemoteSdp | undefined) => {
      const far = remoteMedia(remote, sip.source.host)
      if (!far || !media) return
      media.setRemote(far)
      if (isOnHold(far) !== floor.state().isHeld && !isHeldByAgent)
        floor.send({ kind: isOnHold(far) ? 'held' : 'unheld' })
    }
    sip.listen({
      reinvited(offer) {
        const answer = ours.answer(offer)
        if (answer !== undefined) place(offer)
        return answer
      },
      mediaChanged: place,
      info: ({ contentType, body }) => void media?.info(contentType, body),
    })
    place(sip.offer)
    await sip.accept(sdp)
    if (sip.isEnded()) return
    talked.pickedUp()
    await ended
  } catch (error) {
    if (!media) sip.reject(503, { retryAfterSeconds })
    throw error
  } finally {
    await letGo()
  }
}

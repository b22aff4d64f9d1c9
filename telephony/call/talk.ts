/**
 * What is said and heard in one call, from its first words to its last: sound, hearing, speaking, the floor and the
 * conversation with the server are put together here and nowhere else.
 *
 * Invariant: whatever happens, everything that the talk holds, its port, its ear, its clocks, is let go of exactly once.
 */
import { alawFrameBytes, type CallEnd, type PhoneReplies } from '../../contract/phone-events.ts'
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
import { takerOf } from '../../contract/line-mode.ts'
import type { VoiceDetectors } from '../vad/voice-detector.ts'
import { voiceEar } from '../vad/voice-ear.ts'
import { frames, isOnHold, localMedia, remoteMedia } from './call-media.ts'
import { conversation, type Conversation } from './conversation.ts'
import { floorRunner } from './floor-runner.ts'
import { callerVoice } from './listening.ts'
import { mouth } from './mouth.ts'
import type { TopicBook } from './topic-book.ts'

export type TalkParts = {
  link: HotlineLink
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

/** When a caller may try again whom we have no room for. */
export const retryAfterSeconds = 30

/** Resolves when the call has ended and nothing of the talk is left. @throws what broke it */
export async function talk(
  parts: TalkParts,
  sip: IncomingCall,
  begun: PhoneReplies['call:begin'],
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

/** The phone in this process, a voice whose words can be read, and somebody with a telephone who rings it. */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Log } from '../../telephony/log.ts'
import { phone, type Phone } from '../../telephony/phone.ts'
import { monotonicClock } from '../../telephony/rtp/clock.ts'
import { encodeAlaw } from '../../telephony/rtp/g711.ts'
import type { Key } from '../../telephony/rtp/key-press.ts'
import { mediaSession } from '../../telephony/rtp/media-session.ts'
import { pacer } from '../../telephony/rtp/pacer.ts'
import { portPool } from '../../telephony/rtp/port-pool.ts'
import { readPhoneSettings } from '../../telephony/settings.ts'
import type { Clock as SipClock } from '../../telephony/sip/clock.ts'
import { makeOffer } from '../../telephony/sip/sdp.ts'
import { userAgent } from '../../telephony/sip/user-agent.ts'
import { fallbackNotices, type Speech } from '../../telephony/speech/engines.ts'
import { recognition } from '../../telephony/speech/fail-over-recogniser.ts'
import { deafRecogniser, type Recogniser } from '../../telephony/speech/recogniser.ts'
import { recordedPrompts } from '../../telephony/speech/recorded-prompts.ts'
import { speechCache } from '../../telephony/speech/speech-cache.ts'
import { synthesiser, type SynthesisEngine } from '../../telephony/speech/synthesiser.ts'
import { aTone, shareOf } from '../telephony/rtp/tone.ts'
import { aVoice } from '../telephony/vad/voice.ts'

export const phoneToken = 'a-token-of-the-tests-0123456789'
export const voiceHertz = 440
export const quietLog: Log = { info: () => undefined, warn: () => undefined, error: () => undefined }
const host = '127.0.0.1'
const shortTimings = { t1: 50, t2: 200, t4: 250 }

/** Says everything as one tone, a few ms a character, and keeps what it was given. */
export function aToneVoice(msOfCharacter = 12) {
  const said: string[] = []
  const engine: SynthesisEngine = {
    name: 'tone',
    voice: 'tone',
    rate: 1,
    render(spoken) {
      said.push(spoken)
      return Promise.resolve(aTone(voiceHertz, Math.max(60, spoken.length * msOfCharacter)))
    },
    close: () => Promise.resolve(),
  }
  return { engine, said }
}

type Engines = { voices?: readonly SynthesisEngine[]; recognisers?: readonly Recogniser[] }

/** What speechEngines gives, with engines of the test's own. */
export function speechOf(folder: string, { voices = [aToneVoice().engine], recognisers = [] }: Engines = {}): Speech {
  const clock = monotonicClock
  const [first = deafRecogniser, ...others] = recognisers
  const ears = recognition({ engines: [first, ...others, deafRecogniser], clock })
  const voice = synthesiser({
    engines: voices,
    cache: speechCache({ folder: join(folder, 'speech'), maxBytes: 50_000_000, now: () => new Date() }),
    prompts: recordedPrompts({ folder: join(folder, 'prompts'), onUnusable: () => undefined }),
    clock,
  })
  return {
    capability: ears.capability,
    canSpeak: voice.canSpeak,
    told: [],
    ears: (onFall) =>
      ears.ears(({ capability, tellCaller }) =>
        onFall(capability, tellCaller ? fallbackNotices[capability] : undefined),
      ),
    voice: () => voice.voice(() => undefined),
    learn: async (surfaces) => void (await Promise.all(recognisers.map((engine) => engine.learn(surfaces)))),
    close: async () => void (await Promise.all([ears.close(), voice.close()])),
  }
}

export type TestPhone = Phone & { uri: string; port: number; said: string[]; close: () => Promise<void> }

/** A phone on a port that the kernel gives, linked to that server. */
export async function aPhone(
  url: string,
  {
    env = {},
    log = quietLog,
    msOfCharacter,
    now,
    handset,
    ...engines
  }: Engines & {
    env?: NodeJS.ProcessEnv
    log?: Log
    msOfCharacter?: number
    now?: () => Date
    handset?: { ringSeconds?: number; silentAfterMs?: number }
  } = {},
): Promise<TestPhone> {
  const folder = await mkdtemp(join(tmpdir(), 'budayang-phone-'))
  const read = readPhoneSettings({
    SIP_PORT: '0',
    SIP_HOST: host,
    RTP_PORTS: '0',
    WEBRTC_PORT: '0',
    HOTLINE_URL: url,
    PHONE_TOKEN: phoneToken,
    PHONE_NODE: 'test',
    ...env,
  })
  if ('refused' in read) throw new Error(read.refused.join('; '))
  const voice = aToneVoice(msOfCharacter)
  const speech = speechOf(folder, { voices: [voice.engine], ...engines })
  const made = await phone({ settings: read.settings, speech, log, now, timings: shortTimings, handset })
  const port = made.sipPort() ?? 0
  return {
    ...made,
    port,
    uri: `sip:hotline@${host}:${port}`,
    said: voice.said,
    async close() {
      await made.stop(0)
      await rm(folder, { recursive: true, force: true, maxRetries: 5 })
    },
  }
}

export type Caller = Awaited<ReturnType<typeof aCaller>>

/** Somebody with a SIP telephone. @param clock of its signalling */
export async function aCaller(number = '13800138000', clock?: SipClock) {
  const bugs: unknown[] = []
  const log: Log = { ...quietLog, error: (facts) => void bugs.push(facts) }
  const agent = userAgent({
    bind: { host, port: 0 },
    users: () => undefined,
    trunks: [],
    anonymous: 'private',
    capacity: () => 'open',
    log,
    timings: shortTimings,
    clock,
  })
  await agent.start()
  const heartbeat = pacer(monotonicClock, (error) => void bugs.push(error))

  /** Rings, and resolves when it was picked up. */
  async function ring(uri: string) {
    const frames: Uint8Array[] = []
    const media = await mediaSession({
      local: { address: host, ports: portPool() },
      clock: monotonicClock,
      pacer: heartbeat,
      log: { info: () => undefined, error: (facts) => void bugs.push(facts) },
      ears: {
        onFrame: (alaw, kind) => void (kind === 'heard' && frames.push(alaw)),
        onKey: () => undefined,
        onSilent: () => undefined,
      },
    })
    const local = { host, port: media.localPort, sessionId: 1 }
    const call = agent.dial({
      target: uri,
      sdp: makeOffer({ ...local, version: 1 }),
      from: { uri: `sip:${number}@${host}` },
    })
    let ending: string | undefined
    call.listen({
      ended: ({ reason }) => {
        ending = reason
        void media.close()
      },
    })
    const outcome = await call.outcome
    if (outcome.answered && outcome.remote.audio) {
      const { audio } = outcome.remote
      media.setRemote({ ...audio, direction: 'sendrecv' })
    }
    let version = 1
    return {
      /** The Call-ID. */
      id: call.id,
      outcome,
      media,
      ending: () => ending,
      /** Everything heard so far, and from here on anew. */
      heard: () => frames.splice(0),
      /** How much of the last `count` frames is this tone. */
      hears: (hertz: number, count = 10) => frames.length >= count && shareOf(hertz, frames.slice(-count)) > 0.8,
      press: (...pressed: Key[]) => pressed.forEach((key) => media.press(key)),
      /** Sounds like somebody speaking. */
      speak: (ms: number) => media.player.play([{ name: 'voice', audio: encodeAlaw(aVoice(ms)) }]),
      tone: (hertz: number, ms: number) => media.player.play([{ name: 'tone', audio: aTone(hertz, ms) }]),
      hold: (on: boolean) =>
        call.reinvite(makeOffer({ ...local, version: ++version, direction: on ? 'sendonly' : 'sendrecv' })),
      hangUp: () => call.bye(),
    }
  }

  return {
    ring,
    bugs,
    async close() {
      await agent.stop()
    },
  }
}

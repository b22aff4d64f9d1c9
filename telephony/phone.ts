/**
 * The phone put together: the user agent, the link to the server, the engines, and every call that is up. Nothing is
 * wired anywhere else.
 *
 * Invariant: no call is taken that could not be served: while the server is out of reach, while the phone drains and
 * when it is full, a caller hears 503 and when to try again.
 */
import type { CallbackRefusal, PhoneNews, Title } from '../contract/phone-events.ts'
import type { HandsetParts } from './agent-sound/handset-call.ts'
import { handsets } from './agent-sound/handsets.ts'
import { callEndings } from './call-endings.ts'
import { hotlineLink } from './hotline-link.ts'
import { webrtc } from './agent-sound/webrtc-library.ts'
import { webrtcPeers } from './agent-sound/webrtc-peers.ts'
import { takeCall, type Call } from './call/call.ts'
import { retryAfterSeconds } from './call/talk.ts'
import { holdSound } from './call/hold-sound.ts'
import { emptyTopicBook, topicBook } from './call/topic-book.ts'
import { ringingOut } from './call/ringing-out.ts'
import { callWording } from './call/wording.ts'
import type { Log } from './log.ts'
import { firstQuestion, promptNames, promptSentences, type PromptName } from './prompts.ts'
import { monotonicClock, type Clock } from './rtp/clock.ts'
import { pacer as newPacer } from './rtp/pacer.ts'
import { portPool } from './rtp/port-pool.ts'
import { refusals } from './refusals.ts'
import type { PhoneSettings } from './settings.ts'
import type { IncomingCall } from './sip/call.ts'
import type { Clock as SipClock, Timings } from './sip/clock.ts'
import { userAgent } from './sip/user-agent.ts'
import type { Speech } from './speech/engines.ts'
import { loadVoiceDetectors } from './vad/voice-detector.ts'
import { voiceNotes } from './voice-notes.ts'

export type Phone = Awaited<ReturnType<typeof phone>>

type Parts = {
  settings: PhoneSettings
  speech: Speech
  log: Log
  clock?: Clock
  now?: () => Date
  timings?: Timings
  /** The minutes of signalling, a session's or a ring's. */
  sipClock?: SipClock
  silentAfterMs?: number
  /** How long an agent's desk phone rings, and may be silent in mid-call. */
  handset?: Pick<HandsetParts, 'ringSeconds' | 'silentAfterMs'>
}

type Dial = Parameters<PhoneNews['callback:dial']>[0]

const lookMs = 100
/** The first words of a call are ready before the first call; the phone does not wait longer than this for them. */
const warmWithinMs = 5_000

export async function phone({
  settings,
  speech,
  log,
  clock = monotonicClock,
  now = () => new Date(),
  timings,
  sipClock,
  silentAfterMs,
  handset,
}: Parts) {
  const detectors = await loadVoiceDetectors()
  const direct = await webrtc(settings)
  const pacer = newPacer(clock, (error) => log.error({ err: error }, 'a beat of a call failed'))
  const ports = portPool(settings.RTP_PORTS)
  const calls = new Set<Call>()
  /** Conversations whose citizens we rang, for as long as their calls last. */
  const rung = new Set<string>()
  let topics = emptyTopicBook
  /** Before the first titles are read, a code or initials would find nothing: no call is taken. */
  let hasTopics = false
  let reading = 0
  let sipPort: number | null = null
  let isDraining = false
  let hold = holdSound

  const link = hotlineLink({
    url: settings.HOTLINE_URL,
    token: settings.PHONE_TOKEN,
    certificate: settings.HOTLINE_CERT_FILE,
    node: settings.PHONE_NODE,
    log,
    hello: () => ({ hearing: speech.capability, speaks: speech.canSpeak, sipPort }),
    onUp: () => void refused.tell(),
    onTitles(titles) {
      void readTitles(titles)
      const surfaces = titles.map(({ entryId: id, question: title, similar }) => ({ id, title, similar }))
      speech.learn(surfaces).catch((error: unknown) => log.error({ err: error }, 'the titles were not learnt'))
    },
  })

  const refused = refusals({ link, now, log })
  const ended = callEndings({ link, clock, log })

  const peers = webrtcPeers({
    ...{ webrtc: direct, legs: link.legs, clock, log },
    on: (name, told) => link.on(name, told),
    send: (told) => link.ask('peer:signal', told),
  })
  const agent = userAgent({
    bind: { host: settings.SIP_HOST, port: settings.SIP_PORT },
    advertise: settings.SIP_ADVERTISE,
    users: (name) => settings.SIP_USERS.get(name),
    trunks: settings.SIP_TRUNKS,
    anonymous: settings.SIP_ANONYMOUS,
    // A second challenge, of SHA-256, makes telephones built on libre give up altogether.
    challenges: ['MD5'],
    capacity: () => (isOpen() ? 'open' : { retryAfterSeconds }),
    turnedAway: (call) => refused.refuse(call),
    registered: () => phones.changed(),
    log,
    timings,
    clock: sipClock,
  })
  const local = { address: settings.SIP_HOST, ports }
  const phones = handsets({ link, agent, clock, pacer, local, now, log, ...handset })
  agent.onInvite((sip) => void take(sip))
  voiceNotes({ link, speech, phrases: () => topics.phrases, clock, log })
  link.on('callback:may', ({ number }, answer) => answer(mayRing(number)))
  link.on('callback:dial', ringBack)
  await warmed(['greeting', firstQuestion[speech.capability], 'goodbye', 'apology'])
  const whyNot = await listen()
  link.open()
  const warming = render(promptNames.filter((name) => name !== 'confirm'))

  /** The last publication counts, also when an earlier one takes longer to read. */
  async function readTitles(titles: readonly Title[]): Promise<void> {
    const mine = ++reading
    const read = await topicBook(titles)
    if (mine === reading) topics = read
    hasTopics = true
  }

  const isLinked = () => link.isUp() && hasTopics
  const isOpen = () => isLinked() && !isDraining && calls.size < settings.MAX_CALLS

  /** Nobody is rung but somebody who asked for it, where the operator allows it. */
  function mayRing(number: string): 'yes' | CallbackRefusal {
    if (!settings.SIP_CALLBACK_ALLOW.some((beginning) => number.startsWith(beginning))) return 'not-allowed'
    if (!settings.SIP_CALLBACK_TRUNK) return 'no-trunk'
    return isOpen() ? 'yes' : 'no-room'
  }

  function ringBack({ conversationId, number }: Dial, answer: (answer: 'dialling' | CallbackRefusal) => void): void {
    const may = mayRing(number)
    const trunk = settings.SIP_CALLBACK_TRUNK
    if (may !== 'yes' || !trunk) return answer(may === 'yes' ? 'no-trunk' : may)
    if (rung.has(conversationId)) return answer('under-way')
    rung.add(conversationId)
    answer('dialling')
    void take(ringingOut({ agent, trunk, number }), conversationId).over.then(() => rung.delete(conversationId))
  }

  function take(sip: IncomingCall, ringsBack?: string): Call {
    const call = takeCall(
      {
        ...{ link, endings: ended, speech, detectors, clock, now, pacer, local, log, silentAfterMs },
        topics: () => topics,
        holdSound: () => hold,
      },
      sip,
      ringsBack,
    )
    calls.add(call)
    void call.over.then(() => calls.delete(call))
    return call
  }

  /** @returns why no call can come in, or nothing. */
  async function listen(): Promise<'taken' | 'forbidden' | 'no-such-host' | undefined> {
    try {
      sipPort = (await agent.start()).udpPort
      return undefined
    } catch (error) {
      const code = error instanceof Error && 'code' in error ? error.code : undefined
      if (code === 'EADDRINUSE') return 'taken'
      if (code === 'EACCES') return 'forbidden'
      if (code === 'EADDRNOTAVAIL') return 'no-such-host'
      throw error
    }
  }

  /** Into the cache, so that no caller waits for a phrase that every caller hears. */
  async function render(names: readonly PromptName[]): Promise<void> {
    if (!speech.canSpeak) return
    const voice = speech.voice()
    const texts = [callWording.lost, ...names.map((name) => promptSentences(name).join(''))]
    try {
      for (const text of texts) for await (const _ of voice.speak(text)) if (isDraining) return
      for await (const { speech: recorded } of voice.speak('', { prompt: 'hold' })) hold = recorded
    } catch (error) {
      log.error({ err: error }, 'the prompts could not be prepared')
    }
  }

  async function warmed(names: readonly PromptName[]): Promise<void> {
    let cancel: () => void = () => undefined
    await Promise.race([render(names), new Promise<void>((resolve) => (cancel = clock.after(warmWithinMs, resolve)))])
    cancel()
  }

  const empty = () => calls.size === 0

  return {
    sipPort: () => sipPort,
    whyNot,
    /** What the operator is to know. */
    told: direct.library || direct.told === undefined ? [] : [direct.told],
    /** To the server, and its titles are read. */
    isLinked,
    calls: () => calls.size,
    /** Consoles with a direct way. */
    peers: () => peers.count(),
    /** What must be back at nothing when no call is up. */
    held: () => ({
      calls: calls.size,
      detectors: detectors.inUse(),
      beats: pacer.stats().members,
      ports: ports.taken(),
      followed: link.followed(),
      dialogs: agent.openDialogs(),
      transactions: agent.openTransactions(),
    }),
    pacerStats: () => pacer.stats(),
    sipCounters: () => agent.counters(),
    /** Calls that found no room, and how many of them the record still lacks. */
    refused: () => ({ calls: refused.count(), untold: refused.waiting() }),

    /** New callers hear 503; those who talk may finish, for so long. */
    async stop(withinMs: number): Promise<void> {
      isDraining = true
      for (let waited = 0; !empty() && waited < withinMs; waited += lookMs)
        await new Promise<void>((resolve) => clock.after(lookMs, resolve))
      const last = [...calls]
      for (const call of last) call.hangUp('failed')
      await Promise.all(last.map(({ over }) => over))
      await Promise.all([refused.tell(), ended.close()])
      await agent.stop()
      peers.close()
      link.close()
      await warming
      await speech.close()
    },
  }
}

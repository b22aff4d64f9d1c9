/**
 * The SIP user agent: everything in this folder put together. Bytes come in from the transports, calls come out to the
 * phone channel, and whatever a stranger sends ends as an answer, a count or silence, never as an exception.
 */
import { randomBytes } from 'node:crypto'
import { admission, isScanner, type AdmissionRules, type AnonymousPolicy } from './admission.ts'
import type { IncomingCall, OutgoingCall } from './call.ts'
import { clientTransactions, ownVia } from './client-transactions.ts'
import { rfcTimings, systemClock, type Clock, type Timings } from './clock.ts'
import type { Credentials } from './digest.ts'
import { addressTowards } from './local-address.ts'
import { formatNameAddr } from './name-addr.ts'
import { outgoingCall, type DialParts } from './outgoing-call.ts'
import { onePort } from './one-port.ts'
import type { InDialog, Log, Outlet } from './outlet.ts'
import { reception, type TurnedAway } from './reception.ts'
import { registrar as newRegistrar } from './registrar.ts'
import { registration, type Registration, type RegistrationState } from './registration.ts'
import { hopTo } from './routing.ts'
import { serverTransactions } from './server-transactions.ts'
import { tcpTransport } from './tcp-transport.ts'
import { noCounts, type Counters, type Hop, type Wire } from './transport.ts'
import { udpTransport } from './udp-transport.ts'
import { hostPort, parseUri } from './uri.ts'
import { newBranch, writeMessage, type HeaderPair } from './writer.ts'

export type UserAgentOptions = {
  /** Port 0 lets the kernel choose. UDP and TCP take the same number. */
  bind: { host: string; port: number }
  /** Our address as others see it, when it is not the one we are bound to. */
  advertise?: string
  users: (name: string) => string | undefined
  trunks: readonly string[]
  anonymous: AnonymousPolicy
  /** Users that may be called without a name; the first is our own in Contact. Default: hotline. */
  hotline?: readonly string[]
  realm?: string
  challenges?: AdmissionRules['challenges']
  /** Asked for every call, and by proxies (OPTIONS) that want to know whether to send us any. */
  capacity: () => 'open' | { retryAfterSeconds: number }
  /** Told of each call that found no room; its copies on the network may be told again. */
  turnedAway?: (call: TurnedAway) => void
  /** A user's first desk phone has registered, or the last one is gone. */
  registered?: () => void
  log: Log
  clock?: Clock
  timings?: Timings
  /** At most so many at once. A call leaves two transactions behind for 32 s, so that its copies are known. */
  limits?: { transactions: number; dialogs: number }
}

export type Dial = {
  /** A SIP URI, or the name of a user whose phone is registered with us. */
  target: string | { user: string }
  sdp: string
  from?: { uri: string; displayName?: string }
  /** Shown by the phone that rings, without `from`. */
  displayName?: string
  /** The proxy the call goes through, as a URI. */
  through?: string
} & Pick<DialParts, 'credentials' | 'headers' | 'ringSeconds' | 'rang'>

export type Register = {
  registrar: string
  credentials: Credentials
  expiresSeconds?: number
  changed?: (state: RegistrationState) => void
}

export type UserAgent = {
  /** Rejects when the port is taken. */
  start(): Promise<{ udpPort: number; tcpPort: number }>
  /** Says goodbye to every call, waits up to a second, and closes. */
  stop(): Promise<void>
  /** The one who takes calls. Until there is one, callers hear 480. */
  onInvite(handler: (call: IncomingCall) => void): void
  /** @throws TypeError when the target, `from` or `through` is no SIP URI, or the user has no phone registered. */
  dial(dial: Dial): OutgoingCall
  register(register: Register): Registration
  /** Whether a desk phone of that user is registered now. */
  isReachable(user: string): boolean
  /** Where that desk phone is, and our address as it sees it; undefined while none is registered. */
  placeOf(user: string): { host: string; localHost: string } | undefined
  /** Our address towards a peer: for an SDP offer. */
  hostTowards(peer: string): string
  counters(): Readonly<Counters>
  openTransactions(): number
  openDialogs(): number
}

const defaultLimits = { transactions: 16_000, dialogs: 2_000 }
const farewellMs = 1_000
const lookMs = 20

export function userAgent(options: UserAgentOptions): UserAgent {
  const { bind, advertise, log, clock = systemClock, timings = rfcTimings, limits = defaultLimits } = options
  const hotline = options.hotline ?? ['hotline']
  const { users, trunks, anonymous, realm = 'budayang', challenges = ['MD5', 'SHA-256'] } = options
  const counters = noCounts()
  const dialogs = new Map<string, InDialog>()
  const registrar = newRegistrar(() => options.registered?.())
  const ports = { udp: bind.port, tcp: bind.port }
  let takeCall: (call: IncomingCall) => void = (call) => call.reject(480)
  let isStopping = false

  const broke = (error: Error) => log.error({ err: error }, 'A SIP socket failed')
  const udp = udpTransport({ counters, arrived: (bytes, from) => desk.arrived(bytes, from), broke })
  const tcp = tcpTransport({
    clock,
    counters,
    arrived: (bytes, from) => desk.arrived(bytes, from),
    broken: (head, why, from) => desk.broken(head, why, from),
    broke,
  })
  const wire: Wire = { send: (bytes, hop, failed) => (hop.transport === 'udp' ? udp : tcp).send(bytes, hop, failed) }

  const hostTowards = (peer: string) => addressTowards(peer, bind.host, advertise)
  const sentBy = (hop: Hop) => ({ host: hostTowards(hop.host), port: ports[hop.transport] })
  const clients = clientTransactions({
    clock,
    timings,
    wire,
    viaFor: (hop, branch) => ownVia(hop, sentBy(hop), branch),
  })
  const servers = serverTransactions({ clock, timings, wire })
  const openTransactions = () => clients.size() + servers.size()

  function uriFor(user: string, hop: Hop): string {
    const { host, port } = sentBy(hop)
    return `sip:${user}@${hostPort(host, port)}`
  }
  const outlet: Outlet = {
    clock,
    timings,
    log,
    dialogs,
    begin: clients.begin,
    sendAck(ack, hop) {
      const via = { name: 'via', value: ownVia(hop, sentBy(hop), newBranch()) }
      wire.send(writeMessage({ ...ack, headers: [via, ...ack.headers] }), hop, () => undefined)
    },
    hopTo: (uri, flow) => hopTo(uri, flow, (connection) => tcp.isOpen(connection)),
    contactFor: (hop) => `<${uriFor(hotline[0] ?? 'hotline', hop)}${hop.transport === 'tcp' ? ';transport=tcp' : ''}>`,
  }
  const desk = reception({
    outlet,
    counters,
    wire,
    servers,
    takesAnswer: (response) => clients.takes(response),
    admission: admission({ users, trunks, anonymous, hotline, realm, challenges }),
    registrar,
    isScanner,
    capacity: () => (isStopping ? { retryAfterSeconds: 30 } : options.capacity()),
    /** A call that is up may always say goodbye, so what is new is stopped at half. */
    hasRoom: (isNew) =>
      isNew
        ? openTransactions() < limits.transactions / 2 && dialogs.size < limits.dialogs
        : openTransactions() < limits.transactions,
    hostTowards,
    secret: randomBytes(32),
    incoming: (call) => takeCall(call),
    turnedAway: (call) => options.turnedAway?.(call),
  })

  function sipUri(text: string, what: string) {
    const uri = parseUri(text)
    if (uri?.kind !== 'sip') throw new TypeError(`${what} is no SIP URI`)
    return uri
  }
  const nowhere: Hop = { transport: 'udp', host: '', port: 0 }

  function whereTo({ target, through }: Dial) {
    if (typeof target === 'string') {
      const uri = sipUri(target, 'target')
      return { uri, hop: outlet.hopTo(through ? sipUri(through, 'through') : uri, nowhere) }
    }
    const phone = registrar.reach(target.user, clock.now())
    if (!phone) throw new TypeError('no phone of this user is registered')
    return { uri: phone.uri, hop: outlet.hopTo(phone.uri, phone.flow) }
  }

  return {
    async start() {
      Object.assign(ports, await onePort({ udp, tcp }, bind))
      log.info({ host: bind.host, port: ports.udp }, 'SIP listens')
      return { udpPort: ports.udp, tcpPort: ports.tcp }
    },

    async stop() {
      isStopping = true
      for (const dialog of [...dialogs.values()]) dialog.hangUp()
      for (let waited = 0; dialogs.size > 0 && waited < farewellMs; waited += lookMs)
        await new Promise<void>((resolve) => clock.after(lookMs, resolve))
      for (const dialog of [...dialogs.values()]) dialog.dropped()
      dialogs.clear()
      await Promise.all([udp.close(), tcp.close()])
      clients.stop()
      servers.stop()
    },

    onInvite(handler) {
      takeCall = handler
    },

    dial(dial) {
      const { uri, hop } = whereTo(dial)
      const from = dial.from
        ? formatNameAddr({ uri: sipUri(dial.from.uri, 'from'), displayName: dial.from.displayName ?? '' })
        : formatNameAddr({
            uri: sipUri(uriFor(hotline[0] ?? 'hotline', hop), 'from'),
            displayName: dial.displayName ?? '',
          })
      const { sdp, credentials, headers, ringSeconds, rang } = dial
      const safe = headers?.map(([name, value]): HeaderPair => [name.toLowerCase(), value])
      const to = `<${uri.text}>`
      const more = { credentials, headers: safe, ringSeconds, rang, localHost: hostTowards(hop.host) }
      counters.calls++
      return outgoingCall({ outlet, target: uri, hop, sdp, from, to, ...more })
    },

    register({ registrar: text, ...more }) {
      const uri = sipUri(text, 'registrar')
      return registration({ outlet, registrar: uri, hop: outlet.hopTo(uri, nowhere), ...more })
    },

    placeOf(user) {
      const phone = registrar.reach(user, clock.now())
      if (!phone) return undefined
      const { host } = outlet.hopTo(phone.uri, phone.flow)
      return { host, localHost: hostTowards(host) }
    },

    isReachable: (user) => registrar.reach(user, clock.now()) !== undefined,
    hostTowards,
    counters: () => ({ ...counters }),
    openTransactions,
    openDialogs: () => dialogs.size,
  }
}

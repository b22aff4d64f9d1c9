/**
 * Our registration with a trunk (RFC 3261 §10.2): renewed before it ends, tried again when it fails, taken back at the
 * end. One Call-ID, numbers going up.
 */
import { ask, type Outcome } from './asking.ts'
import type { Credentials } from './digest.ts'
import { cursorOn, wholeNumber } from './cursor.ts'
import { headerOf, type Response } from './message.ts'
import { takeNameAddrs } from './name-addr.ts'
import type { Outlet } from './outlet.ts'
import type { Hop } from './transport.ts'
import { hostPort, type SipUri } from './uri.ts'
import { newCallId, newTag, requestLines, type HeaderPair } from './writer.ts'

export type RegistrationState =
  | { is: 'trying' }
  | { is: 'registered'; untilMs: number }
  | { is: 'refused'; status: number }
  | { is: 'unreachable' }
  | { is: 'stopped' }

export type Registration = { state(): RegistrationState; stop(): Promise<void> }

type Parts = {
  outlet: Outlet
  registrar: SipUri
  hop: Hop
  credentials: Credentials
  expiresSeconds?: number
  changed?: (state: RegistrationState) => void
}

const retryMs = { first: 5_000, longest: 600_000 }

export function registration({
  outlet,
  registrar,
  hop,
  credentials,
  expiresSeconds = 600,
  changed,
}: Parts): Registration {
  const callId = newCallId()
  const tag = newTag()
  const { clock } = outlet
  const realm = `${registrar.scheme}:${hostPort(registrar.host, registrar.port)}`
  const self = `<sip:${encodeURIComponent(credentials.user)}@${hostPort(registrar.host, registrar.port)}>`
  const contact = outlet.contactFor(hop)
  let number = 0
  let state: RegistrationState = { is: 'trying' }
  let wished = expiresSeconds
  let waitMs = retryMs.first
  let disarm = (): void => undefined

  function become(next: RegistrationState): void {
    state = next
    changed?.(next)
  }

  function send(seconds: number): Promise<Outcome> {
    const build = (extra: readonly HeaderPair[]) =>
      requestLines('REGISTER', realm, [
        ['max-forwards', '70'],
        ['from', `${self};tag=${tag}`],
        ['to', self],
        ['call-id', callId],
        ['cseq', `${++number} REGISTER`],
        ['contact', contact],
        ['expires', String(seconds)],
        ...extra,
      ])
    return ask(outlet.begin, { build, hop, credentials }).outcome
  }

  async function renew(): Promise<void> {
    const outcome = await send(wished)
    if (state.is === 'stopped') return
    if (outcome.is === 'failed') return later({ is: 'unreachable' })
    const { status } = outcome.response
    const least = status === 423 ? wholeNumber(headerOf(outcome.response, 'min-expires') ?? '', 86_400) : undefined
    if (least !== undefined && least > wished) {
      wished = least
      return renew()
    }
    if (status >= 300) return later({ is: 'refused', status })
    const seconds = grantedIn(outcome.response, contact) ?? wished
    waitMs = retryMs.first
    become({ is: 'registered', untilMs: clock.now() + seconds * 1_000 })
    disarm = clock.after(Math.max(seconds * 800, 1_000), () => void renew())
  }

  /** Twice as long each time, so that a trunk coming back is not met by a stampede. */
  function later(next: RegistrationState): void {
    become(next)
    disarm = clock.after(waitMs, () => void renew())
    waitMs = Math.min(waitMs * 2, retryMs.longest)
  }

  void renew()
  return {
    state: () => state,
    async stop() {
      const wasRegistered = state.is === 'registered'
      disarm()
      become({ is: 'stopped' })
      if (wasRegistered) await send(0)
    },
  }
}

/** What the trunk granted for our own contact, in seconds; it may list others. */
function grantedIn(response: Response, contact: string): number | undefined {
  const own = takeNameAddrs(cursorOn(contact))?.[0]?.uri.text
  const listed = response.contacts.find(({ uri }) => uri.text === own)
  return wholeNumber(listed?.params.get('expires') ?? headerOf(response, 'expires') ?? '', 86_400)
}

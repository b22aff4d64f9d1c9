/**
 * Desk phones that register with us (RFC 3261 §10.3). Bindings live in memory and end by themselves: a restart forgets
 * them, and the phones come again. Who may register was decided before.
 */
import { headerOf, type NameAddr, type Request } from './message.ts'
import type { Hop } from './transport.ts'
import { userOf, type Uri } from './uri.ts'
import { wholeNumber } from './cursor.ts'
import type { Answer } from './writer.ts'

type Binding = { uri: Uri; flow: Hop; expiresAt: number; callId: string; number: number }

const seconds = { shortest: 60, longest: 7_200, unsaid: 3_600 }
const perUser = 5

/** @param changed a user can be reached now who could not before, or no more. */
export function registrar(changed: () => void = () => undefined) {
  const bindings = new Map<string, Binding[]>()

  function living(user: string, now: number): Binding[] {
    return (bindings.get(user) ?? []).filter(({ expiresAt }) => expiresAt > now)
  }

  function keep(user: string, kept: readonly Binding[]): void {
    const was = bindings.has(user)
    if (kept.length === 0) bindings.delete(user)
    else bindings.set(user, kept.slice(-perUser))
    if (was !== bindings.has(user)) changed()
  }

  /** All or nothing: one bad contact changes none. */
  function register(request: Request, flow: Hop, user: string, now: number): Answer {
    if (request.to.uri.kind !== 'sip' || userOf(request.to.uri) !== user) return { status: 403 }
    const before = living(user, now)
    const { callId, contacts } = request
    const isOld = ({ callId: known, number }: Binding) => known === callId && request.cseq.number <= number
    if ((contacts.length > 0 || request.everyContact) && before.some(isOld)) return { status: 500 }
    if (request.everyContact) {
      if (wholeNumber(headerOf(request, 'expires') ?? '', 0) === undefined) return { status: 400 }
      keep(user, [])
      return listing([], now)
    }
    if (contacts.some(({ uri }) => uri.kind !== 'sip')) return { status: 416 }
    const wished = contacts.map((contact) => ({ contact, life: lifeOf(contact, request) }))
    if (wished.some(({ life }) => life > 0 && life < seconds.shortest))
      return { status: 423, headers: [['min-expires', String(seconds.shortest)]] }
    let after = before
    for (const { contact, life } of wished) {
      after = after.filter(({ uri }) => uri.text !== contact.uri.text)
      const expiresAt = now + life * 1_000
      if (life > 0) after = [...after, { uri: contact.uri, flow, expiresAt, callId, number: request.cseq.number }]
    }
    keep(user, after)
    return listing(living(user, now), now)
  }

  return {
    register,

    /** Where a user's phone is; the one that registered last. */
    reach(user: string, now: number): { uri: Uri; flow: Hop } | undefined {
      return living(user, now).at(-1)
    },

    /** Forgets what has expired. */
    sweep(now: number): void {
      for (const user of [...bindings.keys()]) keep(user, living(user, now))
    },

    users: () => bindings.size,
  }
}

export type Registrar = ReturnType<typeof registrar>

function lifeOf(contact: NameAddr, request: Request): number {
  const said = contact.params.get('expires') ?? headerOf(request, 'expires')
  const life = wholeNumber(said ?? '', 2 ** 32 - 1) ?? seconds.unsaid
  return Math.min(life, seconds.longest)
}

function listing(bindings: readonly Binding[], now: number): Answer {
  return {
    status: 200,
    headers: bindings.map(({ uri, expiresAt }) => [
      'contact',
      `<${uri.text}>;expires=${Math.ceil((expiresAt - now) / 1_000)}`,
    ]),
  }
}

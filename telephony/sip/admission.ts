/**
 * Who may call and who may register. Trunks are known by their address, people by digest, and to the hotline itself
 * one may also come without a name, from where the operator allows it. Everything else is challenged; a scanner is not
 * even answered.
 */
import { isDigestRight, readDigest, writeChallenge, algorithmOf, type DigestFields } from './digest.ts'
import { addressList, isPrivate } from './local-address.ts'
import type { Header, Request } from './message.ts'
import { nonces } from './nonces.ts'
import { userOf } from './uri.ts'
import type { Answer } from './writer.ts'

export type AnonymousPolicy = 'private' | 'none' | 'all'
export type AdmittedAs = { kind: 'trunk' } | { kind: 'anonymous' } | { kind: 'user'; user: string }
export type Verdict =
  | { is: 'admitted'; as: AdmittedAs }
  | { is: 'challenged'; answer: Answer }
  | { is: 'forbidden'; answer: Answer }

export type AdmissionRules = {
  /** The password of a user; undefined for nobody. Never a promise: a promise is truthy. */
  users: (name: string) => string | undefined
  /** Addresses and networks (CIDR) of trunks and proxies in front of us. */
  trunks: readonly string[]
  anonymous: AnonymousPolicy
  /** The users of the Request-URI that may be called without a name. */
  hotline: readonly string[]
  realm: string
  /** The strongest last: simple phones take the first challenge they see. */
  challenges: readonly ('MD5' | 'SHA-256')[]
}

const tools =
  /\b(friendly-scanner|sipvicious|sundayddr|sip-?scan(ner)?|sipcli|iwar|smap|vaxsipuseragent|pplsip|siparmyknife|voipmonster|nmap)\b/i

/** The names that break-in tools give themselves. Their wording is a courtesy: to leave it out is no way in. */
export function isScanner(headers: readonly Header[]): boolean {
  return headers.some(({ name, value }) => {
    if (name === 'user-agent' || name === 'server') return tools.test(value)
    return (name === 'from' || name === 'to') && /^"?sipvicious\b/i.test(value)
  })
}

const lockAfter = 5
const lockMs = 5 * 60_000
const maxLocks = 10_000

export function admission(rules: AdmissionRules) {
  const trunks = addressList(rules.trunks)
  const issued = nonces()
  const failures = new Map<string, { count: number; until: number }>()

  function challenge(now: number, isStale: boolean): Verdict {
    const nonce = issued.make(now)
    const headers = rules.challenges.map(
      (algorithm) => ['www-authenticate', writeChallenge(rules.realm, nonce, algorithm, isStale)] as const,
    )
    return { is: 'challenged', answer: { status: 401, headers } }
  }

  function fail(who: string, now: number): void {
    const before = failures.get(who)
    const count = before && before.until > now ? before.count + 1 : 1
    failures.delete(who)
    failures.set(who, { count, until: now + lockMs })
    for (const [oldest, { until }] of failures) {
      if (failures.size <= maxLocks && until > now) break
      failures.delete(oldest)
    }
  }

  function byDigest(request: Request, from: { host: string }, now: number): Verdict {
    const digests = request.headers
      .filter(({ name }) => name === 'authorization')
      .flatMap(({ value }) => readDigest(value) ?? [])
    const ours = digests.find((fields) => fields.get('realm') === rules.realm)
    if (!ours) return challenge(now, false)
    const user = ours.get('username') ?? ''
    const who = `${from.host} ${user}`
    const locked = failures.get(who)
    if (locked && locked.until > now && locked.count >= lockAfter) return { is: 'forbidden', answer: { status: 403 } }
    const state = issued.look(ours.get('nonce') ?? '', ours.get('nc') ?? '', now)
    if (state === 'foreign' || !algorithmOf(ours)) return challenge(now, false)
    if (!isRight(request, ours, user)) {
      fail(who, now)
      return challenge(now, false)
    }
    if (state === 'stale') return challenge(now, true)
    issued.use(ours.get('nonce') ?? '', ours.get('nc') ?? '', now)
    failures.delete(who)
    return { is: 'admitted', as: { kind: 'user', user } }
  }

  /** Sums are made for an unknown user too, so that nobody learns by the time who exists. */
  function isRight(request: Request, fields: DigestFields, user: string): boolean {
    const password = rules.users(user)
    const isKnown = typeof password === 'string' && password !== ''
    const isMatch = isDigestRight(fields, request.method, { user, password: isKnown ? password : 'nobody' })
    return isKnown && isMatch
  }

  return {
    /** For an INVITE that begins a call. */
    toCall(request: Request, from: { host: string }, now: number): Verdict {
      if (trunks.has(from.host)) return { is: 'admitted', as: { kind: 'trunk' } }
      const isHotline = rules.hotline.includes(userOf(request.target))
      const isNear = rules.anonymous === 'all' || (rules.anonymous === 'private' && isPrivate(from.host))
      if (isHotline && isNear) return { is: 'admitted', as: { kind: 'anonymous' } }
      return byDigest(request, from, now)
    },

    /** For a REGISTER: always by digest. */
    toRegister: byDigest,
  }
}

export type Admission = ReturnType<typeof admission>

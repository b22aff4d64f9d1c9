/**
 * Calls to WeChat's server. The token is fetched when it is needed and once again when it is refused; addresses with
 * tokens in them reach no log.
 *
 * Invariant: a call is made at most twice, the second time only after the platform refused the first for its token.
 */
import { z } from 'zod'
import { accessTokens, type TokenShelf } from './access-token.ts'
import { failureOf, type Failure } from './api-outcome.ts'

export type WechatSettings = { appId: string; appSecret: string; apiBase: string }

/** The platform said no. */
export class WechatRefusal extends Error {
  override readonly name = 'WechatRefusal'
  readonly code: number
  readonly failure: Failure
  /** A server broke down over it: what it was asked for may have been done. */
  readonly isBroken: boolean
  constructor(code: number, said: string, { isBroken = false } = {}) {
    super(`${code} ${said}`)
    this.code = code
    this.failure = failureOf(code)
    this.isBroken = isBroken
  }
}

/** What was to be asked for never reached the platform. */
export class WechatUnreached extends Error {
  override readonly name = 'WechatUnreached'
}

const answered = z.looseObject({ errcode: z.number().default(0), errmsg: z.string().default('') })
const tokenAnswer = z.object({ access_token: z.string().min(1), expires_in: z.number().positive() })
const callLimitMs = 5_000
const neverArrived = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'UND_ERR_CONNECT_TIMEOUT',
])

type Parts = {
  settings: WechatSettings
  shelf: TokenShelf
  now: () => Date
  /** A company's server gives tokens at another door; what it gives is the same until it ends. */
  isCompany?: boolean
  fetch?: typeof globalThis.fetch
}
export type WechatApi = ReturnType<typeof wechatApi>

export function wechatApi({ settings, shelf, now, isCompany = false, fetch = globalThis.fetch }: Parts) {
  const { appId, appSecret, apiBase } = settings

  const post = (path: string, body: unknown): Promise<unknown> =>
    ask(path, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) })

  async function ask(path: string, init: RequestInit): Promise<unknown> {
    const limits: RequestInit = { redirect: 'error', signal: AbortSignal.timeout(callLimitMs) }
    const response = await fetch(`${apiBase}${path}`, { ...init, ...limits }).catch(unreached)
    if (!response.ok) throw new WechatRefusal(-1, `HTTP ${response.status}`, { isBroken: true })
    const told = answered.parse(await response.json())
    if (told.errcode !== 0) throw new WechatRefusal(told.errcode, told.errmsg)
    return told
  }

  function askToken(isForced: boolean): Promise<unknown> {
    if (isCompany) {
      const asked = new URLSearchParams({ corpid: appId, corpsecret: appSecret })
      return ask(`/cgi-bin/gettoken?${asked.toString()}`, {})
    }
    const asked = { grant_type: 'client_credential', appid: appId, secret: appSecret, force_refresh: isForced }
    return post('/cgi-bin/stable_token', asked)
  }

  const tokens = accessTokens({
    shelf,
    now,
    async fetchToken(isForced) {
      const { access_token: token, expires_in } = tokenAnswer.parse(await askToken(isForced))
      return { token, expiresInSeconds: expires_in }
    },
  })

  async function withToken<T>(call: (query: string) => Promise<T>): Promise<T> {
    const queryOf = (token: string) => `access_token=${encodeURIComponent(token)}`
    const withoutToken = notAskedFor('no token')
    const token = await tokens.get().catch(withoutToken)
    try {
      return await call(queryOf(token))
    } catch (error) {
      if (!(error instanceof WechatRefusal) || error.failure !== 'token') throw error
      return call(queryOf(await tokens.get(token).catch(withoutToken)))
    }
  }

  return {
    /** @throws WechatRefusal, WechatUnreached; anything else: it is not known whether the call was taken. */
    call: (path: string, body: unknown): Promise<unknown> => withToken((token) => post(`${path}?${token}`, body)),
    /** What is asked for by an address alone. @throws as `call` */
    look: (path: string, asked: Record<string, string>): Promise<unknown> =>
      withToken((token) => ask(`${path}?${token}&${new URLSearchParams(asked).toString()}`, {})),
    /** For what is no JSON. @param call with the part of the address that carries the token */
    withToken,
    apiBase,
    /** Whether the platform takes a call from here now, whatever token is kept: for the set-up page. @throws WechatRefusal */
    probe: async (): Promise<void> => void (await withToken((token) => ask(`/cgi-bin/get_api_domain_ip?${token}`, {}))),
  }
}

/** No connection, so nothing was asked for. */
function unreached(error: unknown): never {
  const cause = error instanceof Error ? error.cause : undefined
  const code = cause instanceof Error && 'code' in cause ? cause.code : undefined
  if (typeof code === 'string' && neverArrived.has(code)) throw new WechatUnreached(code, { cause: error })
  throw error
}

/** Whatever became of the request that came before it, what was to be asked for was not. @returns what throws so */
export const notAskedFor =
  (why: string) =>
  (error: unknown): never => {
    throw error instanceof WechatRefusal && !error.isBroken ? error : new WechatUnreached(why, { cause: error })
  }

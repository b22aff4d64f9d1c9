/**
 * The access token of the account (stable_token): one for all nodes, fetched by one at a time, renewed before it ends.
 *
 * Invariant: however many ask at once, on however many nodes, one request for it is under way; a token told to be bad is
 * dropped once, by whoever held that very token.
 */
export type KeptToken = { token: string; expiresAt: Date }
export type Shelf = {
  read(): Promise<KeptToken | undefined>
  keep(token: KeptToken): Promise<void>
}
/** Shared by all nodes; `alone` lets one of them at a time at it, the others find what that one left there. */
export type TokenShelf = { alone<T>(work: (shelf: Shelf) => Promise<T>): Promise<T> }
type Parts = {
  shelf: TokenShelf
  /** @throws WechatRefusal, or whatever keeps it from arriving */
  fetchToken: (isForced: boolean) => Promise<{ token: string; expiresInSeconds: number }>
  now: () => Date
}
export type AccessTokens = ReturnType<typeof accessTokens>

/** The platform has the next one ready five minutes before; both hold until then. */
const renewBeforeMs = 300_000

export function accessTokens({ shelf, fetchToken, now }: Parts) {
  let known: KeptToken | undefined
  let underWay: Promise<string> | undefined

  const holds = (kept: KeptToken | undefined): kept is KeptToken =>
    kept !== undefined && kept.expiresAt.getTime() - renewBeforeMs > now().getTime()

  async function renew(bad: string | undefined): Promise<string> {
    known = await shelf.alone(async (kept) => {
      const shared = await kept.read()
      if (holds(shared) && shared.token !== bad) return shared
      const { token, expiresInSeconds } = await fetchToken(bad !== undefined && shared?.token === bad)
      const fetched = { token, expiresAt: new Date(now().getTime() + expiresInSeconds * 1_000) }
      await kept.keep(fetched)
      return fetched
    })
    return known.token
  }

  return {
    /** @param bad a token that the platform has just refused */
    get(bad?: string): Promise<string> {
      if (holds(known) && known.token !== bad) return Promise.resolve(known.token)
      underWay ??= renew(bad).finally(() => (underWay = undefined))
      return underWay
    },
  }
}

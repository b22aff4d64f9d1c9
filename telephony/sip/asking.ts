/**
 * One question to a peer, whatever it takes: a challenge is answered once, a CANCEL waits for the first 1xx. Has one
 * outcome and never rejects.
 */
import { randomBytes } from 'node:crypto'
import { answerChallenge, type Credentials } from './digest.ts'
import type { ClientTransaction, ClientUser } from './client-transactions.ts'
import type { Header, RequestLines, Response } from './message.ts'
import type { Failure } from './server-transactions.ts'
import type { Hop } from './transport.ts'
import type { HeaderPair } from './writer.ts'

export type Outcome = { is: 'answered'; response: Response } | { is: 'failed'; why: Failure }

export type Question = {
  /** Called for each attempt, because each takes a number of its own. */
  build: (extra: readonly HeaderPair[]) => RequestLines
  hop: Hop
  credentials?: Credentials
  rang?: (response: Response) => void
  /** Every 2xx of an INVITE: the first, its copies, and those of other branches. Each wants an ACK. */
  accepted?: (response: Response) => void
}

export type Begin = (request: RequestLines, hop: Hop, user: ClientUser) => ClientTransaction

export type Asked = { outcome: Promise<Outcome>; cancel(): void; abandon(): void }

export function ask(begin: Begin, question: Question): Asked {
  let transaction: ClientTransaction | undefined
  let hasRung = false
  let isCancelled = false
  let hasAuthorised = false
  let resolve: (outcome: Outcome) => void = () => undefined
  const outcome = new Promise<Outcome>((resolveIt) => (resolve = resolveIt))

  function attempt(extra: readonly HeaderPair[]): void {
    const request = question.build(extra)
    hasRung = false
    transaction = begin(request, question.hop, {
      answered: (response) => answered(request, response),
      failed: (why) => resolve({ is: 'failed', why }),
    })
  }

  function answered(request: RequestLines, response: Response): void {
    if (response.status < 200) {
      hasRung = true
      if (isCancelled) transaction?.cancel()
      else question.rang?.(response)
      return
    }
    if (response.status < 300) question.accepted?.(response)
    const credentials = hasAuthorised || isCancelled ? undefined : question.credentials
    const authorisation = credentials && authorise(request, response, credentials)
    if (!authorisation) return resolve({ is: 'answered', response })
    hasAuthorised = true
    attempt([authorisation])
  }

  attempt([])
  return {
    outcome,
    cancel() {
      if (isCancelled) return
      isCancelled = true
      if (hasRung) transaction?.cancel()
    },
    abandon: () => transaction?.abandon(),
  }
}

/** @returns undefined when the answer is no challenge, or none that we can meet. */
function authorise(request: RequestLines, response: Response, credentials: Credentials): HeaderPair | undefined {
  const isProxy = response.status === 407
  if (response.status !== 401 && !isProxy) return undefined
  const named = isProxy ? 'proxy-authenticate' : 'www-authenticate'
  const challenges = response.headers.filter(({ name }: Header) => name === named).map(({ value }) => value)
  const cnonce = randomBytes(8).toString('hex')
  const value = answerChallenge(challenges, { method: request.method, uri: request.uri, cnonce }, credentials)
  return value === undefined ? undefined : [isProxy ? 'proxy-authorization' : 'authorization', value]
}

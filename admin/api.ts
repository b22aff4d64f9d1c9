/**
 * The one way from a page to the server's HTTP doors: JSON both ways, the session's csrf token on every write, and
 * every refusal thrown as an ApiError that carries the server's own words. An unanswered request is one too.
 */
import type { ErrorBody } from '../contract/http.ts'
import type { FaultyField, ProblemCode } from '../contract/problem.ts'
import { refusalWords } from './wording.ts'

export class ApiError extends Error {
  override readonly name = 'ApiError'
  readonly code: ProblemCode | 'unreachable'
  readonly fields: readonly FaultyField[]

  constructor(code: ProblemCode | 'unreachable', message: string, fields: readonly FaultyField[] = []) {
    super(message)
    this.code = code
    this.fields = fields
  }
}

type Query = Record<string, string | number | readonly string[] | undefined>
const patienceMs = 20_000
/** A publication is tried on every question it may touch, a table is read row by row. */
const writePatienceMs = 60_000

/** The token of the session in force, and what to do when the server knows no session: both set by session.ts. */
const link = { csrf: '', onSignedOut: () => {} }

export function trustSession(csrf: string): void {
  link.csrf = csrf
}
export function whenSignedOut(act: () => void): void {
  link.onSignedOut = act
}

export const get = <T>(path: string, query: Query = {}) => request<T>('GET', path + search(query))
export const post = <T>(path: string, body: unknown = {}) => request<T>('POST', path, body)
/** A file as it is; the server looks at what is in it. */
export const upload = <T>(path: string, file: Blob) => request<T>('POST', path, file)
export const remove = <T>(path: string) => request<T>('DELETE', path)

/** A file that the server makes of what is sent. */
export async function postForFile(path: string, body: unknown): Promise<Blob> {
  const response = await send('POST', path, body)
  if (response.ok) return response.blob()
  throw refusal(await answerOf(response), response.status)
}

async function request<T>(method: 'GET' | 'POST' | 'DELETE', path: string, body?: unknown): Promise<T> {
  const response = await send(method, path, body)
  const answer = await answerOf(response)
  if (response.ok) return answer as T
  throw refusal(answer, response.status)
}

function send(method: 'GET' | 'POST' | 'DELETE', path: string, body?: unknown): Promise<Response> {
  return fetch(`/api/${path}`, {
    method,
    credentials: 'same-origin',
    headers: {
      accept: 'application/json',
      ...(body !== undefined && {
        'content-type': body instanceof Blob ? 'application/octet-stream' : 'application/json',
      }),
      ...(method !== 'GET' && { 'x-csrf-token': link.csrf }),
    },
    ...(body !== undefined && { body: body instanceof Blob ? body : JSON.stringify(body) }),
    signal: AbortSignal.timeout(body === undefined ? patienceMs : writePatienceMs),
  }).catch(() => {
    throw new ApiError('unreachable', refusalWords.unreachable)
  })
}

const answerOf = (response: Response) => response.json().catch(() => undefined) as Promise<unknown>

function refusal(answer: unknown, status: number): ApiError {
  const error = isErrorBody(answer) ? new ApiError(answer.code, answer.message, answer.fields) : nameless(status)
  if (error.code === 'not_signed_in') link.onSignedOut()
  return error
}

function isErrorBody(answer: unknown): answer is ErrorBody {
  return typeof answer === 'object' && answer !== null && 'code' in answer && 'message' in answer
}

/** An answer that is not ours: a proxy's page, say. */
function nameless(status: number): ApiError {
  if (status === 401) return new ApiError('not_signed_in', refusalWords.signedOut)
  return new ApiError('internal', refusalWords.broken)
}

function search(query: Query): string {
  const given = Object.entries(query).flatMap(([key, value]) =>
    [value ?? []].flat().flatMap((one) => (one === '' ? [] : [[key, String(one)]])),
  )
  return given.length === 0 ? '' : `?${new URLSearchParams(given).toString()}`
}

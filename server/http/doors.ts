/**
 * Opens HTTP doors under their line in the policy table: limit, origin, session, role and CSRF are asked here, the
 * body and the query are parsed here, once. A handler gets typed data and returns what is sent.
 */
import type { Express, NextFunction, Request, Response } from 'express'
import type { z } from 'zod'
import { parse } from '../../contract/parse.ts'
import { actingFrom } from '../../desk/audit-origin.ts'
import { Problem } from '../../contract/problem.ts'
import type { Role } from '../../contract/staff.ts'
import type { ApiKeysStore, KeyHolder } from '../../desk/api-keys.store.ts'
import type { FoundSession, SessionsStore } from '../../desk/sessions.store.ts'
import type { Limits } from '../limits.ts'
import type { Log } from '../log.ts'
import type { OriginCheck } from '../origin.ts'
import type { HttpDoor } from '../door.ts'
import { httpPolicy, type HttpDoorName } from '../policy.ts'
import { refusalOf } from '../problem-words.ts'
import { httpStatus } from './problem-status.ts'
import type { SessionCookie } from './session-cookie.ts'

type Policy = typeof httpPolicy
type Shape<K extends HttpDoorName, Part extends string> =
  Policy[K] extends Record<Part, infer S extends z.ZodType> ? z.output<S> : undefined
export type SignedIn = FoundSession & { token: string }
type ActorOf<K extends HttpDoorName> = Policy[K]['who'] extends readonly Role[] ? SignedIn : undefined
type KeyedOf<K extends HttpDoorName> = Policy[K]['who'] extends 'key' ? KeyHolder : undefined

export type Asked<K extends HttpDoorName> = {
  body: Shape<K, 'body'>
  query: Shape<K, 'query'>
  params: Shape<K, 'params'>
  signedIn: ActorOf<K>
  /** Which other system asks. */
  keyed: KeyedOf<K>
  req: Request
  res: Response
}
/** What a handler returns is sent as JSON; undefined means that it has answered itself. */
type Handle<K extends HttpDoorName> = (asked: Asked<K>) => unknown

export type Doors = { open<K extends HttpDoorName>(name: K, handle: Handle<K>): void }

type Parts = {
  app: Express
  sessions: SessionsStore
  cookie: SessionCookie
  isOurOrigin: OriginCheck
  limits: Limits
  apiKeys: Pick<ApiKeysStore, 'find'>
  now: () => Date
}

export function doors({ app, sessions, cookie, isOurOrigin, limits, apiKeys, now }: Parts): Doors {
  async function signIn(req: Request, door: HttpDoor): Promise<SignedIn | undefined> {
    if (typeof door.who === 'string') return undefined
    const token = cookie.read(req)
    // What is written somebody wrote; a page reads by itself for as long as it is open.
    const found = token && (await sessions.find(token, now(), isWrite(req) ? 'use' : 'look'))
    if (!found) throw new Problem('not_signed_in', 'no session')
    const held = [...found.actor.roles, ...found.standsIn]
    if (!door.who.some((role) => held.includes(role)))
      throw new Problem('not_allowed', `needs one of ${door.who.join()}`)
    if (found.isUnconfirmed && !door.beforeEnrolment) throw new Problem('confirmation_required', 'not confirmed yet')
    if (found.mustEnrol && !door.beforeEnrolment) throw new Problem('enrolment_required', 'no second factor yet')
    if (isWrite(req) && req.get('x-csrf-token') !== found.csrf) throw new Problem('csrf_refused', 'wrong or no token')
    return { ...found, token }
  }

  /** A browser's cookie opens none of these, and a key none of the others. */
  async function holdsKey(req: Request, door: HttpDoor): Promise<KeyHolder | undefined> {
    if (door.who !== 'key') return undefined
    const [, key] = /^Bearer (\S{1,200})$/.exec(req.get('authorization') ?? '') ?? []
    const holder = key && (await apiKeys.find(key, now()))
    if (!holder) {
      await limits.take('sign-in', req.ip ?? '')
      throw new Problem('not_signed_in', 'no key in force')
    }
    if (!door.scope || !holder.scopes.includes(door.scope)) throw new Problem('not_allowed', `not for ${door.scope}`)
    return holder
  }

  async function admit(
    req: Request,
    door: HttpDoor,
  ): Promise<{ signedIn: SignedIn | undefined; keyed: KeyHolder | undefined }> {
    if (door.who === 'loopback' && !isThisMachine(req)) throw new Problem('not_allowed', 'not from this machine')
    if (isWrite(req) && !isOurOrigin(req)) throw new Problem('origin_refused', req.get('origin') ?? '')
    const [signedIn, keyed] = [await signIn(req, door), await holdsKey(req, door)]
    await limits.take(door.limit, signedIn?.actor.staffId ?? keyed?.keyId ?? req.ip ?? '')
    return { signedIn, keyed }
  }

  return {
    open(name, handle) {
      const door: HttpDoor = httpPolicy[name]
      const [method, path] = name.split(' ', 2) as ['GET' | 'POST' | 'DELETE', string]
      const answer = async (req: Request, res: Response) => {
        const admitted = await admit(req, door)
        const asked = {
          body: door.body ? parse(door.body, req.body as unknown) : undefined,
          params: door.params ? parse(door.params, req.params) : undefined,
          query: door.query ? parse(door.query, req.query) : undefined,
          ...admitted,
          req,
          res,
          // The table line that was parsed against is the one that K was typed from.
        } as Asked<typeof name>
        const value = await actingFrom(req.ip, () => handle(asked))
        if (value !== undefined) res.json(value)
      }
      const route = (req: Request, res: Response, next: NextFunction) => void answer(req, res).catch(next)
      if (method === 'GET') app.get(path, route)
      else if (method === 'POST') app.post(path, route)
      else app.delete(path, route)
    },
  }
}

/** The last handler: a foreseen failure in its words, a bug logged whole and told as `internal`. */
export function refuse(log: Log) {
  return (error: unknown, _req: Request, res: Response, _next: NextFunction) => {
    const problem = requestProblem(error) ?? error
    const refusal = refusalOf(problem)
    if (!(problem instanceof Problem)) log.error({ err: error }, 'request failed')
    if (res.headersSent) return void res.end()
    res.status(httpStatus[refusal.code]).json(refusal)
  }
}

/** What express and its body parser hold against a request, in our terms: they give such an error a status of 4xx. */
function requestProblem(error: unknown): Problem | undefined {
  if (!(error instanceof Error) || !('status' in error)) return undefined
  const { status } = error
  if (typeof status !== 'number' || status < 400 || status > 499) return undefined
  if (status === 413) return new Problem('too_large', error.message)
  const told = error instanceof URIError ? '地址里有无法识别的编码' : '请求内容不是有效的 JSON'
  return new Problem('invalid_input', error.message, { fields: [{ path: '', message: told }] })
}

const isWrite = (req: Request) => req.method !== 'GET' && req.method !== 'HEAD'

/** What a proxy on this machine passes on comes from somewhere else, whether that proxy is trusted or not. */
function isThisMachine(req: Request): boolean {
  const address = req.socket.remoteAddress ?? ''
  return (address === '::1' || /^(::ffff:)?127\./.test(address)) && !req.get('x-forwarded-for')
}

/**
 * The phone process's socket. Whoever shows PHONE_TOKEN carries calls: each call is a conversation like any other, and
 * what the bot says goes to the process that carries it. A process that comes back has lost its calls; they are ended.
 */
import { createHash, timingSafeEqual } from 'node:crypto'
import type { z } from 'zod'
import {
  phoneAsks,
  phoneAuthSchema,
  type PhoneAsk,
  type PhoneAsked,
  type PhoneReplies,
} from '../../contract/phone-events.ts'
import { parse } from '../../contract/parse.ts'
import { Problem } from '../../contract/problem.ts'
import type { Limits } from '../limits.ts'
import type { Log } from '../log.ts'
import { phonePolicy } from '../socket-policy.ts'
import { acknowledge, refuseUnknown } from './acknowledge.ts'
import { relayFromCaller } from './call-audio.ts'
import { carriedCalls } from './carried-calls.ts'
import { phoneHandlers, type PhoneParts } from './phone-handlers.ts'
import { phoneSpace } from './rooms.ts'

export type PhoneState = 'up' | 'down' | 'off'
type Handlers = { [A in PhoneAsk]: (ask: PhoneAsked[A]) => Promise<PhoneReplies[A]> }
const shapes: { [A in PhoneAsk]: z.ZodType<PhoneAsked[A]> } = phoneAsks

type Parts = PhoneParts & { token?: string; limits: Limits; log: Log }

/** @returns what /readyz tells of the phone. */
export function phoneSocket(parts: Parts): { state: () => PhoneState } {
  const { io, token, limits, log } = parts
  const space = phoneSpace(io)
  const listening = new Set<string>()

  space.use((socket, next) => {
    try {
      const auth = parse(phoneAuthSchema, socket.handshake.auth)
      if (!token || !isSame(auth.token, token)) throw new Problem('not_signed_in', 'wrong or no PHONE_TOKEN')
      socket.data = { node: auth.node, calls: new Map(), numbers: new Map() }
      next()
    } catch {
      next(new Error('not_signed_in'))
    }
  })

  space.on('connection', (socket) => {
    const calls = carriedCalls(parts, socket)
    const handlers: Handlers = phoneHandlers(parts, calls, socket)
    for (const ask of Object.keys(phoneAsks) as PhoneAsk[]) open(ask, handlers[ask])
    socket.onAny(refuseUnknown({ ...phoneAsks, 'audio:frame': true }))
    socket.on('audio:frame', relayFromCaller(io, socket))
    socket.on('disconnect', () => {
      listening.delete(socket.id)
      calls.endAll().catch((error: unknown) => log.error({ err: error }, 'calls of a lost phone were not ended'))
    })

    function open<A extends PhoneAsk>(ask: A, handle: Handlers[A]): void {
      const admit = () => limits.take(phonePolicy[ask].limit, socket.data.node)
      const noted = async (asked: PhoneAsked[A]) => {
        const reply = await handle(asked)
        if (ask === 'phone:hello' && 'sipPort' in asked) {
          socket.data.hearing = asked.hearing
          if (asked.sipPort !== null) listening.add(socket.id)
        }
        return reply
      }
      socket.on<string>(
        ask,
        acknowledge<PhoneAsked[A], PhoneReplies[A]>({ shape: shapes[ask], admit, handle: noted, log }),
      )
    }
  })

  return { state: () => (token ? (listening.size > 0 ? 'up' : 'down') : 'off') }
}

function isSame(given: string, expected: string): boolean {
  const digest = (one: string) => createHash('sha256').update(one).digest()
  return timingSafeEqual(digest(given), digest(expected))
}

/**
 * Wraps every ask on a socket: limit, parse once, answer once. A foreseen failure becomes its code and words,
 * anything else is logged whole and told as `internal`. Never throws into socket.io.
 */
import type { z } from 'zod'
import { parse } from '../../contract/parse.ts'
import { Problem } from '../../contract/problem.ts'
import type { Reply } from '../../contract/visitor-events.ts'
import type { Log } from '../log.ts'
import { refusalOf } from '../problem-words.ts'

type Ask<Asked, T> = {
  shape: z.ZodType<Asked>
  admit: () => Promise<void>
  handle: (ask: Asked) => Promise<T>
  log: Log
}

export function acknowledge<Asked, T>({ shape, admit, handle, log }: Ask<Asked, T>) {
  return (...given: unknown[]): void => {
    const last = given.at(-1)
    const ack =
      typeof last === 'function' ? (reply: Reply<T>) => void Reflect.apply(last, undefined, [reply]) : () => {}
    const asked = typeof last === 'function' && given.length === 1 ? {} : given[0]
    const answer = async () => {
      await admit()
      return handle(parse(shape, asked ?? {}))
    }
    answer().then(
      (value) => ack({ ok: true, value }),
      (error: unknown) => {
        const refusal = refusalOf(error)
        if (!(error instanceof Problem)) log.error({ err: error }, 'ask on a socket failed')
        ack({ ok: false, ...refusal })
      },
    )
  }
}

/** An event that no table names is refused like any bad input, so that a client learns of its mistake. */
export function refuseUnknown(known: Readonly<Record<string, unknown>>) {
  return (event: string, ...given: unknown[]): void => {
    const ack = given.at(-1)
    if (Object.hasOwn(known, event) || typeof ack !== 'function') return
    const reply: Reply<never> = {
      ok: false,
      code: 'invalid_input',
      message: '没有这个操作',
      fields: [{ path: '', message: '没有这个操作' }],
    }
    Reflect.apply(ack, undefined, [reply])
  }
}

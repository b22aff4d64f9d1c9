/**
 * What one call asks of the server: a refusal is an answer, a server that fails is the end of the call.
 *
 * Invariant: everything asked is answered or given up, and a server that cannot be asked is told once, by `lost`.
 */
import type { CallEventKind, PhoneAsk, PhoneAsked, PhoneReplies } from '../../contract/phone-events.ts'
import { Problem } from '../../contract/problem.ts'
import type { HotlineLink } from '../hotline-link.ts'
import type { Log } from '../log.ts'

type Parts = {
  link: HotlineLink
  callRowId: string
  conversationId: string
  now: () => Date
  log: Log
  /** The server is out of reach. */
  lost: () => void
}
export type Asking = ReturnType<typeof asking>

/** The server is at fault or out of reach; any other refusal is about what was asked. */
const failures: readonly Problem['code'][] = ['internal', 'not_ready', 'too_many_requests', 'not_signed_in']

export function asking({ link, callRowId, conversationId, now, log, lost }: Parts) {
  const pending = new Set<Promise<unknown>>()
  let isLost = false

  function track<T>(asked: Promise<T>): Promise<T> {
    const mine = asked.finally(() => pending.delete(mine))
    pending.add(mine)
    return mine
  }

  function giveUp(): void {
    if (isLost) return
    isLost = true
    lost()
  }

  /** For the record alone: a call does not end because it could not be written down. */
  function report<A extends 'call:note' | 'turn:heard'>(name: A, what: PhoneAsked[A]): void {
    track(link.ask(name, what)).catch((error: unknown) => {
      if (!isLost) log.warn({ err: error, ask: name, conversationId }, 'the record of a call has a gap')
    })
  }

  return {
    /** @returns nothing when it was refused; a server that fails ends the call. */
    async ask<A extends PhoneAsk>(name: A, what: PhoneAsked[A]): Promise<PhoneReplies[A] | undefined> {
      try {
        return await track(link.ask(name, what))
      } catch (error) {
        log.warn({ err: error, ask: name, conversationId }, 'the server did not take what a call asked')
        if (!(error instanceof Problem) || failures.includes(error.code)) giveUp()
        return undefined
      }
    },

    report,
    note: (kind: CallEventKind, detail?: string): void =>
      report('call:note', { callRowId, kind, at: now().toISOString(), detail }),
    giveUp,
    isLost: () => isLost,
    /** Resolves when nothing that was asked is open any more. */
    settled: () => Promise.allSettled(pending),
  }
}

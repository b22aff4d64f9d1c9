/** Our end of a dialog: keeps its numbers, and asks inside it. */
import { ask, type Outcome } from './asking.ts'
import type { Credentials } from './digest.ts'
import { ackHeading, firstStop, keyOf, nextHeading, receive, retarget, type Dialog, type Heading } from './dialog.ts'
import type { Request, Response } from './message.ts'
import type { Outlet } from './outlet.ts'
import type { Hop } from './transport.ts'
import { requestLines, type HeaderPair } from './writer.ts'

export type LegParts = { outlet: Outlet; dialog: Dialog; flow: Hop; credentials?: Credentials }
export type Said = { headers?: readonly HeaderPair[]; type?: string; body?: string }

export function leg({ outlet, dialog: first, flow, credentials }: LegParts) {
  let dialog = first
  const contact = outlet.contactFor(flow)
  const hop = () => outlet.hopTo(firstStop(dialog), flow)

  function lines(method: string, heading: Heading, { headers = [], type, body = '' }: Said) {
    const typed: HeaderPair[] = type ? [['content-type', type]] : []
    const ours: HeaderPair[] = method === 'BYE' || method === 'ACK' ? [] : [['contact', contact]]
    return requestLines(method, heading.uri, [...heading.headers, ...ours, ...headers, ...typed], body)
  }

  return {
    key: keyOf(first),
    contact,

    /** False for a number that is not above the last. */
    receives(request: Request): boolean {
      const next = receive(dialog, request)
      if (next) dialog = next
      return next !== undefined
    },

    retarget(response: Response): void {
      dialog = retarget(dialog, response)
    },

    ask(method: string, said: Said = {}, accepted?: (response: Response) => void): Promise<Outcome> {
      const build = (extra: readonly HeaderPair[]) => {
        const next = nextHeading(dialog, method)
        dialog = next.dialog
        return lines(method, next.heading, { ...said, headers: [...(said.headers ?? []), ...extra] })
      }
      return ask(outlet.begin, { build, hop: hop(), credentials, accepted }).outcome
    },

    ack(number: number): void {
      outlet.sendAck(lines('ACK', ackHeading(dialog, number), {}), hop())
    },
  }
}

export type Leg = ReturnType<typeof leg>

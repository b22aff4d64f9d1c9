/** The requests that we send, each with its machine. An answer finds its request by our own branch and the method. */
import type { Clock, Timings } from './clock.ts'
import { headerOf, type RequestLines, type Response } from './message.ts'
import { beginClientInvite, clientInvite } from './transactions/client-invite.ts'
import { beginClientNonInvite, clientNonInvite } from './transactions/client-non-invite.ts'
import { run, type Deed } from './transactions/run.ts'
import type { Failure } from './server-transactions.ts'
import type { Hop, Wire } from './transport.ts'
import { formatVia } from './via.ts'
import { newBranch, requestLines, writeMessage, type HeaderPair } from './writer.ts'

export type ClientTransaction = {
  hop: Hop
  /** Sends a CANCEL for this INVITE. Not before there was a 1xx (RFC 3261 §9.1). */
  cancel(): void
  /** Waits no longer for a final answer. */
  abandon(): void
}
export type ClientUser = { answered: (response: Response) => void; failed: (why: Failure) => void }

type Held = { got(response: Response): void; stop(): void }
type Parts = { clock: Clock; timings: Timings; wire: Wire; viaFor: (hop: Hop, branch: string) => string }

/** As the Via of our own requests stands. */
export function ownVia(hop: Hop, sentBy: { host: string; port: number }, branch: string): string {
  const params = new Map([
    ['branch', branch],
    ['rport', ''],
  ])
  return formatVia({ transport: hop.transport.toUpperCase(), ...sentBy, params })
}

export function clientTransactions({ clock, timings, wire, viaFor }: Parts) {
  const held = new Map<string, Held>()

  function begin(bare: RequestLines, hop: Hop, user: ClientUser, branch = newBranch()): ClientTransaction {
    const request = { ...bare, headers: [{ name: 'via', value: viaFor(hop, branch) }, ...bare.headers] }
    const key = `${branch} ${request.method}`
    const bytes = writeMessage(request)
    const line = { ...timings, isReliable: hop.transport === 'tcp' }
    let atHand: Response | undefined
    const parts = {
      clock,
      perform(deed: Deed) {
        if (deed.do === 'send') wire.send(bytes, hop, failed)
        else if (deed.do === 'fail') user.failed(deed.why)
        else if (deed.do === 'ack' && atHand) wire.send(writeMessage(ackOf(request, atHand)), hop, failed)
        else if (deed.do === 'pass-up' && atHand) user.answered(atHand)
      },
      ended: () => void held.delete(key),
    }
    const invite = request.method === 'INVITE' ? run({ ...parts, next: clientInvite }) : undefined
    const other = invite ? undefined : run({ ...parts, next: clientNonInvite })

    function failed(): void {
      invite?.feed({ is: 'transport-failed' })
      other?.feed({ is: 'transport-failed' })
    }
    held.set(key, {
      got(response) {
        atHand = response
        invite?.feed({ is: 'answer', status: response.status })
        other?.feed({ is: 'answer', status: response.status })
      },
      stop() {
        invite?.stop()
        other?.stop()
      },
    })
    invite?.begin(beginClientInvite(line))
    other?.begin(beginClientNonInvite(line))
    return {
      hop,
      cancel: () => void begin(cancelOf(bare), hop, { answered: () => undefined, failed: () => undefined }, branch),
      abandon: () => invite?.feed({ is: 'abandoned' }),
    }
  }

  return {
    begin: (request: RequestLines, hop: Hop, user: ClientUser) => begin(request, hop, user),

    /** False when the answer is to nothing that we ask now. */
    takes(response: Response): boolean {
      const [via, ...others] = response.vias
      const found = held.get(`${via.params.get('branch') ?? ''} ${response.cseq.method}`)
      if (!found || others.length > 0) return false
      found.got(response)
      return true
    },

    size: () => held.size,

    stop() {
      for (const one of held.values()) one.stop()
      held.clear()
    },
  }
}

const repeated = (request: RequestLines, names: readonly string[]): HeaderPair[] =>
  request.headers.filter(({ name }) => names.includes(name)).map(({ name, value }) => [name, value])

function follower(method: string, request: RequestLines, to: string, names: readonly string[]): RequestLines {
  const number = (headerOf(request, 'cseq') ?? '').split(' ', 1)[0] ?? ''
  return requestLines(method, request.uri, [
    ...repeated(request, names),
    ['to', to],
    ['cseq', `${number} ${method}`],
    ['max-forwards', '70'],
  ])
}

/** The ACK of an answer that is not 2xx (RFC 3261 §17.1.1.3): same branch, To as answered. */
const ackOf = (request: RequestLines, response: Response) =>
  follower('ACK', request, headerOf(response, 'to') ?? '', ['via', 'route', 'from', 'call-id'])

const cancelOf = (request: RequestLines) =>
  follower('CANCEL', request, headerOf(request, 'to') ?? '', ['route', 'from', 'call-id'])

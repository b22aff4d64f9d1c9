/**
 * The requests that we are being sent, each with its machine. A copy of a request never reaches anybody above; it is
 * known by its branch, or by the older rules when the branch names nothing (RFC 3261 §17.2.3).
 */
import type { Clock, Timings } from './clock.ts'
import { tagOf, type Request } from './message.ts'
import { run } from './transactions/run.ts'
import type { Deed } from './transactions/run.ts'
import { beginServerInvite, serverInvite } from './transactions/server-invite.ts'
import { beginServerNonInvite, serverNonInvite } from './transactions/server-non-invite.ts'
import type { Hop, Wire } from './transport.ts'
import { answerPort, formatVia, hasOwnBranch } from './via.ts'
import { answerLines, writeMessage, type Answer } from './writer.ts'

export type Failure = 'timeout' | 'transport'

export type ServerTransaction = {
  request: Request
  from: Hop
  /** The first final answer counts; of an INVITE, a 2xx may be sent again. */
  answer(answer: Answer): void
  /** The status of the last answer; 0 before there is one. */
  status(): number
}
export type ServerUser = { failed?: (why: Failure) => void }

type Held = { transaction: ServerTransaction; copy(): void; ack(): void; stop(): void }
type Parts = { clock: Clock; timings: Timings; wire: Wire }

export function serverTransactions({ clock, timings, wire }: Parts) {
  const held = new Map<string, Held>()

  /** The caller has made sure that there is room, and that this is no copy. */
  function open(request: Request, from: Hop, user: ServerUser = {}): ServerTransaction {
    const key = serverKey(request, request.method)
    const line = { ...timings, isReliable: from.transport === 'tcp' }
    let latest: Buffer | undefined
    let status = 0
    const parts = {
      clock,
      perform(deed: Deed) {
        if (deed.do === 'send' && latest) wire.send(latest, answerHop(request, from), failed)
        else if (deed.do === 'fail') user.failed?.(deed.why)
      },
      ended: () => void held.delete(key),
    }
    const invite = request.method === 'INVITE' ? run({ ...parts, next: serverInvite }) : undefined
    const other = invite ? undefined : run({ ...parts, next: serverNonInvite })

    function failed(): void {
      invite?.feed({ is: 'transport-failed' })
      other?.feed({ is: 'transport-failed' })
    }
    function answer(given: Answer): void {
      const isCopyOf2xx = invite !== undefined && status < 300 && given.status < 300
      if (status >= 200 && !isCopyOf2xx) return
      latest = writeMessage(answerLines(request, from, given))
      status = given.status
      invite?.feed({ is: 'answered', status })
      other?.feed({ is: 'answered', status })
    }
    const transaction: ServerTransaction = { request, from, answer, status: () => status }
    held.set(key, {
      transaction,
      copy() {
        invite?.feed({ is: 'copy' })
        other?.feed({ is: 'copy' })
      },
      ack: () => invite?.feed({ is: 'ack' }),
      stop() {
        invite?.stop()
        other?.stop()
      },
    })
    invite?.begin(beginServerInvite(line))
    other?.begin(beginServerNonInvite(line))
    return transaction
  }

  return {
    open,

    /** Whether the request was a copy, or the ACK of a refusal: then it is dealt with. */
    absorbs(request: Request): boolean {
      const isAck = request.method === 'ACK'
      const found = held.get(serverKey(request, isAck ? 'INVITE' : request.method))
      if (!found) return false
      if (!isAck) found.copy()
      else if (found.transaction.status() < 300)
        return false // the ACK of a 2xx is the dialog's
      else found.ack()
      return true
    },

    /** The INVITE that a CANCEL means. */
    inviteOf: (cancel: Request) => held.get(serverKey(cancel, 'INVITE'))?.transaction,

    size: () => held.size,

    stop() {
      for (const one of held.values()) one.stop()
      held.clear()
    },
  }
}

function serverKey(request: Request, method: string): string {
  const [via] = request.vias
  if (hasOwnBranch(via)) return [via.params.get('branch'), via.host, via.port ?? '', method].join(' ')
  const { number } = request.cseq
  return [request.uri, tagOf(request.from), request.callId, number, formatVia(via), method].join(' ')
}

/** Where the answers to a request go: back on its connection, or to the address it came from. */
export function answerHop(request: Request, from: Hop): Hop {
  return from.transport === 'tcp' ? from : { ...from, port: answerPort(request.vias[0], from) }
}

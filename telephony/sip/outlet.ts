/** What a call needs of the agent it lives in. */
import type { Begin } from './asking.ts'
import type { Clock, Timings } from './clock.ts'
import type { Request, RequestLines } from './message.ts'
import type { ServerTransaction } from './server-transactions.ts'
import type { Hop } from './transport.ts'
import type { Uri } from './uri.ts'

/** Facts are names, numbers and ids; never a caller, a number dialled or a header's text. */
export type Log = {
  info(facts: Record<string, unknown>, message: string): void
  warn(facts: Record<string, unknown>, message: string): void
  error(facts: Record<string, unknown>, message: string): void
}

/** Takes what the peer sends inside a dialog. An ACK comes without a transaction. */
export type InDialog = {
  requested(request: Request, transaction: ServerTransaction): void
  acked(request: Request): void
  /** The agent is about to stop: goodbye to the peer. */
  hangUp(): void
  /** The agent stops: no word more to anybody. */
  dropped(): void
}

export type Outlet = {
  clock: Clock
  timings: Timings
  log: Log
  begin: Begin
  /** The ACK of a 2xx, which belongs to no transaction. Lost ones are sent again when the 2xx comes again. */
  sendAck(ack: RequestLines, hop: Hop): void
  /** Where a request to `uri` goes. `flow` is where the dialog's messages came from. */
  hopTo(uri: Uri, flow: Hop): Hop
  /** Our Contact, as somebody over there can reach it. */
  contactFor(hop: Hop): string
  dialogs: Map<string, InDialog>
}

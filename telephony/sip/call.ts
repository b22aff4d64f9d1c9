/** A call as the phone channel sees it: what may be done with it and what it may be told. No SIP above this line. */
import type { NameAddr } from './message.ts'
import type { AdmittedAs } from './admission.ts'
import type { Info } from './info.ts'
import type { RemoteSdp } from './sdp.ts'
import { userOf } from './uri.ts'

/** Text of a stranger, all of it: to be shown, stored and compared, never acted upon unread. */
export type Party = { uri: string; user: string; displayName: string }

export const partyOf = ({ uri, displayName }: Pick<NameAddr, 'uri' | 'displayName'>): Party => ({
  uri: uri.text,
  user: userOf(uri),
  displayName,
})

export type EndReason =
  | 'remote-bye'
  | 'local-bye'
  | 'bye-timed-out' // we said goodbye and nobody answered
  | 'cancelled' // by whoever called, before it was answered
  | 'rejected' // by whoever was called
  | 'unanswered' // nobody said yes or no in time
  | 'no-ack' // answered, and the caller never confirmed it
  | 'session-expired'
  | 'dialog-lost' // the peer no longer knows the call
  | 'transport-failed'
  | 'stopped' // our own agent stopped

export type CallEnding = { reason: EndReason; status?: number; text?: string }

export type ReferProgress = { status: number; text: string; isFinal: boolean }

/** The peer asks us to call somebody else. Without a decision in 10 s it is declined. */
export type Referral = {
  target: Party
  /** The call the new one shall take the place of, as the peer wrote it. */
  replaces?: string
  /** Says yes; what is reported goes to the peer. A status of 200 and above ends the reporting. */
  accept(): { report(status: number, text: string): void }
  decline(status?: number): void
}

export type CallHandlers = {
  /** Exactly once, however the call ends. */
  ended(ending: CallEnding): void
  /** The peer changes the media: the answer is our SDP, or undefined for 488 and all stays as it was. */
  reinvited(offer: RemoteSdp): string | undefined
  /** The peer's media after an answer: to our own offer, or late in an ACK. */
  mediaChanged(remote: RemoteSdp): void
  info(info: Info): void
  referred(referral: Referral): void
}

export type ReinviteOutcome = { accepted: true; remote: RemoteSdp } | { accepted: false; status: number }
export type ReferOutcome = { accepted: boolean; status: number }

export type Call = {
  /** The Call-ID. */
  id: string
  /** The peer's latest media; undefined until it said. */
  remote(): RemoteSdp | undefined
  /** Our address as this peer sees it: for the c= line. */
  localHost: string
  isEnded(): boolean
  /** Ends the call in whatever state it is: BYE, CANCEL or a refusal. More than once is once. */
  bye(text?: string): void
  /** A new offer of ours, as for hold. */
  reinvite(sdp: string): Promise<ReinviteOutcome>
  /** One key by INFO. @returns whether the peer took it. */
  sendKey(key: string, durationMs?: number): Promise<boolean>
  /** Asks the peer to call somebody else. @throws TypeError when `target` is no URI. */
  refer(target: string, progressed?: (progress: ReferProgress) => void): Promise<ReferOutcome>
  /** Adds handlers. `ended` is told even if the call ended before. */
  listen(handlers: Partial<CallHandlers>): void
}

export type IncomingCall = Call & {
  caller: Party
  /** Whom a trunk vouches for (P-Asserted-Identity); only ever set for calls from a trunk. */
  asserted?: Party
  /** User part of the Request-URI. */
  called: string
  admittedAs: AdmittedAs
  /** Where the INVITE came from. */
  source: { transport: 'udp' | 'tcp'; host: string; port: number }
  /** Undefined when the caller leaves the offer to us. */
  offer?: RemoteSdp
  /** Any other header, in lower case. Text of a stranger. */
  header(name: string): string | undefined
  /** 180, or 183 with early media. */
  ring(earlySdp?: string): void
  /** 200 with our answer, or our offer where there was none. Resolves at the ACK, or when the call ended without one. */
  accept(sdp: string): Promise<void>
  reject(status: number, more?: { retryAfterSeconds?: number; reason?: string }): void
}

export type OutgoingOutcome = { answered: true; remote: RemoteSdp } | { answered: false; ending: CallEnding }

export type OutgoingCall = Call & {
  outcome: Promise<OutgoingOutcome>
}

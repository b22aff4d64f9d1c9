/**
 * What the four transaction machines of RFC 3261 §17 (with RFC 6026) share. A machine is a pure function: state and
 * event in, next state and a list of things to do out. It knows no message, no socket and no clock; the layer does
 * the things, and arms the timers by their names in the RFC.
 */
import type { Timings } from '../clock.ts'

export type Timer = 'A' | 'B' | 'D' | 'E' | 'F' | 'G' | 'H' | 'I' | 'J' | 'K' | 'L' | 'M'

export type Action =
  | { do: 'send' } // the request of a client, the latest answer of a server
  | { do: 'ack' } // to an answer that is not 2xx
  | { do: 'pass-up' } // what just came, to the user of the transaction
  | { do: 'arm'; timer: Timer; afterMs: number }
  | { do: 'disarm'; timer: Timer }
  | { do: 'fail'; why: 'timeout' | 'transport' }
  | { do: 'end' } // every timer falls with it

export type Line = Timings & { isReliable: boolean }

export type Step<S> = { state: S; actions: readonly Action[] }

export const send: Action = { do: 'send' }
export const ack: Action = { do: 'ack' }
export const passUp: Action = { do: 'pass-up' }
export const end: Action = { do: 'end' }
export const arm = (timer: Timer, afterMs: number): Action => ({ do: 'arm', timer, afterMs })
export const disarm = (timer: Timer): Action => ({ do: 'disarm', timer })
export const fail = (why: 'timeout' | 'transport'): Action => ({ do: 'fail', why })

/** How long a lost message is waited for: 32 s by the RFC's times. */
export const patience = ({ t1 }: Timings) => 64 * t1

export const armUnlessReliable = (line: Line, timer: Timer, afterMs: number): Action[] =>
  line.isReliable ? [] : [arm(timer, afterMs)]

/** What UDP and TCP have in common, seen from above. */
import { isIPv4 } from 'node:net'

/** Where a message goes, or came from. `connection` names a TCP connection of ours while it lives. */
export type Hop = { transport: 'udp' | 'tcp'; host: string; port: number; connection?: number }

export type Wire = {
  /** `failed` is called at most once, later, and only when the message surely did not leave. */
  send(bytes: Buffer, hop: Hop, failed: (why: string) => void): void
}

/** An IPv4 address that came through an IPv6 socket is an IPv4 address. */
export function plainAddress(address: string): string {
  const inner = address.toLowerCase().startsWith('::ffff:') ? address.slice(7) : ''
  return isIPv4(inner) ? inner : address
}

/** Counts of what was seen and how it ended. Only ever grow. */
export type Counters = {
  datagrams: number
  connections: number
  messages: number
  oversize: number
  malformed: number
  refused: number
  scanners: number
  challenged: number
  forbidden: number
  overflow: number
  calls: number
}

export const noCounts = (): Counters => ({
  datagrams: 0,
  connections: 0,
  messages: 0,
  oversize: 0,
  malformed: 0,
  refused: 0,
  scanners: 0,
  challenged: 0,
  forbidden: 0,
  overflow: 0,
  calls: 0,
})

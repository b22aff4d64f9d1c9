/**
 * One RTP packet (RFC 3550 §5.1), read and written.
 *
 * What is read comes from strangers: every length in it is checked against the datagram before it is believed, and a
 * datagram that does not add up is no packet. Contributing sources, a header extension and padding are stepped over.
 */

export type RtpHeader = {
  /** First packet of a talk-spurt. */
  marker: boolean
  /** 0-127. */
  payloadType: number
  /** 16 bits, wraps. */
  sequence: number
  /** 32 bits, wraps; in samples, 8 to the millisecond. */
  timestamp: number
  /** 32 bits: which stream this is. */
  ssrc: number
}
export type RtpPacket = RtpHeader & { payload: Uint8Array }

const headerLength = 12
/** Longer than any Ethernet frame: nothing we negotiate comes near it. */
const longestDatagram = 1_500

/** @returns undefined for anything that is not a whole RTP packet. Never throws. `payload` is a view, not a copy. */
export function readRtp(datagram: Uint8Array): RtpPacket | undefined {
  const { length } = datagram
  if (length < headerLength || length > longestDatagram) return undefined
  const first = byteAt(datagram, 0)
  if (first >> 6 !== 2) return undefined

  let start = headerLength + (first & 0x0f) * 4
  if (first & 0x10) {
    if (start + 4 > length) return undefined
    start += 4 + uint16(datagram, start + 2) * 4
  }
  const padding = first & 0x20 ? byteAt(datagram, length - 1) : 0
  if (first & 0x20 && padding === 0) return undefined
  const end = length - padding
  if (start > end) return undefined

  const second = byteAt(datagram, 1)
  return {
    marker: second > 0x7f,
    payloadType: second & 0x7f,
    sequence: uint16(datagram, 2),
    timestamp: uint32(datagram, 4),
    ssrc: uint32(datagram, 8),
    payload: datagram.subarray(start, end),
  }
}

/** @returns a datagram of its own: the socket may still hold the one before it. */
export function writeRtp({ marker, payloadType, sequence, timestamp, ssrc }: RtpHeader, payload: Uint8Array): Buffer {
  const datagram = Buffer.allocUnsafe(headerLength + payload.length)
  datagram[0] = 0x80
  datagram[1] = (marker ? 0x80 : 0) | (payloadType & 0x7f)
  datagram[2] = (sequence >> 8) & 0xff
  datagram[3] = sequence & 0xff
  putUint32(datagram, 4, timestamp)
  putUint32(datagram, 8, ssrc)
  datagram.set(payload, headerLength)
  return datagram
}

const byteAt = (bytes: Uint8Array, at: number) => bytes[at] ?? 0
const uint16 = (bytes: Uint8Array, at: number) => (byteAt(bytes, at) << 8) | byteAt(bytes, at + 1)
const uint32 = (bytes: Uint8Array, at: number) => ((uint16(bytes, at) << 16) | uint16(bytes, at + 2)) >>> 0

function putUint32(bytes: Uint8Array, at: number, value: number): void {
  bytes[at] = value >>> 24
  bytes[at + 1] = (value >>> 16) & 0xff
  bytes[at + 2] = (value >>> 8) & 0xff
  bytes[at + 3] = value & 0xff
}

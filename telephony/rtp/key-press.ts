/**
 * Keys of a telephone, as they travel: RFC 4733 events in RTP both ways, and the two bodies of SIP INFO.
 *
 * One press is many packets and may come by both ways; key-presses.ts makes one press of it again.
 */
export const keys = ['0', '1', '2', '3', '4', '5', '6', '7', '8', '9', '*', '#', 'A', 'B', 'C', 'D'] as const
export type Key = (typeof keys)[number]

/** @property durationSamples how long the key has been down, at 8 kHz. */
export type KeyEvent = { key: Key; isEnd: boolean; durationSamples: number }

const longestInfoBody = 256
const endPackets = 3
const loudness = 10

/** @param payload of a telephone-event packet. @returns undefined for events that are no key (flash, tones). */
export function readKeyEvent(payload: Uint8Array): KeyEvent | undefined {
  const [event, flags, high, low] = payload
  if (event === undefined || flags === undefined || high === undefined || low === undefined) return undefined
  const key = keys[event]
  return key && { key, isEnd: flags > 0x7f, durationSamples: (high << 8) | low }
}

export function writeKeyEvent({ key, isEnd, durationSamples }: KeyEvent): Uint8Array {
  const duration = Math.min(0xffff, durationSamples)
  return Uint8Array.of(keys.indexOf(key), (isEnd ? 0x80 : 0) | loudness, duration >> 8, duration & 0xff)
}

/** The events of one press, one for each 20 ms; the end is said three times, as RFC 4733 §2.5.1.4 wants. */
export function keyEvents(key: Key, pressedMs = 100): KeyEvent[] {
  const frames = Math.max(1, Math.round(pressedMs / 20))
  const held = Array.from({ length: frames }, (_, i) => ({ key, isEnd: false, durationSamples: (i + 1) * 160 }))
  const end = { key, isEnd: true, durationSamples: frames * 160 }
  return [...held, ...Array.from({ length: endPackets }, () => end)]
}

/**
 * The key of a SIP INFO: `application/dtmf-relay` ("Signal=5", "Signal= *") or `application/dtmf` ("5"). Gateways
 * write the two with more or less space and case, and 10 and 11 for the star and the hash.
 * @returns undefined when the body is neither, or names no key.
 */
export function keyOfInfo(contentType: string, body: string): Key | undefined {
  const [type] = contentType.toLowerCase().split(';', 1)
  const text = body.slice(0, longestInfoBody)
  if (type?.trim() === 'application/dtmf') return keyNamed(text)
  if (type?.trim() !== 'application/dtmf-relay') return undefined
  const signal = text.split(/\r?\n/).find((line) => /^signal *=/i.test(line))
  return keyNamed(signal?.split('=', 2)[1] ?? '')
}

function keyNamed(written: string): Key | undefined {
  const name = written.trim().toUpperCase()
  const wanted = name === '10' ? '*' : name === '11' ? '#' : name
  return keys.find((key) => key === wanted)
}

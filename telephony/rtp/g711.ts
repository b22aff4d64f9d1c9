/**
 * G.711 both ways by table: A-law (PCMA, the trunk's and ours), µ-law (PCMU), 16-bit samples at 8 kHz.
 *
 * A-law is the language of everything inside: prepared speech, recordings of a frame, what a browser is sent. µ-law
 * lives at the socket alone. Every byte value is a legal code, so nothing here can fail.
 */
import alawmulaw from 'alawmulaw'

const { alaw, mulaw } = alawmulaw

export const codecs = ['PCMA', 'PCMU'] as const
export type Codec = (typeof codecs)[number]

/** 20 ms at 8 kHz: what one packet carries, in bytes and in samples. */
export const frameSamples = 160
export const frameMs = 20
/** The quietest A-law and µ-law codes: what a silent line is made of. */
export const alawSilence = 0xd5
export const mulawSilence = 0xff

const alawToLinear = Int16Array.from({ length: 256 }, (_, code) => alaw.decodeSample(code))
const mulawToLinear = Int16Array.from({ length: 256 }, (_, code) => mulaw.decodeSample(code))
const linearToAlaw = overEverySample((sample) => alaw.encodeSample(sample))
const linearToMulaw = overEverySample((sample) => mulaw.encodeSample(sample))
const alawToMulaw = alawToLinear.reduce(intoBytes(linearToMulaw), new Uint8Array(256))
const mulawToAlaw = mulawToLinear.reduce(intoBytes(linearToAlaw), new Uint8Array(256))
const alawHalved = alawToLinear.map((sample) => sample >> 1).reduce(intoBytes(linearToAlaw), new Uint8Array(256))

/** @returns as many samples as bytes, in [-32256, 32256]. */
export function decodeAlaw(codes: Uint8Array): Int16Array {
  return through(alawToLinear, codes, new Int16Array(codes.length))
}
export function encodeAlaw(samples: Int16Array): Uint8Array {
  const codes = new Uint8Array(samples.length)
  for (let i = 0; i < samples.length; i++) codes[i] = linearToAlaw[(samples[i] ?? 0) & 0xffff] ?? alawSilence
  return codes
}
/** @returns as many samples as bytes, in [-32124, 32124]. */
export function decodeMulaw(codes: Uint8Array): Int16Array {
  return through(mulawToLinear, codes, new Int16Array(codes.length))
}
export function encodeMulaw(samples: Int16Array): Uint8Array {
  const codes = new Uint8Array(samples.length)
  for (let i = 0; i < samples.length; i++) codes[i] = linearToMulaw[(samples[i] ?? 0) & 0xffff] ?? mulawSilence
  return codes
}

/** A payload as the line carried it, in A-law. A-law is handed on as it is, not copied. */
export function toAlaw(codec: Codec, payload: Uint8Array): Uint8Array {
  return codec === 'PCMA' ? payload : through(mulawToAlaw, payload, new Uint8Array(payload.length))
}

/** A-law as the line wants it. A-law is handed on as it is, not copied. */
export function fromAlaw(codec: Codec, frame: Uint8Array): Uint8Array {
  return codec === 'PCMA' ? frame : through(alawToMulaw, frame, new Uint8Array(frame.length))
}

/** Half as loud (-6 dB), in place. */
export function halveAlaw(codes: Uint8Array): void {
  through(alawHalved, codes, codes)
}

function through<T extends Int16Array | Uint8Array>(table: Int16Array | Uint8Array, codes: Uint8Array, into: T): T {
  for (let i = 0; i < codes.length; i++) into[i] = table[codes[i] ?? 0] ?? 0
  return into
}

function overEverySample(encode: (sample: number) => number): Uint8Array {
  const table = new Uint8Array(65_536)
  for (let sample = -32_768; sample < 32_768; sample++) table[sample & 0xffff] = encode(sample) & 0xff
  return table
}

function intoBytes(encoded: Uint8Array) {
  return (table: Uint8Array<ArrayBuffer>, sample: number, code: number) => {
    table[code] = encoded[sample & 0xffff] ?? 0
    return table
  }
}

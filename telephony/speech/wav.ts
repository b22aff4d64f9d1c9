/**
 * A WAV file as 16-bit mono samples: what espeak prints, and what somebody recorded for a prompt.
 *
 * Invariant: a length that the header overstates (a program that streams cannot know it) ends at the last byte.
 */
import { decodeAlaw, decodeMulaw } from '../rtp/g711.ts'

export type Sound = { samples: Int16Array; rate: number }

const pcm = 1
const alaw = 6
const mulaw = 7
const extensible = 0xfffe

/** @returns nothing for what is no WAV file, or one in a coding that telephones do not use. */
export function readWav(file: Uint8Array): Sound | undefined {
  const bytes = Buffer.from(file.buffer, file.byteOffset, file.byteLength)
  if (bytes.toString('latin1', 0, 4) !== 'RIFF' || bytes.toString('latin1', 8, 12) !== 'WAVE') return undefined
  let format: Format | undefined
  for (let at = 12; at + 8 <= bytes.length; ) {
    const name = bytes.toString('latin1', at, at + 4)
    const body = bytes.subarray(at + 8, Math.min(bytes.length, at + 8 + bytes.readUInt32LE(at + 4)))
    if (name === 'fmt ') format = formatOf(body)
    if (name === 'data') return format && soundOf(body, format)
    at += 8 + body.length + (body.length % 2)
  }
  return undefined
}

type Format = { coding: number; channels: number; rate: number; bits: number }

function formatOf(body: Buffer): Format | undefined {
  if (body.length < 16) return undefined
  const coding = body.readUInt16LE(0)
  const isLong = coding === extensible && body.length >= 26
  const format = {
    coding: isLong ? body.readUInt16LE(24) : coding,
    channels: body.readUInt16LE(2),
    rate: body.readUInt32LE(4),
    bits: body.readUInt16LE(14),
  }
  const isKnown = format.coding === pcm ? [8, 16].includes(format.bits) : [alaw, mulaw].includes(format.coding)
  return isKnown && format.channels > 0 && format.rate >= 8_000 && format.rate <= 192_000 ? format : undefined
}

function soundOf(body: Buffer, { coding, channels, rate, bits }: Format): Sound {
  return { samples: mono(linear(body, coding, bits), channels), rate }
}

function linear(body: Buffer, coding: number, bits: number): Int16Array {
  if (coding === alaw) return decodeAlaw(body)
  if (coding === mulaw) return decodeMulaw(body)
  if (bits === 8) return Int16Array.from(body, (byte) => (byte - 128) << 8)
  const samples = new Int16Array(body.length >> 1)
  for (let i = 0; i < samples.length; i++) samples[i] = (body[2 * i] ?? 0) | ((body[2 * i + 1] ?? 0) << 8)
  return samples
}

function mono(samples: Int16Array, channels: number): Int16Array {
  if (channels === 1) return samples
  return Int16Array.from({ length: Math.floor(samples.length / channels) }, (_, i) => {
    let sum = 0
    for (let c = 0; c < channels; c++) sum += samples[i * channels + c] ?? 0
    return Math.round(sum / channels)
  })
}

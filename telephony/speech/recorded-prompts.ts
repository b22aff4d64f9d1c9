/**
 * Phrases that somebody recorded: DATA_DIR/prompts/NAME.wav (any rate) or NAME.alaw (raw, 8 kHz) is played instead of
 * the rendered phrase of that name.
 *
 * Invariant: a name is letters, digits and hyphens, so no name leads out of the folder; a file that cannot be used is
 * said once and the phrase is rendered.
 */
import { readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { encodeAlaw } from '../rtp/g711.ts'
import { resample } from './resampler.ts'
import { readWav } from './wav.ts'

export type RecordedPrompts = ReturnType<typeof recordedPrompts>

const lineRate = 8_000
/** A recorded phrase is no concert: five minutes at 48 kHz stereo. */
const largestBytes = 60_000_000

type Kept = { changedAt: number; speech: Uint8Array | undefined }

/** @param parts `onUnusable` is told a file once for each time that it changes */
export function recordedPrompts(parts: { folder: string; onUnusable: (file: string) => void }) {
  const kept = new Map<string, Kept>()

  async function read(file: string, decode: (bytes: Uint8Array) => Uint8Array | undefined) {
    const found = await stat(file).catch(() => undefined)
    if (!found?.isFile()) return undefined
    const known = kept.get(file)
    if (known?.changedAt === found.mtimeMs) return known.speech
    const bytes = found.size > largestBytes ? undefined : await readFile(file).catch(() => undefined)
    const speech = bytes && decode(bytes)
    if (!speech?.length) parts.onUnusable(file)
    kept.set(file, { changedAt: found.mtimeMs, speech: speech?.length ? speech : undefined })
    return speech?.length ? speech : undefined
  }

  return {
    /** @returns A-law at 8 kHz, or nothing when the phrase was not recorded. Read again when the file changes. */
    async find(name: string): Promise<Uint8Array | undefined> {
      if (!/^[a-z0-9]+(-[a-z0-9]+)*$/.test(name)) return undefined
      const raw = await read(join(parts.folder, `${name}.alaw`), (bytes) => new Uint8Array(bytes))
      return raw ?? (await read(join(parts.folder, `${name}.wav`), asLineSpeech))
    },
  }
}

function asLineSpeech(wav: Uint8Array): Uint8Array | undefined {
  const sound = readWav(wav)
  return sound && encodeAlaw(resample(sound.samples, sound.rate, lineRate))
}

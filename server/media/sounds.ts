/**
 * Sound of a stranger's as the telephone has it: A-law at 8 kHz, made by ffmpeg where this machine has it. It is told
 * what the bytes are, so that none of them can name another file or an address.
 */
import { runCapped } from './capped-program.ts'

export type Sounds = ReturnType<typeof sounds>

const withinMs = 10_000
const mostKib = 2 * 1_024 * 1_024
const longestSeconds = 60
export const alawRate = 8_000

/** @param ffmpeg the program's name or path */
export function sounds({ ffmpeg }: { ffmpeg: string }) {
  return {
    /** @param amr as WeChat sends a voice @returns nothing where there is no ffmpeg, or it makes nothing of it */
    async alawOf(amr: Buffer): Promise<Buffer | undefined> {
      const given = ['-protocol_whitelist', 'pipe', '-f', 'amr', '-i', 'pipe:0']
      const made = ['-t', String(longestSeconds), '-vn', '-ac', '1', '-ar', String(alawRate), '-f', 'alaw', 'pipe:1']
      const ran = await runCapped({
        command: [ffmpeg, '-nostdin', '-hide_banner', '-loglevel', 'error', ...given, ...made],
        input: amr,
        ...{ mostKib, withinMs, mostOutBytes: (longestSeconds + 1) * alawRate },
      })
      return 'out' in ran && ran.out.length > 0 ? ran.out : undefined
    },
  }
}

/** WAVE format 6: A-law, one channel, 8 kHz, as every browser plays it. */
export function alawWav(alaw: Buffer): Buffer {
  const head = Buffer.alloc(44)
  head.write('RIFF', 0)
  head.writeUInt32LE(36 + alaw.length, 4)
  head.write('WAVEfmt ', 8)
  head.writeUInt32LE(16, 16)
  head.writeUInt16LE(6, 20)
  head.writeUInt16LE(1, 22)
  head.writeUInt32LE(alawRate, 24)
  head.writeUInt32LE(alawRate, 28)
  head.writeUInt16LE(1, 32)
  head.writeUInt16LE(8, 34)
  head.write('data', 36)
  head.writeUInt32LE(alaw.length, 40)
  return Buffer.concat([head, alaw])
}

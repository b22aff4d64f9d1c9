/**
 * Rendered sentences on disk, as raw A-law, named by a hash of everything that they depend on. A greeting is rendered
 * once in a life, not once in a call.
 *
 * Invariant: a file is whole or absent (written aside, then renamed), and together they never stay above the limit:
 * the least recently heard go first. A disk that fails costs a rendering, never a call.
 */
import { createHash, randomUUID } from 'node:crypto'
import { mkdir, readdir, readFile, rename, rm, stat, utimes, writeFile } from 'node:fs/promises'
import { join } from 'node:path'

export type SpeechKey = { engine: string; voice: string; rate: number; text: string }
export type SpeechCache = ReturnType<typeof speechCache>

/** After a clearing this share is left, so that not every sentence clears again. */
const keptShare = 0.9

/** @param parts `folder` is made when it is missing; `maxBytes` bounds all files together */
export function speechCache(parts: { folder: string; maxBytes: number; now: () => Date }) {
  let total: number | undefined
  let clearing: Promise<void> = Promise.resolve()

  const files = async () => {
    const names = await readdir(parts.folder).catch(() => [])
    const known = await Promise.all(
      names
        .filter((name) => /^[0-9a-f]{64}\.alaw$/.test(name))
        .map(async (name) => {
          const file = join(parts.folder, name)
          const found = await stat(file).catch(() => undefined)
          return found && { file, size: found.size, heardAt: found.mtimeMs }
        }),
    )
    return known.filter((one) => one !== undefined)
  }

  async function clear(): Promise<void> {
    const all = (await files()).sort((a, b) => a.heardAt - b.heardAt)
    total = all.reduce((sum, { size }) => sum + size, 0)
    if (total <= parts.maxBytes) return
    for (const { file, size } of all) {
      if (total <= parts.maxBytes * keptShare) break
      await rm(file, { force: true })
      total -= size
    }
  }

  return {
    async find(key: SpeechKey): Promise<Uint8Array | undefined> {
      const file = join(parts.folder, nameOf(key))
      const speech = await readFile(file).catch(() => undefined)
      if (speech === undefined || speech.length === 0) return undefined
      const now = parts.now()
      void utimes(file, now, now).catch(() => undefined)
      return speech
    },

    /** Never throws. Speech larger than the whole limit is not kept. */
    async keep(key: SpeechKey, speech: Uint8Array): Promise<void> {
      if (speech.length === 0 || speech.length > parts.maxBytes) return
      const aside = join(parts.folder, `${randomUUID()}.new`)
      try {
        await mkdir(parts.folder, { recursive: true, mode: 0o700 })
        await writeFile(aside, speech, { mode: 0o600 })
        const now = parts.now()
        await utimes(aside, now, now)
        await rename(aside, join(parts.folder, nameOf(key)))
      } catch {
        await rm(aside, { force: true }).catch(() => undefined)
        return
      }
      if (total !== undefined) total += speech.length
      if (total === undefined || total > parts.maxBytes) {
        clearing = clearing.then(clear).catch(() => undefined)
        await clearing
      }
    },
  }
}

function nameOf({ engine, voice, rate, text }: SpeechKey): string {
  return `${createHash('sha256')
    .update(JSON.stringify([engine, voice, rate, text]))
    .digest('hex')}.alaw`
}

/**
 * How alike two questions are in meaning, where an embedding service says so: one more thing to rank by, among what was
 * found by words (ranked.ts). Vectors of the base are learnt in the background and kept; a question's is asked for as it comes.
 *
 * Invariant: it only ever adds. A service that is slow, broken or gone costs a question 300 ms at most, then rests for half
 * a minute, and the answer is the one that would have been given without it.
 */
import { createHash } from 'node:crypto'
import type { EmbeddingEndpoint } from './embedding-endpoint.ts'
import type { Db } from './tables.ts'
import { vectorsStore } from './vectors.store.ts'

/** The cosine to one of the base's texts, in [-1, 1]; undefined for one not learnt yet. */
export type Alike = (text: string) => number | undefined
export type Meanings = ReturnType<typeof meanings>

type Log = { error(about: Record<string, unknown>, message: string): void }
type Parts = { db: Db; endpoint: EmbeddingEndpoint; log: Log; now?: () => Date }

const questionWithinMs = 300
const learnWithinMs = 30_000
const learntAtOnce = 64
const restMs = 30_000

export function meanings({ db, endpoint, log, now = () => new Date() }: Parts) {
  const store = vectorsStore(db)
  let known = new Map<string, Float32Array>()
  let learning: Promise<void> = Promise.resolve()
  let restsUntil = 0

  async function learnAll(texts: readonly string[]): Promise<void> {
    const unlike = [...new Set(texts)]
    const before = known
    known = new Map(unlike.flatMap((text) => (before.has(text) ? [[text, before.get(text) ?? none] as const] : [])))
    for (let at = 0; at < unlike.length; at += learntAtOnce) {
      const some = unlike.slice(at, at + learntAtOnce).filter((text) => !known.has(text))
      const kept = await store.of(endpoint.model, some.map(hashOf))
      for (const text of some) {
        const vector = kept.get(hashOf(text))
        if (vector) known.set(text, vector)
      }
      const missing = some.filter((text) => !known.has(text))
      if (missing.length === 0) continue
      const made = await endpoint.vectorsOf(missing, learnWithinMs)
      const pairs = missing.map((text, i) => [text, made[i] ?? none] as const)
      await store.keep(endpoint.model, new Map(pairs.map(([text, vector]) => [hashOf(text), vector])))
      for (const [text, vector] of pairs) known.set(text, vector)
    }
  }

  return {
    /** Learns what is not known yet, one base after the other. Never throws: what could not be learnt is ranked by words. */
    learn(texts: readonly string[]): Promise<void> {
      learning = learning
        .then(() => learnAll(texts))
        .catch((error: unknown) => log.error({ err: error }, 'the embedding service did not teach all'))
      return learning
    },

    /** @returns undefined when the service cannot say in time. Never throws. */
    async alikeTo(question: string): Promise<Alike | undefined> {
      if (known.size === 0 || now().getTime() < restsUntil) return undefined
      try {
        const [asked] = await endpoint.vectorsOf([question], questionWithinMs)
        return (text) => {
          const vector = known.get(text)
          return asked && vector?.length === asked.length ? cosine(asked, vector) : undefined
        }
      } catch (error) {
        restsUntil = now().getTime() + restMs
        log.error({ err: error }, 'the embedding service is left alone for a while')
        return undefined
      }
    },
  }
}

const none = new Float32Array()
const hashOf = (text: string) => createHash('sha256').update(text).digest('hex')

function cosine(a: Float32Array, b: Float32Array): number {
  let [dot, aa, bb] = [0, 0, 0]
  for (let i = 0; i < a.length; i++) {
    const [x, y] = [a[i] ?? 0, b[i] ?? 0]
    dot += x * y
    aa += x * x
    bb += y * y
  }
  return aa === 0 || bb === 0 ? 0 : dot / Math.sqrt(aa * bb)
}

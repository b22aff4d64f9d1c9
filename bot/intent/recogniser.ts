/**
 * What somebody wants, from the closed set in intents.ts. Words settle the plain cases at once; the model, in its
 * own thread, the rest. A model that is loading, dead or slow costs precision, never an answer: words stay.
 */
import { Worker } from 'node:worker_threads'
import type { Intent, IntentName } from './intent-names.ts'
import { intentByWords, isContradicted } from './intents.ts'
import type { Question, Reply } from './worker.ts'

export type Recogniser = {
  recognise(text: string): Promise<Intent | undefined>
  isReady(): boolean
  stop(): Promise<void>
}
type Log = { warn(detail: object, message: string): void }

/** Above it the model's word is taken; below, the text is treated as a question. */
const sureEnough = 0.8
/** A question is no intent; anger and danger hand over at once, so the model's guess is not enough for them. */
const onlyByWords: ReadonlySet<IntentName> = new Set(['question', 'angry', 'urgent'])
/** A longer text is a story or a question; no intent is read out of it. */
const longestIntentChars = 20
const answerWithinMs = 1_500
const restartAfterMs = 2_000
const cachedTexts = 2_000

export function recogniser(parts: { workerFile: string; modelFile: string; log: Log }): Recogniser {
  const open = new Map<number, (intent: Intent | undefined) => void>()
  const cache = new Map<string, Intent | undefined>()
  let worker: Worker | undefined
  let ready = false
  let stopped = false
  let lastId = 0

  function start() {
    worker = new Worker(parts.workerFile, { workerData: { modelFile: parts.modelFile }, stdout: true })
    worker.unref()
    worker.on('message', (message: Reply | 'ready') => {
      if (message === 'ready') ready = true
      else open.get(message.id)?.(message.intent)
    })
    worker.on('error', (error) => parts.log.warn({ err: error }, 'intent thread failed'))
    worker.on('exit', () => {
      ready = false
      for (const answer of open.values()) answer(undefined)
      if (!stopped) setTimeout(start, restartAfterMs).unref()
    })
  }
  start()

  function ask(text: string): Promise<Intent | undefined> {
    return new Promise((resolve) => {
      const id = ++lastId
      const answer = (intent: Intent | undefined) => {
        clearTimeout(timer)
        open.delete(id)
        resolve(intent)
      }
      const timer = setTimeout(() => {
        parts.log.warn({ answerWithinMs }, 'intent thread too slow')
        answer(undefined)
      }, answerWithinMs)
      open.set(id, answer)
      worker?.postMessage({ id, text } satisfies Question)
    })
  }

  return {
    async recognise(text) {
      const plain = intentByWords(text)
      if (plain) return plain
      if (!ready || [...text].length > longestIntentChars) return undefined
      if (cache.has(text)) return cache.get(text)
      const intent = await ask(text)
      const isTaken =
        intent && intent.score >= sureEnough && !onlyByWords.has(intent.name) && !isContradicted(intent, text)
      const taken = isTaken ? intent : undefined
      if (cache.size >= cachedTexts) cache.clear()
      cache.set(text, taken)
      return taken
    },
    isReady: () => ready,
    async stop() {
      stopped = true
      await worker?.terminate()
    },
  }
}

/**
 * The embedded recogniser: closed choices with Debian's English model and our phone table; with an operator's Mandarin
 * model also open questions, as an experiment: the entry is among the three offered for about half of the callers.
 *
 * Invariant: it accepts everything, in or out of what was asked, so whatever it hears must be confirmed by key.
 */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { AcousticModel } from './phones.ts'
import { pocketsphinxProcess } from './pocketsphinx-process.ts'
import type { Heard, Hears, Listening, ListenOrder, Recogniser } from './recogniser.ts'
import { SpeechFault, type SpeechLog } from './speech-fault.ts'

const name = 'pocketsphinx'
const longestSamples = 20 * 8_000
/** Shorter than any syllable. */
const shortestSamples = 1_600
/** Below this three of four off-topic callers would be offered something, and the right entry is rarely there. */
const leastScore = 0.25

export type PocketsphinxParts = {
  model: AcousticModel
  /** The acoustic model: mdef, means, variances … */
  modelFolder: string
  childFile: string
  execArgv?: string[]
  /** At once; the others wait. A decoder takes 10-13 MB, and a tenth of a core while somebody speaks. */
  decoders?: number
  log: SpeechLog
}

export type PocketsphinxRecogniser = Recogniser & { readonly childPid: number | undefined }

/** @returns the recogniser, or what is missing on this machine. */
export async function pocketsphinxRecogniser(
  parts: PocketsphinxParts,
): Promise<{ recogniser: PocketsphinxRecogniser } | { missing: string }> {
  const folder = await mkdtemp(join(tmpdir(), 'budayang-asr-'))
  const { model, modelFolder, decoders = 4, childFile, execArgv, log } = parts
  const child = pocketsphinxProcess({ childFile, execArgv, log, settings: { model, modelFolder, folder, decoders } })
  let titlesLearnt: ReadonlyMap<string, string> = new Map()

  const missing = await child.start()
  const clear = () => rm(folder, { recursive: true, force: true })
  if (missing !== undefined) {
    await child.close()
    await clear()
    return { missing }
  }

  async function judged({ mode, choices = [] }: ListenOrder, samples: Int16Array): Promise<Heard | undefined> {
    const found = await child.decode(mode === 'open' ? { mode } : { mode, choices }, samples)
    const titles = mode === 'open' ? titlesLearnt : new Map(choices.map(({ id, title }) => [id, title]))
    const candidates = found.map(({ id, score }) => ({ id, title: titles.get(id) ?? '', score }))
    const [best] = candidates
    return best && best.score >= leastScore
      ? { text: best.title, confidence: best.score, mustConfirm: true, candidates }
      : undefined
  }

  return {
    recogniser: {
      name,
      capability: model === 'mandarin' ? 'open' : 'choices',
      isRemote: false,
      learn(surfaces) {
        if (model === 'mandarin') {
          child.learn(surfaces)
          titlesLearnt = new Map(surfaces.map(({ id, title }) => [id, title]))
        }
        return Promise.resolve()
      },
      listen: (order, hears) => buffered(order, hears, judged),
      get childPid() {
        return child.pid
      },
      async close() {
        await child.close()
        await clear()
      },
    },
  }
}

/** Decoding the whole turn at its end is as quick as decoding along, and hears better. */
function buffered(
  order: ListenOrder,
  hears: Hears,
  judge: (order: ListenOrder, samples: Int16Array) => Promise<Heard | undefined>,
): Listening {
  const frames: Int16Array[] = []
  let length = 0
  let isOver = false

  async function decide(): Promise<void> {
    const whole = new Int16Array(length)
    let at = 0
    for (const frame of frames.splice(0)) {
      whole.set(frame, at)
      at += frame.length
    }
    const heard = length < shortestSamples ? undefined : await judge(order, whole)
    if (isOver) return
    if (heard) hears.onFinal(heard)
    hears.onEnd()
  }

  let hasEnded = false
  return {
    write(samples) {
      if (isOver || hasEnded || length >= longestSamples) return
      frames.push(samples.slice())
      length += samples.length
    },
    end() {
      if (isOver || hasEnded) return
      hasEnded = true
      decide().catch((error: unknown) => {
        if (!isOver) hears.onError(error instanceof SpeechFault ? error : new SpeechFault(name, String(error)))
      })
    },
    close() {
      isOver = true
      frames.length = 0
    },
  }
}

/**
 * The embedded recogniser: closed choices with Debian's English model and our phone table; with an operator's Mandarin
 * model also open questions, as an experiment: the entry is among the three offered for about half of the callers.
 *
 * Invariant: it accepts everything, in or out of what was asked, so whatever it hears must be confirmed by key.
 */
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { arpaTrigram } from './language-model.ts'
import { syllables } from './lexicon.ts'
import { allSyllables, dictionary, type AcousticModel } from './phones.ts'
import { pinyinIndex, type PinyinIndex } from './pinyin-retrieval.ts'
import { pocketsphinxProcess, type DecodeAsk } from './pocketsphinx-process.ts'
import type { Choice, Heard, Hears, Listening, ListenOrder, Recogniser, Surface } from './recogniser.ts'
import { SpeechFault, type SpeechLog } from './speech-fault.ts'
import { spokenText } from './spoken-text.ts'

const name = 'pocketsphinx'
const longestSamples = 20 * 8_000
/** Shorter than any syllable. */
const shortestSamples = 1_600
/** It knows no better; callers confirm by key anyway. */
const confidence = 0.5
const offered = 3
/** Below this three of four off-topic callers would be offered something, and the right entry is rarely there. */
const leastScore = 0.25
/** How questions begin and end, whatever they are about. */
const carriers = [
  '请问',
  '我想问一下',
  '你好',
  '您好我想咨询一下',
  '请问一下',
  '麻烦问一下',
  '我要问',
  '怎么办',
  '可以吗',
  '行吗',
  '是什么',
  '怎么弄',
  '谢谢',
]
const sentencesPerCarrier = 60

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
  const dictionaryFile = join(folder, 'syllables.dict')
  const vocabulary = allSyllables()
  await writeFile(dictionaryFile, dictionary(vocabulary, parts.model))
  const { model, modelFolder, decoders = 4, childFile, execArgv, log } = parts
  const settings = { model, modelFolder, dictionaryFile, decoders }
  const child = pocketsphinxProcess({ childFile, execArgv, log, settings })
  let known: { index: PinyinIndex; titles: ReadonlyMap<string, string> } | undefined
  let learnt = 0

  const missing = await child.start()
  const clear = () => rm(folder, { recursive: true, force: true })
  if (missing !== undefined) {
    await child.close()
    await clear()
    return { missing }
  }

  async function learn(surfaces: readonly Surface[]): Promise<void> {
    if (model !== 'mandarin') return
    const wordings = surfaces.flatMap(({ id, title, similar }) =>
      [title, ...similar].map((text) => ({ id, syllables: said(text) })),
    )
    const weight = Math.max(1, Math.round(wordings.length / sentencesPerCarrier))
    const sentences = [
      ...wordings.map((wording) => ({ words: wording.syllables, weight: 1 })),
      ...carriers.map((carrier) => ({ words: said(carrier), weight })),
    ]
    const file = join(folder, `questions-${++learnt}.lm`)
    await writeFile(file, arpaTrigram(sentences, vocabulary))
    child.learn(file)
    known = { index: pinyinIndex(wordings), titles: new Map(surfaces.map(({ id, title }) => [id, title])) }
  }

  async function judged(order: ListenOrder, samples: Int16Array): Promise<Heard | undefined> {
    if (order.mode === 'choices') return choiceHeard(order.choices ?? [], (ask) => child.decode(ask, samples))
    if (!known) throw new SpeechFault(name, 'has learnt no questions yet')
    const { index, titles } = known
    const words = await child.decode({ mode: 'open' }, samples)
    const candidates = index
      .best(words.split(' ').filter(Boolean), offered)
      .map(({ id, score }) => ({ id, title: titles.get(id) ?? '', score }))
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
      learn,
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

const said = (text: string) => syllables(spokenText(text))

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

async function choiceHeard(
  choices: readonly Choice[],
  decode: (ask: DecodeAsk) => Promise<string>,
): Promise<Heard | undefined> {
  const byWords = new Map<string, Choice>()
  for (const choice of choices)
    for (const wording of [choice.title, ...(choice.similar ?? [])]) {
      const words = said(wording).join(' ')
      if (words !== '' && !byWords.has(words)) byWords.set(words, choice)
    }
  if (byWords.size === 0) return undefined
  const grammar = `#JSGF V1.0;\ngrammar choices;\npublic <choice> = ${[...byWords.keys()].join(' | ')};\n`
  const choice = byWords.get((await decode({ mode: 'choices', grammar })).trim())
  if (!choice) return undefined
  const { id, title } = choice
  return { text: title, confidence, mustConfirm: true, candidates: [{ id, title, score: confidence }] }
}

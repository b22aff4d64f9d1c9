/**
 * The process that decodes: one utterance a decoder, as many at once as there are decoders, the rest in line. Forked
 * by pocketsphinx-process.ts, which starts another one when native code takes this one down.
 *
 * Invariant: every decode order is answered once, unless the process dies. It ends when its parent is gone.
 */
import { rmSync, writeFileSync } from 'node:fs'
import { getPriority, setPriority } from 'node:os'
import { join } from 'node:path'
import { allSyllables, dictionary } from './phones.ts'
import { pocketsphinxLibrary, type Decoder } from './pocketsphinx-library.ts'
import type { ChildOrder, ChildReport, ChildSettings, DecodeMode, DecodeOrder, Found } from './pocketsphinx-messages.ts'
import { closedChoices, openQuestions } from './question-model.ts'
import type { Surface } from './recogniser.ts'
import { resample } from './resampler.ts'

type Learnt = { languageModelFile: string; meant: (words: string) => Found[] }
type Held = { decoder: Decoder; learnt: Learnt | undefined }

const lineRate = 8_000
const modelRate = { english: 16_000, mandarin: 8_000 } as const

const settings = JSON.parse(process.argv[2] ?? '{}') as ChildSettings
const dictionaryFile = join(settings.folder, `syllables-${process.pid}.dict`)
const idle: Record<DecodeMode, Held[]> = { choices: [], open: [] }
const waiting: DecodeOrder[] = []
let running = 0
let learnt: Learnt | undefined
let basesLearnt = 0

// The phone may stand before everybody else; who decodes may not.
if (getPriority() < 0) setPriority(0)
process.on('disconnect', () => process.exit(0))
process.on('message', (order: ChildOrder) => {
  if (order.kind === 'learn') learnt = learn(order.surfaces)
  else {
    waiting.push(order)
    next()
  }
})

const library = open()
if (library) report({ kind: 'ready' })

function open(): ReturnType<typeof pocketsphinxLibrary> | undefined {
  try {
    writeFileSync(dictionaryFile, dictionary(allSyllables(), settings.model))
    const loaded = pocketsphinxLibrary()
    // The first decoder proves that the model loads.
    idle.choices.push({ decoder: loaded.decoder(optionsFor('choices')), learnt: undefined })
    return loaded
  } catch (error) {
    report({ kind: 'missing', what: error instanceof Error ? error.message : String(error) })
    process.disconnect()
    return undefined
  }
}

/** Decoders that are at work have read the older file already. */
function learn(surfaces: readonly Surface[]): Learnt {
  const { arpa, meant } = openQuestions(surfaces)
  const languageModelFile = join(settings.folder, `questions-${process.pid}-${++basesLearnt}.lm`)
  writeFileSync(languageModelFile, arpa)
  if (learnt) rmSync(learnt.languageModelFile, { force: true })
  return { languageModelFile, meant }
}

function next(): void {
  if (!library || running >= settings.decoders) return
  const order = waiting.shift()
  if (!order) return
  running++
  void decoded(order).then((answer) => {
    running--
    report(answer)
    next()
  })
}

async function decoded({ id, ask, samples }: DecodeOrder): Promise<ChildReport> {
  let held: Held | undefined
  try {
    const closed = ask.mode === 'choices' ? closedChoices(ask.choices) : undefined
    if (ask.mode === 'choices' && !closed) return { kind: 'decoded', id, found: [] }
    held = hold(ask.mode)
    if (closed) held.decoder.useGrammar(closed.grammar)
    const words = await held.decoder.decode(resample(samples, lineRate, modelRate[settings.model]))
    idle[ask.mode].push(held)
    return { kind: 'decoded', id, found: (closed ?? held.learnt)?.meant(words) ?? [] }
  } catch (error) {
    held?.decoder.free()
    return { kind: 'failed', id, why: error instanceof Error ? error.message : String(error) }
  }
}

/** A decoder keeps the language model that it was made with; one of an older base is thrown away. */
function hold(mode: DecodeMode): Held {
  for (let held = idle[mode].pop(); held; held = idle[mode].pop()) {
    if (mode === 'choices' || held.learnt === learnt) return held
    held.decoder.free()
  }
  if (!library) throw new Error('no library')
  if (mode === 'open' && !learnt) throw new Error('nothing was learnt yet')
  return { decoder: library.decoder(optionsFor(mode)), learnt }
}

function optionsFor(mode: DecodeMode): Record<string, string | number> {
  return {
    hmm: settings.modelFolder,
    dict: dictionaryFile,
    cmn: 'batch',
    ...(settings.model === 'mandarin'
      ? { samprate: lineRate, nfft: 256, fdict: `${settings.modelFolder}/noisedict` }
      : { samprate: modelRate.english }),
    // A closed grammar is small: wide beams cost little there. With narrow ones (1e-80) the English model lost half
    // of the phrases before their end.
    ...(mode === 'choices'
      ? { beam: '1e-200', wbeam: '1e-150', pbeam: '1e-200' }
      : { lm: learnt?.languageModelFile ?? '' }),
  }
}

function report(message: ChildReport): void {
  process.send?.(message)
}

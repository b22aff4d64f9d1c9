/**
 * The process that decodes: one utterance a decoder, as many at once as there are decoders, the rest in line. Forked
 * by pocketsphinx-recogniser.ts, which starts another one when native code takes this one down.
 *
 * Invariant: every decode order is answered once, unless the process dies. It ends when its parent is gone.
 */
import { resample } from './resampler.ts'
import { pocketsphinxLibrary, type Decoder } from './pocketsphinx-library.ts'
import type { ChildOrder, ChildReport, ChildSettings, DecodeMode } from './pocketsphinx-messages.ts'

type DecodeOrder = Extract<ChildOrder, { kind: 'decode' }>
type Held = { decoder: Decoder; languageModelFile: string | undefined }

const lineRate = 8_000
const modelRate = { english: 16_000, mandarin: 8_000 } as const

const settings = JSON.parse(process.argv[2] ?? '{}') as ChildSettings
const idle: Record<DecodeMode, Held[]> = { choices: [], open: [] }
const waiting: DecodeOrder[] = []
let running = 0
let languageModelFile: string | undefined

process.on('disconnect', () => process.exit(0))
process.on('message', (order: ChildOrder) => {
  if (order.kind === 'learn') languageModelFile = order.languageModelFile
  else {
    waiting.push(order)
    next()
  }
})

const library = open()
if (library) report({ kind: 'ready' })

function open(): ReturnType<typeof pocketsphinxLibrary> | undefined {
  try {
    const loaded = pocketsphinxLibrary()
    // The first decoder proves that the model loads.
    idle.choices.push({ decoder: loaded.decoder(optionsFor('choices')), languageModelFile: undefined })
    return loaded
  } catch (error) {
    report({ kind: 'missing', what: error instanceof Error ? error.message : String(error) })
    process.disconnect()
    return undefined
  }
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

async function decoded(order: DecodeOrder): Promise<ChildReport> {
  let held: Held | undefined
  try {
    held = hold(order.mode)
    if (order.mode === 'choices') held.decoder.useGrammar(order.grammar)
    const samples = resample(order.samples, lineRate, modelRate[settings.model])
    const words = await held.decoder.decode(samples)
    idle[order.mode].push(held)
    return { kind: 'decoded', id: order.id, words }
  } catch (error) {
    held?.decoder.free()
    return { kind: 'failed', id: order.id, why: error instanceof Error ? error.message : String(error) }
  }
}

/** A decoder keeps the language model that it was made with; one of an older base is thrown away. */
function hold(mode: DecodeMode): Held {
  for (let held = idle[mode].pop(); held; held = idle[mode].pop()) {
    if (mode === 'choices' || held.languageModelFile === languageModelFile) return held
    held.decoder.free()
  }
  if (!library) throw new Error('no library')
  if (mode === 'open' && languageModelFile === undefined) throw new Error('nothing was learnt yet')
  return { decoder: library.decoder(optionsFor(mode)), languageModelFile }
}

function optionsFor(mode: DecodeMode): Record<string, string | number> {
  return {
    hmm: settings.modelFolder,
    dict: settings.dictionaryFile,
    cmn: 'batch',
    ...(settings.model === 'mandarin'
      ? { samprate: lineRate, nfft: 256, fdict: `${settings.modelFolder}/noisedict` }
      : { samprate: modelRate.english }),
    // A closed grammar is small: wide beams cost little there. With narrow ones half of the phrases
    // are lost before their end (test/telephony/speech/pocketsphinx.test.ts), on the English model first.
    ...(mode === 'choices' ? { beam: '1e-200', wbeam: '1e-150', pbeam: '1e-200' } : { lm: languageModelFile ?? '' }),
  }
}

function report(message: ChildReport): void {
  process.send?.(message)
}

/**
 * The voice that is always there: Debian's espeak-ng, a process for each sentence. It reads one character one way, so
 * it is given toned pinyin and not characters.
 *
 * Invariant: text reaches it by its standard input, never by an argument and never through a shell.
 */
import { spawn } from 'node:child_process'
import { encodeAlaw } from '../rtp/g711.ts'
import { readings } from './lexicon.ts'
import { resampleInSlices } from './resampler.ts'
import { SpeechFault } from './speech-fault.ts'
import type { SynthesisEngine } from './synthesiser.ts'
import { readWav } from './wav.ts'

const name = 'espeak'
const voice = 'cmn-latn-pinyin'
/** espeak's words a minute at rate 1: about four syllables a second. */
const wordsPerMinute = 185
/** Of 100; at its own level the loudest vowels reach the end of A-law's range. */
const loudness = 70
const lineRate = 8_000
const limitMs = 10_000
/** More at once only make each other late. */
const atOnce = 4

/** @param settings `program` is looked up on PATH when it has no slash; `rate` 0.5-2 */
export function espeakSynthesiser(settings: { program?: string; rate?: number } = {}): SynthesisEngine {
  const rate = settings.rate ?? 1
  const speed = Math.round(wordsPerMinute * rate)
  const args = ['-v', voice, '-s', String(speed), '-a', String(loudness), '-b', '1', '--stdin', '--stdout']
  const waiting: (() => void)[] = []
  let running = 0

  async function inTurn<T>(work: () => Promise<T>): Promise<T> {
    if (running >= atOnce) await new Promise<void>((resolve) => waiting.push(resolve))
    else running++
    try {
      return await work()
    } finally {
      const next = waiting.shift()
      if (next) next()
      else running--
    }
  }

  return {
    name,
    voice,
    rate,
    async render(spoken) {
      const wav = await inTurn(() => printed(settings.program ?? 'espeak-ng', args, asPinyin(spoken)))
      const sound = readWav(wav)
      if (!sound?.samples.length) throw new SpeechFault(name, 'printed no sound')
      return encodeAlaw(await resampleInSlices(sound.samples, sound.rate, lineRate))
    },
    close: () => Promise.resolve(),
  }
}

/** "您好，A类" is "nin2 hao3 ，A lei4 ": what has no reading stays as it is, apart from what has. */
export function asPinyin(spoken: string): string {
  const said = readings(spoken)
  return [...spoken]
    .map((character, i) => said[i] ?? character)
    .join(' ')
    .replace(/ {2,}/g, ' ')
}

function printed(program: string, args: string[], text: string): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const env = { ...process.env, AZURE_SPEECH_KEY: undefined }
    const child = spawn(program, args, {
      env,
      stdio: ['pipe', 'pipe', 'ignore'],
      timeout: limitMs,
      killSignal: 'SIGKILL',
    })
    const chunks: Buffer[] = []
    child.stdout.on('data', (chunk: Buffer) => chunks.push(chunk))
    child.once('error', (error) => reject(new SpeechFault(name, `could not be started: ${error.message}`)))
    child.once('close', (code) => {
      if (code === 0) resolve(Buffer.concat(chunks))
      else reject(new SpeechFault(name, `ended with ${code ?? 'a signal'}`))
    })
    child.stdin.on('error', () => undefined) // it ended early; its exit says so
    child.stdin.end(text)
  })
}

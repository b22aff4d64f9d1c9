import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { monotonicClock } from '../../../telephony/rtp/clock.ts'
import { recordedPrompts } from '../../../telephony/speech/recorded-prompts.ts'
import { speechCache } from '../../../telephony/speech/speech-cache.ts'
import { SpeechFault } from '../../../telephony/speech/speech-fault.ts'
import {
  synthesiser,
  type EngineSwitch,
  type SpokenSentence,
  type SynthesisEngine,
} from '../../../telephony/speech/synthesiser.ts'

let folder = ''
beforeEach(async () => void (folder = await mkdtemp(join(tmpdir(), 'budayang-voice-'))))
afterEach(() => rm(folder, { recursive: true, force: true }))

/** Says a sentence as one byte for each character; fails as often as told. */
function anEngine(name: string, fails = 0, tookMs = 0): SynthesisEngine & { rendered: string[] } {
  const rendered: string[] = []
  return {
    name,
    voice: 'v',
    rate: 1,
    rendered,
    async render(spoken) {
      rendered.push(spoken)
      if (tookMs > 0) await new Promise((resolve) => setTimeout(resolve, tookMs))
      if (fails-- > 0) throw new SpeechFault(name, 'no luck')
      return new Uint8Array(spoken.length).fill(name.charCodeAt(0))
    },
    close: () => Promise.resolve(),
  }
}

function aVoice(engines: SynthesisEngine[], clock = monotonicClock) {
  const switches: EngineSwitch[] = []
  const cache = speechCache({ folder: join(folder, 'speech'), maxBytes: 100_000, now: () => new Date() })
  const prompts = recordedPrompts({ folder: join(folder, 'prompts'), onUnusable: () => undefined })
  const all = synthesiser({ engines, cache, prompts, clock })
  const voice = () => all.voice((change) => switches.push(change))
  return { voice, switches }
}

async function heard(speaking: AsyncIterable<SpokenSentence>): Promise<SpokenSentence[]> {
  const sentences: SpokenSentence[] = []
  for await (const sentence of speaking) sentences.push(sentence)
  return sentences
}

describe('what a caller hears', () => {
  it('comes sentence by sentence, as it was written and as it sounds', async () => {
    const engine = anEngine('espeak')
    const sentences = await heard(aVoice([engine]).voice().speak('报销70%。请打12393。'))
    expect(sentences.map(({ text }) => text)).toEqual(['报销70%。', '请打12393。'])
    expect(engine.rendered).toEqual(['报销百分之七十。', '请打幺二三九三。'])
  })

  it('is rendered once, for all calls and all times', async () => {
    const engine = anEngine('espeak', 0, 20)
    const { voice } = aVoice([engine])
    await Promise.all([heard(voice().speak('您好。')), heard(voice().speak('您好。'))])
    await heard(voice().speak('您好。'))
    await heard(aVoice([engine]).voice().speak('您好。'))
    expect(engine.rendered).toEqual(['您好。'])
  })

  it('has the next sentence made while one is heard', async () => {
    const engine = anEngine('espeak')
    const speaking = aVoice([engine]).voice().speak('第一句。第二句。第三句。')
    await speaking.next()
    await new Promise((resolve) => setTimeout(resolve, 20))
    expect(engine.rendered).toEqual(['第一句。', '第二句。'])
    await speaking.return()
  })

  it('stops where it is told to', async () => {
    const stop = new AbortController()
    const sentences: string[] = []
    for await (const { text } of aVoice([anEngine('espeak')])
      .voice()
      .speak('一。二。三。', { signal: stop.signal })) {
      sentences.push(text)
      stop.abort()
    }
    expect(sentences).toEqual(['一。'])
  })

  it('is the recording where somebody made one', async () => {
    const engine = anEngine('espeak')
    const { voice } = aVoice([engine])
    expect(await heard(voice().speak('欢迎致电。', { prompt: 'greeting' }))).toHaveLength(1)
    await mkdir(join(folder, 'prompts'))
    await writeFile(join(folder, 'prompts', 'greeting.alaw'), Uint8Array.of(1, 2, 3))
    const [recorded] = await heard(voice().speak('欢迎致电。', { prompt: 'greeting' }))
    expect([...(recorded?.speech ?? [])]).toEqual([1, 2, 3])
    expect(engine.rendered).toHaveLength(1)
  })

  it('is nothing where there is nothing to say', async () => {
    expect(
      await heard(
        aVoice([anEngine('espeak')])
          .voice()
          .speak(' 。（） '),
      ),
    ).toEqual([])
  })
})

describe('a voice that fails', () => {
  it('is tried again once', async () => {
    const { voice, switches } = aVoice([anEngine('azure', 1), anEngine('espeak')])
    const [sentence] = await heard(voice().speak('您好。'))
    expect(String.fromCharCode(sentence?.speech[0] ?? 0)).toBe('a')
    expect(switches).toEqual([])
  })

  it('gives way to the next after two errors, for the rest of the call and for calls that begin soon after', async () => {
    const azure = anEngine('azure', 2)
    const { voice, switches } = aVoice([azure, anEngine('espeak')])
    const call = voice()
    const sentences = await heard(call.speak('第一句。第二句。'))
    await heard(call.speak('第三句。'))
    await heard(voice().speak('第四句。'))
    expect(sentences.map(({ speech }) => String.fromCharCode(speech[0] ?? 0))).toEqual(['e', 'e'])
    expect(switches).toEqual([{ from: 'azure', to: 'espeak', reason: 'errors', tellCaller: true }])
    expect(azure.rendered).toHaveLength(2)
  })

  it('gives way at once when it was out of reach for 3 s', async () => {
    let nowMs = 0
    const clock = { ...monotonicClock, nowMs: () => nowMs }
    const azure = anEngine('azure')
    const away: SynthesisEngine = {
      ...azure,
      render: () => {
        nowMs += 3_000
        return Promise.reject(new SpeechFault('azure', 'no connection'))
      },
    }
    const { voice, switches } = aVoice([away, anEngine('espeak')], clock)
    await heard(voice().speak('您好。'))
    expect(switches).toEqual([{ from: 'azure', to: 'espeak', reason: 'no-connection', tellCaller: true }])
  })

  it('is a fault that the call can see when no other is left', async () => {
    await expect(
      heard(
        aVoice([anEngine('espeak', 9)])
          .voice()
          .speak('您好。'),
      ),
    ).rejects.toThrow(SpeechFault)
    await expect(heard(aVoice([]).voice().speak('您好。'))).rejects.toThrow('no voice is installed')
  })
})

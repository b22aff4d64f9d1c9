/**
 * From the end of a caller's words to the first sound of the answer, over the same real calls: with the client of Azure
 * against a stand-in for the service, and with the recogniser in this machine, as installed and with the Mandarin model
 * where it is there. The words are what espeak-ng says, through the telephone's own 8 kHz A-law.
 */
import { execFileSync } from 'node:child_process'
import { decodeAlaw } from '../../telephony/rtp/g711.ts'
import { espeakSynthesiser } from '../../telephony/speech/espeak-synthesiser.ts'
import { azureStandIn, goodKey } from '../../test/telephony/speech/azure-stand-in.ts'
import { hasMandarinModel, hasPocketsphinx, mandarinModelFolder } from '../../test/telephony/speech/installed.ts'
import { percentile, type Report } from '../figures.ts'
import type { CallersAsk, CallersTold } from './callers.ts'
import { hotline } from './hotline.ts'
import { asked, cpuSeconds } from './processes.ts'

type Way = { name: string; said: string; env: NodeJS.ProcessEnv; close?: () => Promise<void> }

const perSecond = 2

export async function speechLatency(calls: number): Promise<Omit<Report, 'machine'>> {
  const measured: Record<string, object | string | number> = { calls }
  let isAnswered = true
  for (const open of ways) {
    const way = await open()
    if (typeof way === 'string') {
      const [name = '', why = ''] = way.split(': ')
      measured[name] = `not run: ${why}`
      continue
    }
    const figures = await askedBy(calls, way)
    measured[way.name] = figures
    isAnswered &&= figures.unanswered === 0
    await way.close?.()
  }
  return { bench: 'calls-speech', ok: isAnswered, floor: { unanswered: 0 }, measured, control: {} }
}

async function askedBy(calls: number, { said, env }: Way) {
  const utterance = await spoken(said)
  const callers = asked<CallersAsk, CallersTold>('callers.ts')
  const running = await hotline({ env })
  try {
    // The first caller waits for what is made once: models, and the words of the answer.
    await callers.ask({ kind: 'ask', uri: running.uri, calls: 1, perSecond, utterance }, 'asked')
    const [cpuBefore, sinceMs] = [cpuSeconds(running.phonePid), performance.now()]
    const { answerMs, unanswered } = await callers.ask(
      { kind: 'ask', uri: running.uri, calls, perSecond, utterance },
      'asked',
    )
    const cpu = (100_000 * (cpuSeconds(running.phonePid) - cpuBefore)) / (performance.now() - sinceMs)
    return {
      answerP50Ms: percentile(answerMs, 0.5),
      answerP99Ms: percentile(answerMs, 0.99),
      unanswered,
      cpuPercent: Math.round(cpu),
    }
  } finally {
    callers.stop()
    await running.stop()
  }
}

const ways: (() => Promise<Way | string>)[] = [
  async () => {
    const text = '异地就医怎么备案'
    const azure = await azureStandIn({ transcripts: Array.from({ length: 10_000 }, () => text) })
    return {
      name: 'azureStandIn',
      said: text,
      env: {
        ASR_ENGINES: 'azure',
        TTS_ENGINES: 'espeak',
        AZURE_SPEECH_KEY: goodKey,
        AZURE_SPEECH_STT_HOST: azure.host,
      },
      close: () => azure.close(),
    }
  },
  () => {
    const name = 'pocketsphinxChoices'
    if (!hasPocketsphinx) return Promise.resolve(`${name}: libpocketsphinx3 and pocketsphinx-en-us are not installed`)
    return Promise.resolve({ name, said: '转人工', env: { ASR_ENGINES: 'pocketsphinx', TTS_ENGINES: 'espeak' } })
  },
  () => {
    const name = 'pocketsphinxOpen'
    if (!hasPocketsphinx || !hasMandarinModel)
      return Promise.resolve(`${name}: libpocketsphinx3 or the Mandarin model is not there`)
    const env = { ASR_ENGINES: 'pocketsphinx', TTS_ENGINES: 'espeak', ASR_HMM_DIR: mandarinModelFolder }
    return Promise.resolve({ name, said: '异地就医怎么备案', env })
  },
]

/** @returns A-law whose last sample is the last of the voice. */
async function spoken(text: string): Promise<Uint8Array> {
  execFileSync('espeak-ng', ['--version'])
  const engine = espeakSynthesiser({ rate: 1 })
  const audio = await engine.render(text)
  await engine.close()
  const samples = decodeAlaw(audio)
  return audio.subarray(0, samples.findLastIndex((sample) => Math.abs(sample) > 500) + 1)
}

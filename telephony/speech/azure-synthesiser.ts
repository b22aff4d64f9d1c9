/**
 * Azure's voice, straight in A-law at 8 kHz. Connections are kept and reused: a new one costs several round trips
 * before the first sound.
 *
 * Invariant: one sentence at a time on a connection; after a fault the connection is not used again.
 */
import sdk from 'microsoft-cognitiveservices-speech-sdk'
import { azureLanguage, connectLimitMs, speechConfig, withoutKey, type AzureSettings } from './azure-connection.ts'
import { stretches } from './lexicon.ts'
import { SpeechFault } from './speech-fault.ts'
import type { SynthesisEngine } from './synthesiser.ts'

const name = 'azure'
export const defaultAzureVoice = 'zh-CN-XiaoxiaoNeural'
const mostKept = 4
/** The service closes an idle connection after minutes; ours goes first. */
const keptForMs = 60_000
const sentenceLimitMs = 15_000
/** A timer may come a moment early; the limit has passed for certain then. */
const timerMs = 20

type Kept = { client: sdk.SpeechSynthesizer; leaves: NodeJS.Timeout }

export function azureSynthesiser(settings: AzureSettings): SynthesisEngine {
  const voice = settings.voice ?? defaultAzureVoice
  const rate = settings.rate ?? 1
  const kept: Kept[] = []

  function connect(): sdk.SpeechSynthesizer {
    const config = speechConfig(settings, 'tts')
    config.speechSynthesisLanguage = azureLanguage
    config.speechSynthesisVoiceName = voice
    config.speechSynthesisOutputFormat = sdk.SpeechSynthesisOutputFormat.Raw8Khz8BitMonoALaw
    // Without an audio configuration of its own it would look for a loudspeaker.
    return new sdk.SpeechSynthesizer(config, null)
  }

  function keep(client: sdk.SpeechSynthesizer): void {
    if (kept.length >= mostKept) return client.close()
    const entry: Kept = { client, leaves: setTimeout(() => drop(entry), keptForMs) }
    entry.leaves.unref()
    kept.push(entry)
  }

  function drop(entry: Kept): void {
    kept.splice(kept.indexOf(entry), 1)
    clearTimeout(entry.leaves)
    entry.client.close()
  }

  function taken(): sdk.SpeechSynthesizer {
    const entry = kept.pop()
    if (!entry) return connect()
    clearTimeout(entry.leaves)
    return entry.client
  }

  return {
    name,
    voice,
    rate,
    async render(spoken) {
      const client = taken()
      try {
        const speech = await rendered(client, ssml(spoken, voice, rate), settings.key)
        keep(client)
        return speech
      } catch (error) {
        setImmediate(() => client.close())
        throw error
      }
    },
    close() {
      for (const entry of kept.slice()) drop(entry)
      return Promise.resolve()
    },
  }
}

function rendered(client: sdk.SpeechSynthesizer, document: string, key: string): Promise<Uint8Array> {
  return new Promise((resolve, reject) => {
    const fail = (why: string) => {
      clearTimeout(first)
      clearTimeout(whole)
      reject(new SpeechFault(name, withoutKey(why, key)))
    }
    const first = setTimeout(() => fail('no connection'), connectLimitMs + timerMs)
    const whole = setTimeout(() => fail('a sentence took too long'), sentenceLimitMs)
    client.synthesizing = () => clearTimeout(first)
    client.speakSsmlAsync(
      document,
      (result) => {
        if (result.reason !== sdk.ResultReason.SynthesizingAudioCompleted)
          return fail(result.errorDetails || 'was cancelled')
        clearTimeout(first)
        clearTimeout(whole)
        resolve(new Uint8Array(result.audioData))
      },
      fail,
    )
  })
}

/**
 * Words of our lexicon are pronounced as it says; the voice knows the rest. One phone that the service does not know
 * makes it refuse the whole sentence, so only plain syllables with a full tone are told.
 */
export function ssml(spoken: string, voice: string, rate: number): string {
  const said = stretches(spoken)
    .map(({ text, readings }) =>
      readings?.every((one) => plainSyllable.test(one))
        ? `<phoneme alphabet="sapi" ph="${readings.map(asSapi).join(' ')}">${escaped(text)}</phoneme>`
        : escaped(text),
    )
    .join('')
  const percent = Math.round((rate - 1) * 100)
  const paced = percent === 0 ? said : `<prosody rate="${percent > 0 ? '+' : ''}${percent}%">${said}</prosody>`
  return `<speak version="1.0" xmlns="http://www.w3.org/2001/10/synthesis" xml:lang="${azureLanguage}"><voice name="${escaped(voice)}">${paced}</voice></speak>`
}

const plainSyllable = /^[a-uw-z]+[1-4]$/
/** "hang2" is "hang 2" there. */
const asSapi = (reading: string) => reading.replace(/(\d)$/, ' $1')
const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&apos;',
}
const escaped = (text: string) => text.replace(/[&<>"']/g, (sign) => entities[sign] ?? '')

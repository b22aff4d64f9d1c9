/**
 * The engines that this machine and these settings give, put together: what callers may say, and the voice they hear.
 *
 * Invariant: a missing key, model or program never stops the phone: one line in Chinese says what is missing and what
 * still works. Below everything stand keys and recorded prompts.
 */
import { join } from 'node:path'
import { monotonicClock, type Clock } from '../rtp/clock.ts'
import { englishModelFolder, mandarinModelFault } from './acoustic-model.ts'
import type { AzureSettings } from './azure-connection.ts'
import { azureRecogniser } from './azure-recogniser.ts'
import { azureSynthesiser } from './azure-synthesiser.ts'
import { espeakSynthesiser } from './espeak-synthesiser.ts'
import { recognition, type Ears, type Recognition } from './fail-over-recogniser.ts'
import { pocketsphinxRecogniser } from './pocketsphinx-recogniser.ts'
import { deafRecogniser, type RecognitionCapability, type Recogniser, type Surface } from './recogniser.ts'
import { recordedPrompts } from './recorded-prompts.ts'
import { speechCache } from './speech-cache.ts'
import type { SpeechLog } from './speech-fault.ts'
import type { SpeechSettings } from './speech-settings.ts'
import { synthesiser, type SynthesisEngine, type Voice } from './synthesiser.ts'

export type SpeechParts = {
  settings: SpeechSettings
  dataFolder: string
  /** pocketsphinx-child, built; with `execArgv` for a loader as it is written. */
  childFile: string
  execArgv?: string[]
  log: SpeechLog
  clock?: Clock
  now?: () => Date
}

export type Speech = Awaited<ReturnType<typeof speechEngines>>

/** What the caller is told, once, when recognition falls to this in the middle of a call. */
export const fallbackNotices: Readonly<Record<RecognitionCapability, string>> = {
  open: '抱歉，刚才没有听清，请您再说一遍。',
  choices: '抱歉，语音识别暂时受限，请您说出我念到的选项，或者按对应的数字键。',
  none: '抱歉，语音识别暂时不能使用，请您按键操作。',
}

export async function speechEngines(parts: SpeechParts) {
  const { settings, dataFolder, log, clock = monotonicClock, now = () => new Date() } = parts
  const recognisers = await foundRecognisers(parts)
  const voices = await foundVoices(settings)
  const prompts = recordedPrompts({
    folder: join(dataFolder, 'prompts'),
    onUnusable: (file) => log.warn({ file }, 'a recorded prompt cannot be used'),
  })
  const cache = speechCache({
    folder: join(dataFolder, 'speech'),
    maxBytes: settings.SPEECH_CACHE_MB * 1_000_000,
    now,
  })
  const ears: Recognition = recognition({ engines: withKeys(recognisers.engines), clock })
  const voice = synthesiser({ engines: voices.engines, cache, prompts, clock })

  return {
    /** What a new call may be asked; the bot's wording follows it. */
    capability: ears.capability,
    canSpeak: voice.canSpeak,
    /** For the operator, at the start: one line for hearing, one for speaking. */
    told: [recognisers.told, voices.told],

    /** @param onFall hears of it when what callers may say has become less; `notice` only the first time in a call */
    ears(onFall: (capability: RecognitionCapability, notice: string | undefined) => void): Ears {
      return ears.ears((change) => {
        log.error({ alert: 'speech-engine-left', side: 'recognition', ...change }, 'recognition falls back')
        onFall(change.capability, change.tellCaller ? fallbackNotices[change.capability] : undefined)
      })
    },

    voice(): Voice {
      return voice.voice((change) =>
        log.error({ alert: 'speech-engine-left', side: 'synthesis', ...change }, 'synthesis falls back'),
      )
    },

    /** The published base, again whenever it changes. */
    async learn(surfaces: readonly Surface[]): Promise<void> {
      await Promise.all(recognisers.engines.map((engine) => engine.learn(surfaces)))
    },

    async close(): Promise<void> {
      await Promise.all([ears.close(), voice.close()])
    },
  }
}

function withKeys(engines: readonly Recogniser[]): readonly [Recogniser, ...Recogniser[]] {
  const [first, ...others] = engines
  return first ? [first, ...others, deafRecogniser] : [deafRecogniser]
}

async function foundRecognisers(parts: SpeechParts): Promise<{ engines: Recogniser[]; told: string }> {
  const { settings } = parts
  const engines: Recogniser[] = []
  const missing: string[] = []
  for (const wanted of settings.ASR_ENGINES) {
    if (wanted === 'none') break
    if (wanted === 'azure') {
      const azure = azureSettings(settings, 'stt')
      if (typeof azure === 'string') missing.push(azure)
      else engines.push(azureRecogniser(azure))
      continue
    }
    const embedded = await embeddedRecogniser(parts, missing)
    if (embedded) engines.push(embedded)
  }
  const what = {
    open: '来电人可以直接说问题',
    choices: '来电人可以说出念到的选项，每次按键确认',
    none: '来电人用按键操作，其余功能照常',
  }[engines[0]?.capability ?? 'none']
  return { engines, told: line('语音识别', engines, what, missing) }
}

async function embeddedRecogniser(parts: SpeechParts, missing: string[]): Promise<Recogniser | undefined> {
  const { settings, childFile, execArgv, log } = parts
  const folder = settings.ASR_HMM_DIR
  const fault = folder === undefined ? undefined : await mandarinModelFault(folder)
  if (fault !== undefined) missing.push(`ASR_HMM_DIR ${fault}，改用英文模型`)
  const mandarin = folder !== undefined && fault === undefined ? folder : undefined
  const found = await pocketsphinxRecogniser({
    model: mandarin === undefined ? 'english' : 'mandarin',
    modelFolder: mandarin ?? englishModelFolder,
    childFile,
    execArgv,
    decoders: settings.ASR_DECODERS,
    log,
  })
  if ('recogniser' in found) return found.recogniser
  log.warn({ what: found.missing }, 'pocketsphinx is not available')
  missing.push('没有 pocketsphinx，请安装 libpocketsphinx3 libsphinxbase3 pocketsphinx-en-us')
  return undefined
}

async function foundVoices(settings: SpeechSettings): Promise<{ engines: SynthesisEngine[]; told: string }> {
  const engines: SynthesisEngine[] = []
  const missing: string[] = []
  for (const wanted of settings.TTS_ENGINES) {
    if (wanted === 'none') break
    if (wanted === 'azure') {
      const azure = azureSettings(settings, 'tts')
      if (typeof azure === 'string') missing.push(azure)
      else engines.push(azureSynthesiser(azure))
      continue
    }
    const espeak = espeakSynthesiser({ rate: settings.TTS_RATE })
    const works = await espeak.render('好').then(
      () => true,
      () => false,
    )
    if (works) engines.push(espeak)
    else missing.push('没有 espeak-ng，请安装 espeak-ng')
  }
  const what = engines.length > 0 ? '全部内容都能播报' : '只能播放 DATA_DIR/prompts 里的录音'
  return { engines, told: line('语音合成', engines, what, missing) }
}

/** @returns the settings, or in Chinese what is missing. */
function azureSettings(settings: SpeechSettings, service: 'stt' | 'tts'): AzureSettings | string {
  const { AZURE_SPEECH_KEY: key, AZURE_SPEECH_REGION: region } = settings
  const [sttHost, ttsHost] = [settings.AZURE_SPEECH_STT_HOST, settings.AZURE_SPEECH_TTS_HOST]
  if (key === undefined) return '没有设置 AZURE_SPEECH_KEY，不用 Azure'
  if (region === undefined && (service === 'stt' ? sttHost : ttsHost) === undefined)
    return `没有设置 AZURE_SPEECH_REGION 或 AZURE_SPEECH_${service.toUpperCase()}_HOST，不用 Azure`
  return { key, region, sttHost, ttsHost, voice: settings.AZURE_SPEECH_VOICE, rate: settings.TTS_RATE }
}

function line(side: string, engines: readonly { name: string }[], what: string, missing: readonly string[]): string {
  const names = engines.map(({ name }) => name).join('、') || '无'
  return `${side}：${names}，${what}${missing.map((one) => `；${one}`).join('')}`
}

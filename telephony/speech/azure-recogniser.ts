/**
 * Azure's recogniser: continuous zh-CN from a push stream at 8 kHz, with what the knowledge base calls things as
 * phrases to expect. One connection for each listening.
 *
 * Invariant: after an error the client is closed and nothing is heard from it any more; whoever listens decides
 * whether to try again (fail-over-recogniser.ts).
 */
import sdk from 'microsoft-cognitiveservices-speech-sdk'
import { z } from 'zod'
import { azureLanguage, speechConfig, withoutKey, type AzureSettings } from './azure-connection.ts'
import type { Heard, Hears, Listening, ListenOrder, Recogniser } from './recogniser.ts'
import { SpeechFault } from './speech-fault.ts'
import { certain, choicesHeard } from './spoken-choices.ts'

const name = 'azure'
const lineRate = 8_000
/** Silence that ends a sentence; callers pause for longer when they read from paper. */
const pauseMs = 700
/** The service takes no more phrases than this. */
const mostPhrases = 500
/** After the last audio the service answers in well under a second. */
const lastWordLimitMs = 5_000
const sureEnough = 0.6

export function azureRecogniser(settings: AzureSettings): Recogniser {
  return {
    name,
    capability: 'open',
    isRemote: true,
    learn: () => Promise.resolve(),
    listen: (order, hears) => listen(settings, order, hears),
    close: () => Promise.resolve(),
  }
}

function listen(settings: AzureSettings, order: ListenOrder, hears: Hears): Listening {
  const stream = sdk.AudioInputStream.createPushStream(sdk.AudioStreamFormat.getWaveFormatPCM(lineRate, 16, 1))
  const client = new sdk.SpeechRecognizer(configFor(settings), sdk.AudioConfig.fromStreamInput(stream))
  sdk.PhraseListGrammar.fromRecognizer(client).addPhrases(expected(order))
  const connection = sdk.Connection.fromRecognizer(client)
  let isOver = false
  let isStreamClosed = false
  let limit: NodeJS.Timeout | undefined

  function over(tell?: () => void): void {
    if (isOver) return
    isOver = true
    clearTimeout(limit)
    if (!isStreamClosed) stream.close()
    isStreamClosed = true
    // Closing inside one of the client's own events confuses it.
    setImmediate(() => quietly(() => client.close()))
    tell?.()
  }
  const fail = (why: string) => over(() => hears.onError(new SpeechFault(name, withoutKey(why, settings.key))))

  connection.connected = () => isOver || hears.onConnection?.(true)
  connection.disconnected = () => isOver || hears.onConnection?.(false)
  client.recognizing = (_, { result }) => {
    if (!isOver && result.text) hears.onHypothesis?.(result.text)
  }
  client.recognized = (_, { result }) => {
    if (isOver || result.reason !== sdk.ResultReason.RecognizedSpeech || !result.text) return
    hears.onFinal(heard(result, order))
  }
  client.canceled = (_, event) => {
    if (event.reason === sdk.CancellationReason.EndOfStream) over(() => hears.onEnd())
    else fail(`${sdk.CancellationErrorCode[event.errorCode]}: ${event.errorDetails}`)
  }
  client.sessionStopped = () => {
    if (isStreamClosed) over(() => hears.onEnd())
  }
  client.startContinuousRecognitionAsync(undefined, fail)

  return {
    write(samples) {
      // A copy of exactly these bytes: the client keeps what it is given until the service has acknowledged it.
      if (!isStreamClosed) stream.write(new Int16Array(samples).buffer)
    },
    end() {
      if (isStreamClosed) return
      isStreamClosed = true
      stream.close()
      limit = setTimeout(() => fail('no answer after the last audio'), lastWordLimitMs)
    },
    close: () => over(),
  }
}

function configFor(settings: AzureSettings): sdk.SpeechConfig {
  const config = speechConfig(settings, 'stt')
  config.speechRecognitionLanguage = azureLanguage
  config.outputFormat = sdk.OutputFormat.Detailed
  config.setProfanity(sdk.ProfanityOption.Raw)
  config.setProperty(sdk.PropertyId.Speech_SegmentationSilenceTimeoutMs, String(pauseMs))
  return config
}

function expected({ choices = [], phrases }: ListenOrder): string[] {
  return [...new Set([...choices.map(({ title }) => title), ...phrases])].slice(0, mostPhrases)
}

function heard(result: sdk.SpeechRecognitionResult, { mode, choices = [] }: ListenOrder): Heard {
  const confidence = confidenceOf(result)
  const candidates = mode === 'choices' ? choicesHeard(result.text, choices) : []
  const isChoiceSure = mode === 'open' || (candidates[0]?.score ?? 0) >= certain
  return { text: result.text, confidence, mustConfirm: confidence < sureEnough || !isChoiceSure, candidates }
}

/** The detailed answer carries it; without one the text is taken as sure. */
function confidenceOf(result: sdk.SpeechRecognitionResult): number {
  const told = detailed.safeParse(result.json)
  return told.success ? (told.data.NBest[0]?.Confidence ?? 1) : 1
}

const detailed = z
  .string()
  .transform((json, context) => {
    try {
      return JSON.parse(json) as unknown
    } catch {
      context.addIssue('no JSON')
      return z.NEVER
    }
  })
  .pipe(z.object({ NBest: z.array(z.object({ Confidence: z.number().min(0).max(1) })) }))

function quietly(act: () => void): void {
  try {
    act()
  } catch {
    // It was closed already.
  }
}

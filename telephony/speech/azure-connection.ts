/**
 * How both Azure engines reach the service: a region (China's included, the client knows their hosts) or hosts of
 * one's own, as a gateway inside a government network has.
 *
 * Invariant: the key is in what is sent and in nothing that is written: the client puts it into addresses, and
 * addresses into its error texts, so every text from it passes through `withoutKey`.
 */
import sdk from 'microsoft-cognitiveservices-speech-sdk'

export type AzureSettings = {
  key: string
  /** "chinaeast2", "chinanorth3", "eastasia"; unused where the host is given. */
  region?: string | undefined
  sttHost?: string | undefined
  ttsHost?: string | undefined
  /** "zh-CN-XiaoxiaoNeural" */
  voice?: string | undefined
  /** 1 is the voice's own pace. */
  rate?: number | undefined
}

export const azureLanguage = 'zh-CN'
/** Without a connection for this long, the service counts as away. */
export const connectLimitMs = 3_000

// Usage reports to the vendor are no part of a call.
sdk.Recognizer.enableTelemetry(false)

/** @param service which of the two hosts is meant */
export function speechConfig(settings: AzureSettings, service: 'stt' | 'tts'): sdk.SpeechConfig {
  const host = service === 'stt' ? settings.sttHost : settings.ttsHost
  return host === undefined
    ? sdk.SpeechConfig.fromSubscription(settings.key, settings.region ?? '')
    : sdk.SpeechConfig.fromHost(new URL(host), settings.key)
}

/** @returns the text with the key, plain or as an address carries it, taken out. */
export function withoutKey(text: string, key: string): string {
  return text
    .replaceAll(key, '***')
    .replaceAll(encodeURIComponent(key), '***')
    .replace(/(subscription-key(?:=|%3d|["':\s]+))[^&\s"']+/giu, '$1***')
}

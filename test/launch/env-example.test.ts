import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { afterAll, expect, it } from 'vitest'
import { readConfig } from '../../server/config.ts'
import { readPhoneSettings } from '../../telephony/settings.ts'
import { readSpeechSettings } from '../../telephony/speech/speech-settings.ts'
import { aCertificate } from '../support/certificate.ts'

const lines = readFileSync(fileURLToPath(new URL('../../.env.example', import.meta.url)), 'utf8').split('\n')
const example: Record<string, string> = {}
for (const line of lines) {
  const [, name, value] = /^#([A-Z_]+)=(.*)$/.exec(line) ?? []
  if (name !== undefined && value !== undefined) example[name] = value
}

function settings(env: Record<string, string>) {
  const read = readConfig(env)
  if ('refused' in read) expect.unreachable(read.refused.map(({ told }) => told).join())
  return read.config
}
const byDefault = settings({ DATABASE_URL: 'postgres://localhost/budayang' })

/** Read by the launcher, before there is a server. */
const launchers = ['BUDAYANG_APT', 'PHONE']

/** Of the phone process; what it shares with the server counts once. */
function phoneNames(): string[] {
  const sample = { PHONE_TOKEN: 'x'.repeat(16), ...phoneSample }
  const [phone, speech] = [readPhoneSettings(sample), readSpeechSettings(sample)]
  if ('refused' in phone || 'refused' in speech) return expect.unreachable('the sample is refused')
  return Object.keys({ ...phone.settings, ...speech.settings })
}
/** Names that are known only where they are set. */
const certificate = aCertificate()
afterAll(certificate.remove)
const phoneSample = {
  HOTLINE_CERT_FILE: certificate.certificate,
  SIP_ADVERTISE: '192.0.2.1',
  SIP_CALLBACK_TRUNK: '192.0.2.1',
  WEBRTC_HOST: '192.0.2.1',
  WEBRTC_PUBLIC_IP: '192.0.2.1',
  AZURE_SPEECH_KEY: 'key',
  AZURE_SPEECH_REGION: 'chinaeast2',
  AZURE_SPEECH_STT_HOST: 'wss://stt.example',
  AZURE_SPEECH_TTS_HOST: 'wss://tts.example',
  AZURE_SPEECH_VOICE: 'zh-CN-XiaoxiaoNeural',
  ASR_HMM_DIR: '/models',
}

it('names every variable that is read, and no other', () => {
  const known = Object.keys({ ...byDefault, ...settings(example) }).filter((name) => /^[A-Z_]+$/.test(name))
  expect(Object.keys(example).sort()).toEqual([...new Set([...known, ...launchers, ...phoneNames()])].sort())
})

it('holds only values that the server takes', () => {
  expect(settings(example).PORT).toBe(8080)
})

it.each([
  'PORT',
  'HOST',
  'DATA_DIR',
  'BUREAU_NAME',
  'BUSINESS_ZONE',
  'LOG_LEVEL',
  'PACKS_UNREVIEWED',
  'SILENCE_MINUTES',
] as const)('shows the default of %s', (name) => {
  expect(example[name]).toBe(String(byDefault[name]))
})

it.each(['RATE_LIMIT', 'TRUST_PROXY', 'PII_LOGS'] as const)('shows the default of the switch %s', (name) => {
  expect(example[name]).toBe(byDefault[name] ? 'on' : 'off')
})

it('explains every variable in the line above it', () => {
  const unexplained = lines.filter((line, at) => /^#[A-Z_]+=/.test(line) && !/^#( |[A-Z])/.test(lines[at - 1] ?? ''))
  expect(unexplained).toEqual([])
})

import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { speechEngines, type Speech } from '../../../telephony/speech/engines.ts'
import type { SpeechLog } from '../../../telephony/speech/speech-fault.ts'
import { readSpeechSettings, type SpeechSettings } from '../../../telephony/speech/speech-settings.ts'
import { azureStandIn, badKey, goodKey } from './azure-stand-in.ts'
import { childFile, execArgv, hasEspeak, hasPocketsphinx, quietLog } from './installed.ts'
import { aHearing, tone } from './sounds.ts'

let folder = ''
const running: { close(): Promise<void> }[] = []
beforeEach(async () => void (folder = await mkdtemp(join(tmpdir(), 'budayang-engines-'))))
afterEach(async () => {
  await Promise.all(running.splice(0).map((one) => one.close()))
  await rm(folder, { recursive: true, force: true })
})

function settingsOf(env: NodeJS.ProcessEnv): SpeechSettings {
  const read = readSpeechSettings(env)
  if ('refused' in read) throw new Error(read.refused.join('\n'))
  return read.settings
}

async function aSpeech(env: NodeJS.ProcessEnv, log: SpeechLog = quietLog): Promise<Speech> {
  const speech = await speechEngines({ settings: settingsOf(env), dataFolder: folder, childFile, execArgv, log })
  running.push(speech)
  return speech
}

describe('settings of speech', () => {
  it('need nothing', () => {
    expect(settingsOf({ AZURE_SPEECH_KEY: '' })).toMatchObject({
      ASR_ENGINES: ['azure', 'pocketsphinx'],
      TTS_ENGINES: ['azure', 'espeak'],
      TTS_RATE: 1,
    })
  })

  it.each([
    ['ASR_ENGINES', 'siri'],
    ['TTS_RATE', '9'],
    ['TTS_RATE', '快'],
    ['AZURE_SPEECH_REGION', 'China East'],
    ['AZURE_SPEECH_STT_HOST', 'somewhere'],
    ['AZURE_SPEECH_VOICE', '<voice>'],
    ['SPEECH_CACHE_MB', '0'],
  ])('refuse %s=%s by its name', (name, value) => {
    const read = readSpeechSettings({ [name]: value })
    expect('refused' in read && read.refused.join()).toContain(`配置 ${name}`)
  })
})

describe('the engines of a machine', () => {
  it('fall to keys and recordings, and say so', async () => {
    const speech = await aSpeech({ ASR_ENGINES: 'none', TTS_ENGINES: 'none' })
    expect([speech.capability, speech.canSpeak]).toEqual(['none', false])
    expect(speech.told).toEqual([
      '语音识别：无，来电人用按键操作，其余功能照常',
      '语音合成：无，只能播放 DATA_DIR/prompts 里的录音',
    ])
  })

  it('say which of key and region is missing, and never the key', async () => {
    const without = await aSpeech({ ASR_ENGINES: 'azure', TTS_ENGINES: 'azure' })
    expect(without.told[0]).toContain('没有设置 AZURE_SPEECH_KEY，不用 Azure')
    const halfSet = await aSpeech({ ASR_ENGINES: 'azure', TTS_ENGINES: 'azure', AZURE_SPEECH_KEY: goodKey })
    expect(halfSet.told[1]).toContain('没有设置 AZURE_SPEECH_REGION 或 AZURE_SPEECH_TTS_HOST')
    expect(halfSet.told.join()).not.toContain(goodKey)
  })

  it('take open questions with a service of China', async () => {
    const env = {
      ASR_ENGINES: 'azure',
      TTS_ENGINES: 'azure',
      AZURE_SPEECH_KEY: goodKey,
      AZURE_SPEECH_REGION: 'chinaeast2',
    }
    const speech = await aSpeech(env)
    expect([speech.capability, speech.canSpeak]).toEqual(['open', true])
    expect(speech.told[0]).toBe('语音识别：azure，来电人可以直接说问题')
  })

  it.skipIf(!hasEspeak || !hasPocketsphinx)(
    'take choices where only Debian is (needs espeak-ng, pocketsphinx)',
    async () => {
      const speech = await aSpeech({ ASR_HMM_DIR: folder })
      expect([speech.capability, speech.canSpeak]).toEqual(['choices', true])
      expect(speech.told[0]).toMatch(/^语音识别：pocketsphinx，.*ASR_HMM_DIR 缺少文件 .*改用英文模型/)
    },
  )

  it('tell the caller and operations when the service refuses in the middle of a call, without the key', async () => {
    const standIn = await azureStandIn({})
    running.push(standIn)
    const logged: unknown[] = []
    const keep = (what: object, message: string) => void logged.push(what, message)
    const env = {
      ASR_ENGINES: 'azure',
      TTS_ENGINES: 'none',
      AZURE_SPEECH_KEY: badKey,
      AZURE_SPEECH_STT_HOST: standIn.host,
    }
    const speech = await aSpeech(env, { info: keep, warn: keep, error: keep })
    const fell: unknown[] = []
    const hearing = aHearing()
    const ears = speech.ears((capability, notice) => fell.push([capability, notice]))
    ears.listen({ mode: 'open', phrases: [] }, hearing.hears).write(tone(300, 100))
    await hearing.over
    expect(fell).toEqual([['none', '抱歉，语音识别暂时不能使用，请您按键操作。']])
    expect(JSON.stringify(logged)).toContain('speech-engine-left')
    expect(JSON.stringify(logged)).not.toContain(badKey)
  })

  it('keep what they rendered in the data folder', async () => {
    const standIn = await azureStandIn({ speech: new Uint8Array(4_000).fill(0xd5) })
    running.push(standIn)
    const env = {
      ASR_ENGINES: 'none',
      TTS_ENGINES: 'azure',
      AZURE_SPEECH_KEY: goodKey,
      AZURE_SPEECH_TTS_HOST: standIn.host,
    }
    for (const _ of ['once', 'again after a restart']) {
      const speech = await aSpeech(env)
      for await (const { speech: audio } of speech.voice().speak('您好。')) expect(audio).toHaveLength(4_000)
    }
    expect(standIn.seen.ssml).toHaveLength(1)
  })
})

import { setTimeout as pause } from 'node:timers/promises'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { monotonicClock } from '../../../telephony/rtp/clock.ts'
import { speechConfig, withoutKey } from '../../../telephony/speech/azure-connection.ts'
import { azureRecogniser } from '../../../telephony/speech/azure-recogniser.ts'
import { azureSynthesiser, ssml } from '../../../telephony/speech/azure-synthesiser.ts'
import { recognition } from '../../../telephony/speech/fail-over-recogniser.ts'
import { deafRecogniser, type Listening } from '../../../telephony/speech/recogniser.ts'
import sdk from 'microsoft-cognitiveservices-speech-sdk'
import { azureStandIn, badKey, goodKey, type Script } from './azure-stand-in.ts'
import { aHearing, frames, joined, silence, tone } from './sounds.ts'

type StandIn = Awaited<ReturnType<typeof azureStandIn>>
const open: StandIn[] = []

async function aStandIn(script: Script = {}): Promise<StandIn> {
  const started = await azureStandIn(script)
  open.push(started)
  return started
}

afterEach(async () => {
  vi.restoreAllMocks()
  await Promise.all(open.splice(0).map((one) => one.close()))
})

const anUtterance = joined(silence(200), tone(300, 1_000), silence(800))

/** As a call does it, four times as fast. */
async function speak(listening: Listening, samples = anUtterance): Promise<void> {
  for (const [i, frame] of frames(samples).entries()) {
    listening.write(frame)
    if (i % 10 === 9) await pause(50)
  }
}

const anOrder = (phrases: string[] = []) => ({ mode: 'open' as const, phrases })

describe('hearing through the service', () => {
  it('tells what it guesses, then what was said, one final for each sentence', async () => {
    const { host } = await aStandIn({ transcripts: ['异地就医怎么备案', '谢谢'] })
    const hearing = aHearing()
    const listening = azureRecogniser({ key: goodKey, sttHost: host }).listen(anOrder(), hearing.hears)
    await speak(listening, joined(anUtterance, anUtterance))
    listening.end()
    await hearing.over
    expect(hearing.faults).toEqual([])
    expect(hearing.hypotheses).toContain('异地就')
    expect(hearing.finals.map(({ text }) => text)).toEqual(['异地就医怎么备案', '谢谢'])
    expect(hearing.finals[0]).toMatchObject({ confidence: 0.93, mustConfirm: false, candidates: [] })
  })

  it('sends 8 kHz audio, the language, and what to expect', async () => {
    const { host, seen } = await aStandIn({ transcripts: ['生育津贴'] })
    const hearing = aHearing()
    const order = { mode: 'choices' as const, choices: [{ id: 'a', title: '生育津贴怎么领' }], phrases: ['门诊慢特病'] }
    const listening = azureRecogniser({ key: goodKey, sttHost: host }).listen(order, hearing.hears)
    await speak(listening)
    listening.end()
    await hearing.over
    expect(seen.phrases).toEqual(['生育津贴怎么领', '门诊慢特病'])
    expect(seen.rate).toBe(8_000)
    expect(seen.audioBytes).toBe(anUtterance.length * 2)
    expect(seen.upgrades[0]).toMatch(/^\/speech\/recognition\/.*language=zh-CN/)
  })

  it('finds the choice that sounds like what was said, and has it confirmed unless it is the title itself', async () => {
    const { host } = await aStandIn({ transcripts: ['生育津贴怎么领', '异地就医备案'] })
    const hearing = aHearing()
    const choices = [
      { id: 'a', title: '生育津贴怎么领' },
      { id: 'b', title: '异地就医怎么备案' },
    ]
    const listening = azureRecogniser({ key: goodKey, sttHost: host }).listen(
      { mode: 'choices', choices, phrases: [] },
      hearing.hears,
    )
    await speak(listening, joined(anUtterance, anUtterance))
    listening.end()
    await hearing.over
    expect(hearing.finals.map(({ candidates, mustConfirm }) => [candidates[0]?.id, mustConfirm])).toEqual([
      ['a', false],
      ['b', true],
    ])
  })

  it('has what it is not sure of confirmed', async () => {
    const { host } = await aStandIn({ transcripts: ['断保'], confidence: 0.4 })
    const hearing = aHearing()
    const listening = azureRecogniser({ key: goodKey, sttHost: host }).listen(anOrder(), hearing.hears)
    await speak(listening)
    listening.end()
    await hearing.over
    expect(hearing.finals[0]).toMatchObject({ confidence: 0.4, mustConfirm: true })
  })

  it('ends without a final when nothing was said', async () => {
    const { host } = await aStandIn({ transcripts: ['不会说出来的话'] })
    const hearing = aHearing()
    const listening = azureRecogniser({ key: goodKey, sttHost: host }).listen(anOrder(), hearing.hears)
    await speak(listening, silence(600))
    listening.end()
    await hearing.over
    expect([hearing.finals, hearing.faults]).toEqual([[], []])
  })

  it('says nothing more once it is closed', async () => {
    const { host } = await aStandIn({ transcripts: ['来不及了'] })
    const hearing = aHearing()
    const listening = azureRecogniser({ key: goodKey, sttHost: host }).listen(anOrder(), hearing.hears)
    await speak(listening, tone(300, 200))
    listening.close()
    listening.write(tone(300, 20))
    listening.end()
    await pause(300)
    expect([hearing.finals, hearing.faults]).toEqual([[], []])
  })
})

describe('a key that must not be seen', () => {
  it('is in no word that a refusal gives us, nor on the console', async () => {
    const { host, seen } = await aStandIn()
    const written: unknown[] = []
    for (const method of ['log', 'info', 'warn', 'error', 'debug'] as const)
      vi.spyOn(console, method).mockImplementation((...words: unknown[]) => void written.push(...words))
    const hearing = aHearing()
    azureRecogniser({ key: badKey, sttHost: host }).listen(anOrder(), hearing.hears).write(tone(300, 100))
    await hearing.over
    expect(hearing.faults).toHaveLength(1)
    expect(seen.upgrades.length).toBeGreaterThan(0)
    const voice = azureSynthesiser({ key: badKey, ttsHost: host })
    const fault: unknown = await voice.render('您好').catch((error: unknown) => error)
    expect(fault).toMatchObject({ name: 'SpeechFault', engine: 'azure' })
    expect(`${JSON.stringify(written)} ${String(hearing.faults[0])} ${String(fault)}`).not.toContain(badKey)
  })

  it('is taken out of an address, plain and encoded', () => {
    const address = `wss://host/stt?Ocp-Apim-Subscription-Key=${encodeURIComponent(goodKey)}&X-ConnectionId=1 ${goodKey}`
    expect(withoutKey(address, goodKey)).toBe('wss://host/stt?Ocp-Apim-Subscription-Key=***&X-ConnectionId=1 ***')
  })
})

describe('where the service is', () => {
  it("takes China's regions, whose hosts the client knows", () => {
    const config = speechConfig({ key: goodKey, region: 'chinaeast2' }, 'stt')
    expect(config.getProperty(sdk.PropertyId[sdk.PropertyId.SpeechServiceConnection_Region])).toBe('chinaeast2')
  })

  it('prefers a host of its own for each service', () => {
    const settings = {
      key: goodKey,
      region: 'chinaeast2',
      sttHost: 'wss://stt.gov.example',
      ttsHost: 'wss://tts.gov.example',
    }
    const host = (service: 'stt' | 'tts') =>
      speechConfig(settings, service).getProperty(sdk.PropertyId[sdk.PropertyId.SpeechServiceConnection_Host])
    expect([host('stt'), host('tts')]).toEqual(['wss://stt.gov.example', 'wss://tts.gov.example'])
  })
})

describe('a call whose service fails', () => {
  it('says everything again when the connection is lost once, and the caller notices nothing', async () => {
    const { host, seen } = await aStandIn({ transcripts: ['住院报多少'], dropsAfterBytes: [4_000] })
    const switches: unknown[] = []
    const engines = [azureRecogniser({ key: goodKey, sttHost: host }), deafRecogniser] as const
    const ears = recognition({ engines, clock: monotonicClock }).ears((change) => switches.push(change))
    const hearing = aHearing()
    const listening = ears.listen(anOrder(), hearing.hears)
    await speak(listening)
    listening.end()
    await hearing.over
    expect(hearing.finals.map(({ text }) => text)).toEqual(['住院报多少'])
    expect(seen.upgrades.length).toBeGreaterThan(1)
    expect(switches).toEqual([])
  })

  it('leaves a service that loses every connection, after the second time', async () => {
    const { host } = await aStandIn({ transcripts: ['住院报多少'], dropsAfterBytes: Array<number>(40).fill(4_000) })
    const switches: { reason: string }[] = []
    const engines = [azureRecogniser({ key: goodKey, sttHost: host }), deafRecogniser] as const
    const ears = recognition({ engines, clock: monotonicClock }).ears((change) => switches.push(change))
    const hearing = aHearing()
    const listening = ears.listen(anOrder(), hearing.hears)
    await speak(listening)
    listening.end()
    await hearing.over
    expect(switches).toHaveLength(1)
    expect([ears.engine, hearing.finals]).toEqual(['none', []])
  })

  it('falls to the keys after a second refusal, and says so once', async () => {
    const { host } = await aStandIn()
    const switches: object[] = []
    const engines = [azureRecogniser({ key: badKey, sttHost: host }), deafRecogniser] as const
    const ears = recognition({ engines, clock: monotonicClock }).ears((change) => switches.push(change))
    const hearing = aHearing()
    ears.listen(anOrder(), hearing.hears).write(tone(300, 100))
    await hearing.over
    expect(switches).toEqual([{ from: 'azure', to: 'none', reason: 'errors', tellCaller: true, capability: 'none' }])
    expect(ears.capability).toBe('none')
  })

  it('waits 3 s for a service that accepts and never answers, no longer', async () => {
    const { host } = await aStandIn({ isMute: true })
    const switches: { reason: string }[] = []
    const engines = [azureRecogniser({ key: goodKey, sttHost: host }), deafRecogniser] as const
    const ears = recognition({ engines, clock: monotonicClock }).ears((change) => switches.push(change))
    const hearing = aHearing()
    const startedMs = performance.now()
    ears.listen(anOrder(), hearing.hears)
    await hearing.over
    expect(switches.map(({ reason }) => reason)).toEqual(['no-connection'])
    expect(performance.now() - startedMs).toBeGreaterThan(2_900)
    expect(performance.now() - startedMs).toBeLessThan(4_500)
  })
})

describe('speaking through the service', () => {
  const speech = Uint8Array.from({ length: 20_000 }, (_, i) => i % 256)

  it('gives the very bytes, asked for as A-law at 8 kHz, and uses one connection for the next sentence', async () => {
    const { host, seen } = await aStandIn({ speech })
    const voice = azureSynthesiser({ key: goodKey, ttsHost: host, voice: 'zh-CN-YunxiNeural' })
    expect(Buffer.compare(await voice.render('您好。'), speech)).toBe(0)
    expect((await voice.render('请讲。')).length).toBe(20_000)
    expect(seen.format).toBe('raw-8khz-8bit-mono-alaw')
    expect(seen.upgrades).toHaveLength(1)
    expect(seen.ssml[0]).toContain('zh-CN-YunxiNeural')
    await voice.close()
  })

  it('fails where the connection breaks, and speaks again on a new one', async () => {
    const { host } = await aStandIn({ speech, brokenSyntheses: 1 })
    const voice = azureSynthesiser({ key: goodKey, ttsHost: host })
    await expect(voice.render('您好。')).rejects.toMatchObject({ name: 'SpeechFault' })
    expect((await voice.render('您好。')).length).toBe(20_000)
    await voice.close()
  })

  it('gives up on a service that accepts and never answers after 3 s', async () => {
    const { host } = await aStandIn({ isMute: true })
    await expect(azureSynthesiser({ key: goodKey, ttsHost: host }).render('您好。')).rejects.toThrow('no connection')
  })

  it('tells how words of the lexicon are read, and keeps text from being markup', () => {
    expect(ssml('请重新办', 'v', 1)).toContain('请<phoneme alphabet="sapi" ph="chong 2 xin 1">重新</phoneme>办')
    expect(ssml('吕梁', 'v', 1)).not.toContain('phoneme')
    expect(ssml('<a>&"', 'v', 1.2)).toContain('<prosody rate="+20%">&lt;a&gt;&amp;&quot;</prosody>')
  })
})

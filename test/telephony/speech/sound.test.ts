import { mkdtemp, rm, utimes, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { decodeAlaw, encodeAlaw } from '../../../telephony/rtp/g711.ts'
import { recordedPrompts } from '../../../telephony/speech/recorded-prompts.ts'
import { resample } from '../../../telephony/speech/resampler.ts'
import { speechCache } from '../../../telephony/speech/speech-cache.ts'
import { readWav } from '../../../telephony/speech/wav.ts'
import { joined, loudness, silence, tone } from './sounds.ts'

/** How much louder or quieter, in dB, leaving out the ends where the filter starts. */
function change(hertz: number, from: number, to: number): number {
  const heard = resample(tone(hertz, 1_000, from), from, to)
  return 20 * Math.log10(loudness(heard.slice(400, -400)) / loudness(tone(hertz, 1_000, from)))
}

describe('the resampler', () => {
  it.each([300, 1_000, 2_500, 3_300])('carries %d Hz from 22.05 kHz to the line as it is', (hertz) => {
    expect(Math.abs(change(hertz, 22_050, 8_000))).toBeLessThan(0.2)
  })

  it.each([4_300, 5_000, 7_900, 10_500])('lets nothing of %d Hz fold back onto the line', (hertz) => {
    expect(change(hertz, 22_050, 8_000)).toBeLessThan(-60)
  })

  it.each([44_100, 48_000, 16_000, 11_025])('brings %d Hz to the line in the same time', (rate) => {
    expect(resample(tone(1_000, 500, rate), rate, 8_000).length).toBeCloseTo(4_000, -1)
    expect(Math.abs(change(1_000, rate, 8_000))).toBeLessThan(0.2)
  })

  it('doubles the rate for the recogniser without a mirror image', () => {
    const heard = resample(tone(1_000, 1_000), 8_000, 16_000)
    expect(heard.length).toBe(16_000)
    const expected = tone(1_000, 1_000, 16_000)
    const difference = heard.map((sample, i) => sample - (expected[i] ?? 0)).slice(400, -400)
    expect(loudness(difference)).toBeLessThan(loudness(expected) / 100)
  })

  it('keeps silence silent, a level a level, and takes nothing at all', () => {
    expect(loudness(resample(silence(100), 22_050, 8_000))).toBe(0)
    expect(resample(new Int16Array(4_000).fill(1_000), 22_050, 8_000).slice(200, 900)).toEqual(
      new Int16Array(700).fill(1_000),
    )
    expect(resample(new Int16Array(), 22_050, 8_000)).toHaveLength(0)
  })
})

function wav(samples: Int16Array, rate: number, channels = 1, told = samples.length * 2): Buffer {
  const head = Buffer.alloc(44)
  head.write('RIFF')
  head.writeUInt32LE(36 + told, 4)
  head.write('WAVEfmt ', 8)
  head.writeUInt32LE(16, 16)
  head.writeUInt16LE(1, 20)
  head.writeUInt16LE(channels, 22)
  head.writeUInt32LE(rate, 24)
  head.writeUInt32LE(rate * channels * 2, 28)
  head.writeUInt16LE(channels * 2, 32)
  head.writeUInt16LE(16, 34)
  head.write('data', 36)
  head.writeUInt32LE(told, 40)
  return Buffer.concat([head, Buffer.from(samples.buffer, samples.byteOffset, samples.byteLength)])
}

describe('a WAV file', () => {
  it('is read, also when a stream could not know its length', () => {
    const samples = tone(500, 100, 16_000)
    expect(readWav(wav(samples, 16_000))).toEqual({ samples, rate: 16_000 })
    expect(readWav(wav(samples, 16_000, 1, 0x7ffff000))).toEqual({ samples, rate: 16_000 })
  })

  it('is mixed to one channel', () => {
    expect(readWav(wav(Int16Array.of(100, 300, -100, -300), 8_000, 2))?.samples).toEqual(Int16Array.of(200, -200))
  })

  it('is refused when it is none, cut short, or in a coding of its own', () => {
    expect(readWav(Buffer.from('ID3 not a wav file at all'))).toBeUndefined()
    expect(readWav(wav(tone(500, 10), 8_000).subarray(0, 30))).toBeUndefined()
    const compressed = wav(tone(500, 10), 8_000)
    compressed.writeUInt16LE(85, 20)
    expect(readWav(compressed)).toBeUndefined()
  })
})

let folder = ''
beforeEach(async () => void (folder = await mkdtemp(join(tmpdir(), 'budayang-speech-'))))
afterEach(() => rm(folder, { recursive: true, force: true }))

describe('the cache of rendered speech', () => {
  const key = (text: string, rate = 1) => ({ engine: 'espeak', voice: 'cmn', rate, text })
  const minute = (n: number) => new Date(Date.UTC(2026, 0, 1, 9, n))

  it('gives back what was kept, for exactly the same voice, pace and words', async () => {
    const cache = speechCache({ folder: join(folder, 'new'), maxBytes: 1_000, now: () => minute(0) })
    await cache.keep(key('您好'), Uint8Array.of(1, 2, 3))
    expect(new Uint8Array((await cache.find(key('您好'))) ?? [])).toEqual(Uint8Array.of(1, 2, 3))
    expect(await cache.find(key('您好', 1.2))).toBeUndefined()
    expect(await cache.find(key('您好。'))).toBeUndefined()
  })

  it('stays under its limit, and lets go what was not heard for longest', async () => {
    let now = minute(0)
    const cache = speechCache({ folder, maxBytes: 1_000, now: () => now })
    for (let i = 0; i < 10; i++) {
      now = minute(i)
      await cache.keep(key(`第${i}句`), new Uint8Array(100))
    }
    now = minute(20)
    await cache.find(key('第0句'))
    await new Promise((resolve) => setTimeout(resolve, 50)) // its time of hearing is written behind the call
    now = minute(21)
    await cache.keep(key('新的一句'), new Uint8Array(100))
    expect(await cache.find(key('第0句'))).toBeDefined()
    expect(await cache.find(key('第1句'))).toBeUndefined()
    expect(await cache.find(key('新的一句'))).toBeDefined()
  })

  it('keeps nothing that is larger than all of it, nor nothing', async () => {
    const cache = speechCache({ folder, maxBytes: 10, now: () => minute(0) })
    await cache.keep(key('长'), new Uint8Array(11))
    await cache.keep(key('空'), new Uint8Array())
    expect([await cache.find(key('长')), await cache.find(key('空'))]).toEqual([undefined, undefined])
  })

  it('costs no call when the disk refuses', async () => {
    const file = join(folder, 'a-file')
    await writeFile(file, '')
    const cache = speechCache({ folder: file, maxBytes: 1_000, now: () => minute(0) })
    await cache.keep(key('您好'), Uint8Array.of(1))
    expect(await cache.find(key('您好'))).toBeUndefined()
  })
})

describe('recorded prompts', () => {
  it('are played from A-law as it is, and from WAV of any rate', async () => {
    const prompts = recordedPrompts({ folder, onUnusable: () => undefined })
    await writeFile(join(folder, 'greeting.alaw'), Uint8Array.of(0xd5, 0x55))
    await writeFile(join(folder, 'goodbye.wav'), wav(tone(1_000, 500, 44_100), 44_100))
    expect(new Uint8Array((await prompts.find('greeting')) ?? [])).toEqual(Uint8Array.of(0xd5, 0x55))
    const goodbye = await prompts.find('goodbye')
    expect(goodbye).toHaveLength(4_000)
    expect(loudness(decodeAlaw(goodbye ?? new Uint8Array()))).toBeCloseTo(loudness(tone(1_000, 500)), -3)
    expect(await prompts.find('never-recorded')).toBeUndefined()
  })

  it('are read again when they were changed', async () => {
    const prompts = recordedPrompts({ folder, onUnusable: () => undefined })
    const file = join(folder, 'greeting.wav')
    await writeFile(file, wav(tone(1_000, 100), 8_000))
    expect(await prompts.find('greeting')).toHaveLength(800)
    await writeFile(file, wav(joined(tone(1_000, 100), tone(500, 100)), 8_000))
    await utimes(file, new Date(), new Date(Date.now() + 5_000))
    expect(await prompts.find('greeting')).toHaveLength(1_600)
  })

  it('are left out, and said once, when they cannot be used', async () => {
    const told: string[] = []
    const prompts = recordedPrompts({ folder, onUnusable: (file) => told.push(file) })
    await writeFile(join(folder, 'greeting.wav'), 'no sound')
    expect([await prompts.find('greeting'), await prompts.find('greeting')]).toEqual([undefined, undefined])
    expect(told).toEqual([join(folder, 'greeting.wav')])
  })

  it('never lead out of their folder', async () => {
    await writeFile(join(folder, 'secret.alaw'), encodeAlaw(tone(500, 10)))
    const prompts = recordedPrompts({ folder: join(folder, 'prompts'), onUnusable: () => undefined })
    expect(await prompts.find('../secret')).toBeUndefined()
  })
})

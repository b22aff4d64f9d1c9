import fc from 'fast-check'
import { expect, it } from 'vitest'
import { alawSilence } from '../../../telephony/rtp/g711.ts'
import { liveFrames } from '../../../telephony/rtp/live-frames.ts'
import { loop, player, type Piece } from '../../../telephony/rtp/player.ts'

const aPiece = (name: string, bytes: number, value = 1): Piece => ({ name, audio: new Uint8Array(bytes).fill(value) })

function frames(of: ReturnType<typeof player>, count: number): Uint8Array[] {
  return Array.from({ length: count }, () => of.nextFrame()).filter((frame) => frame !== undefined)
}

it('plays pieces one after the other without a gap, and fills up the last frame', () => {
  const lengths = fc.array(fc.nat(1_000), { minLength: 1, maxLength: 8 })
  return fc.assert(
    fc.asyncProperty(lengths, async (all) => {
      const speech = player()
      const pieces = all.map((bytes, i) => aPiece(`piece ${i}`, bytes, i + 1))
      const heard = speech.controls.play(pieces)
      const played = frames(speech, 60)
      const sound = played.flatMap((frame) => [...frame])
      const wanted = pieces.flatMap(({ audio }) => [...audio])
      expect(sound.slice(0, wanted.length)).toEqual(wanted)
      expect(sound.slice(wanted.length).every((byte) => byte === alawSilence)).toBe(true)
      expect(played).toHaveLength(Math.ceil(wanted.length / 160))
      expect(await heard).toEqual(
        pieces.map(({ name, audio }) => ({
          name,
          sentMs: audio.length / 8,
          lengthMs: audio.length / 8,
          isWhole: true,
        })),
      )
    }),
  )
})

it('tells what was heard of each piece when it is stopped', async () => {
  const speech = player()
  const first = speech.controls.play([aPiece('一', 320), aPiece('二', 1_600)])
  const second = speech.controls.play([aPiece('三', 800)])
  frames(speech, 5)
  expect(speech.controls.progress().map(({ name, sentMs }) => [name, sentMs])).toEqual([
    ['二', 60],
    ['三', 0],
  ])
  speech.controls.stop()
  expect((await first).map(({ name, sentMs, isWhole }) => [name, sentMs, isWhole])).toEqual([
    ['一', 40, true],
    ['二', 60, false],
  ])
  expect((await second).map(({ sentMs }) => sentMs)).toEqual([0])
  expect(speech.nextFrame()).toBeUndefined()
})

it('goes on after a pause at the start of the piece, and counts the furthest that was heard', async () => {
  const speech = player()
  const heard = speech.controls.play([
    aPiece('一', 320, 1),
    { name: '二', audio: Uint8Array.from({ length: 480 }, (_, i) => i / 160) },
  ])
  frames(speech, 4)
  speech.controls.pause()
  expect(speech.nextFrame()).toBeUndefined()
  expect(speech.controls.isPlaying()).toBe(false)
  speech.controls.resume()
  expect(speech.nextFrame()?.[0]).toBe(0)
  speech.controls.stop()
  expect((await heard).map(({ sentMs }) => sentMs)).toEqual([40, 40])
})

it('has nothing to wait for when nothing is to be said', async () => {
  expect(await player().controls.play([])).toEqual([])
})

it('goes round a sound without a gap', () => {
  const next = loop(Uint8Array.of(1, 2, 3))
  const sound = [...(next() ?? []), ...(next() ?? [])]
  expect(sound.every((byte, i) => byte === (i % 3) + 1)).toBe(true)
  expect(loop(new Uint8Array())()).toBeUndefined()
})

it('gathers a live voice before it begins, and never lets it fall behind', () => {
  const live = liveFrames()
  const frame = (value: number) => new Uint8Array(160).fill(value)
  live.push(frame(1))
  expect(live.nextFrame()).toBeUndefined()
  live.push(frame(2))
  expect([live.nextFrame()?.[0], live.nextFrame()?.[0], live.nextFrame()]).toEqual([1, 2, undefined])
  for (let i = 1; i <= 20; i++) live.push(frame(i))
  expect(live.nextFrame()?.[0]).toBe(13)
  expect(live.dropped()).toBe(12)
})

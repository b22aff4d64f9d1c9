/** The stream between the phone and one console: what its stamps say while calls, holes and strangers come and go. */
import { expect, it } from 'vitest'
import { aStreamId, webrtcRtp } from '../../../telephony/agent-sound/webrtc-rtp.ts'
import { readRtp, writeRtp, type RtpHeader, type RtpPacket } from '../../../telephony/rtp/rtp-packet.ts'

const voice = (byte: number) => new Uint8Array(160).fill(byte)
const silence = 0xd5

function aStream() {
  let nowMs = 1_000
  const sent: RtpPacket[] = []
  const heard: Uint8Array[] = []
  const streamId = aStreamId()
  const rtp = webrtcRtp({
    streamId,
    clock: { nowMs: () => nowMs },
    heard: (alaw) => void heard.push(alaw),
    send(packet) {
      const read = readRtp(packet)
      if (read) sent.push(read)
    },
  })
  let sequence = 65_530
  const fromConsole = (header: Partial<RtpHeader> = {}, payload = voice(1)) =>
    rtp.take(
      writeRtp(
        { marker: false, payloadType: 8, sequence: sequence++ & 0xffff, timestamp: 0, ssrc: 1, ...header },
        payload,
      ),
    )
  return { rtp, sent, heard, streamId, fromConsole, pass: (ms: number) => void (nowMs += ms) }
}

const steps = (packets: readonly RtpPacket[], of: 'sequence' | 'timestamp', wrap: number) =>
  packets.slice(1).map((packet, i) => (packet[of] - (packets[i]?.[of] ?? 0) + wrap) % wrap)

it('sends one stream of PCMA, each packet one further and 20 ms later', () => {
  const { rtp, sent, streamId, pass } = aStream()
  for (let i = 0; i < 70_000; i++) {
    rtp.send(voice(i & 0xff))
    if (i < 100) pass(i % 2 ? 35 : 5)
  }
  expect(new Set(sent.map(({ ssrc }) => ssrc))).toEqual(new Set([streamId]))
  expect(new Set(sent.map(({ payloadType }) => payloadType))).toEqual(new Set([8]))
  expect(new Set(steps(sent, 'sequence', 2 ** 16))).toEqual(new Set([1]))
  expect(new Set(steps(sent, 'timestamp', 2 ** 32))).toEqual(new Set([160]))
})

it('lets time go on through a pause, such as between two calls, and loses no number', () => {
  const { rtp, sent, pass } = aStream()
  rtp.send(voice(1))
  pass(20)
  rtp.send(voice(2))
  pass(4_000)
  rtp.send(voice(3))
  expect(steps(sent, 'sequence', 2 ** 16)).toEqual([1, 1])
  expect(steps(sent, 'timestamp', 2 ** 32)).toEqual([160, 200 * 160])
})

it('fills a hole of the caller with silence for a second, and not for longer', () => {
  const { rtp, sent, fromConsole, pass } = aStream()
  rtp.send(voice(1))
  for (let ms = 0; ms < 3_000; ms += 20) {
    pass(20)
    fromConsole()
  }
  const filled = sent.slice(1)
  expect(filled.every(({ payload }) => payload.every((code) => code === silence))).toBe(true)
  expect(filled.length).toBeGreaterThanOrEqual(44)
  expect(filled.length).toBeLessThanOrEqual(46)
  expect(steps(sent, 'timestamp', 2 ** 32).reduce((all, step) => all + step, 0)).toBeLessThanOrEqual(50 * 160)
  rtp.send(voice(2))
  expect(steps(sent, 'timestamp', 2 ** 32).reduce((all, step) => all + step, 0)).toBe(150 * 160)
})

it('sends nothing before the first call, whatever the console says', () => {
  const { sent, fromConsole, pass } = aStream()
  for (let i = 0; i < 50; i++) {
    fromConsole()
    pass(20)
  }
  expect(sent).toEqual([])
})

it('hears PCMA in order: other codecs, reports, stumps, late and doubled packets are dropped', () => {
  const { rtp, heard, fromConsole } = aStream()
  fromConsole({ sequence: 65_534 }, voice(1))
  fromConsole({ sequence: 65_534 }, voice(2))
  fromConsole({ sequence: 65_533 }, voice(3))
  fromConsole({ sequence: 65_535, payloadType: 0 }, voice(4))
  fromConsole({ sequence: 0 }, voice(5))
  rtp.take(Uint8Array.of(0x80, 200, 0, 6, ...new Uint8Array(24)))
  rtp.take(new Uint8Array(11))
  rtp.take(new Uint8Array(0))
  expect(heard.map((frame) => frame[0])).toEqual([1, 5])
})

it('steps over contributing sources, an extension and padding, and cuts what it hears into frames of 20 ms', () => {
  const { rtp, heard } = aStream()
  const header = Buffer.from([0xb1, 8, 0, 9, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 2, 0xbe, 0xde, 0, 1, 0, 0, 0, 0])
  const sixty = Buffer.concat([voice(1), voice(2), voice(3)])
  rtp.take(Buffer.concat([header, sixty, Buffer.from([0, 2])]))
  expect(heard.map((frame) => [frame.length, frame[0], frame[159]])).toEqual([
    [160, 1, 1],
    [160, 2, 2],
    [160, 3, 3],
  ])
})

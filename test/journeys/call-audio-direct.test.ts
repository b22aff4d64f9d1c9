/**
 * An agent and a caller hear each other straight through WebRTC: the console in a real Chromium with a microphone that
 * plays a tone, the real hotline, the real phone, and a real SIP caller. And through the server where that fails.
 */
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Browser, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { aHotline, type TestHotline } from '../support/hotline.ts'
import { aColleague, noChromium, openBrowser, picture } from '../support/pages.ts'
import { aCaller, aPhone, phoneToken } from '../support/phone-peers.ts'
import { until } from '../support/socket-clients.ts'
import { isSounding, shareOf } from '../telephony/rtp/tone.ts'

const agentHertz = 1_000
const callerHertz = 400
/** Of a machine that has other things to do. */
const patience = { timeout: 20_000 }
const direct = '声音直连'
const throughServer = '声音经服务器'
const frameBytes = 160

let hotline: TestHotline
let folder: string
const open: (() => unknown)[] = []

function opened<T extends { close: () => unknown }>(one: T): T {
  open.push(() => one.close())
  return one
}

describe.skipIf(noChromium)('an agent and a caller', () => {
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'budayang-tone-'))
    await writeFile(join(folder, 'tone.wav'), aWav(agentHertz))
  })
  beforeEach(async () => {
    hotline = opened(await aHotline({ env: { PHONE_TOKEN: phoneToken, QUEUE_MODE: 'claim' } }))
  })
  afterEach(async () => {
    for (const close of open.splice(0).reverse()) await close()
  })
  afterAll(() => rm(folder, { recursive: true, force: true }))

  it('hear each other straight, in PCMA, past the server, and the line stays for the next call', async () => {
    const { page, phone, call, frames, number } = await aTalk()
    await way(page, direct)
    await picture(page, 'console-call-direct')
    await settled(frames)
    const before = { ...frames }
    await hearEachOther(page, call)
    expect(await codecs(page)).toEqual({ heard: 'audio/PCMA', said: 'audio/PCMA' })
    expect(phone.peers()).toBe(1)

    await press(page, '静音')
    await expect.poll(() => quiet(call.heard()), { ...patience, interval: 500 }).toBe(true)
    await press(page, '取消静音')
    await hearEachOther(page, call)

    await press(page, '保持')
    await says(page, '保持中')
    await expect.poll(() => meter(page, '市民的声音'), patience).toBe(0)
    await expect.poll(() => purestOf(agentHertz, call.heard()), { ...patience, interval: 500 }).toBeLessThan(0.2)
    await press(page, '恢复通话')
    await hearEachOther(page, call)
    await way(page, direct)
    expect(frames).toEqual(before)

    call.hangUp()
    await says(page, '市民已挂断')
    await until(() => phone.calls() === 0, 'the end of the call')
    expect(phone.peers()).toBe(1)
    await page.getByTestId('close-conversation').click()
    await page.getByLabel('小结').fill('询问参保，已答复')
    await page.getByTestId('summary-tags').getByText('政策咨询').click()
    await page.getByTestId('confirm-close').click()
    await page.getByText('会话已结束，小结已保存').waitFor()

    const next = await aClaimed(page, phone.uri, `${number}1`)
    await press(page, '接听语音')
    await way(page, direct)
    await hearEachOther(page, next)
    expect(await page.evaluate(`window.peers.length`)).toBe(1)
    await page.close()
    await expect.poll(() => phone.peers(), patience).toBe(0)
  }, 120_000)

  it('hear each other through the server where the phone has no WebRTC', async () => {
    const { page, phone, call, frames } = await aTalk({ env: { WEBRTC: 'off' } })
    await way(page, throughServer)
    await hearEachOther(page, call)
    expect(frames.sent).toBeGreaterThan(0)
    expect(frames.received).toBeGreaterThan(0)
    expect(phone.peers()).toBe(0)
  }, 90_000)

  it('hear each other through the server where no UDP passes, without a word from the agent', async () => {
    const { page, phone, call, frames } = await aTalk({ reaches: 'nowhere' })
    await hearEachOther(page, call)
    await expect
      .poll(() => page.evaluate(`window.peers.map((one) => one.connectionState)`), patience)
      .toEqual(['closed'])
    await expect.poll(() => phone.peers(), patience).toBe(0)
    await way(page, throughServer)
    const { sent } = frames
    await hearEachOther(page, call)
    expect(frames.sent).toBeGreaterThan(sent)
  }, 90_000)

  it('hear each other on through the server when the direct way breaks in mid-call', async () => {
    const { page, phone, call, frames } = await aTalk()
    await way(page, direct)
    await hearEachOther(page, call)
    await page.evaluate(`window.peers[0].getSenders()[0].replaceTrack(null)`)
    await way(page, throughServer)
    await hearEachOther(page, call)
    expect(frames.received).toBeGreaterThan(0)
    expect(phone.peers()).toBe(0)
    await press(page, '保持')
    await says(page, '保持中')
    await press(page, '恢复通话')
    await hearEachOther(page, call)
    await way(page, throughServer)
  }, 90_000)

  it('go on in the window that took the call up last, and the earlier one says so', async () => {
    const { page, phone, call } = await aTalk()
    await way(page, direct)
    const second = await page.context().newPage()
    await second.addInitScript(keepsPeers)
    await second.goto(page.url())
    await second.getByTestId('call-bar').waitFor()
    await press(second, '接听语音')
    await says(page, '已在另一个窗口接听')
    await picture(page, 'console-call-taken')
    await way(second, direct)
    await hearEachOther(second, call)
    await expect.poll(() => phone.peers(), patience).toBe(2)
    await page.close()
    await expect.poll(() => phone.peers(), patience).toBe(1)
    await hearEachOther(second, call)
  }, 90_000)
})

/** Keeps hold of every peer connection that the page will make. */
const keepsPeers = `
  window.peers = []
  window.RTCPeerConnection = class extends RTCPeerConnection {
    constructor(...given) {
      super(...given)
      window.peers.push(this)
    }
  }
`
/** Every address of the phone leads to where nobody is, and ours are not told. */
const reachesNowhere = `
  const add = RTCPeerConnection.prototype.addIceCandidate
  RTCPeerConnection.prototype.addIceCandidate = function (given) {
    const candidate = given.candidate.replace(/ \\d+\\.\\d+\\.\\d+\\.\\d+ \\d+ /, ' 192.0.2.1 9 ')
    return add.call(this, { ...given, candidate })
  }
  const answer = Object.getOwnPropertyDescriptor(RTCPeerConnection.prototype, 'onicecandidate')
  Object.defineProperty(RTCPeerConnection.prototype, 'onicecandidate', { set() {}, get: answer.get })
  const described = Object.getOwnPropertyDescriptor(RTCPeerConnection.prototype, 'localDescription')
  Object.defineProperty(RTCPeerConnection.prototype, 'localDescription', {
    get() {
      const { type, sdp } = described.get.call(this) ?? {}
      return { type, sdp: sdp?.replace(/a=candidate:.*\\r\\n/g, '') }
    },
  })
`

type Call = Awaited<ReturnType<Awaited<ReturnType<typeof aCaller>>['ring']>>
let callers = 0

/** A caller whom an agent has taken over by a click, and who speaks a tone. */
async function aTalk({
  env = {},
  reaches = 'the phone',
}: { env?: NodeJS.ProcessEnv; reaches?: 'the phone' | 'nowhere' } = {}) {
  const phone = opened(await aPhone(hotline.url, { env }))
  await until(() => phone.isLinked(), 'the link')
  const browser: Browser = opened(
    await openBrowser(
      '--use-fake-ui-for-media-stream',
      '--use-fake-device-for-media-stream',
      `--use-file-for-fake-audio-capture=${join(folder, 'tone.wav')}`,
      '--allow-loopback-in-peer-connection',
    ),
  )
  const { page } = await aColleague(browser, hotline.url, await hotline.aMember('agent'))
  const frames = { sent: 0, received: 0 }
  page.on('websocket', (socket) => {
    const isFrame = ({ payload }: { payload: string | Buffer }) =>
      Buffer.isBuffer(payload) && payload.length === frameBytes
    socket.on('framesent', (frame) => isFrame(frame) && frames.sent++)
    socket.on('framereceived', (frame) => isFrame(frame) && frames.received++)
  })
  if (reaches === 'nowhere') await page.addInitScript(reachesNowhere)
  await page.addInitScript(keepsPeers)
  await page.reload()
  await page.getByText('在线', { exact: true }).first().click()
  await page.getByText(/[1-9]\d* 位坐席在线/).waitFor()
  const number = `1391000${String(++callers).padStart(3, '0')}`
  const call = await aClaimed(page, phone.uri, number)
  await press(page, '接听语音')
  await says(page, '通话中')
  return { page, phone, call, frames, number }
}

async function aClaimed(page: Page, uri: string, number: string): Promise<Call> {
  const caller = opened(await aCaller(number))
  const call = await caller.ring(uri)
  expect(call.outcome.answered).toBe(true)
  await until(() => call.heard().length > 0, 'the greeting')
  call.press('0')
  await page.getByRole('button', { name: /^接待/ }).click()
  await page.getByTestId('call-bar').waitFor()
  return call
}

async function hearEachOther(page: Page, call: Call): Promise<void> {
  void call.tone(callerHertz, 30_000)
  call.heard()
  await expect.poll(() => purestOf(agentHertz, call.heard()), { ...patience, interval: 500 }).toBeGreaterThan(0.8)
  await expect.poll(() => meter(page, '市民的声音'), patience).toBeGreaterThan(50)
  await expect.poll(() => meter(page, '您的声音'), patience).toBeGreaterThan(0)
  if (await page.getByTestId('call-way').getByText(direct).count())
    await expect
      .poll(() => loudestHertz(page), patience)
      .toSatisfy((hertz: number) => Math.abs(hertz - callerHertz) < 15)
}

/** What the browser plays of the peer connection that is up. */
const loudestHertz = (page: Page) =>
  page.evaluate<number>(`(async () => {
    const peer = window.peers.findLast((one) => one.connectionState === 'connected')
    const context = (window.ear ??= new AudioContext())
    const analyser = new AnalyserNode(context, { fftSize: 8192, smoothingTimeConstant: 0 })
    context.createMediaStreamSource(new MediaStream([peer.getReceivers()[0].track])).connect(analyser)
    await new Promise((resolve) => setTimeout(resolve, 500))
    const levels = new Float32Array(analyser.frequencyBinCount)
    analyser.getFloatFrequencyData(levels)
    return (levels.indexOf(Math.max(...levels)) * context.sampleRate) / analyser.fftSize
  })()`)

const codecs = (page: Page) =>
  page.evaluate<{ heard: string; said: string }>(`window.peers.at(-1).getStats().then((report) => {
    const of = (type) => [...report.values()].filter((one) => one.type === type).map((one) => report.get(one.codecId).mimeType)
    return { heard: of('inbound-rtp').join(), said: of('outbound-rtp').join() }
  })`)

/** Frames that were under way when the way changed have arrived. */
async function settled(frames: { sent: number; received: number }): Promise<void> {
  for (let before = ''; before !== JSON.stringify(frames); ) {
    before = JSON.stringify(frames)
    await new Promise((resolve) => setTimeout(resolve, 1_000))
  }
}

/** How much of its clearest 120 ms is this tone: what the browser makes of a tone is no constant one. */
const purestOf = (hertz: number, frames: readonly Uint8Array[]) =>
  Math.max(0, ...frames.map((_, from) => (from + 6 > frames.length ? 0 : shareOf(hertz, frames.slice(from, from + 6)))))

const quiet = (frames: readonly Uint8Array[]) => frames.length > 10 && !frames.slice(-10).some(isSounding)
const way = (page: Page, words: string) => page.getByTestId('call-way').getByText(words).waitFor()
const says = (page: Page, words: string) => page.getByTestId('call-standing').getByText(words).waitFor()
const press = (page: Page, name: string) =>
  page.getByTestId('call-bar').getByRole('button', { name, exact: true }).click()
const meter = async (page: Page, name: string) =>
  Number(await page.getByRole('meter', { name }).getAttribute('aria-valuenow'))

/** Two seconds of a tone, half of them silence, so that no noise suppression takes it for noise. 48 kHz, 16 bit. */
function aWav(hertz: number): Buffer {
  const rate = 48_000
  const samples = Int16Array.from({ length: 2 * rate }, (_, i) =>
    i % (rate / 2) < (rate * 2) / 5 ? 12_000 * Math.sin((2 * Math.PI * hertz * i) / rate) : 0,
  )
  const head = Buffer.alloc(44)
  head.write('RIFF', 0)
  head.writeUInt32LE(36 + samples.byteLength, 4)
  head.write('WAVEfmt ', 8)
  head.writeUInt32LE(16, 16)
  head.writeUInt16LE(1, 20)
  head.writeUInt16LE(1, 22)
  head.writeUInt32LE(rate, 24)
  head.writeUInt32LE(rate * 2, 28)
  head.writeUInt16LE(2, 32)
  head.writeUInt16LE(16, 34)
  head.write('data', 36)
  head.writeUInt32LE(samples.byteLength, 40)
  return Buffer.concat([head, Buffer.from(samples.buffer)])
}

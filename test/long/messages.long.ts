/** What strangers may send, in quantity: it must neither stop the loop nor touch a call that is up. */
import { connect, type Socket } from 'node:net'
import { afterEach, expect, it } from 'vitest'
import { parseMessage } from '../../telephony/sip/parser.ts'
import { readSdp } from '../../telephony/sip/sdp.ts'
import { aHotline } from '../support/hotline.ts'
import { aCaller, aPhone, phoneToken, voiceHertz } from '../support/phone-peers.ts'
import { seeded } from '../support/seeded.ts'
import { until } from '../support/socket-clients.ts'
import { messagesToMutate, mutate, torturedMessages } from '../telephony/sip/mutated.ts'

const seed = Number(process.env.LONG_SEED ?? Date.now() % 1_000_000)
const closing: (() => unknown)[] = []
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close()
})

it(`spends less than 20 ms of processor on each of 100,000 mutated messages (LONG_SEED=${seed})`, () => {
  const draw = seeded(seed)
  const seeds = messagesToMutate(5_060, 5_061)
  const cost = (bytes: Buffer) => {
    const before = process.cpuUsage()
    const message = parseMessage(bytes)
    if (message.kind === 'request') readSdp(message.body)
    return process.cpuUsage(before).user / 1_000
  }
  for (let n = 0; n < 100_000; n++) {
    const bytes = mutate(seeds[draw(seeds.length)] ?? Buffer.alloc(0), draw).subarray(0, 8_192)
    // Garbage may be collected in the middle of one; twice in a row it is the message.
    if (cost(bytes) >= 20)
      expect([n, Math.min(cost(bytes), cost(bytes))]).toEqual([n, expect.toSatisfy((ms: number) => ms < 20)])
  }
})

it('keeps the sound of a call while tortured messages come over TCP, split at every byte', async () => {
  const hotline = await aHotline({ env: { PHONE_TOKEN: phoneToken } })
  closing.push(() => hotline.close())
  const phone = await aPhone(hotline.url, { msOfCharacter: 400 })
  closing.push(() => phone.close())
  await until(() => phone.isLinked(), 'the link')
  const caller = await aCaller()
  closing.push(() => caller.close())
  const call = await caller.ring(phone.uri)
  await until(() => call.hears(voiceHertz), 'the greeting')

  const before = call.media.stats()
  for (const bytes of torturedMessages())
    for (let at = 1; at < bytes.length; at += 1) await inTwo(phone.port, bytes, at)
  expect(call.ending()).toBeUndefined()
  expect(call.media.stats().lost).toBe(before.lost)
  call.press('*')
  call.heard()
  await until(() => call.hears(voiceHertz), 'the voice again')
  call.hangUp()
  await until(() => phone.calls() === 0, 'the end')
})

async function inTwo(port: number, bytes: Buffer, at: number): Promise<void> {
  const socket: Socket = connect(port, '127.0.0.1')
  socket.on('error', () => undefined).resume()
  socket.setNoDelay(true)
  await new Promise((resolve) => socket.once('connect', resolve).once('close', resolve))
  socket.write(bytes.subarray(0, at))
  await new Promise((resolve) => setImmediate(resolve))
  socket.end(bytes.subarray(at))
  await new Promise((resolve) => (socket.closed ? resolve(undefined) : socket.once('close', resolve)))
}

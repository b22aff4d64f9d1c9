/** A phone process played by a test: one call of somebody who has never called, and its sound both ways. */
import { randomUUID } from 'node:crypto'
import { io, type Socket } from 'socket.io-client'
import { encodeAlaw, frameSamples, lineRate } from '../../admin/call/g711.ts'
import type { PhoneAsk, PhoneReplies } from '../../contract/phone-events.ts'
import type { Reply } from '../../contract/visitor-events.ts'

/** A tone by its frequency in Hz. */
type Voice = number | 'silence' | 'nothing'

const frameMs = 20
let callers = 0

/** @param url of the hotline. @param token its PHONE_TOKEN. */
export async function aPhoneWithCall(url: string, token: string) {
  const socket: Socket = io(`${url}/phone`, {
    transports: ['websocket'],
    auth: { token, node: `test-${randomUUID()}` },
    reconnection: false,
    forceNew: true,
  })
  const news: { name: string; what: unknown }[] = []
  const frames: Uint8Array[] = []
  let voice: Voice = 'silence'
  socket.onAny((name: string, what: unknown) => {
    if (name !== 'audio:frame') news.push({ name, what })
  })
  socket.on('audio:frame', (_id: string, frame: Uint8Array) => void frames.push(new Uint8Array(frame)))
  await new Promise<void>((resolve, reject) => {
    socket.once('connect', () => resolve())
    socket.once('connect_error', reject)
  })

  async function must<A extends PhoneAsk>(ask: A, what: object): Promise<PhoneReplies[A]> {
    const reply = (await socket.timeout(8_000).emitWithAck(ask, what)) as Reply<PhoneReplies[A]>
    if (!reply.ok) throw new Error(`${ask} was refused: ${reply.code} ${reply.message}`)
    return reply.value
  }

  await must('phone:hello', { hearing: 'none', speaks: true, sipPort: null })
  const caller = `1390000${String(++callers).padStart(4, '0')}`
  const call = { callRowId: randomUUID(), callId: randomUUID(), caller, line: '12393', at: new Date().toISOString() }
  const { callRowId, conversationId } = await must('call:begin', call)

  // As many frames as the time that has passed holds: a timer alone falls behind.
  const begun = Date.now()
  let sent = 0
  const sending = setInterval(() => {
    for (; sent < (Date.now() - begun) / frameMs; sent++)
      if (voice !== 'nothing') socket.emit('audio:frame', conversationId, aFrame(voice, sent * frameSamples))
  }, frameMs)

  return {
    conversationId,
    must,
    frames,
    heard: (name: string) => news.filter((one) => one.name === name).map((one) => one.what),
    /** Only what arrives from now on. */
    async framesWithin(ms: number): Promise<Uint8Array[]> {
      const before = frames.length
      await wait(ms)
      return frames.slice(before)
    },
    /** What the caller's line sends from now on: a tone, the silence of a quiet room, or no frame at all. */
    says: (what: Voice) => void (voice = what),
    async end(endedBy: 'caller' | 'agent'): Promise<void> {
      await must('call:end', { callRowId, endedBy, at: new Date().toISOString() })
    },
    close() {
      clearInterval(sending)
      socket.disconnect()
    },
  }
}

function aFrame(voice: number | 'silence', from: number): Uint8Array {
  const sample = (i: number) =>
    voice === 'silence' ? 0 : 0.4 * Math.sin((2 * Math.PI * voice * (from + i)) / lineRate)
  return Uint8Array.from({ length: frameSamples }, (_, i) => encodeAlaw(sample(i)))
}

const wait = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms))

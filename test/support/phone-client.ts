/** A phone process played by a test: its asks, and what the server told it. */
import { randomUUID } from 'node:crypto'
import { io, type Socket } from 'socket.io-client'
import type { PhoneAsk, PhoneNews, PhoneReplies } from '../../contract/phone-events.ts'
import type { Reply } from '../../contract/visitor-events.ts'

const patienceMs = 10_000

export type PhoneClient = Awaited<ReturnType<typeof aPhoneClient>>

export async function aPhoneClient(url: string, token: string) {
  const socket: Socket = io(`${url}/phone`, {
    transports: ['websocket'],
    auth: { token, node: `test-${randomUUID()}` },
    reconnection: false,
    forceNew: true,
  })
  const news: { name: string; what: unknown }[] = []
  socket.onAny((name: string, what: unknown) => void news.push({ name, what }))
  await new Promise<void>((resolve, reject) => {
    socket.once('connect', () => resolve())
    socket.once('connect_error', reject)
  })

  const ask = <A extends PhoneAsk>(name: A, what: object): Promise<Reply<PhoneReplies[A]>> =>
    socket.timeout(patienceMs).emitWithAck(name, what) as Promise<Reply<PhoneReplies[A]>>

  async function must<A extends PhoneAsk>(name: A, what: object): Promise<PhoneReplies[A]> {
    const reply = await ask(name, what)
    if (!reply.ok) throw new Error(`${name} was refused: ${reply.code} ${reply.message}`)
    return reply.value
  }

  return {
    socket,
    ask,
    must,
    heard: <N extends keyof PhoneNews>(name: N): Parameters<PhoneNews[N]>[0][] =>
      news.filter((one) => one.name === name).map((one) => one.what as Parameters<PhoneNews[N]>[0]),
    hello: () => must('phone:hello', { hearing: 'none', speaks: true, sipPort: null }),
    /** Somebody rings. */
    ring: (caller: string, callRowId = randomUUID()) =>
      must('call:begin', { callRowId, callId: randomUUID(), caller, line: '12393', at: new Date().toISOString() }),
    hangUp: (callRowId: string) => must('call:end', { callRowId, endedBy: 'caller', at: new Date().toISOString() }),
    close: () => void socket.disconnect(),
  }
}

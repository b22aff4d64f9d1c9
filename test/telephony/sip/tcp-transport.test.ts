import { connect, createServer, type Socket } from 'node:net'
import { afterEach, describe, expect, it } from 'vitest'
import { systemClock } from '../../../telephony/sip/clock.ts'
import { tcpTransport } from '../../../telephony/sip/tcp-transport.ts'
import { noCounts, type Hop } from '../../../telephony/sip/transport.ts'
import { aRequest, until } from './peers.ts'

const open: { close(): unknown }[] = []
afterEach(async () => {
  for (const one of open.splice(0)) await one.close()
})

type Bounds = Parameters<typeof tcpTransport>[0]['bounds']

async function aTransport(bounds: Bounds = {}) {
  const arrived: { text: string; from: Hop }[] = []
  const transport = tcpTransport({
    clock: systemClock,
    counters: noCounts(),
    arrived: (bytes, from) => arrived.push({ text: bytes.toString(), from }),
    broken: () => Buffer.from('last words'),
    broke: () => undefined,
    bounds,
  })
  const port = await transport.listen('127.0.0.1', 0)
  open.push(transport)
  return { transport, port, arrived }
}

async function aSocket(port: number) {
  const socket: Socket = connect(port, '127.0.0.1')
  const state = { socket, heard: '', isClosed: false }
  socket.on('data', (piece) => (state.heard += piece.toString()))
  socket.on('close', () => (state.isClosed = true))
  socket.on('error', () => undefined)
  await new Promise((resolve) => socket.once('connect', resolve))
  open.push({ close: () => socket.destroy() })
  return state
}

const message = aRequest({ method: 'OPTIONS', to: 1, from: 2 })

describe('the TCP transport', () => {
  it('answers a double line end with one', async () => {
    const { port } = await aTransport()
    const peer = await aSocket(port)
    peer.socket.write('\r\n\r\n\r\n\r\n')
    await until(() => peer.heard === '\r\n\r\n')
  })

  it('sends on the connection that is there, and opens one where there is none', async () => {
    const { transport, port, arrived } = await aTransport()
    const peer = await aSocket(port)
    peer.socket.write(message)
    await until(() => arrived.length === 1)
    const from = arrived[0]?.from ?? { transport: 'tcp' as const, host: '', port: 0 }
    transport.send(Buffer.from('back'), from, () => undefined)
    transport.send(Buffer.from(' again'), { ...from, connection: undefined }, () => undefined)
    await until(() => peer.heard === 'back again')
    expect(transport.isOpen(from.connection)).toBe(true)

    const other = await aTransport()
    transport.send(Buffer.from(message), { transport: 'tcp', host: '127.0.0.1', port: other.port }, () => undefined)
    await until(() => other.arrived.length === 1)
  })

  it('says so when a connection is gone or cannot be made', async () => {
    const { transport, port, arrived } = await aTransport()
    const peer = await aSocket(port)
    peer.socket.write(message)
    await until(() => arrived.length === 1)
    const from = arrived[0]?.from
    peer.socket.destroy()
    await until(() => !transport.isOpen(from?.connection))
    const failures: string[] = []
    if (from) transport.send(Buffer.from('x'), from, (why) => failures.push(why))
    transport.send(Buffer.from('x'), { transport: 'tcp', host: '127.0.0.1', port: 1 }, (why) => failures.push(why))
    await until(() => failures.length === 2)
    expect(failures.sort()).toEqual(['connection closed', 'no connection'])
  })

  it('loses patience with a half message, however slowly it goes on', async () => {
    const { port } = await aTransport({ halfMs: 120 })
    const peer = await aSocket(port)
    peer.socket.write(message)
    const drip = setInterval(() => peer.socket.write('I'), 20)
    await until(() => peer.isClosed)
    clearInterval(drip)
  })

  it('closes a connection that never said anything, and one that has long been silent', async () => {
    const { port } = await aTransport({ halfMs: 50, idleMs: 100 })
    const mute = await aSocket(port)
    const once = await aSocket(port)
    once.socket.write(message)
    await until(() => mute.isClosed && once.isClosed)
  })

  it('says its last words on a stream it cannot follow, and closes it', async () => {
    const { port, arrived } = await aTransport()
    const peer = await aSocket(port)
    peer.socket.write(message.replace('Content-Length: 0', 'Content-Length: -1') + message)
    await until(() => peer.isClosed)
    expect([peer.heard, arrived.length]).toEqual(['last words', 0])
  })

  it('takes only so many connections from one place', async () => {
    const { port } = await aTransport({ perHost: 3 })
    const peers = await Promise.all([1, 2, 3, 4, 5].map(() => aSocket(port)))
    await until(() => peers.filter(({ isClosed }) => isClosed).length === 2)
  })

  it('drops a peer that does not read', async () => {
    const { transport } = await aTransport({ unsentBytes: 10_000 })
    const sockets: Socket[] = []
    const deaf = createServer((socket) => void sockets.push(socket.pause().on('error', () => undefined)))
    await new Promise<void>((resolve) => deaf.listen(0, '127.0.0.1', resolve))
    open.push({
      close() {
        for (const socket of sockets) socket.destroy()
        deaf.close()
      },
    })
    const address = deaf.address()
    const port = typeof address === 'object' && address ? address.port : 0
    let refused = 0
    const hop: Hop = { transport: 'tcp', host: '127.0.0.1', port }
    transport.send(Buffer.from('hello'), hop, () => undefined)
    await until(() => sockets.length === 1)
    const [socket] = sockets
    let isClosed = false
    socket?.on('close', () => (isClosed = true))
    for (let n = 0; n < 2_000 && refused === 0 && sockets.length === 1; n++) {
      transport.send(Buffer.alloc(9_000, 'x'), hop, () => refused++)
      if (n % 10 === 0) await new Promise((resolve) => setImmediate(resolve))
    }
    socket?.resume()
    await until(() => isClosed)
  })
})

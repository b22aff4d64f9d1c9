/**
 * SIP over TCP. Answers go back on the connection the request came on; requests take a living connection to the same
 * place before they open one. A connection that says nothing useful, stops half-way or does not read is closed.
 */
import { connect, createServer, type Server, type Socket } from 'node:net'
import type { Clock } from './clock.ts'
import { frame, noFraming, type Framing } from './framing.ts'
import { plainAddress, type Counters, type Hop, type Wire } from './transport.ts'

type Parts = {
  clock: Clock
  counters: Counters
  arrived: (bytes: Buffer, from: Hop) => void
  /** The stream cannot be followed; `message` is the head that broke it. What `answer` holds is the last that is written. */
  broken: (message: Buffer | undefined, why: string, from: Hop) => Buffer | undefined
  broke: (error: Error) => void
  bounds?: Partial<typeof defaultBounds>
}

export type TcpTransport = Wire & {
  listen(host: string, port: number): Promise<number>
  close(): Promise<void>
  isOpen(connection: number | undefined): boolean
}

/** Milliseconds, connections and bytes. A half message or a stranger who never said anything gets the short patience. */
const defaultBounds = {
  halfMs: 32_000,
  idleMs: 10 * 60_000,
  connectMs: 5_000,
  connections: 1_024,
  perHost: 64,
  unsentBytes: 256 * 1_024,
}

type Connection = { id: number; socket: Socket; framing: Framing; hop: Hop; hasSpoken: boolean; quiet: () => void }

export function tcpTransport({ clock, counters, arrived, broken, broke, bounds: asked }: Parts): TcpTransport {
  const bounds = { ...defaultBounds, ...asked }
  const connections = new Map<number, Connection>()
  const byPlace = new Map<string, Connection>()
  let server: Server | undefined
  let lastId = 0

  const place = ({ host, port }: Hop) => `${host} ${port}`
  const isFull = (host: string) =>
    connections.size >= bounds.connections ||
    [...connections.values()].filter(({ hop }) => hop.host === host).length >= bounds.perHost

  function take(socket: Socket, host: string, port: number): Connection {
    const id = ++lastId
    const hop: Hop = { transport: 'tcp', host, port, connection: id }
    const connection: Connection = { id, socket, framing: noFraming, hop, hasSpoken: false, quiet: () => undefined }
    connections.set(id, connection)
    byPlace.set(place(hop), connection)
    socket.setNoDelay(true)
    socket.on('data', (piece: Buffer) => read(connection, piece))
    socket.on('error', () => socket.destroy())
    socket.on('close', () => {
      connection.quiet()
      connections.delete(id)
      if (byPlace.get(place(hop)) === connection) byPlace.delete(place(hop))
    })
    watch(connection)
    return connection
  }

  function watch(connection: Connection): void {
    connection.quiet()
    const isHalf = connection.framing.used > 3 || !connection.hasSpoken
    connection.quiet = clock.after(isHalf ? bounds.halfMs : bounds.idleMs, () => connection.socket.destroy())
  }

  function read(connection: Connection, piece: Buffer): void {
    const wasHalf = connection.framing.used > 3
    const { framing, messages, pings, broken: fault } = frame(connection.framing, piece)
    connection.framing = framing
    if (messages.length > 0) connection.hasSpoken = true
    // A half message keeps the patience it began with: one byte now and then buys no time.
    if (!wasHalf || messages.length > 0 || framing.used <= 3) watch(connection)
    for (let n = 0; n < pings; n++) write(connection, Buffer.from('\r\n'))
    for (const message of messages) if (!connection.socket.destroyed) arrived(message, connection.hop)
    if (!fault || connection.socket.destroyed) return
    const last = broken(fault.message, fault.why, connection.hop)
    connection.socket.removeAllListeners('data').resume()
    if (last) connection.socket.write(last)
    connection.socket.end()
    connection.hasSpoken = false
    watch(connection)
  }

  function write({ socket }: Connection, bytes: Buffer): boolean {
    if (socket.destroyed || socket.writableEnded) return false
    socket.write(bytes)
    if (socket.writableLength <= bounds.unsentBytes) return true
    socket.destroy()
    return false
  }

  function open(hop: Hop, bytes: Buffer, failed: (why: string) => void): void {
    if (isFull(hop.host)) return void setImmediate(failed, 'too many connections')
    const socket = connect({ host: hop.host, port: hop.port, timeout: bounds.connectMs })
    const connection = take(socket, hop.host, hop.port)
    connection.hasSpoken = true
    let isConnected = false
    socket.once('connect', () => {
      isConnected = true
      socket.setTimeout(0)
    })
    socket.once('timeout', () => socket.destroy())
    socket.once('close', () => {
      if (!isConnected) failed('no connection')
    })
    socket.write(bytes)
  }

  return {
    listen(host, port) {
      const opened = createServer((socket) => {
        const from = plainAddress(socket.remoteAddress ?? '')
        counters.connections++
        if (from === '' || isFull(from)) {
          counters.overflow++
          socket.destroy()
        } else take(socket, from, socket.remotePort ?? 0)
      })
      return new Promise((resolve, reject) => {
        opened.once('error', reject)
        opened.listen({ host, port, exclusive: true }, () => {
          opened.off('error', reject)
          opened.on('error', broke)
          server = opened
          const address = opened.address()
          resolve(typeof address === 'object' && address ? address.port : port)
        })
      })
    },

    send(bytes, hop, failed) {
      const living = hop.connection === undefined ? byPlace.get(place(hop)) : connections.get(hop.connection)
      if (living && write(living, bytes)) return
      if (hop.connection === undefined && server) open(hop, bytes, failed)
      else setImmediate(failed, 'connection closed')
    },

    isOpen: (connection) => connection !== undefined && connections.has(connection),

    close() {
      const closing = server
      server = undefined
      for (const { socket } of connections.values()) socket.destroySoon()
      // A peer that does not read would keep its connection, and us, for ever.
      const unread = setTimeout(() => connections.forEach(({ socket }) => socket.destroy()), 500)
      return new Promise((resolve) => {
        const done = () => {
          clearTimeout(unread)
          resolve()
        }
        if (closing) closing.close(done)
        else done()
      })
    },
  }
}

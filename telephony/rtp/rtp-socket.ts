/**
 * One UDP socket of one call, and its port: opened together, given back together.
 *
 * Once the caller's place is known the socket is connected to it: the kernel then keeps every other sender out, and a
 * flood costs us nothing. No name is ever looked up: addresses are literals or they are refused.
 */
import { createSocket, type Socket } from 'node:dgram'
import { once } from 'node:events'
import { isIP } from 'node:net'
import { Problem } from '../../contract/problem.ts'
import type { PortPool } from './port-pool.ts'
import { isSamePlace, type Place } from './source-latch.ts'

export type RtpSocket = Awaited<ReturnType<typeof rtpSocket>>

type Hear = (datagram: Uint8Array, address: string, port: number) => void

/** Room for a second of packets while the process is busy elsewhere. */
const receiveBufferBytes = 256 * 1024

/**
 * @param address a literal of ours, IPv4 or IPv6.
 * @throws Problem not_ready when no port is free. Other failures to bind are thrown as they are.
 */
export async function rtpSocket(address: string, ports: PortPool, hear: Hear) {
  const [socket, poolPort] = await bind(address, ports)
  const closed = new Promise<void>((resolve) => {
    socket.once('close', () => {
      ports.giveBack(poolPort)
      resolve()
    })
  })
  let failed = 0
  let isOpen = true
  let connectedTo: Place | undefined

  socket.on('message', (datagram, from) => hear(datagram, from.address, from.port))
  // A peer that is gone answers by ICMP. The call finds out by its silence.
  socket.on('error', () => failed++)

  return {
    port: socket.address().port,

    /** The one place to talk to and to listen to; undefined: it is not certain yet. */
    connect(place: Place | undefined): void {
      if (!isOpen || (place && connectedTo && isSamePlace(place, connectedTo))) return
      if (connectedTo) socket.disconnect()
      connectedTo = undefined
      if (!place || !isReachable(place)) return
      socket.connect(place.port, place.address)
      if (isConnected(socket)) connectedTo = place
    },

    send(datagram: Uint8Array, place: Place): void {
      if (!isOpen || !isReachable(place)) return
      if (connectedTo) socket.send(datagram)
      else socket.send(datagram, place.port, place.address)
    },

    failed: () => failed,

    /** Resolves when socket and port are free. */
    close(): Promise<void> {
      if (isOpen) socket.close()
      isOpen = false
      return closed
    },
  }
}

/** A literal address, and not the 0.0.0.0 by which old phones hold a call. */
export const isReachable = ({ address, port }: Place) =>
  port > 0 && isIP(address) !== 0 && address !== '0.0.0.0' && address !== '::'

async function bind(address: string, ports: PortPool): Promise<[Socket, number]> {
  for (let tries = ports.size; tries > 0; tries--) {
    const port = ports.take()
    if (port === undefined) break
    try {
      return [await listen(address, port === 0 ? await freePort(address) : port), port]
    } catch (error) {
      ports.giveBack(port)
      if (!isTaken(error)) throw error
    }
  }
  throw new Problem('not_ready', 'no RTP port is free')
}

async function listen(address: string, port: number): Promise<Socket> {
  const socket = openSocket(address)
  try {
    const listening = once(socket, 'listening')
    socket.bind({ port, address, exclusive: true })
    await listening
    return socket
  } catch (error) {
    socket.close()
    throw error
  }
}

/** A port is always bound by its number: Linux forgets one that the kernel chose when a socket is disconnected. */
async function freePort(address: string): Promise<number> {
  const probe = await listen(address, 0)
  const { port } = probe.address()
  probe.close()
  await once(probe, 'close')
  return port
}

/** Connecting ends at once, since nothing is looked up; a place that cannot be reached from here is only counted. */
function isConnected(socket: Socket): boolean {
  try {
    return socket.remoteAddress().port > 0
  } catch {
    return false
  }
}

function openSocket(address: string): Socket {
  const family = isIP(address) === 6 ? 6 : 4
  return createSocket({
    type: family === 6 ? 'udp6' : 'udp4',
    recvBufferSize: receiveBufferBytes,
    lookup: (name, _options, done) =>
      isIP(name) === family ? done(null, name, family) : done(new Error('not an address'), '', family),
  })
}

const isTaken = (error: unknown) => error instanceof Error && 'code' in error && error.code === 'EADDRINUSE'

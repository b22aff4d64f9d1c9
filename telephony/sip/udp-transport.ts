/** SIP over UDP: one socket, one message a datagram. What is too long or a mere keep-alive goes no further. */
import { createSocket, type Socket } from 'node:dgram'
import { isIPv4, isIPv6 } from 'node:net'
import { messageBounds } from './parser.ts'
import { plainAddress, type Counters, type Hop, type Wire } from './transport.ts'

type Parts = {
  counters: Counters
  arrived: (bytes: Buffer, from: Hop) => void
  /** A fault of the socket itself. */
  broke: (error: Error) => void
}

export type UdpTransport = Wire & {
  /** @returns the port. Rejects when it is taken. */
  listen(host: string, port: number): Promise<number>
  close(): Promise<void>
}

const isKeepAlive = (bytes: Buffer) =>
  bytes.length <= 4 && bytes.every((byte) => byte === 13 || byte === 10 || byte === 0)

export function udpTransport({ counters, arrived, broke }: Parts): UdpTransport {
  let socket: Socket | undefined
  let isDual = false

  return {
    listen(host, port) {
      isDual = isIPv6(host)
      const opened = createSocket({ type: isDual ? 'udp6' : 'udp4', recvBufferSize: 1 << 20 })
      opened.on('message', (bytes, { address, port: from }) => {
        counters.datagrams++
        if (bytes.length > messageBounds.datagram) counters.oversize++
        else if (!isKeepAlive(bytes) && from > 0)
          arrived(bytes, { transport: 'udp', host: plainAddress(address), port: from })
      })
      return new Promise((resolve, reject) => {
        opened.once('error', reject)
        opened.bind({ address: host, port, exclusive: true }, () => {
          opened.off('error', reject)
          opened.on('error', broke)
          socket = opened
          resolve(opened.address().port)
        })
      })
    },

    send(bytes, hop, failed) {
      if (!socket) return setImmediate(failed, 'socket closed')
      try {
        socket.send(bytes, hop.port, isDual && isIPv4(hop.host) ? `::ffff:${hop.host}` : hop.host, (error) => {
          if (error) failed(error.message)
        })
      } catch (error) {
        setImmediate(failed, String(error))
      }
    },

    close() {
      const closing = socket
      socket = undefined
      return new Promise((resolve) => (closing ? closing.close(resolve) : resolve()))
    },
  }
}

/** The control: as many sockets as there are calls, each giving back what it gets, and nothing else. */
import { createSocket } from 'node:dgram'
import { once } from 'node:events'

export type EchoAsk = { kind: 'open'; streams: number }
export type EchoTold = { kind: 'opened'; ports: number[] }

async function open(): Promise<number> {
  const socket = createSocket({ type: 'udp4', recvBufferSize: 256 * 1024 })
  socket.on('error', () => {})
  socket.on('message', (datagram, from) => socket.send(datagram, from.port, from.address))
  socket.bind(0, '127.0.0.1')
  await once(socket, 'listening')
  return socket.address().port
}

process.on('message', ({ streams }: EchoAsk) => {
  void Promise.all(Array.from({ length: streams }, open)).then((ports) => {
    const told: EchoTold = { kind: 'opened', ports }
    process.send?.(told)
  })
})
process.on('disconnect', () => process.exit(0))

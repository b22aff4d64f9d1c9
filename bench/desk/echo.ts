/** The control: as many sockets as there are agents on a bare socket.io echo, twenty words a second each. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { openLoop } from '../open-loop.ts'
import { aLine } from './line.ts'

const everyMs = 50
const forMs = 3_000

/** @returns how long each word took there and back. */
export async function echo(clients: number): Promise<number[]> {
  const server = spawn(process.execPath, ['--import', 'tsx', join(import.meta.dirname, '..', 'echo-server.ts')], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  try {
    const [port] = (await once(server.stdout, 'data')) as [Buffer]
    const lines = Array.from({ length: clients }, () => aLine(`http://127.0.0.1:${port.toString().trim()}`, {}))
    await Promise.all(lines.map((line) => line.connect()))
    const waited: number[] = []
    await openLoop({ clients, everyMs, forMs }, async (client) => {
      const sentAt = performance.now()
      await lines[client]?.socket.emitWithAck('echo', '门诊能报销吗')
      waited.push(performance.now() - sentAt)
    })
    for (const line of lines) line.socket.disconnect()
    return waited
  } finally {
    server.kill('SIGTERM')
  }
}

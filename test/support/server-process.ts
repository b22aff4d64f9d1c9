/** The built server as a process of its own, so that it can be killed: what `npm start` runs, on a port of its own. */
import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { root } from './hotline.ts'

/** Where several begin beside a whole suite. */
const readyWithinMs = 90_000

export type ServerProcess = Awaited<ReturnType<typeof aServerProcess>>

/** A port that the kernel gives, free a moment ago. */
export async function aFreePort(): Promise<number> {
  const probe = createServer().listen(0, '127.0.0.1')
  await once(probe, 'listening')
  const address = probe.address()
  probe.close()
  await once(probe, 'close')
  if (typeof address !== 'object' || !address) throw new Error('no port')
  return address.port
}

export async function aServerProcess(given: {
  databaseUrl: string
  dataDir: string
  port: number
  env?: NodeJS.ProcessEnv
}) {
  const url = `http://127.0.0.1:${given.port}`
  const child: ChildProcess = spawn(process.execPath, [join(root, 'dist', 'server.js')], {
    env: {
      ...process.env,
      HOST: '127.0.0.1',
      PORT: String(given.port),
      RATE_LIMIT: 'off',
      LOG_LEVEL: 'error',
      DATABASE_URL: given.databaseUrl,
      DATA_DIR: given.dataDir,
      BUDAYANG_ADMIN_PASSWORD: 'Correct-Horse-9',
      ...given.env,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let output = ''
  child.stdout?.on('data', (some: Buffer) => (output += some.toString()))
  child.stderr?.on('data', (some: Buffer) => (output += some.toString()))
  const ended = once(child, 'exit') as Promise<[number | null, string | null]>

  const deadline = Date.now() + readyWithinMs
  for (;;) {
    if (child.exitCode !== null) break
    const ready = await fetch(`${url}/readyz`)
      .then((answer) => answer.status === 200)
      .catch(() => false)
    if (ready) break
    if (Date.now() > deadline) throw new Error(`the server was not ready: ${output}`)
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
  return {
    url,
    output: () => output,
    /** Exit code and signal. */
    ended,
    async kill(signal: NodeJS.Signals): Promise<[number | null, string | null]> {
      child.kill(signal)
      return ended
    },
  }
}

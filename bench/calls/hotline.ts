/** The hotline as `npm start` runs it: the built server on a real PostgreSQL, the built phone as a process beside it. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { chmod, mkdtemp, rm } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startPostgres } from '../../launch/postgres.mjs'
import { startUrgent } from './processes.ts'

export type BenchHotline = Awaited<ReturnType<typeof hotline>>

const root = join(import.meta.dirname, '..', '..')
const token = 'the-token-of-the-benches-0123456789'

/** @param env of the phone, such as its engines. */
export async function hotline({ env = {}, flags = [] }: { env?: NodeJS.ProcessEnv; flags?: readonly string[] } = {}) {
  const folder = await mkdtemp(join(tmpdir(), 'budayang-bench-'))
  await chmod(folder, 0o755) // started by root, the database runs as somebody else, who must get in
  const given = process.env.DATABASE_URL
  const postgres = given
    ? { url: given, stop: () => Promise.resolve() }
    : await startPostgres({ root, dataDir: folder, copiesIn: folder, durable: true, temporary: true })
  const [port, sipPort] = [await aFreePort(), await aFreePort()]
  const url = `http://127.0.0.1:${port}`
  const shared = { ...process.env, DATA_DIR: folder, LOG_LEVEL: 'error', PHONE_TOKEN: token }
  const server = spawn(process.execPath, [join(root, 'dist', 'server.js')], {
    env: {
      ...shared,
      HOST: '127.0.0.1',
      PORT: String(port),
      RATE_LIMIT: 'off',
      DATABASE_URL: postgres.url,
      BUDAYANG_ADMIN_PASSWORD: 'Bench-Password-1',
    },
    stdio: ['ignore', 'ignore', 'inherit'],
  })
  const phone = startUrgent(join(root, 'dist', 'phone.js'), {
    env: {
      ...shared,
      HOTLINE_URL: url,
      SIP_PORT: String(sipPort),
      SIP_HOST: '127.0.0.1',
      RTP_PORTS: '0',
      MAX_CALLS: '5000',
      ...env,
    },
    flags,
  })
  const stop = async () => {
    for (const child of [phone, server]) {
      if (child.exitCode !== null) continue
      child.kill('SIGTERM')
      await once(child, 'exit')
    }
    await postgres.stop()
    await rm(folder, { recursive: true, force: true, maxRetries: 5 })
  }
  try {
    while (!(await hasPhone(url))) {
      if (server.exitCode !== null || phone.exitCode !== null)
        throw new Error('the server or the phone ended; is dist/ built? (npm run build)')
      await new Promise((resolve) => setTimeout(resolve, 100))
    }
  } catch (error) {
    await stop()
    throw error
  }
  return {
    uri: `sip:hotline@127.0.0.1:${sipPort}`,
    databaseUrl: postgres.url,
    phonePid: phone.pid ?? 0,
    serverPid: server.pid ?? 0,
    stop,
  }
}

async function hasPhone(url: string): Promise<boolean> {
  try {
    const ready: unknown = await (await fetch(`${url}/readyz`)).json()
    return typeof ready === 'object' && ready !== null && 'phone' in ready && ready.phone === 'up'
  } catch {
    return false
  }
}

async function aFreePort(): Promise<number> {
  const probe = createServer().listen(0, '127.0.0.1')
  await once(probe, 'listening')
  const address = probe.address()
  probe.close()
  await once(probe, 'close')
  if (typeof address !== 'object' || !address) throw new Error('no port')
  return address.port
}

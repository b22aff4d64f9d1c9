/** The built server in a process of its own, as `npm start` would run it, for whoever puts load on it. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'

type Given = { root: string; port: number; databaseUrl: string; dataDir: string; env?: NodeJS.ProcessEnv }
export type BuiltServer = Awaited<ReturnType<typeof builtServer>>

/** @returns once it can serve. */
export async function builtServer({ root, port, databaseUrl, dataDir, env = {} }: Given) {
  const url = `http://127.0.0.1:${port}`
  const server = spawn(process.execPath, [join(root, 'dist', 'server.js')], {
    env: {
      ...process.env,
      HOST: '127.0.0.1',
      PORT: String(port),
      RATE_LIMIT: 'off',
      LOG_LEVEL: 'error',
      DATABASE_URL: databaseUrl,
      DATA_DIR: dataDir,
      BUDAYANG_ADMIN_PASSWORD: 'Bench-Password-1',
      ...env,
    },
    stdio: ['ignore', 'ignore', 'inherit'],
  })
  for (;;) {
    const ready = await fetch(`${url}/readyz`)
      .then((answer) => answer.ok)
      .catch(() => false)
    if (ready) break
    if (server.exitCode !== null) throw new Error('the server ended; is dist/ built? (npm run build)')
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
  return {
    url,
    child: server,
    async stop() {
      server.kill('SIGTERM')
      await once(server, 'exit')
    },
  }
}

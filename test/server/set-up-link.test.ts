import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { createServer } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { aDatabase, type TestDatabase } from '../support/postgres.ts'
import { aFreePort, aServerProcess } from '../support/server-process.ts'

let database: TestDatabase
let dataDir: string
beforeAll(async () => {
  database = await aDatabase()
  dataDir = await mkdtemp(join(tmpdir(), 'budayang-link-'))
})
afterAll(async () => {
  await database.drop()
  await rm(dataDir, { recursive: true, force: true })
})

const start = (port: number) =>
  aServerProcess({ databaseUrl: database.url, dataDir, port, env: { BUDAYANG_ADMIN_PASSWORD: '' } })

it("is told for one's own door alone: not where somebody else has the port", async () => {
  const port = await aFreePort()
  const stranger = createServer((_req, res) => res.writeHead(404).end()).listen(port, '127.0.0.1')
  await once(stranger, 'listening')
  const late = await start(port)
  expect((await late.ended)[0]).toBe(78)
  expect(late.output()).toContain('[port_taken]')
  expect(late.output()).not.toContain('set-up?token=')
  stranger.close()
  await once(stranger, 'close')

  const server = await start(port)
  expect(server.output()).toMatch(new RegExp(`http://localhost:${port}/console/set-up\\?token=[\\w-]{20,}`))
  expect((await server.kill('SIGTERM'))[0]).toBe(0)
}, 60_000)

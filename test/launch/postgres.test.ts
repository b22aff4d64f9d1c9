import { spawn } from 'node:child_process'
import { chmodSync, existsSync, mkdirSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, afterEach, expect, it } from 'vitest'
import { runningPostgres, startPostgres, type RunningPostgres } from '../../launch/postgres.mjs'
import { isAlive } from '../../launch/process-identity.mjs'
import { openDatabase } from '../../server/db/database.ts'

const root = fileURLToPath(new URL('../..', import.meta.url))
/** Shared by most tests: making a database takes longer than everything else here. */
const dataDir = aFolder()
const folders = [dataDir]
let running: RunningPostgres[] = []
afterEach(async () => {
  await Promise.all(running.map((each) => each.stop()))
  running = []
})
afterAll(() => {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true })
})

function aFolder() {
  const folder = mkdtempSync(join(tmpdir(), 'budayang-pg-'))
  // The account that root gives the database to has to pass through.
  chmodSync(folder, 0o711)
  return folder
}

const options = (folder = dataDir) => ({ root, dataDir: folder, copiesIn: folder, durable: false, temporary: false })

async function start(folder?: string) {
  const started = await startPostgres(options(folder))
  running.push(started)
  return started
}

async function ask(url: string, sql: string): Promise<unknown> {
  const { pool } = openDatabase(url, 1)
  try {
    const { rows } = await pool.query<{ answer: unknown }>(sql)
    return rows[0]?.answer
  } finally {
    await pool.end()
  }
}

it('keeps what was written from one start to the next', async () => {
  const first = await start()
  await ask(first.url, 'create table kept as select 7 as answer')
  await first.stop()
  expect(isAlive(first.pid)).toBe(false)
  expect(isAlive(first.keeperPid)).toBe(false)
  const second = await start()
  expect(await ask(second.url, 'select answer from kept')).toBe(7)
})

it('listens on a socket that only its owner reaches, and on no port', async () => {
  const { url } = await start()
  expect(await ask(url, `select current_setting('listen_addresses') as answer`)).toBe('')
  expect(statSync(join(dataDir, 'run')).mode & 0o777).toBe(0o700)
  expect(statSync(join(dataDir, 'postgres')).mode & 0o777).toBe(0o700)
  if (process.getuid?.() === 0) expect(statSync(join(dataDir, 'postgres')).uid).not.toBe(0)
})

it('keeps the socket path short where the data folder lies deep', async () => {
  const top = aFolder()
  folders.push(top)
  const deep = join(top, '不打烊热线'.repeat(5), 'a'.repeat(60))
  mkdirSync(deep, { recursive: true })
  const { url } = await start(deep)
  const folder = new URL(url).searchParams.get('host') ?? ''
  expect(Buffer.byteLength(join(folder, '.s.PGSQL.5432'))).toBeLessThan(100)
  expect(await ask(url, 'select 1 as answer')).toBe(1)
  folders.push(folder)
})

it('counts Chinese in characters, whatever the locale of the machine', async () => {
  const { url } = await start()
  expect(await ask(url, `select length('不打烊') as answer`)).toBe(3)
})

it('tells a second program where the running database is', async () => {
  expect(runningPostgres(dataDir)).toBeUndefined()
  const { url, stop } = await start()
  expect(runningPostgres(dataDir)).toBe(url)
  await stop()
  expect(runningPostgres(dataDir)).toBeUndefined()
})

it('goes down with a launcher that is killed', async () => {
  const { launcher, pids } = await aLauncher()
  launcher.kill('SIGKILL')
  await expect.poll(() => pids.filter(isAlive), { timeout: 15_000 }).toEqual([])
  expect(existsSync(join(dataDir, 'postgres/postmaster.pid'))).toBe(false)
})

it('stops a database that launcher and keeper left over, and starts on the same data', async () => {
  const { launcher, pids } = await aLauncher()
  const [postmaster, keeper] = pids
  process.kill(keeper ?? 0, 'SIGKILL')
  launcher.kill('SIGKILL')
  await expect.poll(() => isAlive(keeper ?? 0)).toBe(false)
  expect(isAlive(postmaster ?? 0)).toBe(true)

  const again = await start()
  expect(again.pid).not.toBe(postmaster)
  expect(isAlive(postmaster ?? 0)).toBe(false)
  expect(await ask(again.url, 'select 1 as answer')).toBe(1)
})

it('starts after a power cut that left a pid which another program has by now', async () => {
  const first = await start()
  await first.stop()
  writeFileSync(join(dataDir, 'postgres/postmaster.pid'), `${process.pid}\n${join(dataDir, 'postgres')}\n1\n5432\n`)
  const { url } = await start()
  expect(await ask(url, 'select 1 as answer')).toBe(1)
})

it('makes the database anew when its making was interrupted', async () => {
  const folder = aFolder()
  folders.push(folder)
  mkdirSync(join(folder, 'postgres.new/base'), { recursive: true })
  const { url } = await start(folder)
  expect(await ask(url, 'select 1 as answer')).toBe(1)
})

it('reports its own death, so that it can be brought back', async () => {
  const { pid, ended } = await start()
  process.kill(pid, 'SIGKILL')
  expect(await ended).toBe(1)
  const { url } = await start()
  expect(await ask(url, 'select 1 as answer')).toBe(1)
})

it('says in one line why it does not start', async () => {
  await expect(startPostgres({ ...options(), root: join(dataDir, 'nowhere') })).rejects.toThrow(
    /^[^\n]+ \[postgres-missing\]$/,
  )
})

/** Another process that starts the database of this test; `pids` are the database's and its keeper's. */
async function aLauncher() {
  const script = `
    import { startPostgres } from ${JSON.stringify(join(root, 'launch/postgres.mjs'))}
    const { pid, keeperPid } = await startPostgres(${JSON.stringify(options())})
    console.log(JSON.stringify([pid, keeperPid]))
    setInterval(() => {}, 1000)`
  const launcher = spawn(process.execPath, ['--input-type=module', '-e', script], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const line = await new Promise<string>((resolve) =>
    launcher.stdout.once('data', (data: Buffer) => resolve(String(data))),
  )
  return { launcher, pids: (JSON.parse(line) as number[]).map(Number) }
}

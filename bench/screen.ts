/**
 * `npm run bench:screen`: one agent's console in a real Chromium with 200 conversations of 500 turns each: how long a
 * switch takes from the stroke to the painted thread, how smoothly a whole conversation scrolls, and what the page holds in memory
 * after many switches. The control is an empty page in the same browser: its frames, and a change of one line of text.
 */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { chmod, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { chromium, type CDPSession, type Page } from 'playwright-core'
import { staff } from '../desk/staff.ts'
import { startPostgres } from '../launch/postgres.mjs'
import { openDatabase } from '../server/db/database.ts'
import { machine, percentile, report, rounded } from './figures.ts'

const { values } = parseArgs({
  options: {
    conversations: { type: 'string', default: '200' },
    turns: { type: 'string', default: '500' },
    switches: { type: 'string', default: '200' },
  },
})
const size = {
  conversations: Number(values.conversations),
  turns: Number(values.turns),
  switches: Number(values.switches),
}
const floor = { switchP95Ms: 300, framesPerSecond: 50, heapGrowthMb: 20 }
const password = 'Bench-Password-1'
const root = join(import.meta.dirname, '..')

const about = machine()
const dataDir = await mkdtemp(join(tmpdir(), 'budayang-bench-'))
await chmod(dataDir, 0o755) // started by root, the database runs as somebody else, who must get in
const postgres = await startPostgres({ root, dataDir, copiesIn: dataDir, durable: true, temporary: true })
const port = 20_000 + (process.pid % 20_000)
const url = `http://127.0.0.1:${port}`
const server = spawn(process.execPath, [join(root, 'dist', 'server.js')], {
  env: {
    ...process.env,
    HOST: '127.0.0.1',
    PORT: String(port),
    RATE_LIMIT: 'off',
    LOG_LEVEL: 'error',
    DATABASE_URL: postgres.url,
    DATA_DIR: dataDir,
    BUDAYANG_ADMIN_PASSWORD: password,
  },
  stdio: ['ignore', 'ignore', 'inherit'],
})
const browser = await chromium.launch({
  executablePath: process.env.BUDAYANG_CHROMIUM ?? '/usr/bin/chromium',
  args: ['--no-sandbox', '--disable-gpu', '--no-first-run'],
})
try {
  await serving()
  await aFullDay()
  const page = await (await browser.newContext({ viewport: { width: 1366, height: 768 }, locale: 'zh-CN' })).newPage()
  const control = await bare(page)
  await signIn(page)
  const devtools = await page.context().newCDPSession(page)
  const first = await switches(page, size.switches)
  const heapBefore = await heapMb(devtools)
  const second = await switches(page, size.switches)
  const heapAfter = await heapMb(devtools)
  const scroll = await scrolled(page)
  const all = [...first, ...second]
  const measured = {
    ...size,
    switches: all.length,
    switchP50Ms: percentile(all, 0.5),
    switchP95Ms: percentile(all, 0.95),
    switchMaxMs: percentile(all, 1),
    turnsScrolled: scroll.turns,
    framesPerSecond: scroll.framesPerSecond,
    heapMb: heapAfter,
    heapGrowthMb: rounded(heapAfter - heapBefore),
  }
  const ok =
    measured.switchP95Ms < floor.switchP95Ms &&
    measured.framesPerSecond >= Math.min(floor.framesPerSecond, control.framesPerSecond * 0.8) &&
    measured.heapGrowthMb < floor.heapGrowthMb
  report({ bench: 'screen', ok, floor, measured, control, machine: about })
} finally {
  await browser.close()
  server.kill('SIGTERM')
  if (server.exitCode === null) await once(server, 'exit')
  await postgres.stop()
  await rm(dataDir, { recursive: true, force: true })
}

async function serving(): Promise<void> {
  for (;;) {
    const isReady = await fetch(`${url}/readyz`)
      .then((answer) => answer.ok)
      .catch(() => false)
    if (isReady) return
    if (server.exitCode !== null) throw new Error('the server ended; is dist/ built? (npm run build)')
    await new Promise((resolve) => setTimeout(resolve, 100))
  }
}

/** An agent in whose hands they all are, written straight into the tables. */
async function aFullDay(): Promise<void> {
  const { db, pool, close } = openDatabase(postgres.url, 2)
  const { staffId } = await staff(db).create({ name: 'bench', password, roles: ['agent'] }, new Date())
  await pool.query(
    `with people as (insert into contact (created_at) select now() from generate_series(1, $2) returning id),
     talks as (
       insert into conversation (contact_id, channel, state, agent_id, started_at, last_turn_at, last_seq)
       select id, 'web', 'agent', $1, now() - interval '1 hour', now(), $3 from people returning id
     )
     insert into turn (conversation_id, seq, speaker, staff_id, text, said_at)
     select id, n, case when n % 2 = 1 then 'customer' else 'agent' end, case when n % 2 = 1 then null else $1::uuid end,
            '第 ' || n || ' 句（' || id || '）：' || repeat('医保报销的材料和时限请您再说一遍，', 1 + n % 4), now()
       from talks, generate_series(1, $3) n`,
    [staffId, size.conversations, size.turns],
  )
  // Somebody who is not there would lose them to the queue.
  await pool.query(`insert into presence (staff_id, state, since, seen_at) values ($1, 'online', now(), now())`, [
    staffId,
  ])
  await pool.query('analyze turn, conversation')
  await close()
}

async function signIn(page: Page): Promise<void> {
  await page.goto(`${url}/console/sign-in`)
  await page.getByLabel('登录名').fill('bench')
  await page.getByLabel('密码', { exact: true }).fill(password)
  await page.getByRole('button', { name: '登录' }).click()
  await page
    .getByTestId('my-row')
    .nth(size.conversations - 1)
    .waitFor()
}

/** From the stroke until the frame in which the last turn of the next conversation and its composer stand. */
async function switches(page: Page, times: number): Promise<number[]> {
  return page.evaluate<number[]>(`(async (times) => {
    const frame = () => new Promise((resolve) => requestAnimationFrame(resolve))
    const isThere = (id) =>
      location.pathname.endsWith(id) &&
      document.querySelector('[data-testid=standing]') &&
      document.querySelector('[data-testid=composer]') &&
      document.querySelector('[data-testid=thread] li:last-child')?.textContent.includes(id)
    const took = []
    for (let i = 0; i < times; i++) {
      const before = location.pathname
      const beganAt = performance.now()
      document.body.dispatchEvent(new KeyboardEvent('keydown', { code: 'KeyJ', altKey: true, bubbles: true }))
      while (location.pathname === before || !isThere(location.pathname.split('/').at(-1))) await frame()
      await frame()
      took.push(performance.now() - beganAt)
      await new Promise((resolve) => setTimeout(resolve, 30))
    }
    return took
  })(${times})`)
}

/** The whole conversation, page by page up to its first turn, then down again, 40 px a frame. */
async function scrolled(page: Page): Promise<{ turns: number; framesPerSecond: number }> {
  const shown = await page.evaluate<{ turns: number; framesPerSecond: number }>(`(async () => {
    const frame = () => new Promise((resolve) => requestAnimationFrame(resolve))
    const log = document.querySelector('[role=log]')
    while (document.querySelector('[data-testid=older]')) { log.scrollTop = 0; await frame() }
    await new Promise((resolve) => setTimeout(resolve, 500))
    log.scrollTop = 0
    const beganAt = performance.now()
    let frames = 0
    while (log.scrollTop + log.clientHeight < log.scrollHeight - 1 && frames < 600) {
      log.scrollTop += 40
      await frame()
      frames++
    }
    const seconds = (performance.now() - beganAt) / 1000
    return { turns: document.querySelectorAll('[data-testid=thread] li.turn').length, framesPerSecond: frames / seconds }
  })()`)
  return { turns: shown.turns, framesPerSecond: rounded(shown.framesPerSecond) }
}

/** What this browser can do at best on this machine. */
async function bare(page: Page): Promise<{ framesPerSecond: number; changeP95Ms: number }> {
  await page.setContent('<p id="line">0</p>')
  const shown = await page.evaluate<{ framesPerSecond: number; changes: number[] }>(`(async () => {
    const frame = () => new Promise((resolve) => requestAnimationFrame(resolve))
    const beganAt = performance.now()
    for (let i = 0; i < 120; i++) await frame()
    const framesPerSecond = 120 / ((performance.now() - beganAt) / 1000)
    const changes = []
    for (let i = 0; i < 60; i++) {
      const at = performance.now()
      document.getElementById('line').textContent = String(i)
      await frame()
      await frame()
      changes.push(performance.now() - at)
    }
    return { framesPerSecond, changes }
  })()`)
  return { framesPerSecond: rounded(shown.framesPerSecond), changeP95Ms: percentile(shown.changes, 0.95) }
}

async function heapMb(devtools: CDPSession): Promise<number> {
  await devtools.send('HeapProfiler.enable')
  await devtools.send('HeapProfiler.collectGarbage')
  const { usedSize } = await devtools.send('Runtime.getHeapUsage')
  return rounded(usedSize / 2 ** 20)
}

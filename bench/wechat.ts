/**
 * `npm run bench:wechat`: citizens in WeChat, sealed messages at 200 a second for 30 s, from a stand-in of the platform
 * in this process; a tenth of them sent three times, half of these at once. Beside it the same load on a bare HTTP
 * echo. What was lost or answered twice is counted in the database (bench/wechat-record.ts). The clock starts when the server has found
 * the thresholds of its base, which takes a core for a while after the first start of all.
 */
import { chmod, mkdtemp, rm } from 'node:fs/promises'
import { createServer } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { startPostgres } from '../launch/postgres.mjs'
import { openDatabase } from '../server/db/database.ts'
import { tencentStandIn } from '../wechat/stand-in/tencent.ts'
import { builtServer } from './built-server.ts'
import { cpuMs } from './cpu.ts'
import { machine, percentile, report, rounded } from './figures.ts'
import { recordOf } from './wechat-record.ts'

const { values } = parseArgs({
  options: {
    rate: { type: 'string', default: '200' },
    seconds: { type: 'string', default: '30' },
    citizens: { type: 'string', default: '1000' },
    /** No question comes twice in the same words: nothing that is remembered of the last one helps. */
    different: { type: 'boolean', default: false },
  },
})
const rate = Number(values.rate)
const messages = rate * Number(values.seconds)
const citizens = Number(values.citizens)
const questions = [
  '新生儿怎么参保',
  '生育津贴怎么领',
  '异地就医怎么备案',
  '门诊能报销吗',
  '断缴了怎么办',
  '退休了还要交医保吗',
]
/** Read as if they were not there. */
const marks = ['。', '？', '！', '，'] as const
const floor = { lost: 0, duplicates: 0, failed: 0, answeredP99Ms: 3_500 }
const settleMs = 10_000

const about = machine()
const root = join(import.meta.dirname, '..')
const keys = { token: 'benchtoken', aesKey: 'YWJjZGVmZ2hpamtsbW5vcHFyc3R1dnd4eXowMTIzNDU', id: 'wxbench0000000001' }
const appSecret = 'a-secret-of-the-bench'
const dataDir = await mkdtemp(join(tmpdir(), 'budayang-bench-'))
await chmod(dataDir, 0o755) // started by root, the database runs as somebody else, who must get in
const postgres = await startPostgres({ root, dataDir, copiesIn: dataDir, durable: true, temporary: true })
let callbackUrl = ''
// As many as it takes: what is measured is the hotline, not what Tencent lets through.
const allowance = { perMessage: 100, messageHours: 48, perMoment: 100, momentSeconds: 60 }
const tencent = await tencentStandIn({ keys, appSecret, mode: 'safe', callbackUrl: () => callbackUrl, allowance })
const server = await builtServer({
  ...{ root, dataDir, port: 20_000 + (process.pid % 20_000), databaseUrl: postgres.url },
  env: {
    WECHAT_APP_ID: keys.id,
    WECHAT_APP_SECRET: appSecret,
    WECHAT_TOKEN: keys.token,
    WECHAT_AES_KEY: keys.aesKey,
    WECHAT_API_BASE: tencent.url,
    WECHAT_PER_MESSAGE: '100',
  },
})
try {
  await untilSettled()
  const echoMs = await echo()
  callbackUrl = `${server.url}/wechat/oa`
  const before = cpu()
  const asked = await ask()
  await new Promise((resolve) => setTimeout(resolve, settleMs))
  const { heard, unanswered, answeredTwice, untold, toldTwice, sentAfterMs } = await recordOf(postgres.url)
  const answeredMs = [...asked.onTheSpotMs, ...sentAfterMs]
  const measured = {
    messages,
    passiveShare: rounded((100 * asked.onTheSpotMs.length) / messages),
    answeredP50Ms: percentile(answeredMs, 0.5),
    answeredP99Ms: percentile(answeredMs, 0.99),
    sentAfter: sentAfterMs.length,
    failed: asked.failed,
    lost: Math.max(0, messages - heard) + unanswered + untold,
    duplicates: Math.max(0, heard - messages) + answeredTwice + toldTwice + asked.differing,
    cpuMsPerMessage: perMessage(before, cpu()),
  }
  const isWhole = measured.lost === 0 && measured.duplicates === 0 && measured.failed === 0
  const ok = isWhole && measured.answeredP99Ms <= floor.answeredP99Ms
  const control = { echoP50Ms: percentile(echoMs, 0.5), echoP99Ms: percentile(echoMs, 0.99) }
  report({ bench: 'wechat', ok, floor, measured, control, machine: about })
} finally {
  server.child.kill('SIGKILL')
  await tencent.close()
  await postgres.stop()
  await rm(dataDir, { recursive: true, force: true })
}

function cpu() {
  const { user, system } = process.cpuUsage()
  const bench = (user + system) / 1_000
  return { server: cpuMs(server.child.pid ?? 0), database: cpuMs(postgres.pid), bench }
}

function perMessage(before: ReturnType<typeof cpu>, after: ReturnType<typeof cpu>) {
  const share = (name: keyof typeof before) => rounded((after[name] - before[name]) / messages)
  return { server: share('server'), database: share('database'), bench: share('bench') }
}

function openIdOf(at: number): string {
  return `oBench${String(at).padStart(8, '0')}`
}

function questionOf(n: number): string {
  const question = questions[n % questions.length] ?? ''
  if (!values.different) return question
  return question + Array.from({ length: 8 }, (_, digit) => marks[Math.floor(n / 4 ** digit) % 4]).join('')
}

async function untilSettled(): Promise<void> {
  const { pool, close } = openDatabase(postgres.url, 1)
  while ((await pool.query('select from knowledge_thresholds')).rowCount === 0)
    await new Promise((resolve) => setTimeout(resolve, 500))
  await close()
}

/** Each at its own time, whether or not those before have been answered. */
async function atRate(send: (n: number) => Promise<void>): Promise<void> {
  const begun = performance.now()
  const all: Promise<void>[] = []
  for (let n = 0; n < messages; n++) {
    const waitMs = begun + (n * 1_000) / rate - performance.now()
    if (waitMs > 1) await new Promise((resolve) => setTimeout(resolve, waitMs))
    all.push(send(n))
  }
  await Promise.all(all)
}

async function ask() {
  const onTheSpotMs: number[] = []
  let [failed, differing] = [0, 0]
  await atRate(async (n) => {
    const openId = openIdOf(n % citizens)
    const text = questionOf(n)
    const fields = { MsgType: 'text', Content: text, MsgId: tencent.nextMessageId() }
    tencent.wrote(openId)
    const sentAt = performance.now()
    let shownMs: number | undefined
    const one = async () => {
      const answer = await tencent.knock(openId, fields)
      if (answer !== undefined) shownMs ??= performance.now() - sentAt
      return answer
    }
    try {
      let heard: (string | undefined)[]
      if (n % 20 === 0) heard = await Promise.all([one(), one(), one()])
      else if (n % 20 === 10) heard = [await one(), await one(), await one()]
      else heard = [await one()]
      if (shownMs !== undefined) onTheSpotMs.push(shownMs)
      if (new Set(heard).size > 1) differing++
    } catch {
      failed++
    }
  })
  return { onTheSpotMs, failed, differing }
}

async function echo(): Promise<number[]> {
  const bare = createServer((request, response) => request.resume().on('end', () => response.end('success')))
  await new Promise<void>((resolve) => bare.listen(0, '127.0.0.1', resolve))
  const address = bare.address()
  callbackUrl = `http://127.0.0.1:${typeof address === 'object' && address ? address.port : 0}/`
  const waited: number[] = []
  await atRate(async (n) => {
    const sentAt = performance.now()
    await tencent.knock(`oEcho${n}`, { MsgType: 'text', Content: questions[0] ?? '', MsgId: tencent.nextMessageId() })
    waited.push(performance.now() - sentAt)
  })
  bare.close()
  return waited
}

/**
 * `npm run bench:chat`: visitors of the web chat, the bot answering, on a real PostgreSQL with fsync on. Open loop:
 * 500 conversations, a message each five seconds. Beside it, in the same run, before and after, the same load on a
 * bare socket.io echo. Lost and doubled are counted in the database, not by the clients.
 */
import { spawn, type ChildProcess } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { chmod, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { io, type Socket } from 'socket.io-client'
import type { KeptTurn } from '../contract/turn.ts'
import type { Reply } from '../contract/visitor-events.ts'
import { startPostgres } from '../launch/postgres.mjs'
import { openDatabase } from '../server/db/database.ts'
import { builtServer } from './built-server.ts'
import { machine, percentile, report } from './figures.ts'
import { openLoop, type Load } from './open-loop.ts'

const { values } = parseArgs({
  options: {
    conversations: { type: 'string', default: '500' },
    seconds: { type: 'string', default: '30' },
    every: { type: 'string', default: '5' },
  },
})
const load: Load = {
  clients: Number(values.conversations),
  everyMs: Number(values.every) * 1_000,
  forMs: Number(values.seconds) * 1_000,
}
const questions = [
  '新生儿怎么参保',
  '生育津贴怎么领',
  '异地就医怎么备案',
  '门诊能报销吗',
  '断缴了怎么办',
  '医保码怎么激活',
  '大病保险怎么报',
  '个人账户能给家人用吗',
  '谢谢',
  '退休了还要交医保吗',
]
const root = join(import.meta.dirname, '..')

type Samples = { ackMs: number[]; answeredMs: number[]; unanswered: number }

const about = machine()
const dataDir = await mkdtemp(join(tmpdir(), 'budayang-bench-'))
await chmod(dataDir, 0o755) // started by root, the database runs as somebody else, who must get in
const postgres = await startPostgres({ root, dataDir, copiesIn: dataDir, durable: true, temporary: true })
const children: ChildProcess[] = []
try {
  const before = await echo()
  const server = await builtServer({ root, port: 20_000 + (process.pid % 20_000), databaseUrl: postgres.url, dataDir })
  children.push(server.child)
  const chat = await talk(server.url)
  const kept = await countKept(chat.sentIds)
  await server.stop()
  const after = await echo()

  const echoMs = [...before, ...after]
  const measured = {
    conversations: load.clients,
    messages: chat.sentIds.length,
    ackP50Ms: percentile(chat.samples.ackMs, 0.5),
    ackP99Ms: percentile(chat.samples.ackMs, 0.99),
    answeredP50Ms: percentile(chat.samples.answeredMs, 0.5),
    answeredP99Ms: percentile(chat.samples.answeredMs, 0.99),
    lost: chat.sentIds.length - kept.kept + chat.samples.unanswered,
    duplicated: kept.duplicated,
  }
  const control = { echoP50Ms: percentile(echoMs, 0.5), echoP99Ms: percentile(echoMs, 0.99) }
  const answeredP99Ms = Math.max(5 * control.echoP99Ms, 150)
  const ok = measured.answeredP99Ms <= answeredP99Ms && measured.lost === 0 && measured.duplicated === 0
  report({ bench: 'chat', ok, floor: { answeredP99Ms, lost: 0, duplicated: 0 }, measured, control, machine: about })
} finally {
  for (const child of children) child.kill('SIGKILL')
  await postgres.stop()
  await rm(dataDir, { recursive: true, force: true })
}

async function echo(): Promise<number[]> {
  const server = spawn(process.execPath, ['--import', 'tsx', join(import.meta.dirname, 'echo-server.ts')], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  children.push(server)
  const [port] = (await once(server.stdout, 'data')) as [Buffer]
  const url = `http://127.0.0.1:${port.toString().trim()}`
  const sockets = await Promise.all(
    Array.from({ length: load.clients }, () => connected(io(url, { transports: ['websocket'], forceNew: true }))),
  )
  const waited: number[] = []
  await openLoop({ ...load, forMs: load.forMs / 2 }, async (client) => {
    const sentAt = performance.now()
    await sockets[client]?.emitWithAck('echo', questions[client % questions.length])
    waited.push(performance.now() - sentAt)
  })
  for (const socket of sockets) socket.disconnect()
  server.kill('SIGTERM')
  return waited
}

async function talk(url: string): Promise<{ samples: Samples; sentIds: string[] }> {
  const samples: Samples = { ackMs: [], answeredMs: [], unanswered: 0 }
  const sentIds: string[] = []
  const visitors = await Promise.all(Array.from({ length: load.clients }, () => aVisitor(url)))
  // One message each before the clock starts: conversations are there, as they are in the middle of a day.
  for (const visitor of visitors) sentIds.push((await visitor.say(questions[0] ?? '')).clientId)
  await openLoop(load, async (client, round) => {
    const said = await visitors[client]?.say(questions[(client + round) % questions.length] ?? '')
    if (!said) return
    sentIds.push(said.clientId)
    samples.ackMs.push(said.ackMs)
    if (said.answeredMs === undefined) samples.unanswered++
    else samples.answeredMs.push(said.answeredMs)
  })
  for (const visitor of visitors) visitor.close()
  return { samples, sentIds }
}

async function aVisitor(url: string) {
  const pass = await fetch(`${url}/api/visitors`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: '{}',
  })
  const { token } = (await pass.json()) as { token: string }
  const socket = await connected(io(`${url}/visitor`, { transports: ['websocket'], auth: { token }, forceNew: true }))
  const heard: { seq: number; at: number }[] = []
  socket.on('turn:said', (turn: KeptTurn) => {
    if (turn.speaker !== 'customer') heard.push({ seq: turn.seq, at: performance.now() })
  })
  return {
    async say(text: string): Promise<{ clientId: string; ackMs: number; answeredMs?: number }> {
      const clientId = randomUUID()
      const sentAt = performance.now()
      const reply = (await socket.timeout(20_000).emitWithAck('turn:say', { clientId, text })) as Reply<{ seq: number }>
      const ackMs = performance.now() - sentAt
      if (!reply.ok) throw new Error(`refused: ${reply.code}`)
      const deadline = performance.now() + 5_000
      for (;;) {
        const answer = heard.find((one) => one.seq === reply.value.seq + 1)
        if (answer) return { clientId, ackMs, answeredMs: answer.at - sentAt }
        if (performance.now() > deadline) return { clientId, ackMs }
        await new Promise((resolve) => setTimeout(resolve, 1))
      }
    },
    close: () => void socket.disconnect(),
  }
}

async function countKept(sentIds: readonly string[]): Promise<{ kept: number; duplicated: number }> {
  const { pool, close } = openDatabase(postgres.url, 1)
  const { rows } = await pool.query<{ kept: number; asked: number; answers: number }>(
    `select count(*) filter (where client_id = any($1)) as kept,
            count(*) filter (where speaker = 'customer') as asked,
            count(*) filter (where speaker = 'bot') as answers
       from turn`,
    [sentIds],
  )
  await close()
  const [row] = rows
  const extra = (row?.asked ?? 0) - sentIds.length + ((row?.answers ?? 0) - sentIds.length)
  return { kept: row?.kept ?? 0, duplicated: Math.max(0, extra) }
}

async function connected(socket: Socket): Promise<Socket> {
  await new Promise<void>((resolve, reject) => {
    socket.once('connect', resolve)
    socket.once('connect_error', reject)
  })
  return socket
}

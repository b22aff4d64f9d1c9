/** The process is killed without warning, and nobody has to begin again. */
import { randomUUID } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { wording } from '../../bot/dialogs/wording.ts'
import { aDatabase, type TestDatabase } from '../support/postgres.ts'
import { aFreePort, aServerProcess } from '../support/server-process.ts'
import { aVisitor, until } from '../support/socket-clients.ts'

let database: TestDatabase
let dataDir: string
beforeAll(async () => {
  database = await aDatabase()
  dataDir = await mkdtemp(join(tmpdir(), 'budayang-crash-'))
})
afterAll(async () => {
  await database.drop()
  await rm(dataDir, { recursive: true, force: true })
})

const start = async (port: number) => aServerProcess({ databaseUrl: database.url, dataDir, port })

it('continues a dialog at the same question after kill -9, with every acknowledged word kept once', async () => {
  const port = await aFreePort()
  const first = await start(port)
  const before = await aVisitor(first.url)
  await before.must('turn:say', { clientId: randomUUID(), text: '我要投诉' })
  const lastId = randomUUID()
  const kept = await before.must('turn:say', { clientId: lastId, text: '窗口排队两个小时没人处理' })
  await before.hears(wording.complaint.askContact)
  await first.kill('SIGKILL')

  const second = await start(port)
  const after = await aVisitor(second.url, { token: before.token })
  await until(() => after.turns.length >= before.turns.length, 'the whole history')
  expect(after.turns).toEqual(before.turns)

  // The same words once more, as a client does that never heard of the acknowledgement: still one turn.
  expect(await after.must('turn:say', { clientId: lastId, text: '窗口排队两个小时没人处理' })).toEqual(kept)
  await after.must('turn:say', { clientId: randomUUID(), text: '13800138000' })
  await after.hears(wording.complaint.confirm)
  await after.must('turn:say', { clientId: randomUUID(), text: '确认提交' })
  await after.hears('您的投诉已登记')
  after.close()
  expect((await second.kill('SIGTERM'))[0]).toBe(0)
}, 60_000)

it('keeps what it acknowledged through four kills in the middle of talk', async () => {
  const port = await aFreePort()
  const acknowledged = new Map<string, string>()
  let token: string | undefined
  for (let kill = 0; kill < 4; kill++) {
    const server = await start(port)
    const citizen = await aVisitor(server.url, { token })
    token = citizen.token
    const sending = Array.from({ length: 5 }, (_, i) => {
      const clientId = randomUUID()
      return citizen.say(`第 ${kill} 轮第 ${i} 句：门诊能报销吗`, clientId).then(
        (reply) => reply.ok && acknowledged.set(clientId, `第 ${kill} 轮第 ${i} 句：门诊能报销吗`),
        () => false,
      )
    })
    // Every second kill comes early, in the middle of the first words; the others after something was acknowledged.
    const early = new Promise((resolve) => setTimeout(resolve, 40))
    await (kill % 2 === 0 ? sending[kill % sending.length] : Promise.race([...sending, early]))
    await server.kill('SIGKILL')
    citizen.close()
    await Promise.allSettled(sending)
  }
  const { rows } = await database.pool.query<{ client_id: string; text: string }>(
    `select client_id, text from turn where speaker = 'customer' and client_id = any($1)`,
    [[...acknowledged.keys()]],
  )
  expect(new Map(rows.map((row) => [row.client_id, row.text]))).toEqual(acknowledged)
  const gaps = await database.pool.query(
    `select conversation_id from turn group by conversation_id having max(seq) <> count(*)`,
  )
  expect(gaps.rows).toEqual([])
  expect(acknowledged.size).toBeGreaterThan(0)
}, 120_000)

it('says one line that names the port and the variable when the port is taken, and ends', async () => {
  const port = await aFreePort()
  const holder = await start(port)
  const late = await start(port)
  const [code] = await late.ended
  expect(code).toBe(78)
  expect(late.output()).toMatch(new RegExp(`端口 ${port} 已被占用.*PORT=.*\\[port_taken\\]`))
  await holder.kill('SIGTERM')
}, 60_000)

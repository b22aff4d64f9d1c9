import { afterAll, beforeAll, expect, it, onTestFinished, vi } from 'vitest'
import { cities } from '../../knowledge/cities.ts'
import { liveIndex, type Log } from '../../knowledge/live-index.ts'
import { review } from '../../knowledge/review.ts'
import { aDatabase, type TestDatabase } from '../support/postgres.ts'
import { aWording } from '../support/wording.ts'
import { staffNamed } from './staff-rows.ts'

const now = new Date('2026-11-22T01:00:00Z')
let base: TestDatabase
let writer: string
let checker: string
let made = 0

beforeAll(async () => {
  base = await aDatabase()
  ;[writer = '', checker = ''] = await staffNamed(base.pool, '李编辑', '王审核')
})
afterAll(() => base.drop())

function aLog() {
  return { info: vi.fn<Log['info']>(), error: vi.fn<Log['error']>() }
}
function aNode(parts: Partial<Parameters<typeof liveIndex>[0]> = {}) {
  const log = aLog()
  const node = liveIndex({ db: base.db, log, cities: cities([]), pollMs: 20, ...parts })
  onTestFinished(() => node.stop())
  return { node, log }
}
async function publish(question: string): Promise<{ entryId: string; withdraw: () => Promise<unknown> }> {
  return base.db.transaction().execute(async (tx) => {
    const r = review(tx)
    const { id, entryId } = await r.draft(
      aWording({ question, similar: [] }),
      { staffId: writer, now },
      `entry-${++made}`,
    )
    await r.move(id, 'submit', { staffId: writer, now })
    await r.move(id, 'approve', { staffId: checker, now })
    await r.move(id, 'publish', { staffId: checker, now })
    const withdraw = () =>
      base.db.transaction().execute((later) => review(later).move(id, 'withdraw', { staffId: checker, now }))
    return { entryId, withdraw }
  })
}
const found = (node: ReturnType<typeof liveIndex>, question: string) =>
  node.current().answer({ question, on: '2026-11-22' }).entry?.id

it('is not ready, and says so, before the first index', () => {
  const { node } = aNode()
  expect(node.isReady()).toBe(false)
  expect(() => node.current()).toThrow(expect.objectContaining({ code: 'not_ready' }))
})

it('serves on every node what any of them published, and stops when it is withdrawn', async () => {
  const nodes = [aNode().node, aNode().node]
  await Promise.all(nodes.map((node) => node.start()))
  const { entryId, withdraw } = await publish('电子凭证如何解绑')
  for (const node of nodes) await vi.waitFor(() => expect(found(node, '电子凭证如何解绑')).toBe(entryId), 5_000)
  await withdraw()
  for (const node of nodes) await vi.waitFor(() => expect(found(node, '电子凭证如何解绑')).toBeUndefined(), 5_000)
})

it('has it at once after a refresh', async () => {
  const { node } = aNode({ pollMs: 60_000 })
  await node.start()
  const { entryId } = await publish('生育津贴多久到账')
  expect(found(node, '生育津贴多久到账')).toBeUndefined()
  await node.refresh()
  expect(found(node, '生育津贴多久到账')).toBe(entryId)
})

it('sees what was committed before the refresh was asked for, though another look was under way', async () => {
  const { node } = aNode({ pollMs: 60_000 })
  await node.start()
  const earlier = node.refresh()
  const { entryId } = await publish('断缴三个月以后怎样恢复')
  await Promise.all([earlier, node.refresh(), node.refresh()])
  expect(found(node, '断缴三个月以后怎样恢复')).toBe(entryId)
})

it('is built again only when something was published', async () => {
  const { node, log } = aNode()
  await node.start()
  const first = node.current()
  await node.refresh()
  await node.refresh()
  expect(node.current()).toBe(first)
  expect(log.info).toHaveBeenCalledTimes(1)
})

it('keeps serving the old index while the database fails, logs it, and catches up', async () => {
  const { node, log } = aNode()
  const { entryId } = await publish('零星报销要交什么材料')
  await node.start()
  await base.pool.query('alter table knowledge_version rename to knowledge_version_away')
  await vi.waitFor(() => expect(log.error).toHaveBeenCalled(), 5_000)
  expect(found(node, '零星报销要交什么材料')).toBe(entryId)
  expect(node.isReady()).toBe(true)
  await base.pool.query('alter table knowledge_version_away rename to knowledge_version')
  const later = await publish('慢特病待遇几时生效')
  await vi.waitFor(() => expect(found(node, '慢特病待遇几时生效')).toBe(later.entryId), 5_000)
})

it('goes on looking when even the first index could not be built', async () => {
  await base.pool.query('alter table knowledge_version rename to knowledge_version_away')
  const { node } = aNode()
  await node.start()
  expect(node.isReady()).toBe(false)
  await base.pool.query('alter table knowledge_version_away rename to knowledge_version')
  await vi.waitFor(() => expect(node.isReady()).toBe(true), 5_000)
})

it('looks no more once it is stopped', async () => {
  const { node } = aNode()
  await node.start()
  node.stop()
  await publish('转移接续需要多长时间')
  await new Promise((resolve) => setTimeout(resolve, 120))
  expect(found(node, '转移接续需要多长时间')).toBeUndefined()
})

it('tries a base that has come to rest, keeps what it found, and has it at once after a restart', async () => {
  const questions = ['住院', '门诊', '异地', '生育', '大病', '救助', '账户', '转移'].flatMap((matter) =>
    ['要带什么材料', '去哪里办理', '多久能办好', '比例是多少', '被退回怎么申诉', '能不能代办', '要不要预约'].map(
      (what) => `${matter}${what}`,
    ),
  )
  for (const question of questions) await publish(question)
  const { node, log } = aNode({ pollMs: 60_000, trialDelayMs: 10, now: () => now })
  await node.start()
  const untried = node.current()
  await vi.waitFor(() => expect(log.info).toHaveBeenCalledWith(expect.anything(), 'thresholds found'), 10_000)
  expect(node.current()).not.toBe(untried)
  const { rows } = await base.pool.query<{ thresholds: object }>('select thresholds from knowledge_thresholds')
  expect(rows).toHaveLength(1)
  expect(log.info).toHaveBeenCalledWith(expect.objectContaining(rows[0]?.thresholds ?? {}), 'thresholds found')

  const again = aNode({ pollMs: 60_000, trialDelayMs: 10, now: () => now })
  await again.node.start()
  const known = again.node.current()
  await new Promise((resolve) => setTimeout(resolve, 100))
  expect(again.node.current()).toBe(known)
})

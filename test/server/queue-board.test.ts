/** The queue as it is told: nobody who has gone, and never an older look after a newer one. */
import { pino } from 'pino'
import { afterAll, beforeAll, expect, it } from 'vitest'
import type { DeskConversation, DeskQueue } from '../../contract/agent-events.ts'
import { deskViews } from '../../bot/desk-view.ts'
import { queueBoard } from '../../server/live/queue-board.ts'
import { aHotline, type TestHotline } from '../support/hotline.ts'
import { anAgent, aVisitor, until, type Agent } from '../support/socket-clients.ts'

let hotline: TestHotline
let agent: Agent
beforeAll(async () => {
  hotline = await aHotline({ env: { QUEUE_MODE: 'claim' } })
  agent = await anAgent(hotline.url, await hotline.aMember('agent'))
  await agent.must('presence:set', { state: 'online' })
})
afterAll(async () => {
  agent.close()
  await hotline.close()
})

it('tells a newer look at the queue after an older one that took longer', async () => {
  const told: string[] = []
  agent.socket.on('queue:changed', ({ asked }: DeskQueue) => told.push(...asked.map(({ lastText }) => lastText)))
  const looks: ((look: string) => void)[] = []
  const views = {
    ...deskViews(hotline.db),
    waiting: () => Promise.resolve<DeskConversation[]>([]),
    async askedOf() {
      const lastText = await new Promise<string>((seen) => looks.push(seen))
      const who = { channel: 'web', who: '访客', fromNumber: '1001' } as const
      return [{ ...who, conversationId: 'c', lastText, reason: '', transferId: 't', expiresAt: '' }]
    },
  }
  const board = queueBoard({
    ...{ io: hotline.io, db: hotline.db, views, log: pino({ level: 'silent' }) },
    ...{ late: { amberSeconds: 120, redSeconds: 180 }, now: () => new Date() },
  })
  board.changed()
  await until(() => looks.length === 1, 'the older look')
  board.changed()
  const older = looks[0]
  // Whoever would look meanwhile has the time to.
  await new Promise((resolve) => setTimeout(resolve, 300))
  looks[1]?.('newer')
  await new Promise((resolve) => setTimeout(resolve, 100))
  older?.('older')
  const newer = await until(() => looks[1], 'the newer look')
  newer('newer')
  await until(() => told.length === 2, 'both told')
  expect(told).toEqual(['older', 'newer'])
  board.stop()
})

it('does not show somebody whose conversation was closed between two looks', async () => {
  const visitor = await aVisitor(hotline.url)
  await visitor.must('person:ask', {})
  const views = deskViews(hotline.db)
  const [waiting] = await views.waiting()
  expect(waiting?.state).toBe('waiting')
  await hotline.database.pool.query("update conversation set state = 'closed', closed_at = now() where id = $1", [
    waiting?.conversationId,
  ])
  expect(await views.waiting()).toEqual([])
  visitor.close()
})

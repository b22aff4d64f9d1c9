/** Opening a conversation at the desk: nothing that is said falls between what is read and what is told. */
import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { aHotline, type TestHotline } from '../support/hotline.ts'
import { aVisitor, anAgent, until } from '../support/socket-clients.ts'

let hotline: TestHotline
beforeAll(async () => {
  hotline = await aHotline()
})
afterAll(() => hotline.close())

/** For a lock that another one has. */
async function somebodyWaits(): Promise<void> {
  for (;;) {
    const { rows } = await hotline.database.pool.query<{ n: number }>(
      'select count(*) as n from pg_locks where not granted and database = (select oid from pg_database where datname = current_database())',
    )
    if (rows[0]?.n) return
    await new Promise((resolve) => setTimeout(resolve, 10))
  }
}

it('shows whoever opens a conversation what is said while it is being read', async () => {
  const visitor = await aVisitor(hotline.url)
  const { conversationId } = await visitor.must('turn:say', { clientId: randomUUID(), text: '新生儿怎么参保' })
  const agent = await anAgent(hotline.url, await hotline.aMember('agent'))

  // The view reads the turns first and the notes after them: held there, it knows nothing of what is said meanwhile.
  const holding = await hotline.database.pool.connect()
  await holding.query('begin')
  await holding.query('lock table note in access exclusive mode')
  const opening = agent.must('conversation:open', { conversationId })
  await somebodyWaits()
  const { seq } = await visitor.must('turn:say', { clientId: randomUUID(), text: '还要带户口本吗' })
  await holding.query('commit')
  holding.release()

  const view = await opening
  expect(view.turns.some((turn) => turn.seq === seq)).toBe(false)
  await until(() => agent.turns.find((turn) => turn.seq === seq), 'hearing what was said meanwhile')
  agent.close()
  visitor.close()
})

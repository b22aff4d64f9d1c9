/** The ladder's timers on a real database: each rung once, over a restart, a killed process, two nodes and a jumping clock. */
import { fork } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { pino } from 'pino'
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest'
import { cases } from '../../desk/cases.ts'
import { seedHolidays } from '../../desk/holiday-seed.ts'
import { ladderTimer } from '../../server/case-timers.ts'
import { jobs, type Jobs } from '../../server/jobs.ts'
import { aColleague, aConversation, aSealer } from '../desk/rows.ts'
import { aDatabase, type TestDatabase } from '../support/postgres.ts'

const log = pino({ level: 'silent' })
const filed = new Date('2026-11-22T12:00:00+08:00')
const many = 30

let database: TestDatabase
let now = filed
const running: Jobs[] = []
const at = (moment: string) => (now = new Date(`${moment}+08:00`))

beforeAll(async () => {
  database = await aDatabase()
  await seedHolidays(database.db)
  await aColleague(database.pool, 'supervisor')
})
afterAll(() => database.drop())
// Due on 9 December; contacted, so that nothing else is.
beforeEach(async () => {
  now = filed
  await database.pool.query(`update case_file set state = 'closed', closed_at = opened_at where closed_at is null`)
  await database.pool.query(`delete from jobs.job; delete from jobs.later; delete from jobs.repeated`)
  const actor = await aColleague(database.pool, 'officer')
  const desk = cases(database.db, aSealer)
  for (let n = 0; n < many; n++) {
    const conversationId = await aConversation(database.pool)
    const { caseId } = await desk.fileComplaint({ conversationId, text: `投诉 ${n}` }, filed)
    await desk.move(caseId, { to: 'contacted', note: '已联系' }, actor, filed)
  }
})
afterEach(async () => {
  for (const one of running.splice(0)) await one.stop()
})

async function aNode(): Promise<Jobs> {
  const { db, pool } = database
  const node = jobs({ db, pool, log, now: () => now, maintainSeconds: 1 })
  ladderTimer({ db, jobs: node, now: () => now, options: { withinSeconds: 2, retrySeconds: 1 } })
  running.push(node)
  await node.start()
  return node
}

/** How often each rung was climbed, over all open cases. */
async function climbed(): Promise<Record<string, number>> {
  const { rows } = await database.pool.query<{ rung: string; n: number }>(
    `select e.data->>'rung' as rung, count(*) as n from case_event e join case_file f on f.id = e.case_id
     where e.kind = 'urged' and f.closed_at is null group by 1 order by 1`,
  )
  return Object.fromEntries(rows.map(({ rung, n }) => [rung, n]))
}

it('climbs each rung once, whether two nodes look, the clock jumps an hour either way, or both start anew', async () => {
  const [one, other] = [await aNode(), await aNode()]
  for (const moment of ['2026-12-08T00:30:00', '2026-12-08T01:30:00', '2026-12-08T00:31:00']) {
    at(moment)
    await Promise.all([one.tick(), other.tick()])
  }
  expect(await climbed()).toEqual({ remind: many })
  for (const node of running.splice(0)) await node.stop()

  at('2026-12-10T09:00:00')
  const anew = await aNode()
  at('2026-12-10T09:01:00')
  await anew.tick()
  expect(await climbed()).toEqual({ remind: many, supervise: many })
})

it('climbs each rung once although the process that was at it is killed', async () => {
  const child = fork(join(import.meta.dirname, 'case-timers-child.ts'), [database.url, '2026-12-17T09:00:00+08:00'], {
    execArgv: ['--import', 'tsx'],
  })
  await once(child, 'message')
  await until(async () => Object.keys(await climbed()).length > 0)
  child.kill('SIGKILL')
  await once(child, 'exit')

  at('2026-12-17T09:01:00')
  const survivor = await aNode()
  await until(async () => {
    now = new Date(now.getTime() + 60_000)
    await survivor.tick()
    return Object.values(await climbed()).reduce((sum, n) => sum + n, 0) >= 3 * many
  })
  expect(await climbed()).toEqual({ remind: many, supervise: many, report: many })
})

async function until(is: () => Promise<boolean>): Promise<void> {
  while (!(await is())) await new Promise((resolve) => setTimeout(resolve, 50))
}

/**
 * `npm run bench:desk`: a full desk on the built server, which is killed now and then: agents, citizens and supervisors
 * over real sockets, steps drawn by a seed, and after every step the invariants of bench/desk/invariants.ts.
 * The draws are the seed's; what falls between two of them is the machine's.
 */
import { once } from 'node:events'
import { chmod, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { transferLimitMs } from '../desk/transfer.ts'
import { startPostgres } from '../launch/postgres.mjs'
import { openDatabase } from '../server/db/database.ts'
import { seeded } from '../test/support/seeded.ts'
import { builtServer } from './built-server.ts'
import { lookAtQueue, lookAtScreens, lookAtWall } from './desk/aftermath.ts'
import { anAgent } from './desk/agents.ts'
import { aCitizen, type Citizen } from './desk/citizens.ts'
import { echo } from './desk/echo.ts'
import { faultList } from './desk/faults.ts'
import { invariants } from './desk/invariants.ts'
import { ledgerOf } from './desk/ledger.ts'
import { notebookOf } from './desk/notebook.ts'
import { pause } from './desk/pause.ts'
import { members } from './desk/people.ts'
import { modeAt, setQueueMode } from './desk/queue-mode.ts'
import { next, type Replies } from './desk/steps.ts'
import { aSupervisor } from './desk/supervisors.ts'
import type { Town } from './desk/town.ts'
import { machine, percentile, report, rounded } from './figures.ts'

const { values } = parseArgs({
  options: {
    agents: { type: 'string', default: '50' },
    conversations: { type: 'string', default: '2000' },
    steps: { type: 'string', default: '10000' },
    kills: { type: 'string', default: '3' },
    seed: { type: 'string', default: String(Date.now() % 1_000_000) },
  },
})
const size = {
  agents: Number(values.agents),
  conversations: Number(values.conversations),
  steps: Number(values.steps),
  kills: Number(values.kills),
}
const seed = Number(values.seed)
process.stderr.write(`seed ${seed}\n`)
/** Steps under way at the same time. */
const hands = 4
/** Clients that come (back) at the same time. */
const doorWidth = 40
const quietMs = 3_000
/** Of a run whose figures are quoted. */
const fullSteps = 10_000
const root = join(import.meta.dirname, '..')

const about = machine()
const dataDir = await mkdtemp(join(tmpdir(), 'budayang-bench-'))
await chmod(dataDir, 0o755) // started by root, the database runs as somebody else, who must get in
const postgres = await startPostgres({ root, dataDir, copiesIn: dataDir, durable: true, temporary: true })
const place = {
  ...{ root, port: 20_000 + (process.pid % 20_000), databaseUrl: postgres.url, dataDir },
  env: { SILENCE_MINUTES: '1440' }, // only what somebody does ends a conversation, or begins it
}
const { pool, close } = openDatabase(postgres.url, hands)
const before = await echo(size.agents)
let server = await builtServer(place)
try {
  const faults = faultList()
  const ledger = ledgerOf(faults)
  const notebook = notebookOf({ faults, ledger })
  const check = invariants({ pool, ledger, faults })

  const staff = await members(server.url, [
    { role: 'agent', count: size.agents },
    { role: 'supervisor', count: 2 },
    { role: 'officer', count: 2 },
  ])
  const agents = (staff.get('agent') ?? []).map((member) => anAgent(server.url, member, notebook))
  const supervisors = (staff.get('supervisor') ?? []).map((member) => aSupervisor(server.url, member, notebook))
  const citizens: Citizen[] = []
  await eachOf(Array.from({ length: size.conversations }), async () => {
    const citizen = await aCitizen(server.url, notebook)
    citizens.push(citizen)
    await citizen.say('您好，我想问一下医保的事')
  })
  await eachOf(agents, async (agent) => {
    await agent.arrive()
    await agent.setPresence('online')
  })
  await eachOf(supervisors, (supervisor) => supervisor.arrive())

  const town: Town = { draw: seeded(seed), agents, citizens, standing: await check(), notebook }
  const done = new Map<string, number>()
  const refused = new Map<string, number>()
  let begun = 0
  let underWay = 0
  let kills = 0
  let fewestLive = town.standing.live
  let mostHeld = 0
  let isUp = Promise.resolve()
  let mode = modeAt(0, size.steps)
  await setQueueMode(server.url, mode)
  const downMs: number[] = []
  const beganAt = performance.now()
  await Promise.all(Array.from({ length: hands }, hand))
  const tookMs = performance.now() - beganAt
  await pause(quietMs)
  await unansweredRunOut()
  await check()
  await lookAtQueue(pool, town)
  await lookAtScreens(pool, town)
  await lookAtWall(pool, town)
  const ended = await standingAtTheEnd()
  for (const client of [...agents, ...supervisors]) client.leave()
  for (const citizen of citizens) citizen.close()
  await server.stop()
  const echoMs = [...before, ...(await echo(size.agents))]

  const { claimToShown, givenToShown, claimToCitizen, messageToAgent, wallLag } = notebook.samples
  const measured = {
    ...size,
    seed,
    steps: begun,
    violations: faults.count(),
    kills,
    claimToShownP50Ms: percentile(claimToShown, 0.5),
    claimToShownP99Ms: percentile(claimToShown, 0.99),
    givenToShownP50Ms: percentile(givenToShown, 0.5),
    givenToShownP99Ms: percentile(givenToShown, 0.99),
    claimToCitizenP99Ms: percentile(claimToCitizen, 0.99),
    messageToAgentP50Ms: percentile(messageToAgent, 0.5),
    messageToAgentP99Ms: percentile(messageToAgent, 0.99),
    wallLagP50Ms: percentile(wallLag, 0.5),
    wallLagP99Ms: percentile(wallLag, 0.99),
    samples: {
      ...{
        claims: claimToShown.length,
        given: givenToShown.length,
        messagesToAgents: messageToAgent.length,
        wall: wallLag.length,
      },
    },
    downMaxMs: percentile(downMs, 1),
    stepsPerSecond: rounded((begun / tookMs) * 1_000),
    fewestLive,
    mostHeld,
    acknowledged: ledger.messages(),
    ...ended,
    done: Object.fromEntries(done),
    refused: Object.fromEntries(refused),
  }
  // A run of full length in which nothing ran out and no seat was full has not tried what it is for.
  const wasPressed = (ended.transfers?.['expired'] ?? 0) > 0 && (refused.get('at_capacity') ?? 0) > 0
  const isFull = size.steps >= fullSteps
  const isWhole = measured.kills === size.kills && measured.steps >= size.steps
  const ok = measured.violations === 0 && isWhole && (wasPressed || !isFull)
  const control = { echoP50Ms: percentile(echoMs, 0.5), echoP99Ms: percentile(echoMs, 0.99) }
  report({ bench: 'desk', ok, floor: { violations: 0 }, measured, control, machine: about })

  async function hand(): Promise<void> {
    while (begun < size.steps) {
      await isUp
      const step = next(town)
      if (!step) {
        await pause(10) // all who could do something are busy with it
        continue
      }
      begun++
      underWay++
      for (const actor of step.actors) actor.isBusy = true
      const killsBefore = kills
      const { touched, replies } = await step.run()
      for (const actor of step.actors) actor.isBusy = false
      underWay--
      count(done, step.name)
      noteRefusals(step.name, replies, kills === killsBefore)
      town.standing = await check(touched)
      fewestLive = Math.min(fewestLive, town.standing.live)
      mostHeld = Math.max(mostHeld, town.standing.withAgent)
      if (mode !== modeAt(begun, size.steps)) {
        mode = modeAt(begun, size.steps)
        await isUp
        await setQueueMode(server.url, mode)
      }
      if (begun >= ((kills + 1) * size.steps) / (size.kills + 1) && kills < size.kills) {
        kills++
        isUp = startAgain()
      }
    }
    await isUp
  }

  /** In the middle of what the other hands do. */
  async function startAgain(): Promise<void> {
    const killedAt = performance.now()
    server.child.kill('SIGKILL')
    await once(server.child, 'exit')
    while (underWay > 0) await pause(5)
    notebook.forgetWhatWasOnItsWay()
    await check()
    server = await builtServer(place)
    downMs.push(performance.now() - killedAt)
    await eachOf(
      agents.filter((agent) => agent.isThere()),
      (agent) => agent.arrive(),
    )
    await eachOf(supervisors, (supervisor) => supervisor.arrive())
    await eachOf(citizens, (citizen) => citizen.comeBack())
    town.standing = await check()
  }

  function noteRefusals(name: string, replies: Replies, wasUp: boolean): void {
    for (const reply of replies) {
      const code = reply ? (reply.ok ? undefined : reply.code) : 'nobody answered'
      if (code) count(refused, code)
      if (!reply && wasUp) faults.add('nobody answered', `${name} at step ${begun}`)
      if (code === 'internal') faults.add('answered with a bug', `${name} at step ${begun}`)
    }
  }
} finally {
  server.child.kill('SIGKILL')
  await close()
  await postgres.stop()
  await rm(dataDir, { recursive: true, force: true })
}

function count(tally: Map<string, number>, what: string): void {
  tally.set(what, (tally.get(what) ?? 0) + 1)
}

async function eachOf<T>(all: readonly T[], work: (one: T) => Promise<unknown>): Promise<void> {
  for (let at = 0; at < all.length; at += doorWidth) await Promise.all(all.slice(at, at + doorWidth).map(work))
}

/** Colleagues who were asked and do not answer have their minute. */
async function unansweredRunOut(): Promise<void> {
  const until = performance.now() + transferLimitMs + quietMs * 2
  while (performance.now() < until) {
    const { rows } = await pool.query(`select 1 from transfer where state = 'asked' limit 1`)
    if (rows.length === 0) return
    await pause(1_000)
  }
}

type Ended = { transfers?: Record<string, number>; parts?: Record<string, number>; cases?: number }
/** How often what is drawn came to its end, by the tables. */
async function standingAtTheEnd(): Promise<Ended> {
  const { rows } = await pool.query<Ended>(
    `select (select jsonb_object_agg(state, n) from (select state, count(*) n from transfer group by 1) t) as transfers,
            (select jsonb_object_agg(ended_by, n) from (select ended_by, count(*) n from episode
              where kind = 'agent' and ended_by is not null group by 1) e) as parts,
            (select count(*) from case_file) as cases`,
  )
  return { ...rows[0] }
}

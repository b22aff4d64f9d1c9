/**
 * `npm run bench:calls -- [--calls 200] [--seconds 30]`: the telephone as it runs by default, its process linked to a
 * real server, callers in another process with real SIP and RTP both ways. The control is a bare echo of as many
 * streams, heard by the same callers before and after. `--speech`: how long after a question the answer begins.
 */
import { parseArgs } from 'node:util'
import { openDatabase } from '../server/db/database.ts'
import type { CallersAsk, CallersTold, Timed } from './calls/callers.ts'
import type { EchoAsk, EchoTold } from './calls/echo.ts'
import { hotline, type BenchHotline } from './calls/hotline.ts'
import { asked, cpuSeconds, droppedDatagrams, priorityOf, rssMb } from './calls/processes.ts'
import { speechLatency } from './calls/speech-latency.ts'
import { machine, percentile, report, rounded } from './figures.ts'

const { values } = parseArgs({
  options: {
    calls: { type: 'string' },
    seconds: { type: 'string', default: '30' },
    speech: { type: 'boolean', default: false },
    profile: { type: 'string' },
  },
})
const seconds = Number(values.seconds)
const about = machine()

if (values.speech) report({ ...(await speechLatency(Number(values.calls ?? 40))), machine: about })
else await load(Number(values.calls ?? 200))

async function load(calls: number): Promise<void> {
  const callers = asked<CallersAsk, CallersTold>('callers.ts')
  const flags = values.profile ? ['--cpu-prof', `--cpu-prof-dir=${values.profile}`] : []
  // Whom the recogniser understands is measured by --speech; here everybody talks at once, which no caller does.
  const running = await hotline({ env: { ASR_ENGINES: 'none' }, flags })
  try {
    const before = await control(calls)
    const { phonePid } = running
    const emptyMb = rssMb(phonePid)
    const rung = await callers.ask({ kind: 'ring', uri: running.uri, calls, perSecond: 20 }, 'rung')
    const [cpuBefore, sinceMs] = [cpuSeconds(phonePid), performance.now()]
    const serverBefore = cpuSeconds(running.serverPid)
    const timed = await callers.ask({ kind: 'measure', seconds, keys: true }, 'timed')
    const wallSeconds = (performance.now() - sinceMs) / 1_000
    const cpuPercent = rounded((100 * (cpuSeconds(phonePid) - cpuBefore)) / wallSeconds)
    const serverCpuPercent = rounded((100 * (cpuSeconds(running.serverPid) - serverBefore)) / wallSeconds)
    const lostByPhone = droppedDatagrams(phonePid)
    const mbPerCall = Math.round((1_000 * (rssMb(phonePid) - emptyMb)) / calls) / 1_000
    const { endedEarly } = await callers.ask({ kind: 'hang-up' }, 'hung-up')
    const keysHeard = await countKeys(running)
    const after = await control(calls)

    const controlOnTimeShare = Math.min(before.onTimeShare, after.onTimeShare)
    const lost = timed.lost + lostByPhone
    const failedCalls = rung.failed + endedEarly
    const { onTimeShare, jitterP50Ms, jitterP99Ms, keysSent, frames } = timed
    const pickupP99Ms = percentile(rung.pickupMs, 0.99)
    const floor = { lost: 0, onTimeShare: Math.min(99.9, rounded3(controlOnTimeShare - 0.1)), pickupP99Ms: 500 }
    report({
      bench: 'calls',
      ok:
        lost === 0 &&
        failedCalls === 0 &&
        keysHeard === keysSent &&
        onTimeShare >= floor.onTimeShare &&
        pickupP99Ms <= floor.pickupP99Ms,
      floor,
      measured: {
        ...{ calls, seconds, frames, lost, onTimeShare, controlOnTimeShare, jitterP50Ms, jitterP99Ms },
        pickupP50Ms: percentile(rung.pickupMs, 0.5),
        pickupP99Ms,
        greetingP50Ms: percentile(rung.greetingMs, 0.5),
        greetingP99Ms: percentile(rung.greetingMs, 0.99),
        ...{
          cpuPercent,
          serverCpuPercent,
          mbPerCall,
          priority: priorityOf(phonePid),
          keysSent,
          keysHeard,
          failedCalls,
        },
      },
      control: { before, after },
      machine: about,
    })
  } finally {
    callers.stop()
    await running.stop()
  }

  async function control(streams: number): Promise<Omit<Timed, 'keysSent'>> {
    const echo = asked<EchoAsk, EchoTold>('echo.ts')
    const { ports } = await echo.ask({ kind: 'open', streams }, 'opened')
    await callers.ask({ kind: 'stream', ports }, 'streaming')
    const half = Math.max(1, Math.round(seconds / 2))
    const { frames, lost, onTimeShare, jitterP50Ms, jitterP99Ms } = await callers.ask(
      { kind: 'measure', seconds: half, keys: false },
      'timed',
    )
    await callers.ask({ kind: 'hang-up' }, 'hung-up')
    echo.stop()
    return { frames, lost, onTimeShare, jitterP50Ms, jitterP99Ms }
  }
}

/** What the phone told of keys, as it stands in the record. */
async function countKeys({ databaseUrl }: BenchHotline): Promise<number> {
  await new Promise((resolve) => setTimeout(resolve, 1_500)) // the last of them are on their way
  const { pool, close } = openDatabase(databaseUrl, 1)
  const { rows } = await pool.query<{ keys: number }>("select count(*)::int as keys from call_event where kind = 'key'")
  await close()
  return rows[0]?.keys ?? 0
}

function rounded3(value: number): number {
  return Math.round(value * 1_000) / 1_000
}

/** A node that does jobs, as a process of its own, so that it can be killed: `url`, its own name, and whether it hangs. */
import { pino } from 'pino'
import { z } from 'zod'
import { openDatabase } from '../../server/db/database.ts'
import { jobs } from '../../server/jobs.ts'
import { rounds } from '../../server/rounds.ts'

const [url = '', by = '', hangs] = process.argv.slice(2)
const log = pino({ level: 'silent' })
const { db, pool } = openDatabase(url, 5)
const work = jobs({ db, pool, log, now: () => new Date(), maintainSeconds: 1 })
let done = 0

work.work(
  'note',
  z.object({ n: z.number() }),
  async ({ n }, job) => {
    // Some in, it holds what it took and does nothing more: what it has in hand dies with it.
    if (hangs && done >= 5) {
      process.send?.('holding')
      await new Promise(() => undefined)
    }
    await db.transaction().execute(async (tx) => {
      const effects = tx.withTables<{ effect: { n: number; by: string } }>()
      await effects.insertInto('effect').values({ n, by }).execute()
      await job.settle(tx)
    })
    done++
  },
  { withinSeconds: 2, retrySeconds: 1, atOnce: 3 },
)
await work.start()
rounds(log, [{ everyMs: 100, work: () => work.look() }]).start()
setInterval(() => undefined, 60_000)
process.send?.('started')

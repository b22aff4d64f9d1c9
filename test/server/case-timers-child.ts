/** A node that climbs the ladder, as a process of its own, so that it can be killed: `url` and the business clock. */
import { pino } from 'pino'
import { ladderTimer } from '../../server/case-timers.ts'
import { openDatabase } from '../../server/db/database.ts'
import { jobs } from '../../server/jobs.ts'
import { rounds } from '../../server/rounds.ts'

const [url = '', at = ''] = process.argv.slice(2)
const log = pino({ level: 'silent' })
const { db, pool } = openDatabase(url, 5)
const now = () => new Date(at)
const work = jobs({ db, pool, log, now, maintainSeconds: 1 })
ladderTimer({ db, jobs: work, now, options: { withinSeconds: 2, retrySeconds: 1 } })
await work.start()
rounds(log, [{ everyMs: 50, work: () => work.look() }]).start()
setInterval(() => undefined, 60_000)
process.send?.('started')

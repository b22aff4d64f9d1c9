/**
 * The composition root: the one place where parts meet. Everything is handed in; nothing is looked up. `build` makes
 * a server that does not listen yet, so that tests run the very thing that main.ts runs.
 */
import { join } from 'node:path'
import { Server } from 'socket.io'
import { recogniser } from '../bot/intent/recogniser.ts'
import { seedHolidays } from '../desk/holiday-seed.ts'
import { ratingTokens } from '../desk/rating-token.ts'
import { sheetReader } from '../knowledge/sheet/sheet-reader.ts'
import { admitting } from './admitting.ts'
import { announcing } from './announcing.ts'
import { attaching } from './attaching.ts'
import { lettersToCallers } from './caller-letters.ts'
import type { Config } from './config.ts'
import { conversations } from './conversations.ts'
import { counting } from './counting.ts'
import { openDatabase } from './db/database.ts'
import { migrate } from './db/migrate.ts'
import { deskDoors } from './desk-doors.ts'
import { dutyRoads } from './duty-roads.ts'
import { editing } from './editing.ts'
import { gapTelling } from './gap-telling.ts'
import { newApp, finishApp } from './http/app.ts'
import { listener } from './http/listener.ts'
import { noticesRoutes } from './http/notices.routes.ts'
import { outboxRoutes } from './http/outbox.routes.ts'
import { jobs } from './jobs.ts'
import { openKeyRing } from './key-ring.ts'
import { knowing } from './knowing.ts'
import { tellPresence } from './live/rooms.ts'
import type { Log } from './log.ts'
import { pictures } from './media/pictures.ts'
import { serverMetrics } from './metrics.ts'
import { originCheck } from './origin.ts'
import { outgoing } from './outbox.ts'
import { publicDoors } from './public-doors.ts'
import { queueing } from './queueing.ts'
import { rectifying } from './rectifying.ts'
import { ringingBack } from './ringing-back.ts'
import { rounds } from './rounds.ts'
import { security } from './security.ts'
import { sockets } from './sockets.ts'
import { tellingProofs } from './telling-proofs.ts'
import { timekeeping } from './timekeeping.ts'
import { titling } from './titling.ts'
import { visitorTokens } from './visitor-token.ts'
import { watching } from './watching.ts'
import { wechat } from './wechat.ts'
import { wechatPeople } from './wechat-people.ts'

/** `root` holds dist/, knowledge/packs and server/db/migrations. */
type Given = { config: Config; log: Log; root: string; now: () => Date }

export type Hotline = Awaited<ReturnType<typeof build>>

export async function build({ config, log, root, now }: Given) {
  const dist = join(root, 'dist')
  const keys = openKeyRing(config)
  const { db, pool, close: closeDatabase } = openDatabase(config.DATABASE_URL)
  const ran = await migrate(pool, join(root, 'server', 'db', 'migrations'))
  if (ran.length > 0) log.info({ ran }, 'migrated')
  await seedHolidays(db)
  const work = jobs({ db, pool, log, now })
  const people = wechatPeople({ db, config, keys, log, now })
  const box = outgoing({ db, config, keys, jobs: work, log, now, drivers: people.drivers })

  const { knowledge, knownCities, meaning } = await knowing({ db, config, root, log, now })

  const app = newApp(config)
  const http = listener(config, app)
  const isOurOrigin = originCheck(config)
  const io = new Server(http, {
    transports: ['websocket', 'polling'],
    maxHttpBufferSize: 64 * 1024,
    perMessageDeflate: false,
    serveClient: false,
    allowRequest: (req, decide) => decide(null, isOurOrigin(req)),
  })

  const intents = recogniser({
    workerFile: join(dist, 'intent-worker.js'),
    modelFile: join(dist, 'intent-model.json'),
    log,
  })
  const metrics = serverMetrics(io)
  const ratings = ratingTokens(keys.secret('rating'))
  const tokens = visitorTokens(keys.secret('visitor'))
  const { views, board, publish, alsoTell } = announcing({ io, db, config, ratings, log, now })
  const { book, refreshKnowledge, rounds: titleRounds } = await titling({ io, db, knowledge, config, now })
  const callerLetters = lettersToCallers({
    ...{ db, io, keys, box, jobs: work, ratings, now },
    publicUrl: config.PUBLIC_URL,
  })
  const talks = await conversations({
    ...{ db, config, keys, knowledge, book, meaning, intents, publish, callerLetters, log, now },
    post: box.post,
    tellStaff: box.alerts.caseChanged,
    presenceChanged: (staffId, presence) => tellPresence(io, staffId, presence),
    duty: dutyRoads({ io, keys, alerts: box.alerts }),
    letterTo: people.letterTo,
  })
  const { lines, handOver, closing, paperwork, timekeeper, gapNews } = talks

  const { sessions, cookie, limits, doors } = admitting({ app, db, config, isOurOrigin, now })
  const counted = counting({ io, db, config, keys, now })
  const phone = sockets({
    ...{ io, db, config, keys, tokens, ratings, sessions, cookie, limits, talks, views, board, book, log, now },
    wall: counted.wall,
  })

  let draining = false
  publicDoors({
    ...{ db, doors, config, dist, knowledge, cities: knownCities, book, tokens, metrics, now },
    readiness: {
      database: () =>
        pool.query('select 1').then(
          () => true,
          () => false,
        ),
      phone: phone.state,
      isDraining: () => draining,
    },
  })
  const guards = security({
    ...{ io, db, doors, keys, config, sessions, cookie, tokens, lines, handOver, closing, now },
    tellStaff: box.alerts.caseChanged,
    ...{ jobs: work, alerts: box.alerts },
  })
  // One for all: uploaded tables are read one after the other, whoever brings them.
  const sheets = sheetReader({ workerFile: join(dist, 'sheet-worker.js') })
  const drawn = pictures({ childFile: join(dist, 'picture-child.js') })
  const editors = editing({ db, doors, knowledge, cities: knownCities, sheets, root, refreshKnowledge, log, now })
  deskDoors({ db, doors, keys, config, knowledge, box, talks, views, callerLetters, now })
  const ringBacks = ringingBack({ db, doors, keys, talks, views, alerts: box.alerts, now })
  const queue = queueing({ db, io, doors, talks, views, board, keys, outgoing: box, config, log, now })
  rectifying({
    ...{ db, doors, talks, keys, cities: knownCities, jobs: work, outbox: box, ratings, sheets, drawn, now },
    letterTo: people.letterTo,
    publicUrl: config.PUBLIC_URL,
    calendarChanged: queue.linesChanged,
  })
  const files = attaching({ io, db, doors, keys, config, tokens, talks, drawn, now })
  const countingRounds = counted.open({ app, doors, ratings, lines, paperwork, jobs: work })
  const open = people.open({
    io,
    doors,
    talks,
    visitors: tokens,
    post: box.post,
    bounced: (tx, key, why) => box.bounced(tx, key, why),
  })
  const channel = wechat({
    ...{ db, config, keys, doors, talks, files, knowledge, people: open, metrics, log, now },
    alerts: box.alerts,
  })
  alsoTell((news) => channel.heard(news))
  alsoTell((news) => people.heard(news))
  outboxRoutes(doors, { db, keys, box, config, now })
  noticesRoutes(doors, { db, keys, box, jobs: work, config, sheets, inWechat: people.noticesInWechat, now })
  const alertRounds = watching({
    ...{ io, db, doors, keys, jobs: work, alerts: box.alerts, metrics, figures: counted.figures, now },
    answered: { below: config.ANSWERED_ALERT_PERCENT / 100, leastCalls: config.LEAST_CALLS },
  })
  const gapRounds = gapTelling({ gapNews, box, jobs: work })
  finishApp(app, log)
  await work.start()

  const { closeEndedDesks, rounds: timeRounds } = timekeeping({ io, db, timekeeper, board, sessions, cookie, now })
  const clock = rounds(log, [
    { everyMs: 2_000, work: () => work.look() },
    ...titleRounds,
    ...timeRounds,
    ...gapRounds,
    ...editors.rounds,
    ...countingRounds,
    ...guards.rounds,
    ...queue.rounds,
    ...alertRounds,
    ...ringBacks.rounds,
    ...channel.rounds,
    ...tellingProofs({ db, now }).rounds,
  ])

  return {
    app,
    http,
    io,
    db,
    config,
    now,
    jobs: work,
    outbox: box,
    timekeeper,
    ringBacks,
    queue,
    gapNews,
    revisionPlans: editors.plans,
    closeEndedDesks,
    guards,
    reports: counted.reports,
    knowledge,
    intents,

    /** @returns the port that was taken; with PORT=0 the kernel's choice. @throws the listener's own error. */
    listen(): Promise<number> {
      return new Promise((resolve, reject) => {
        http.once('error', reject)
        http.listen(config.PORT, config.HOST, () => {
          http.off('error', reject)
          clock.start()
          const address = http.address()
          resolve(typeof address === 'object' && address ? address.port : config.PORT)
        })
      })
    },

    /** No new work, open work finished, then the database. Safe to call once. */
    async stop(): Promise<void> {
      draining = true
      clock.stop()
      knowledge.stop()
      await editors.stop()
      await work.stop()
      box.stop()
      board.stop()
      await io.close()
      http.closeAllConnections()
      await channel.settled()
      await intents.stop()
      await closeDatabase()
    },
  }
}

/**
 * The composition root: the one place where parts meet. Everything is handed in; nothing is looked up. `build` makes
 * a server that does not listen yet, so that tests run the very thing that main.ts runs.
 */
import { join } from 'node:path'
import { Server } from 'socket.io'
import type { News } from '../contract/line.ts'
import { conversationsStore } from '../bot/conversations.store.ts'
import { deskViews } from '../bot/desk-view.ts'
import { gapLetterKind } from '../bot/gap-news.ts'
import { recogniser } from '../bot/intent/recogniser.ts'
import { ratingLink } from '../bot/rating-link.ts'
import { seedHolidays } from '../desk/holiday-seed.ts'
import { ratingTokens } from '../desk/rating-token.ts'
import { apiKeysStore } from '../desk/api-keys.store.ts'
import { sessionsStore } from '../desk/sessions.store.ts'
import { businessDay } from '../desk/working-days.ts'
import { sheetReader } from '../knowledge/sheet/sheet-reader.ts'
import { attaching } from './attaching.ts'
import { lettersToCallers } from './caller-letters.ts'
import type { Config } from './config.ts'
import { conversations } from './conversations.ts'
import { counting } from './counting.ts'
import { openDatabase } from './db/database.ts'
import { migrate } from './db/migrate.ts'
import { editing } from './editing.ts'
import { newApp, finishApp } from './http/app.ts'
import { conversationsRoutes } from './http/conversations.routes.ts'
import { deskRoutes } from './http/desk.routes.ts'
import { deskToolsRoutes } from './http/desk-tools.routes.ts'
import { doors as httpDoors } from './http/doors.ts'
import { healthRoutes } from './http/health.routes.ts'
import { listener } from './http/listener.ts'
import { noticesRoutes } from './http/notices.routes.ts'
import { outboxRoutes } from './http/outbox.routes.ts'
import { pageRoutes } from './http/page.routes.ts'
import { publicRoutes } from './http/public.routes.ts'
import { tellingsRoutes } from './http/tellings.routes.ts'
import { sessionCookie } from './http/session-cookie.ts'
import { jobs } from './jobs.ts'
import { openKeyRing } from './key-ring.ts'
import { knowing } from './knowing.ts'
import { limits as makeLimits } from './limits.ts'
import { closeEndedDesks, noteSeen } from './live/agent.socket.ts'
import { queueBoard } from './live/queue-board.ts'
import { phoneSpace, publisher, tellPresence } from './live/rooms.ts'
import { tellStanding } from './live/standing.ts'
import type { Log } from './log.ts'
import { pictures } from './media/pictures.ts'
import { serverMetrics } from './metrics.ts'
import { originCheck } from './origin.ts'
import { lateLimits, queueing } from './queueing.ts'
import { rectifying } from './rectifying.ts'
import { outgoing } from './outbox.ts'
import { ringingBack } from './ringing-back.ts'
import { rounds } from './rounds.ts'
import { security } from './security.ts'
import { sockets } from './sockets.ts'
import { tellingProofs } from './telling-proofs.ts'
import { titleBook } from './title-book.ts'
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
  const views = deskViews(db)
  const board = queueBoard({ io, db, views, late: lateLimits(config), log, now })

  // What is said leaves by socket.io, which is made before the lines; a line only ever sees this function.
  const standing = (conversationId: string) =>
    void tellStanding(io, db, conversationId).catch((error: unknown) =>
      log.error({ err: error }, 'a standing was not told'),
    )
  const toSockets = publisher({
    io,
    ratingTokens: ratings,
    queueChanged: () => board.changed(),
    tellStanding: standing,
  })
  /** What has to be told by messages, once it is there. */
  const messengers: ((news: readonly News[]) => void)[] = []
  const publish = (news: readonly News[]) => {
    toSockets(news)
    for (const tell of messengers) tell(news)
  }
  const book = titleBook({
    db,
    answers: () => knowledge.current(),
    region: config.BUREAU_CITY,
    changed: (titles) => void phoneSpace(io).emit('titles:changed', { titles }),
    now,
  })
  const lookAtTitles = () => (knowledge.isReady() ? book.refresh() : Promise.resolve())
  await lookAtTitles()
  const toCallers = lettersToCallers({
    ...{ db, io, keys, box, jobs: work, ratings, now },
    publicUrl: config.PUBLIC_URL,
  })
  const talks = await conversations({
    db,
    keys,
    knowledge,
    book,
    meaning,
    intents,
    post: box.post,
    tellStaff: box.alerts.caseChanged,
    publish,
    presenceChanged: (staffId, presence) => tellPresence(io, staffId, presence),
    callerLetters: toCallers,
    letterTo: people.letterTo,
    quiet: config.QUIET_HOURS,
    silenceMinutes: config.SILENCE_MINUTES,
    escalateMinutes: config.ESCALATE_MINUTES,
    queueMode: config.QUEUE_MODE,
    callbackTries: config.CALLBACK_TRIES,
    us: { bureau: config.BUREAU_NAME, number: config.HOTLINE_NUMBER, url: config.PUBLIC_URL },
    log,
    now,
  })
  const { lines, handOver, closing, paperwork, timekeeper, gapNews, tellings } = talks

  const sessions = sessionsStore(db, {
    factorRule: config.REQUIRE_TOTP,
    isSpeaking: async (staffId) =>
      (await conversationsStore(db).ofAgent(staffId)).some(({ channel }) => channel === 'phone'),
  })
  const cookie = sessionCookie(config.isHttps)
  const limits = makeLimits(config.RATE_LIMIT)
  const shared = { io, db, board, limits, now, log }
  const counted = counting({ io, db, config, keys, now })
  const phone = sockets({
    ...shared,
    config,
    keys,
    tokens,
    ratings,
    sessions,
    cookie,
    talks,
    views,
    wall: counted.wall,
    book,
  })

  const doors = httpDoors({ app, sessions, cookie, isOurOrigin, limits, apiKeys: apiKeysStore(db), now })
  let draining = false
  const readiness = {
    database: () =>
      pool.query('select 1').then(
        () => true,
        () => false,
      ),
    search: () => knowledge.isReady(),
    phone: phone.state,
    isDraining: () => draining,
  }
  healthRoutes(doors, { readiness, metrics })
  publicRoutes(doors, {
    db,
    config,
    answers: () => knowledge.current(),
    cities: () => knownCities,
    visitors: tokens,
    now,
  })
  const guards = security({
    ...{ io, db, doors, keys, config, sessions, cookie, tokens, lines, handOver, closing, now },
    tellStaff: box.alerts.caseChanged,
    ...{ jobs: work, alerts: box.alerts },
  })
  const refreshKnowledge = async () => {
    await knowledge.refresh()
    await lookAtTitles()
  }
  // One for all: uploaded tables are read one after the other, whoever brings them.
  const sheets = sheetReader({ workerFile: join(dist, 'sheet-worker.js') })
  const drawn = pictures({ childFile: join(dist, 'picture-child.js') })
  const { plans, stop: stopEditing } = editing({
    db,
    doors,
    knowledge,
    cities: knownCities,
    sheets,
    root,
    refreshKnowledge,
    log,
    now,
  })
  deskToolsRoutes(doors, { db, keys, answers: () => knowledge.current(), box, bureau: config.BUREAU_NAME, now })
  tellingsRoutes(doors, { tellings, sendRatingLink: ratingLink(lines, toCallers) })
  conversationsRoutes(doors, { db, keys, views, now })
  deskRoutes(doors, { db, views, now })
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
  const open = people.open({ io, doors, talks, visitors: tokens, post: box.post })
  const channel = wechat({
    ...{ db, config, keys, doors, talks, files, knowledge, people: open, metrics, log, now },
    alerts: box.alerts,
  })
  messengers.push(
    (news) => channel.heard(news),
    (news) => people.heard(news),
  )
  const today = () => businessDay(now())
  pageRoutes(doors, {
    dist,
    bureau: config.BUREAU_NAME,
    publicUrl: config.PUBLIC_URL,
    topics: book.topics,
    places: () => book.places(knownCities.all),
    entry: (entryId) => book.coded().answerEntry(entryId, { question: '', on: today() }),
    today,
  })
  outboxRoutes(doors, { db, keys, box, config, now })
  noticesRoutes(doors, { db, keys, box, jobs: work, config, sheets, now })
  const alertRounds = watching({ io, db, doors, keys, jobs: work, alerts: box.alerts, metrics, now })
  finishApp(app, log)
  box.onSettled(gapLetterKind, (...settled) => gapNews.letterSettled(...settled))
  work.every('gap.letters', 60, async () => void (await gapNews.writeToAskers()))
  await work.start()

  const endedDesks = () => closeEndedDesks(io, cookie, sessions, now())
  const clock = rounds(log, [
    { everyMs: 2_000, work: lookAtTitles },
    { everyMs: 3_000, work: () => timekeeper.endUnansweredTransfers() },
    { everyMs: 15_000, work: () => timekeeper.takeBackFromTheGone() },
    { everyMs: 15_000, work: () => timekeeper.letGoTheWaiting() },
    { everyMs: 15_000, work: endedDesks },
    { everyMs: 15_000, work: () => noteSeen(io, db, now()) },
    { everyMs: 30_000, work: () => timekeeper.endSilentOnes() },
    { everyMs: 20_000, work: () => timekeeper.endSilentChats() },
    { everyMs: 20_000, work: () => Promise.resolve(board.changed()) },
    { everyMs: 30_000, work: () => gapNews.gather() },
    { everyMs: 60_000, work: () => plans.fire() },
    { everyMs: 15_000, work: () => gapNews.tellOpenLines() },
    { everyMs: 2_000, work: () => work.look() },
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
    revisionPlans: plans,
    closeEndedDesks: endedDesks,
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
      await stopEditing()
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

/** What anybody may open, put together: questions and passes, the pages, and what whoever watches the process asks. */
import type { Registry } from 'prom-client'
import { businessDay } from '../desk/working-days.ts'
import type { Cities } from '../knowledge/cities.ts'
import type { LiveIndex } from '../knowledge/live-index.ts'
import type { Config } from './config.ts'
import type { Db } from './db/database.ts'
import type { Doors } from './http/doors.ts'
import { healthRoutes, type Readiness } from './http/health.routes.ts'
import { pageRoutes } from './http/page.routes.ts'
import { publicRoutes } from './http/public.routes.ts'
import type { TitleBook } from './title-book.ts'
import type { VisitorTokens } from './visitor-token.ts'

type Parts = {
  db: Db
  doors: Doors
  config: Config
  /** Holds the pages and their files. */
  dist: string
  knowledge: LiveIndex
  cities: Cities
  book: TitleBook
  tokens: VisitorTokens
  readiness: Omit<Readiness, 'search'>
  metrics: Registry
  now: () => Date
}

export function publicDoors({ db, doors, config, dist, knowledge, cities, book, tokens, now, ...parts }: Parts): void {
  const { readiness, metrics } = parts
  const today = () => businessDay(now())
  healthRoutes(doors, { readiness: { ...readiness, search: () => knowledge.isReady() }, metrics })
  publicRoutes(doors, {
    ...{ db, config, visitors: tokens, now },
    answers: () => knowledge.current(),
    cities: () => cities,
  })
  pageRoutes(doors, {
    dist,
    bureau: config.BUREAU_NAME,
    publicUrl: config.PUBLIC_URL,
    topics: book.topics,
    places: () => book.places(cities.all),
    entry: (entryId) => book.coded().answerEntry(entryId, { question: '', on: today() }),
    today,
  })
}

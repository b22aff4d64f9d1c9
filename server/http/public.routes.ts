/** Doors for everybody: one question, a visitor's pass, what the panel shows first, working days. */
import type { WidgetSettings } from '../../contract/http.ts'
import { levelNames } from '../../contract/rating.ts'
import { holidaysStore } from '../../desk/holidays.store.ts'
import { reasonsStore } from '../../desk/reasons.store.ts'
import { businessDay, dueAfter } from '../../desk/working-days.ts'
import type { Answerer } from '../../knowledge/answerer.ts'
import type { Cities } from '../../knowledge/cities.ts'
import type { Config } from '../config.ts'
import type { Db } from '../db/database.ts'
import type { VisitorTokens } from '../visitor-token.ts'
import type { Doors } from './doors.ts'

const hotQuestionsShown = 4

type Parts = {
  db: Db
  config: Config
  answers: () => Answerer
  cities: () => Cities
  visitors: VisitorTokens
  now: () => Date
}

export function publicRoutes(doors: Doors, { db, config, answers, cities, visitors, now }: Parts): void {
  doors.open('POST /api/ask', ({ body }) => {
    const { region, on, ...asked } = body
    return answers().answer({
      ...asked,
      region: region && cities().cityCodeOf(region),
      on: on ?? businessDay(now()),
    })
  })

  doors.open('POST /api/visitors', () => visitors.issue(now()))

  doors.open('GET /api/widget/settings', async (): Promise<WidgetSettings> => {
    const city = config.BUREAU_CITY
    return {
      bureau: config.BUREAU_NAME,
      cities: cities().all,
      city,
      greeting: '您好，医保政策的事您尽管问。',
      notice: '我是智能客服，答复都来自经过审核的政策条目，并注明依据；随时可以转人工。',
      hotQuestions: answers().hotQuestions(city, hotQuestionsShown, businessDay(now())),
      levelNames,
      ratingReasons: await reasonsStore(db).inForce(),
      wechat: config.WECHAT_APP_ID !== undefined,
    }
  })

  // One table of holidays holds for the whole country; a city's own would be looked up here.
  doors.open('GET /api/working-days/due', async ({ query }) =>
    dueAfter(query.from, query.days, await holidaysStore(db).calendar()),
  )
}

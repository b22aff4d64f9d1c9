/** What deadlines are counted by: the days of each kind of case, city by city, and each year's notice of holidays. */
import type { Rectification } from '../../bot/rectification.ts'
import { faultyField, Problem } from '../../contract/problem.ts'
import { auditStore } from '../../desk/audit.store.ts'
import { caseRulesStore } from '../../desk/case-rules.store.ts'
import { holidaysStore } from '../../desk/holidays.store.ts'
import type { Db } from '../db/database.ts'
import type { Doors } from './doors.ts'

type Parts = { db: Db; rectification: Rectification; calendarChanged: () => Promise<void>; now: () => Date }

export function casesRulesRoutes(doors: Doors, { db, rectification, calendarChanged, now }: Parts): void {
  doors.open('GET /api/case-rules', async () => ({ rules: await caseRulesStore(db).all() }))

  doors.open('POST /api/case-rules', async ({ body, signedIn }) => {
    if (body.dueDays < body.firstContactDays) throw faultyField('dueDays', '不能比首次联系还早')
    const { staffId } = signedIn.actor
    await db.transaction().execute(async (tx) => {
      await caseRulesStore(tx).put(body)
      const { city = '', kind, ...detail } = body
      await auditStore(tx).record({ staffId, act: 'case-rule.put', subject: `${city}/${kind}`, detail }, now())
    })
    return { rules: await caseRulesStore(db).all() }
  })

  doors.open('POST /api/case-rules/remove', async ({ body, signedIn }) => {
    const { staffId } = signedIn.actor
    await db.transaction().execute(async (tx) => {
      const subject = `${body.city}/${body.kind}`
      if (!(await caseRulesStore(tx).remove(body))) throw new Problem('not_found', `no rule ${subject}`)
      await auditStore(tx).record({ staffId, act: 'case-rule.remove', subject }, now())
    })
    return { rules: await caseRulesStore(db).all() }
  })

  doors.open('GET /api/holidays', async ({ query }) => {
    const store = holidaysStore(db)
    const years = [...(await store.calendar()).years].sort()
    return { years, known: (await store.year(Number(query.year))) ?? null }
  })

  doors.open('POST /api/holidays', async ({ body, signedIn }) => {
    const { moved } = await rectification.takeNotice(body, signedIn.actor)
    await calendarChanged()
    return { moved }
  })
}

/** Tells supervisors, once a dip, that too few of the calls of the last 24 hours were answered. */
import { isDip, type DipLimits } from '../desk/answered-dip.ts'
import { answeredDipStore } from '../desk/answered-dip.store.ts'
import type { Db } from './db/database.ts'
import { stretchOf, type Figures } from './figures.ts'
import type { Outgoing } from './outbox.ts'

type Parts = { db: Db; figures: Figures; alerts: Outgoing['alerts']; limits: DipLimits; now: () => Date }

/** @returns a look. */
export function answeredWatch({ db, figures, alerts, limits, now }: Parts): () => Promise<void> {
  return async () => {
    const at = now()
    const answered = await figures.count('answered-share', stretchOf({}, at), at)
    await db.transaction().execute(async (tx) => {
      const dips = answeredDipStore(tx)
      const was = await dips.isOpen()
      const is = isDip(was, answered, limits)
      if (was && !is) await dips.end(at)
      if (!was && is && (await dips.begin(at))) await alerts.fewAnswered(tx, { ...answered, below: limits.below }, at)
    })
  }
}

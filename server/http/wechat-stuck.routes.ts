/** What citizens sent in WeChat and nobody could work on so far, for operators: why, and to have it tried at once. */
import { Problem } from '../../contract/problem.ts'
import type { StuckView } from '../../contract/wechat-stuck.ts'
import { auditStore } from '../../desk/audit.store.ts'
import { maskText } from '../../desk/masking.ts'
import { stuckStore } from '../../wechat/stuck.store.ts'
import type { Db } from '../db/database.ts'
import type { Doors } from './doors.ts'

const mostShown = 100

export function wechatStuckRoutes(doors: Doors, { db, now }: { db: Db; now: () => Date }): void {
  doors.open('GET /api/wechat/stuck', async (): Promise<StuckView> => {
    const all = await stuckStore(db).list(mostShown)
    return {
      stuck: all.map(({ receivedAt, againAt, givenUpAt, cause, ...one }) => ({
        ...{ ...one, cause: maskText(cause), receivedAt: receivedAt.toISOString() },
        ...(againAt && { againAt: againAt.toISOString() }),
        ...(givenUpAt && { givenUpAt: givenUpAt.toISOString() }),
      })),
    }
  })

  doors.open('POST /api/wechat/stuck/:id/again', async ({ params, signedIn }) => {
    await db.transaction().execute(async (tx) => {
      if (!(await stuckStore(tx).again(params.id, now())))
        throw new Problem('not_found', `nothing that is stuck is called ${params.id}`)
      const { staffId } = signedIn.actor
      await auditStore(tx).record({ staffId, act: 'wechat.again', subject: params.id }, now())
    })
    return { ok: true }
  })
}

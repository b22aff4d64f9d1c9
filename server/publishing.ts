/**
 * One move of a revision with its line in the audit trail, whoever asks for it: a page, a table, the clock.
 */
import type { Revision } from '../contract/entry.ts'
import { auditStore } from '../desk/audit.store.ts'
import { review, type Act } from '../knowledge/review.ts'
import type { RevisionMove } from '../knowledge/revision-moves.ts'
import type { Db } from './db/database.ts'

export type Publishing = ReturnType<typeof publishing>

export function publishing({ db }: { db: Db }) {
  return {
    /** @throws Problem as review.move does. */
    move(id: string, move: RevisionMove, act: Act): Promise<Revision> {
      return db.transaction().execute(async (tx) => {
        const moved = await review(tx).move(id, move, act)
        await auditStore(tx).record({ staffId: act.staffId, act: `revision.${move}`, subject: id }, act.now)
        return moved
      })
    },
  }
}

/**
 * Publishing and withdrawing on a later day. What is planned is done by the clock in the name of whoever planned it, by
 * the same rules and through the same gate; what those refuse is shown, and not tried again.
 */
import type { PlanMove } from '../contract/gate.ts'
import { faultyField, Problem } from '../contract/problem.ts'
import { auditStore } from '../desk/audit.store.ts'
import { businessDay } from '../desk/working-days.ts'
import { entriesStore } from '../knowledge/entries.store.ts'
import type { Act } from '../knowledge/review.ts'
import { afterMove } from '../knowledge/revision-moves.ts'
import { revisionPlansStore } from '../knowledge/revision-plans.store.ts'
import type { Db } from './db/database.ts'
import { refusalOf } from './problem-words.ts'
import type { Publishing } from './publishing.ts'

export type RevisionPlans = ReturnType<typeof revisionPlans>

type Parts = { db: Db; publishing: Publishing; refreshKnowledge: () => Promise<void>; now: () => Date }
type Planned = { revisionId: string; move: PlanMove; on: string }

export function revisionPlans({ db, publishing, refreshKnowledge, now }: Parts) {
  return {
    /** @throws Problem not_found; illegal_move where the move could not be made today either; conflict; invalid_input. */
    plan({ revisionId, move, on }: Planned, { staffId }: Act): Promise<{ id: string }> {
      return db.transaction().execute(async (tx) => {
        const revision = await entriesStore(tx).revision(revisionId)
        if (!revision) throw new Problem('not_found', `no revision ${revisionId}`)
        if (!afterMove(revision.state, move, false))
          throw new Problem('illegal_move', `revision ${revisionId} is ${revision.state}, cannot ${move}`)
        if (on <= businessDay(now())) throw faultyField('on', '请选明天或以后的日期')
        const id = await revisionPlansStore(tx).add({ revisionId, move, on, staffId }, now())
        if (!id) throw new Problem('conflict', `${move} of ${revisionId} is planned already`)
        await auditStore(tx).record(
          { staffId, act: `plan.${move}` as const, subject: revisionId, detail: { on } },
          now(),
        )
        return { id }
      })
    },

    /** @throws Problem illegal_move when it does not wait any more. */
    cancel(id: string, { staffId }: Act): Promise<void> {
      return db.transaction().execute(async (tx) => {
        if (!(await revisionPlansStore(tx).settle(id, { state: 'cancelled' }, now())))
          throw new Problem('illegal_move', `plan ${id} does not wait`)
        await auditStore(tx).record({ staffId, act: 'plan.cancel', subject: id }, now())
      })
    },

    /** Whatever was planned for today or before. @returns how many were done. */
    async fire(): Promise<number> {
      let done = 0
      const plans = revisionPlansStore(db)
      for (const { id, revisionId, move, plannedBy } of await plans.due(businessDay(now())))
        try {
          await publishing.move(revisionId, move, { staffId: plannedBy, now: now() })
          if (await plans.settle(id, { state: 'done' }, now())) done++
        } catch (error) {
          if (!(error instanceof Problem)) throw error
          const { message, fields = [] } = refusalOf(error)
          const refusal = [message, ...fields.slice(0, 5).map((field) => field.message)].join('；')
          await plans.settle(id, { state: 'refused', refusal }, now())
        }
      if (done > 0) await refreshKnowledge()
      return done
    },
  }
}

/** A case on its way to 办结. When it is reported back, the citizen is told in the same transaction and asked to rate the fix. */
import type { CaseMove } from '../contract/case.ts'
import type { CaseView } from '../contract/http.ts'
import type { Actor } from '../contract/staff.ts'
import { cases } from '../desk/cases.ts'
import type { Sealer } from '../desk/sealer.ts'
import type { Arrivals } from './arrivals.ts'
import type { Closing } from './closing.ts'
import type { OpenLines } from './open-lines.ts'
import type { Db } from './tables.ts'

export type Rectification = ReturnType<typeof rectification>

type Parts = { db: Db; arrivals: Arrivals; lines: OpenLines; closing: Closing; sealer: Sealer; now: () => Date }

export function rectification({ db, arrivals, lines, closing, sealer, now }: Parts) {
  return {
    /** @throws Problem not_found, illegal_move, invalid_input (naming the field that this move needs) */
    async move(caseId: string, move: CaseMove, officer: Actor): Promise<CaseView> {
      const { conversationId } = await cases(db, sealer).view(caseId, officer.roles, now())
      await lines.hold(await arrivals.placeToTell(conversationId), async (talk) => {
        const desk = cases(talk.tx, sealer)
        const { reportedBack } = await desk.move(caseId, move, officer, talk.now)
        if (reportedBack) await desk.setEpisode(caseId, await closing.reportBack(talk, reportedBack))
      })
      return cases(db, sealer).view(caseId, officer.roles, now())
    },
  }
}

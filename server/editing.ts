/** What editors and reviewers work with, put together: publishing, plans, golden runs, tables, trials, synonyms, and their doors. */
import { join } from 'node:path'
import type { Cities } from '../knowledge/cities.ts'
import { goldenSet } from '../knowledge/golden-set.ts'
import type { LiveIndex } from '../knowledge/live-index.ts'
import type { SheetReader } from '../knowledge/sheet/sheet-reader.ts'
import type { Db } from './db/database.ts'
import { goldenRuns } from './golden-runs.ts'
import type { Doors } from './http/doors.ts'
import { editorsGateRoutes } from './http/editors-gate.routes.ts'
import { editorsGoldenRoutes } from './http/editors-golden.routes.ts'
import { editorsTablesRoutes } from './http/editors-tables.routes.ts'
import { editorsTrialRoutes } from './http/editors-trial.routes.ts'
import { gapsRoutes } from './http/gaps.routes.ts'
import { knowledgeRoutes } from './http/knowledge.routes.ts'
import { synonymsRoutes } from './http/synonyms.routes.ts'
import type { Log } from './log.ts'
import { publishTurns } from './publish-turns.ts'
import { publishing } from './publishing.ts'
import { rehearsing } from './rehearsing.ts'
import { revisionPlans } from './revision-plans.ts'
import type { Round } from './rounds.ts'
import { synonymChanges } from './synonym-changes.ts'

type Parts = {
  db: Db
  doors: Doors
  knowledge: LiveIndex
  cities: Cities
  /** Holds knowledge/golden. */
  root: string
  sheets: SheetReader
  /** What was published is answered from when this has resolved. */
  refreshKnowledge: () => Promise<void>
  log: Log
  now: () => Date
}

export function editing({ db, doors, knowledge, cities, sheets, root, refreshKnowledge, log, now }: Parts) {
  const answers = () => knowledge.current()
  const golden = goldenSet(join(root, 'knowledge', 'golden'), log)
  const runs = goldenRuns({ db, answers, golden, log, now })
  const inTurn = publishTurns(db)
  const shared = {
    db,
    publishing: publishing({ db, inTurn, knowledge, golden, published: (staffId) => runs.soon(staffId) }),
    refreshKnowledge,
    now,
  }
  const plans = revisionPlans(shared)
  const rehearsal = rehearsing({ ...shared, log })
  knowledgeRoutes(doors, { ...shared, answers })
  editorsGoldenRoutes(doors, { db, answers, runs, now })
  editorsGateRoutes(doors, { ...shared, plans })
  editorsTablesRoutes(doors, { ...shared, cities, sheets })
  editorsTrialRoutes(doors, { db, knowledge, cities, sheets, now })
  synonymsRoutes(doors, { ...shared, synonyms: synonymChanges({ db, inTurn, knowledge, golden }) })
  gapsRoutes(doors, { db, now })
  const rounds: Round[] = [{ everyMs: 60_000, work: () => plans.fire() }]
  return { plans, rounds, stop: async () => void (await Promise.all([runs.stop(), rehearsal.stop()])) }
}

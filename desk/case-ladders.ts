/**
 * Climbs the ladder: 催办, 督办, 通报. Each rung of each deadline is fired once: the row that says so is written in the
 * transaction of what it does, so that a second timer, a second node or a clock that jumps finds it done.
 */
import { caseRungNames, type CaseRung } from '../contract/case.ts'
import type { ClimbedRung } from './alert.ts'
import { whoseOf } from './case-file.ts'
import { graver, reached, type LadderStep } from './case-ladder.ts'
import { supervisorFor } from './case-people.ts'
import { caseRulesStore, ruleFor } from './case-rules.store.ts'
import { caseRungsStore } from './case-rungs.store.ts'
import { casesStore, type LockedCase } from './cases.store.ts'
import { holidaysStore } from './holidays.store.ts'
import type { Db } from './tables.ts'
import { inTransaction } from './transaction.ts'
import { businessDay, plusDays } from './working-days.ts'

/** No rule reminds earlier than 60 working days before. */
const lookAheadDays = 120

export type CaseLadders = ReturnType<typeof caseLadders>
type Due = { caseId: string; rung: CaseRung }

/** @param told of every rung that is climbed, within its transaction. */
export function caseLadders(db: Db, told?: (tx: Db, climbed: ClimbedRung, now: Date) => Promise<void>) {
  /** Every rung that is due on an open case and was not fired yet, in the order in which they fell due. */
  async function due(now: Date): Promise<Due[]> {
    const today = businessDay(now)
    const [open, rules, fired, calendar] = await Promise.all([
      caseRungsStore(db).onTheClock(plusDays(today, lookAheadDays)),
      caseRulesStore(db).all(),
      caseRungsStore(db).fired(),
      holidaysStore(db).calendar(),
    ])
    const done = new Set(fired.map(({ caseId, rung, dueOn }) => `${caseId} ${rung} ${dueOn}`))
    return open.flatMap((file) => {
      const steps = reached(onTheClock(file), ruleFor(rules, file.kind, file.city), today, calendar)
      const left = steps.filter(({ rung, dueOn }) => !done.has(`${file.id} ${rung} ${dueOn}`))
      return [...new Set(left.map(({ rung }) => rung))].map((rung) => ({ caseId: file.id, rung }))
    })
  }

  async function climb(tx: Db, file: LockedCase, { rung, dueOn, about }: LadderStep, now: Date): Promise<void> {
    const store = casesStore(tx)
    const supervisorId = rung === 'remind' ? null : await supervisorFor(tx, whoseOf(file))
    file.rung = graver(file.rung, rung)
    file.supervisor_id ??= supervisorId
    await store.climb(file.id, file.rung, file.supervisor_id)
    const { state } = file
    const note = `${caseRungNames[rung]}：${about === 'first_contact' ? '首次联系' : '办结'}期限 ${dueOn}`
    await store.addEvent(file.id, {
      kind: 'urged',
      by: 'system',
      from: state,
      to: state,
      note,
      data: { rung, dueOn },
      at: now,
    })
    const { number } = file
    await told?.(tx, { caseId: file.id, number, rung, dueOn, about, ...whoseOf(file) }, now)
  }

  /** @returns whether anything was fired: a rung that is not due, or was fired before, does nothing. */
  function fireDue(caseId: string, rung: CaseRung, now: Date): Promise<boolean> {
    return inTransaction(db, async (tx) => {
      const file = await casesStore(tx).lock({ id: caseId })
      if (!file) return false
      const rule = await caseRulesStore(tx).of(file.kind, file.city)
      const steps = reached(onTheClock(file), rule, businessDay(now), await holidaysStore(tx).calendar())
      let hasFired = false
      for (const step of steps.filter((one) => one.rung === rung)) {
        if (!(await caseRungsStore(tx).add(caseId, rung, step.dueOn, now))) continue
        await climb(tx, file, step, now)
        hasFired = true
      }
      return hasFired
    })
  }

  return {
    due,
    fireDue,

    /** Whatever is due. @returns how many rungs were climbed. */
    async fireAll(now: Date): Promise<number> {
      let fired = 0
      for (const { caseId, rung } of await due(now)) if (await fireDue(caseId, rung, now)) fired++
      return fired
    },
  }
}

function onTheClock(file: Pick<LockedCase, 'state' | 'counted_from' | 'first_contact_due_on' | 'due_on'>) {
  const { state, counted_from: countedFrom, first_contact_due_on: firstContactDueOn, due_on: dueOn } = file
  return { state, countedFrom, firstContactDueOn, dueOn }
}

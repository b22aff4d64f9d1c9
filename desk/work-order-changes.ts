/**
 * What 12345 says of a work order after it was passed on: another deadline, an urge (催办), that it is withdrawn. The same
 * one twice is one, an older deadline does not undo a newer one, and a case that is over stays what it is. The earlier
 * of their day and ours holds, as it does when an order comes in.
 */
import { isFinal } from '../contract/case.ts'
import { Problem } from '../contract/problem.ts'
import type { TakenChange, WorkOrderChange } from '../contract/work-order.ts'
import { withdrawCase } from './case.ts'
import { lockCase, newsOf } from './case-file.ts'
import { graver } from './case-ladder.ts'
import type { TellStaff } from './case-news.ts'
import { countAgain } from './case-recount.ts'
import { takeStep } from './case-steps.ts'
import { casesStore, type LockedCase } from './cases.store.ts'
import type { Db } from './tables.ts'
import { workOrdersStore } from './work-orders.store.ts'

/** @throws Problem invalid_input naming each that is of no order of ours. */
export function mustBeKnown(changes: readonly WorkOrderChange[], isKnown: (number: string) => boolean): void {
  const fields = changes.flatMap(({ number }, i) =>
    isKnown(number) ? [] : [{ path: `changes.${i}.number`, message: `没有接收过工单 ${number}` }],
  )
  if (fields.length > 0) throw new Problem('invalid_input', 'changes of unknown orders', { fields })
}

type Followed = { file: LockedCase; change: Omit<WorkOrderChange, 'at'>; staffId: string; now: Date }
type KnownOrder = { number: string; case_id: string; order_due_on: string | null }

/** @param tx a transaction that holds the numbers of the orders. */
export function workOrderChanges(tx: Db, tell?: TellStaff) {
  const orders = workOrdersStore(tx)
  const store = casesStore(tx)

  return {
    /** @throws Problem invalid_input naming each that is of no order of ours. */
    async follow(changes: readonly WorkOrderChange[], staffId: string, now: Date): Promise<TakenChange[]> {
      const known = new Set(await orders.among(changes.map(({ number }) => number)))
      mustBeKnown(changes, (number) => known.has(number))
      const taken: TakenChange[] = []
      for (const change of [...changes].sort((a, b) => Date.parse(a.at) - Date.parse(b.at)))
        taken.push(await followOne(change, staffId, now))
      return taken
    },

    /**
     * The order itself came again. @returns the deadline, where 12345 names one that it never named before: a request
     * that is sent again because its answer was lost undoes nothing.
     */
    async again(order: KnownOrder, dueOn: string | undefined, staffId: string, now: Date): Promise<string | undefined> {
      const { number } = order
      const named = [order.order_due_on, ...(await orders.laterDeadlines(number)).map((later) => later.dueOn)]
      if (dueOn === undefined || named.includes(dueOn)) return undefined
      await orders.addChange({ number, kind: 'deadline', at: now, dueOn, staffId }, now)
      const file = await lockCase(tx, order.case_id)
      if (isFinal(file.state)) return undefined
      return moveDeadline({ file, change: { number, change: 'deadline', dueOn }, staffId, now }, dueOn)
    },
  }

  async function followOne(change: WorkOrderChange, staffId: string, now: Date): Promise<TakenChange> {
    const { number, change: kind, dueOn } = change
    const order = await orders.find(number)
    if (!order) throw new Problem('not_found', `no order ${number}`)
    const at = new Date(change.at)
    const isOld = kind === 'deadline' && (await orders.laterDeadlines(number)).some((later) => later.at > at)
    const isNew = await orders.addChange({ number, kind, at, dueOn, staffId }, now)
    const file = await lockCase(tx, order.case_id)
    const told = { number, change: kind, caseNumber: file.number }
    if (!isNew || isOld) return { ...told, dueOn: file.due_on, outcome: 'known' }
    if (isFinal(file.state)) return { ...told, dueOn: file.due_on, outcome: 'over' }
    const followed = { file, change, staffId, now }
    if (kind === 'withdraw') await withdraw(followed)
    if (kind === 'urge') await urge(followed)
    const due = kind === 'deadline' && dueOn ? await moveDeadline(followed, dueOn) : file.due_on
    return { ...told, dueOn: due, outcome: 'followed' }
  }

  async function moveDeadline({ file, change, now }: Followed, latest: string): Promise<string> {
    const count = await countAgain(tx, file, latest)
    const dueOn = count.deadline.due
    const isMoved = dueOn !== file.due_on
    await store.recount(file.id, { ...count, isMoved })
    const ours = isMoved ? `期限由 ${file.due_on} 改为 ${dueOn}` : `期限仍为 ${dueOn}`
    await keep(file, 'ordered', [`12345 的办理期限改为 ${latest}，${ours}`, change.note], { dueOn }, 'deadline', now)
    return dueOn
  }

  async function urge({ file, change, now }: Followed): Promise<void> {
    await store.climb(file.id, graver(file.rung, 'remind'), file.supervisor_id)
    await keep(file, 'urged', ['12345 催办', change.note], { rung: 'remind', dueOn: file.due_on }, 'urge', now)
  }

  async function withdraw({ file, change, staffId, now }: Followed): Promise<void> {
    const note = ['12345 撤回工单', change.note].filter(Boolean).join('：')
    const step = withdrawCase(file, note)
    if (!step) return
    await takeStep(tx, file, step, now, { tell })
    await orders.settle(change.number, staffId, now)
    await tellOf(file, (await store.events(file.id)).at(-1)?.seq ?? 0, 'withdraw', file.due_on, now)
  }

  async function keep(
    file: LockedCase,
    kind: 'ordered' | 'urged',
    said: readonly (string | undefined)[],
    data: { dueOn: string; rung?: 'remind' },
    change: WorkOrderChange['change'],
    now: Date,
  ): Promise<void> {
    const { state } = file
    const note = said.filter(Boolean).join('：')
    const seq = await store.addEvent(file.id, { kind, by: 'system', from: state, to: state, note, data, at: now })
    await tellOf(file, seq, change, data.dueOn, now)
  }

  async function tellOf(
    file: LockedCase,
    seq: number,
    change: WorkOrderChange['change'],
    dueOn: string,
    now: Date,
  ): Promise<void> {
    await tell?.(tx, { ...newsOf(file, seq), what: 'ordered', change, dueOn }, now)
  }
}

/**
 * Work orders that 12345 passes on: taken in once by their own number as a case, handled like every case, and given
 * back when the case is over, with what was done, or with the reason why it is not ours. What 12345 says of one
 * afterwards is followed once (desk/work-order-changes.ts).
 */
import { Problem } from '../contract/problem.ts'
import type {
  GivenOrders,
  TakenChange,
  TakenOrder,
  TakenView,
  WorkOrder,
  WorkOrderResult,
  WorkOrderRow,
} from '../contract/work-order.ts'
import { isOverdue } from './case.ts'
import type { TellStaff } from './case-news.ts'
import { openCase } from './case-opening.ts'
import { caseViews } from './case-views.ts'
import { maskPhone, maskText } from './masking.ts'
import type { Sealer } from './sealer.ts'
import type { Db } from './tables.ts'
import { inTransaction } from './transaction.ts'
import { businessDay } from './working-days.ts'
import { kindOf, resultOf } from './work-order.ts'
import { mustBeKnown, workOrderChanges } from './work-order-changes.ts'
import { workOrdersStore, type WorkOrderStage } from './work-orders.store.ts'

const mostGivenBack = 2_000

/** @param tell staff; absent where nothing is taken in. */
export function workOrders(db: Db, sealer: Sealer, tell?: TellStaff) {
  const store = workOrdersStore(db)
  return {
    /**
     * All of them or none. The same number again is the same case; of it nothing but 12345's deadline may have changed.
     *
     * @throws Problem invalid_input naming each change of an order that was never taken in.
     */
    takeIn({ orders = [], changes = [] }: GivenOrders, staffId: string, now: Date): Promise<TakenView> {
      return inTransaction(db, async (tx) => {
        // In one order, so that two tables with the same numbers do not wait for each other.
        const numbers = new Set([...orders, ...changes].map(({ number }) => number))
        for (const number of [...numbers].sort()) await workOrdersStore(tx).lockNumber(number)
        const taken: TakenOrder[] = []
        for (const order of orders) taken.push(await take(tx, order, staffId, now))
        const followed: TakenChange[] = await workOrderChanges(tx, tell).follow(changes, staffId, now)
        const known = taken.filter((order) => order.known).length
        const again = taken.filter((order) => order.changed).length
        return {
          ...{ taken: taken.length - known, known, checked: false, orders: taken, changes: followed },
          changed: again + followed.filter(({ outcome }) => outcome === 'followed').length,
        }
      })
    },

    /**
     * What would be taken in; nothing is. @throws Problem invalid_input naming each change of an order that neither
     * was taken in nor is among these.
     */
    async looked({ orders = [], changes = [] }: GivenOrders): Promise<TakenView> {
      const fresh = orders.map(({ number }) => number)
      const before = new Set(await store.among([...fresh, ...changes.map(({ number }) => number)]))
      mustBeKnown(changes, (number) => before.has(number) || fresh.includes(number))
      const known = fresh.filter((number) => before.has(number)).length
      const counts = { taken: fresh.length - known, known, changed: changes.length }
      return { ...counts, checked: true, orders: [], changes: [] }
    },

    async list(
      filter: { stage?: WorkOrderStage; limit: number; offset: number },
      now: Date,
    ): Promise<{ rows: WorkOrderRow[]; total: number }> {
      const { rows, total } = await store.list(filter.stage, filter)
      const today = businessDay(now)
      return {
        total,
        rows: rows.map((row) => ({
          number: row.number,
          caseId: row.case_id,
          caseNumber: row.case_number,
          type: row.type,
          urgent: row.is_urgent,
          text: maskText(row.text),
          state: row.state,
          dueOn: row.due_on,
          overdue: isOverdue(
            { state: row.state, firstContactDueOn: row.first_contact_due_on, dueOn: row.due_on },
            today,
          ),
          takenAt: row.taken_at.toISOString(),
          givenBackAt: row.given_back_at?.toISOString(),
        })),
      }
    },

    /** For 12345: what is over and still to be given back, or everything. */
    async results(all: boolean, now: Date): Promise<WorkOrderResult[]> {
      const { rows } = await store.list(all ? undefined : 'to_give_back', { limit: mostGivenBack, offset: 0 })
      const results: WorkOrderResult[] = []
      for (const row of rows) {
        const { events } = await caseViews(db).view(row.case_id, [], now)
        const { number, case_number: caseNumber, state, due_on: dueOn } = row
        results.push(resultOf({ number, caseNumber, state, dueOn }, events))
      }
      return results
    },

    /** @returns how many. @throws Problem invalid_input when one of them is not over, or was given back already. */
    givenBack(numbers: readonly string[], staffId: string, now: Date): Promise<number> {
      return inTransaction(db, async (tx) => {
        const wanted = [...new Set(numbers)]
        const given = new Set(await workOrdersStore(tx).giveBack(wanted, staffId, now))
        const left = wanted.filter((number) => !given.has(number))
        if (left.length > 0)
          throw new Problem('invalid_input', `${left.length} orders cannot be given back`, {
            fields: left.map((number) => ({ path: 'numbers', message: `${number} 还没有办完，或已经回传` })),
          })
        return given.size
      })
    },

    /** Who asked, whole, where 12345 passed it on: its reading is to be audited. */
    async personOf(caseId: string): Promise<string | undefined> {
      const sealed = await store.sealedPerson(caseId)
      return sealed && sealer.open(sealed)
    },
  }

  async function take(tx: Db, order: WorkOrder, staffId: string, now: Date): Promise<TakenOrder> {
    const orders = workOrdersStore(tx)
    const before = await orders.find(order.number)
    if (before) {
      const changed = await workOrderChanges(tx, tell).again(before, order.dueOn, staffId, now)
      const { number, case_id: caseId, case_number: caseNumber, due_on, provisional } = before
      const dueOn = changed ?? due_on
      return { number, caseId, caseNumber, dueOn, provisional, known: true, changed: changed !== undefined }
    }
    const { phone, person } = order
    const contact = phone ? { contactSealed: sealer.seal(phone), contactMasked: maskPhone(phone) } : {}
    const opening = { ...contact, text: `${order.title}。${order.text}`, city: order.city }
    const from12345 = { ...opening, source: '12345', latest: order.dueOn } as const
    const opened = await openCase(tx, kindOf(order), from12345, now, tell)
    const { caseId, number: caseNumber, dueOn, provisional } = opened
    await orders.insert({ ...order, caseId, staffId, personSealed: person && sealer.seal(person) }, now)
    return { number: order.number, caseId, caseNumber, dueOn, provisional, known: false, changed: false }
  }
}

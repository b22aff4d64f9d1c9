/** What is wrong with an uploaded table, cell by cell, as the one who filled it in reads it. */
import { Problem, type FaultyField } from '../../contract/problem.ts'

/** `column` empty: the row as a whole. */
export type RowFault = { row: number; column: string; message: string }

/** Nobody reads more of them, and one more upload tells the rest. */
const mostFaults = 200

/** @param what the table holds, for the log. */
export function refusedTable(faults: readonly RowFault[], what: string): Problem {
  const fields = faults.slice(0, mostFaults).map(({ row, column, message }): FaultyField => {
    const place = column ? `第 ${row} 行“${column}”` : `第 ${row} 行`
    return { path: `${row}.${column}`, message: `${place}：${message}` }
  })
  return new Problem('invalid_input', `${faults.length} faults in a table of ${what}`, { fields })
}

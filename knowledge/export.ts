/** Entries as a table that can be imported again, and the template to begin with. */
import type { Wording } from '../contract/entry.ts'
import { headings, instructions, rowOf, widths, type Places } from './import-columns.ts'
import { writeCsv } from './sheet/csv.ts'
import { writeXlsx } from './sheet/xlsx.ts'

export function exportedEntries(
  entries: readonly { id: string; wording: Wording }[],
  places: Places,
  format: 'xlsx' | 'csv',
): Buffer {
  const rows = [headings, ...entries.map(({ id, wording }) => rowOf(id, wording, places))]
  if (format === 'csv') return writeCsv(rows)
  return writeXlsx([
    { name: '条目', rows, widths },
    { name: '填写说明', rows: instructions, widths: [16, 80] },
  ])
}

export function importTemplate(): Buffer {
  return exportedEntries([], { cityCodeOf: () => undefined, nameOf: () => undefined }, 'xlsx')
}

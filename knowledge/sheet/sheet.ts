/**
 * A table as the importers see it, whatever kind of file it came in: rows of strings, numbered as the spreadsheet
 * numbers them. Nothing in a cell is ever run.
 */
export type SheetRow = { number: number; cells: string[] }
export type Sheet = { rows: SheetRow[] }

export const caps = {
  fileBytes: 5 * 1024 * 1024,
  zipParts: 200,
  unpackedBytes: 16 * 1024 * 1024,
  rows: 2_001,
  columns: 40,
  /** As spreadsheets have it. */
  cellChars: 32_767,
} as const

/** What a spreadsheet would take for a formula, in half and full width. */
const startsFormula = /^[=+\-@\t\r＝＋－＠]/

/** A cell that no spreadsheet runs, whoever opens the file. `plainCell` takes the mark off again. */
export function safeCell(text: string): string {
  return startsFormula.test(text) ? `'${text}` : text
}

export function plainCell(text: string): string {
  return text.startsWith("'") && startsFormula.test(text.slice(1)) ? text.slice(1) : text
}

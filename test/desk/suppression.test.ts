import fc from 'fast-check'
import { expect, it } from 'vitest'
import { leastPublished, suppressed } from '../../desk/suppression.ts'

const table = fc.tuple(fc.integer({ min: 1, max: 5 }), fc.integer({ min: 1, max: 6 })).chain(([height, width]) =>
  fc.array(
    fc.array(fc.oneof(fc.integer({ min: 0, max: 9 }), fc.integer({ min: 0, max: 400 })), {
      minLength: width,
      maxLength: width,
    }),
    { minLength: height, maxLength: height },
  ),
)
const sum = (all: readonly number[]) => all.reduce((total, one) => total + one, 0)

/** Every sum of the table: its parts as they are and as they are published, and the sum itself likewise. */
function sumsOf(counts: number[][]) {
  const { cells, rows, columns, total } = suppressed(counts)
  const width = counts[0]?.length ?? 0
  const column = <T>(of: readonly (readonly T[])[], x: number) => of.flatMap((row) => row.slice(x, x + 1))
  const perColumn = Array.from({ length: width }, (_, x) => sum(column(counts, x)))
  return [
    ...counts.map((row, y) => ({ parts: row, shown: cells[y] ?? [], all: sum(row), told: rows[y] })),
    ...perColumn.map((all, x) => ({ parts: column(counts, x), shown: column(cells, x), all, told: columns[x] })),
    { parts: counts.map(sum), shown: rows, all: sum(counts.flat()), told: total },
    { parts: perColumn, shown: columns, all: sum(perColumn), told: total },
  ]
}

it('publishes no number from 1 to 4, and none that is not so', () => {
  fc.assert(
    fc.property(table, (counts) => {
      for (const { parts, shown, all, told } of sumsOf(counts))
        [...parts, all].forEach((count, i) => {
          const published = [...shown, told][i]
          if (count > 0 && count < leastPublished) expect(published).toBeNull()
          else if (published !== null) expect(published).toBe(count)
        })
    }),
  )
})

it('leaves no small number to be found by subtraction', () => {
  fc.assert(
    fc.property(table, (counts) => {
      for (const { parts, shown, told } of sumsOf(counts)) {
        const out = parts.filter((_, i) => shown[i] === null)
        if (told === null) expect(out.length).toBeGreaterThan(0)
        else if (out.length > 0) {
          expect(out.length).toBeGreaterThan(1)
          expect(sum(out)).toBeGreaterThanOrEqual(leastPublished)
        }
      }
    }),
  )
})

it('leaves a table without small numbers as it is', () => {
  expect(
    suppressed([
      [120, 30, 0],
      [0, 8, 5],
    ]),
  ).toEqual({
    cells: [
      [120, 30, 0],
      [0, 8, 5],
    ],
    rows: [150, 13],
    columns: [120, 38, 5],
    total: 163,
  })
})

/**
 * Small numbers in what is published: a count from 1 to 4 may point at a person, so it is left out, and with it as many
 * others, sums among them, as it takes that no subtraction in a row or a column brings it back.
 *
 * Invariant: where a sum is published, none of its parts is left out, or two at least, which hold 5 together; where a
 * sum is left out, one of its parts is as well.
 */
export const leastPublished = 5

type Line = { parts: readonly Place[]; sum: Place }
type Place = { y: number; x: number }

/** @returns the table with `null` where a number is left out, and its sums likewise. */
export function suppressed(counts: readonly (readonly number[])[]): {
  cells: (number | null)[][]
  rows: (number | null)[]
  columns: (number | null)[]
  total: number | null
} {
  const [height, width] = [counts.length, counts[0]?.length ?? 0]
  const withSums = [
    ...counts.map((row) => [...row, sumOf(row)]),
    Array.from({ length: width + 1 }, (_, x) => sumOf(counts.map((row) => (x < width ? (row[x] ?? 0) : sumOf(row))))),
  ]
  const hidden = withSums.map((row) => row.map(isSmall))
  const count = ({ y, x }: Place) => withSums[y]?.[x] ?? 0
  const isHidden = ({ y, x }: Place) => hidden[y]?.[x] ?? false
  const hide = ({ y, x }: Place) => {
    const row = hidden[y]
    if (row) row[x] = true
  }
  const upTo = (end: number) => Array.from({ length: end }, (_, i) => i)
  const lines: Line[] = [
    ...upTo(height + 1).map((y) => ({ parts: upTo(width).map((x) => ({ y, x })), sum: { y, x: width } })),
    ...upTo(width + 1).map((x) => ({ parts: upTo(height).map((y) => ({ y, x })), sum: { y: height, x } })),
  ]

  function isSafe({ parts, sum }: Line): boolean {
    const out = parts.filter(isHidden)
    if (isHidden(sum)) return out.length >= 1
    return out.length === 0 || (out.length >= 2 && sumOf(out.map(count)) >= leastPublished)
  }
  /** @returns whether one more number had to go: the smallest that says anything, a nought only where nothing else is left. */
  function guard(line: Line): boolean {
    if (isSafe(line)) return false
    const [next = line.sum] = line.parts
      .filter((place) => !isHidden(place))
      .sort((one, other) => Number(count(one) === 0) - Number(count(other) === 0) || count(one) - count(other))
    if (isHidden(next)) return false
    hide(next)
    return true
  }
  while (lines.map(guard).some(Boolean));

  const shown = (place: Place) => (isHidden(place) ? null : count(place))
  return {
    cells: upTo(height).map((y) => upTo(width).map((x) => shown({ y, x }))),
    rows: upTo(height).map((y) => shown({ y, x: width })),
    columns: upTo(width).map((x) => shown({ y: height, x })),
    total: shown({ y: height, x: width }),
  }
}

const isSmall = (count: number) => count > 0 && count < leastPublished
const sumOf = (all: readonly number[]) => all.reduce((total, one) => total + one, 0)

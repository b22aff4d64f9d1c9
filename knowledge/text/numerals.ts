/**
 * Numbers as people write and say them: 380, 1,300, 三百八十, 一万二, 二零二七. Whole numbers from 0 to below 10^12, and
 * decimals in digits.
 */
const digitOf = new Map([...'零一二三四五六七八九'].map((sign, value): [string, number] => [sign, value]))
digitOf.set('〇', 0).set('两', 2)
const smallUnits = new Map([
  ['十', 10],
  ['百', 100],
  ['千', 1_000],
])

/** A run of signs that may be a number, for use inside another pattern; numberOf has the last word. */
export const numeral = '(?:\\d[\\d,]*(?:\\.\\d+)?|[零〇一二两三四五六七八九十百千万亿]+)'

/** @returns undefined for what is no number: 万千, 三五十, an empty text. */
export function numberOf(said: string): number | undefined {
  if (/^\d[\d,]*(\.\d+)?$/.test(said)) return Number(said.replaceAll(',', ''))
  const signs = [...said]
  if (signs.length === 0) return undefined
  if (signs.every((sign) => digitOf.has(sign))) return positional(signs)
  const [above, rest] = halves(said, '亿')
  const [tenThousands, ones] = halves(rest, '万')
  if (above === '' || tenThousands === '') return undefined
  const parts = [
    { text: above, times: 100_000_000 },
    { text: tenThousands, times: 10_000 },
    { text: ones, times: 1 },
  ].filter((part): part is { text: string; times: number } => part.text !== undefined)
  let sum = 0
  let unit = 10
  for (const { text, times } of parts) {
    if (text === '') continue
    const value = belowTenThousand(text, unit)
    if (value === undefined) return undefined
    sum += value * times
    // 一万二 is 12,000: a lone digit counts tenths of the unit before it.
    unit = times
  }
  return sum
}

/** What stands before the unit, undefined when there is none, and what behind it. */
function halves(text: string, unit: string): [string | undefined, string] {
  const at = text.lastIndexOf(unit)
  return at === -1 ? [undefined, text] : [text.slice(0, at), text.slice(at + 1)]
}

function positional(signs: readonly string[]): number {
  return signs.reduce((sum, sign) => sum * 10 + (digitOf.get(sign) ?? 0), 0)
}

/** @param before the unit that this follows: 10,000 makes of a lone 二 two thousand. */
function belowTenThousand(text: string, before: number): number | undefined {
  let sum = 0
  let digit: number | undefined
  let unit = before
  for (const sign of text) {
    const value = digitOf.get(sign)
    const times = smallUnits.get(sign)
    if (value !== undefined) {
      if (digit) return undefined
      digit = value
      if (value === 0) unit = 10
    } else if (times !== undefined) {
      if (digit === undefined && times !== 10) return undefined
      sum += (digit ?? 1) * times
      digit = undefined
      unit = times
    } else return undefined
  }
  return sum + (digit ?? 0) * (unit >= 100 ? unit / 10 : 1)
}

/**
 * What is particular about one person in a question: sums, ages, ID and telephone numbers. They say whom it is about and
 * not what is asked, so the search does without the numbers, and the slots know of the age.
 */
import { numberOf, numeral } from './numerals.ts'

const amount = new RegExp(
  `(${numeral})([多余几]?)(万|千|百|亿)?[多余来]?(?:元|圆|块钱?)(${'[一二三四五六七八九]'}|[1-9])?(?![\\d年月个])`,
  'gu',
)
const bareTenThousands = new RegExp(
  `(\\d[\\d,]*(?:\\.\\d+)?|[零〇一二两三四五六七八九十百千]+)万(?![\\d零〇一二两三四五六七八九十百千万亿人份户元圆块])`,
  'gu',
)
const timesOf: Record<string, number> = { 百: 100, 千: 1_000, 万: 10_000, 亿: 100_000_000 }
const age = new RegExp(`(${numeral})(?:多|来)?(?:周岁|岁)`, 'gu')
const oldest = 120
const idNumber = /(?<!\d)\d{17}[\dXx](?![\dXx])/g
const mobile = /(?<!\d)(?:\+?86[- ]?)?(1[3-9]\d)[- ]?(\d{4})[- ]?(\d{4})(?!\d)/g
const landline = /(?<!\d)\(?(0(?:10|2\d|[3-9]\d{2}))\)?[- ]?(\d{7,8})(?!\d)/g
const spent = new RegExp(
  `(?:一共|总共|共)?(?:花了?|用了|交了|花费了?|付了)(?:${numeral})(?:多|余)?(?:万|千|百)?(?:多|余)?(?:元|圆|块钱?|万)?(?:多|左右)?`,
  'gu',
)

/** Sums of money in yuan, in the order in which they are named: 380元, 三万块, 1.5万元, 三块五. */
export function amountsIn(raw: string): number[] {
  const text = raw.normalize('NFKC').replace(/\s+/g, '')
  const found: { at: number; yuan: number }[] = []
  for (const match of text.matchAll(amount)) {
    const [, said = '', , unit = '', tenths] = match
    const yuan = numberOf(said)
    const tail = tenths === undefined ? 0 : (numberOf(tenths) ?? 0) / 10
    if (yuan !== undefined) found.push({ at: match.index, yuan: yuan * (timesOf[unit] ?? 1) + tail })
  }
  for (const match of text.matchAll(bareTenThousands)) {
    const times = numberOf(match[1] ?? '')
    if (times !== undefined && !found.some(({ at }) => at === match.index))
      found.push({ at: match.index, yuan: times * 10_000 })
  }
  return found.sort((a, b) => a.at - b.at).map(({ yuan }) => Math.round(yuan * 100) / 100)
}

/** Ages in whole years, 0 to 120. */
export function agesIn(raw: string): number[] {
  const text = raw.normalize('NFKC').replace(/\s+/g, '')
  return [...text.matchAll(age)].flatMap(([, said = '']) => {
    const years = numberOf(said)
    return years !== undefined && Number.isInteger(years) && years <= oldest ? [years] : []
  })
}

/** Eighteen signs of which the last one checks the others. Source: GB 11643-1999, ISO 7064 MOD 11-2. */
export function idNumbersIn(raw: string): string[] {
  return [...raw.normalize('NFKC').matchAll(idNumber)].flatMap(([number]) =>
    isChecked(number) ? [number.toUpperCase()] : [],
  )
}

/** Mainland mobile and landline numbers, as digits alone; a landline with its area code. */
export function phoneNumbersIn(raw: string): string[] {
  const text = raw.normalize('NFKC')
  const numbers = [...text.matchAll(mobile), ...text.matchAll(landline)]
  return numbers.sort((a, b) => a.index - b.index).map(([, ...parts]) => parts.join(''))
}

/** The question without the numbers that name a person and without what was spent; whole when nothing else is left. */
export function withoutParticulars(raw: string): string {
  const text = raw.normalize('NFKC')
  const left = text
    .replace(idNumber, (number) => (isChecked(number) ? '' : number))
    .replace(mobile, '')
    .replace(landline, '')
    .replace(spent, '')
  return /\p{L}/u.test(left) && left !== text ? left : raw
}

function isChecked(number: string): boolean {
  let remainder = 0
  for (const sign of number.toUpperCase()) remainder = (remainder * 2 + (sign === 'X' ? 10 : Number(sign))) % 11
  return remainder === 1
}

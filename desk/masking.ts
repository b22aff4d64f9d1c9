/**
 * Masks what identifies a person. A masked value keeps enough to tell two apart and never enough to use.
 * Proved by test/desk/masking.test.ts: no valid 18-digit ID number comes through `maskText`, however it is spaced.
 */
export function maskPhone(phone: string): string {
  return hideMiddle(phone, 3, 4)
}

/** 110105********002X */
export function maskIdNumber(idNumber: string): string {
  return hideMiddle(idNumber, 6, 4)
}

export function maskBankCard(card: string): string {
  return hideMiddle(card, 4, 4)
}

/** Whether the check digit is right. Source: GB 11643-1999, weights 2^(17-i) mod 11; the last may be X, that is 10. */
export function isIdNumber(text: string): boolean {
  if (!/^\d{17}[\dXx]$/.test(text)) return false
  const sum = [...text].reduce((total, sign, i) => total + (/[Xx]/.test(sign) ? 10 : Number(sign)) * 2 ** (17 - i), 0)
  return sum % 11 === 1
}

/**
 * Free text with every ID number, phone number and long card number masked, and every address that lets its holder in;
 * the rest word for word. Numbers are also found when written with blanks or dashes, in full-width digits, or in Chinese
 * ones as speech gives them.
 */
export function maskText(text: string): string {
  return text.replace(tokenAddress, '$1（凭证不显示）').replace(numberRun, maskRun)
}

/** Whoever has such an address rates, or goes on in WeChat, as the citizen to whom it was sent. */
const tokenAddress = /(\/(?:rate|wechat\/go)\/)[A-Za-z0-9_-]{16,}/g

/** Digits as people write them, to the plain ones. 幺 is how one says "1" in a number. */
const plainDigit = new Map(
  ['0123456789', '０１２３４５６７８９', '〇一二三四五六七八九', '零幺'].flatMap((script) =>
    [...script].map((sign, value) => [sign, String(value)] as const),
  ),
)
const longestPhone = 15 // 00 86 138 0013 8000
const digit = `[${[...plainDigit.keys()].join('')}]`
const gap = '[\\s\\-－‐-―·.\u200b-\u200d\u2060]{0,2}'
const numberRun = new RegExp(`${digit}(?:${gap}${digit}){10,}(?:${gap}[XxＸｘ])?`, 'gu')

function maskRun(run: string): string {
  const signs = [...run]
  const at: number[] = [] // where in the run each sign of the number stands
  const starts = new Set<number>([0])
  let number = ''
  signs.forEach((sign, i) => {
    const plain = plainDigit.get(sign) ?? (/[XxＸｘ]/.test(sign) ? 'X' : undefined)
    if (plain === undefined) return
    if (at.length > 0 && at.at(-1) !== i - 1) starts.add(at.length)
    at.push(i)
    number += plain
  })

  for (const place of hiddenPlaces(number, [...starts])) {
    const i = at[place]
    if (i !== undefined) signs[i] = '*'
  }
  return signs.join('')
}

/** @param starts where in `number` a group of digits starts, the first at 0. */
function hiddenPlaces(number: string, starts: readonly number[]): Set<number> {
  const hidden = new Set<number>()
  const hide = (from: number, length: number, head: number, tail: number) => {
    for (let i = from + head; i < from + length - tail; i++) hidden.add(i)
  }
  for (let i = 0; i + 18 <= number.length; i++) if (isIdNumber(number.slice(i, i + 18))) hide(i, 18, 6, 4)

  const ends = [...starts.slice(1), number.length]
  for (const [first, start] of starts.entries()) {
    for (const end of ends.slice(first)) {
      if (end - start > longestPhone) break
      const part = number.slice(start, end)
      const countryCode = /^(00)?86(?=1[3-9]\d{9}$)/.exec(part)?.[0].length ?? 0
      if (/^((00)?86)?1[3-9]\d{9}$/.test(part)) hide(start + countryCode, part.length - countryCode, 3, 4)
      else if (/^0\d{9,11}$/.test(part)) hide(start, part.length, 3, 4)
    }
    const group = ends[first] ?? number.length
    if (group - start >= 15 && !isIdNumber(number.slice(start, group))) hide(start, group - start, 4, 4)
  }
  if (isCardInGroups(number, starts)) hide(0, number.length, 4, 4)
  return hidden
}

/** 6222 0212 3456 7890 123 */
function isCardInGroups(number: string, starts: readonly number[]): boolean {
  return number.length >= 15 && starts.length >= 4 && starts.every((start, i) => start === i * 4)
}

function hideMiddle(value: string, head: number, tail: number): string {
  if (value.length <= head + tail) return '*'.repeat(value.length)
  return value.slice(0, head) + '*'.repeat(value.length - head - tail) + value.slice(-tail)
}

import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { agesIn, amountsIn, idNumbersIn, phoneNumbersIn, withoutParticulars } from '../../knowledge/text/particulars.ts'
import { numberOf } from '../../knowledge/text/numerals.ts'

/** 380 as 三百八十: how a person writes it out. */
function inChinese(value: number): string {
  if (value === 0) return '零'
  const digits = '零一二三四五六七八九'
  const below = (n: number): string => {
    let text = ''
    let owesZero = false
    for (const [unit, name] of [
      [1_000, '千'],
      [100, '百'],
      [10, '十'],
      [1, ''],
    ] as const) {
      const digit = Math.floor(n / unit) % 10
      if (digit === 0) owesZero ||= text !== ''
      else {
        text += `${owesZero ? '零' : ''}${digits[digit]}${name}`
        owesZero = false
      }
    }
    return text
  }
  const [hundredMillions, tenThousands, ones] = [Math.floor(value / 1e8), Math.floor(value / 1e4) % 1e4, value % 1e4]
  let text = hundredMillions > 0 ? `${below(hundredMillions)}亿` : ''
  if (tenThousands > 0) text += `${text !== '' && tenThousands < 1_000 ? '零' : ''}${below(tenThousands)}万`
  if (ones > 0) text += `${text !== '' && (ones < 1_000 || tenThousands === 0) ? '零' : ''}${below(ones)}`
  return text
}

const anIdNumber = fc
  .tuple(
    fc.constantFrom('110105', '141102', '340602', '420802'),
    fc.integer({ min: 1930, max: 2026 }),
    fc.integer({ min: 1, max: 12 }),
    fc.integer({ min: 1, max: 28 }),
    fc.integer({ min: 0, max: 999 }),
  )
  .map(([area, year, month, day, order]) => {
    const two = (n: number) => String(n).padStart(2, '0')
    const head = `${area}${year}${two(month)}${two(day)}${String(order).padStart(3, '0')}`
    const weights = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2] // GB 11643-1999, table of weights
    const sum = weights.reduce((total, weight, i) => total + weight * Number(head[i]), 0)
    return `${head}${'10X98765432'[sum % 11]}`
  })
const aMobile = fc
  .tuple(fc.integer({ min: 130, max: 199 }), fc.integer({ min: 0, max: 99_999_999 }))
  .map(([head, rest]) => `${head}${String(rest).padStart(8, '0')}`)

describe('a number', () => {
  it('written out in Chinese is the number', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 999_999_999_999 }), (value) => {
        expect(numberOf(inChinese(value))).toBe(value)
      }),
    )
  })

  it.each([
    ['三百八', 380],
    ['一万二', 12_000],
    ['一万零二', 10_002],
    ['两千', 2_000],
    ['二零二七', 2027],
    ['十五', 15],
    ['1,300', 1_300],
    ['2.5', 2.5],
  ])('%s is %d', (said, value) => expect(numberOf(said)).toBe(value))

  it.each(['', '万千', '三五十', '百', '亿', '多少', '万'])('%s is none', (said) =>
    expect(numberOf(said)).toBeUndefined(),
  )
})

describe('sums of money', () => {
  it.each([
    ['一年交380元', [380]],
    ['住院花了三万块', [30_000]],
    ['报了1.5万元，自己掏 2,000 块钱', [15_000, 2_000]],
    ['三块五', [3.5]],
    ['花了5万多', [50_000]],
    ['五万多块', [50_000]],
    ['一千二百元', [1_200]],
    ['3万人参保', []],
    ['2027年交多少', []],
    ['多少钱', []],
  ])('%s', (text, yuan) => expect(amountsIn(text)).toEqual(yuan))

  it('are found in any words, in digits and in Chinese', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 9_999_999 }), fc.boolean(), (yuan, inWords) => {
        expect(amountsIn(`住院一共${inWords ? inChinese(yuan) : yuan}元，能报吗`)).toEqual([yuan])
      }),
    )
  })
})

describe('ages', () => {
  it.each([
    ['我今年65岁', [65]],
    ['八周岁的孩子', [8]],
    ['六十多岁', [60]],
    ['200岁', []],
    ['岁数大了', []],
  ])('%s', (text, years) => expect(agesIn(text)).toEqual(years))

  it('are found in digits and in Chinese', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 120 }), (years) => {
        expect(agesIn(`老人${years}岁，孩子${inChinese(years)}周岁`)).toEqual([years, years])
      }),
    )
  })
})

describe('ID numbers', () => {
  it('are known by their check digit, whatever stands around them', () => {
    fc.assert(
      fc.property(anIdNumber, (number) => {
        expect(idNumbersIn(`身份证${number.toLowerCase()}，查一下`)).toEqual([number])
      }),
    )
  })

  it('with one digit changed are none', () => {
    fc.assert(
      fc.property(anIdNumber, fc.integer({ min: 0, max: 16 }), fc.integer({ min: 1, max: 9 }), (number, at, by) => {
        const changed = number.slice(0, at) + ((Number(number[at]) + by) % 10) + number.slice(at + 1)
        expect(idNumbersIn(changed)).toEqual([])
      }),
    )
  })
})

describe('telephone numbers', () => {
  it('of mobiles are found, with blanks and country code too', () => {
    fc.assert(
      fc.property(aMobile, (number) => {
        const spaced = `${number.slice(0, 3)} ${number.slice(3, 7)}-${number.slice(7)}`
        expect(phoneNumbersIn(`电话${number}或者+86 ${spaced}`)).toEqual([number, number])
      }),
    )
  })

  it.each([
    ['0358-8221234', ['03588221234']],
    ['(010)12345678', ['01012345678']],
    ['025 84123456', ['02584123456']],
    ['12393', []],
    ['2026112212', []],
  ])('%s', (text, numbers) => expect(phoneNumbersIn(text)).toEqual(numbers))

  it('are not found inside an ID number', () => {
    fc.assert(
      fc.property(anIdNumber, (number) => {
        expect(phoneNumbersIn(number)).toEqual([])
      }),
    )
  })
})

describe('a question without its particulars', () => {
  it('keeps what is asked', () => {
    fc.assert(
      fc.property(anIdNumber, aMobile, (id, phone) => {
        expect(withoutParticulars(`我的身份证${id}电话${phone}怎么参保`)).toBe('我的身份证电话怎么参保')
      }),
    )
    expect(withoutParticulars('住院花了3万多块能报多少')).toBe('住院能报多少')
  })

  it('is itself when there are none, or nothing else is left', () => {
    for (const text of ['住院能报多少', '13800138000', '380元', '花了三万']) expect(withoutParticulars(text)).toBe(text)
  })
})

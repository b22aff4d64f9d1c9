import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { dayAsked, dayInWords, plusDays, spansIn } from '../../knowledge/text/dates.ts'

const today = '2026-11-22'

describe('the day asked about', () => {
  it.each([
    ['2027年怎么办', '2027-01-01'],
    ['二零二七年交多少', '2027-01-01'],
    ['明年1月以后怎么报', '2027-01-01'],
    ['明年三月还能办吗', '2027-03-01'],
    ['去年的怎么报', '2025-12-31'],
    ['前年呢', '2024-12-31'],
    ['下个月能报吗', '2026-12-01'],
    ['上月', '2026-10-31'],
    ['2027年2月30日', '2027-02-01'],
    ['2024年2月住的院', '2024-02-29'],
    ['2027-03-05 生效吗', '2027-03-05'],
    ['2025年6月18日出院', '2025-06-18'],
    ['２０２７年１月１日', '2027-01-01'],
    ['后天', '2026-11-24'],
  ])('%s', (text, day) => expect(dayAsked(text, today)).toBe(day))

  it.each(['今年怎么办', '2026年交多少', '这个月', '住院能报多少', '交满20年', '12027年', '', '去年没交明年还能交吗'])(
    'is none of its own: %s',
    (text) => expect(dayAsked(text, today)).toBeUndefined(),
  )
})

it('is never a day that does not exist, and never in a span that ends before it begins', () => {
  const digits = fc.stringMatching(/^[0-9零一二三四五六七八九十]{0,4}$/)
  fc.assert(
    fc.property(fc.constantFrom('20', '二零', '明年', '去年', ''), digits, digits, digits, (head, y, m, d) => {
      for (const { from, until } of spansIn(`${head}${y}年${m}月${d}日`, today)) {
        expect(from <= until).toBe(true)
        for (const day of [from, until]) expect(new Date(`${day}T00:00:00Z`).toISOString().slice(0, 10)).toBe(day)
      }
    }),
  )
})

it('finds a date however it is written', () => {
  fc.assert(
    fc.property(fc.date({ min: new Date('2000-01-01'), max: new Date('2099-12-31'), noInvalidDate: true }), (date) => {
      const day = date.toISOString().slice(0, 10)
      for (const text of [dayInWords(day), day, day.replaceAll('-', '/')])
        expect(spansIn(`我${text}出院`, today)).toEqual([{ from: day, until: day }])
    }),
  )
})

it('counts days over the ends of months and years', () => {
  expect(plusDays('2026-12-31', 1)).toBe('2027-01-01')
  expect(plusDays('2024-03-01', -1)).toBe('2024-02-29')
})

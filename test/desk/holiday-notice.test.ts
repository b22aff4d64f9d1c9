import { describe, expect, it } from 'vitest'
import type { HolidayNotice } from '../../contract/holiday.ts'
import { noticesIn } from '../../desk/holiday-seed.ts'
import { soundNotice } from '../../desk/holiday-notice.ts'
import data from 'chinese-days/dist/chinese-days.json' with { type: 'json' }

const nationalDay = { day: '2026-10-01', kind: 'off', name: '国庆节' } as const
const with2026 = (...days: HolidayNotice['days']): HolidayNotice => ({
  year: 2026,
  notice: '国办发明电〔2025〕7号',
  days,
})

describe('a notice', () => {
  it.each(noticesIn(data).map((notice) => [notice.year, notice] as const))(
    'of %i, as it came out, is sound',
    (_, notice) => {
      expect(() => soundNotice({ ...notice, notice: '国办' })).not.toThrow()
    },
  )

  it('may rule the last days of the year before', () => {
    expect(() => soundNotice(with2026(nationalDay, { day: '2025-12-27', kind: 'worked', name: '元旦' }))).not.toThrow()
  })

  it.each([
    ['without its National Day', with2026({ day: '2026-05-01', kind: 'off', name: '劳动节' }), ['days']],
    [
      'with a working Monday',
      with2026(nationalDay, { day: '2026-10-12', kind: 'worked', name: '国庆节' }),
      ['days.1.day'],
    ],
    [
      'with a day of another year',
      with2026(nationalDay, { day: '2027-01-01', kind: 'off', name: '元旦' }),
      ['days.1.day'],
    ],
    ['with a day twice', with2026(nationalDay, nationalDay), ['days.1.day']],
  ])('%s is refused by its place', (_, notice, paths) => {
    expect(() => soundNotice(notice)).toThrow(
      expect.objectContaining({ fields: paths.map((path) => expect.objectContaining({ path }) as unknown) }),
    )
  })
})

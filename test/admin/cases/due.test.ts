import { expect, it } from 'vitest'
import { dueMark } from '../../../admin/cases/due.ts'

// 01:00 of the 23rd in Shanghai, still the 22nd in Greenwich.
const now = new Date('2026-11-22T17:00:00.000Z')
const row = { state: 'rectifying', firstContactDueOn: '2026-11-20', dueOn: '2026-11-30', overdue: false } as const

it('counts the days left in the bureau’s zone', () => {
  expect(dueMark(row, now)).toEqual({ words: '还剩 7 天', tone: 'plain', on: '2026-11-30' })
  expect(dueMark({ ...row, dueOn: '2026-11-24' }, now)).toMatchObject({ words: '还剩 1 天', tone: 'accent' })
  expect(dueMark({ ...row, dueOn: '2026-11-23' }, now)).toMatchObject({ words: '今天到期', tone: 'accent' })
})

it('says how long a case has been overdue', () => {
  expect(dueMark({ ...row, dueOn: '2026-11-20', overdue: true }, now)).toMatchObject({
    words: '已超期 3 天',
    tone: 'danger',
  })
})

it('counts to the first contact until it is made', () => {
  const waiting = { ...row, state: 'to_verify', firstContactDueOn: '2026-11-23' } as const
  expect(dueMark(waiting, now)).toEqual({ words: '首次联系今天到期', tone: 'accent', on: '2026-11-23' })
})

it('counts nothing for a case that is settled', () => {
  expect(dueMark({ ...row, state: 'closed', dueOn: '2026-11-01' }, now)).toMatchObject({
    words: '已了结',
    tone: 'good',
  })
})

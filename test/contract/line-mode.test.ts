import { expect, it } from 'vitest'
import type { LineTable } from '../../contract/phone-events.ts'
import { botStepsIn, lineModeAt, takerOf } from '../../contract/line-mode.ts'

const table: LineTable = {
  lines: {
    '12393': [
      { on: 'workdays', from: '08:30', to: '12:00', mode: 'person-first' },
      { on: 'workdays', from: '12:00', to: '17:30', mode: 'overflow' },
      { on: 'restdays', from: '09:00', to: '24:00', mode: 'bot-first' },
    ],
  },
  otherLines: [{ on: 'every-day', from: '00:00', to: '24:00', mode: 'bot-first' }],
  moved: { '2026-10-01': 'off', '2026-10-10': 'worked' },
  overflowAfterSeconds: 60,
}
const someone = { takers: 1, free: 1, longestWaitSeconds: 0 }
/** A moment in Shanghai. */
const at = (time: string) => new Date(`${time}:00+08:00`)

it.each([
  ['2026-08-24T08:29', 'after-hours'],
  ['2026-08-24T08:30', 'person-first'],
  ['2026-08-24T12:00', 'overflow'],
  ['2026-08-24T17:30', 'after-hours'],
  ['2026-08-23T23:59', 'bot-first'],
  ['2026-10-01T10:00', 'bot-first'],
  ['2026-10-10T10:00', 'person-first'],
])('reads the table at %s in Shanghai as %s', (time, mode) => {
  expect(lineModeAt(table, '12393', at(time))).toBe(mode)
})

it('uses the common hours for a number that has none of its own', () => {
  expect(lineModeAt(table, '12345', at('2026-08-24T03:00'))).toBe('bot-first')
})

it('gives an overflow line to a free person, and to the bot when none is free or the wait is long', () => {
  const noon = at('2026-08-24T13:00')
  expect(takerOf(table, '12393', noon, someone).taker).toBe('person')
  expect(takerOf(table, '12393', noon, { ...someone, free: 0 }).taker).toBe('bot')
  expect(takerOf(table, '12393', noon, { ...someone, longestWaitSeconds: 61 }).taker).toBe('bot')
})

it('rings people on a person-first line though all are busy, nobody where nobody takes calls, and nobody after hours', () => {
  const morning = at('2026-08-24T09:00')
  const busy = { takers: 1, free: 0, longestWaitSeconds: 600 }
  expect(takerOf(table, '12393', morning, busy).taker).toBe('person')
  expect(takerOf(table, '12393', morning, { ...busy, takers: 0 })).toMatchObject({
    taker: 'bot',
    mayPassToPerson: true,
  })
  expect(takerOf(table, '12393', at('2026-08-24T22:00'), someone)).toEqual({
    mode: 'after-hours',
    taker: 'bot',
    mayPassToPerson: false,
  })
})

it('lets the bot step in for somebody who has waited too long on an overflow line', () => {
  expect([
    botStepsIn(table, 'overflow', 61),
    botStepsIn(table, 'overflow', 60),
    botStepsIn(table, 'person-first', 61),
  ]).toEqual([true, false, false])
})

it.each([
  ['2026-08-22T10:00', 'overflow'], // a Saturday
  ['2026-08-23T10:00', 'after-hours'],
  ['2026-08-24T10:00', 'person-first'],
  ['2026-10-10T10:00', 'person-first'], // a Saturday that is worked
])('has the hours of a weekday on that day, unless a notice moved it: at %s %s', (time, mode) => {
  const hours = { from: '09:00', to: '12:00' }
  const otherLines = [
    { on: 'sat', ...hours, mode: 'overflow' },
    { on: 'workdays', ...hours, mode: 'person-first' },
  ] as const
  expect(lineModeAt({ ...table, otherLines }, '12345', at(time))).toBe(mode)
})

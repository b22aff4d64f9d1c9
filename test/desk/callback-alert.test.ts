import { expect, it } from 'vitest'
import { callbackAlerts } from '../../desk/callback-alert.ts'

const at = (wall: string) => new Date(`2026-11-23T${wall}:00+08:00`)
const [free, held] = [
  { id: 'f', dueAt: at('10:00') },
  { id: 'h', dueAt: at('10:20'), holderId: 'agent' },
]
const told = (now: string, onDuty: string[] = ['duty']) =>
  callbackAlerts([free, held], { onDuty, supervisors: ['lead', 'other'] }, at(now)).map(
    ({ alert, told, leavesHouse }) => ({
      ...{ to: told, leavesHouse, fact: alert.fact, text: alert.text },
    }),
  )

it('tells whoever has it, and of those that nobody has who is on duty', () => {
  expect(told('10:21')).toEqual([
    {
      to: ['agent'],
      leavesHouse: false,
      fact: 'callback:h:2026-11-23T02:20:00.000Z',
      text: '您接下的一个回电应在 2026年11月23日 10:20 前拨打，已经过了时限，请尽快回电或者放回列表。',
    },
    {
      to: ['duty'],
      leavesHouse: true,
      fact: 'callbacks:duty:2026-11-23:10',
      text: '有 1 个回电过了答应市民的时间，最早的应在 2026年11月23日 10:00 前，还没有人接下。',
    },
  ])
})

it('tells every supervisor where nobody is on duty, and of all once they are half an hour late', () => {
  expect(told('10:21', []).map(({ to }) => to)).toEqual([['agent'], ['lead', 'other']])
  expect(told('10:50').at(-1)).toMatchObject({
    to: ['lead', 'other'],
    fact: 'callbacks:supervisor:2026-11-23:10',
    text: expect.stringContaining('有 2 个回电') as unknown,
  })
})

it('says it again in the next hour, and to whoever has it only once a deadline', () => {
  const [first, later] = [told('10:50'), told('11:05')]
  expect(later.map(({ fact }) => fact)).toEqual([
    first[0]?.fact,
    'callbacks:duty:2026-11-23:11',
    'callbacks:supervisor:2026-11-23:11',
  ])
})

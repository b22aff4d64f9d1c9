import { expect, it } from 'vitest'
import { alertKinds } from '../../contract/alert.ts'
import { caseAlerts } from '../../desk/case-alert.ts'
import type { CaseNews } from '../../desk/case-news.ts'

const inForce = [
  { id: 'owner', roles: ['officer'] },
  { id: 'former', roles: ['officer'] },
  { id: 'above', roles: ['supervisor'] },
  { id: 'rated', roles: ['supervisor'] },
  { id: 'other', roles: ['supervisor'] },
] as const
const file = {
  caseId: 'c',
  number: 'ZG20261122-0001',
  kind: 'bad_rating',
  seq: 7,
  ownerId: 'owner',
  supervisorId: 'above',
  ratedStaffId: 'rated',
} as const
const alerts = (news: CaseNews) => caseAlerts(news, inForce)

it('tells the owner of a new case, with both days, inside the house', () => {
  expect(alerts({ ...file, what: 'opened', contactBy: '2026-11-23', dueOn: '2026-11-27' })).toEqual([
    {
      alert: {
        kind: 'case.opened',
        fact: 'case:c:opened:7',
        subject: 'c',
        text: '新的差评整改单 ZG20261122-0001 由您负责，请在 2026-11-23 前首次联系市民，2026-11-27 前办结。',
      },
      told: ['owner'],
      leavesHouse: false,
    },
  ])
})

it('sends an emergency out of the house, which is due the same day', () => {
  const news = { what: 'opened', contactBy: '2026-11-22', dueOn: '2026-11-22' } as const
  const [told] = alerts({ ...file, ...news, kind: 'emergency' })
  expect(told).toMatchObject({ leavesHouse: true, told: ['owner'] })
  expect(told?.alert.text).toContain('请在今天办结')
})

it('tells the owner and whoever sees to it that a case is opened again', () => {
  expect(alerts({ ...file, what: 'reopened', dueOn: '2026-12-07' })).toMatchObject([
    { told: ['owner', 'above'], leavesHouse: true },
  ])
})

it('tells of an appeal whoever may judge it: no owner, no appellant, nobody who was rated', () => {
  const appealed = { ...file, what: 'appealed', byStaffId: 'above' } as const
  expect(alerts(appealed)).toMatchObject([{ told: ['other'] }])
  const few = [...inForce.slice(0, 4), { id: 'admin', roles: ['administrator'] }] as const
  expect(caseAlerts(appealed, few)).toMatchObject([{ told: ['admin'] }])
})

it('tells the owner and whoever appealed how an appeal was judged, and neither who judged nor who was rated', () => {
  const judged = { ...file, what: 'judged', appellantId: 'former', byStaffId: 'above' } as const
  const told = ['owner', 'former']
  const [refused] = alerts({ ...judged, isExcluded: false })
  expect(refused).toMatchObject({ told })
  expect(refused?.alert.text).toContain('申诉没有成立')
  expect(alerts({ ...judged, isExcluded: true })[0]?.alert.text).toContain('申诉成立')
  expect(alerts({ ...judged, appellantId: 'rated', isExcluded: true })).toMatchObject([{ told: ['owner'] }])
})

it('tells a new owner and the former one in their own words, and nobody who is gone', () => {
  const given = { what: 'given', formerOwnerId: 'former', from: '张三', to: '李四' } as const
  expect(alerts({ ...file, ...given }).map(({ told, alert }) => [told, alert.text])).toEqual([
    [['owner'], '整改单 ZG20261122-0001 由 张三 改派给您，请接着办理。'],
    [['former'], '整改单 ZG20261122-0001 已由您改派给 李四。'],
  ])
  expect(alerts({ ...file, ...given, formerOwnerId: 'gone' }).map(({ told }) => told)).toEqual([['owner'], []])
})

it('has a kind of its own for everything that is told', () => {
  for (const what of ['opened', 'reopened', 'appealed', 'given', 'ordered'] as const)
    expect(alertKinds).toContain(`case.${what}`)
})

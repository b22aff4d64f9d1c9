import fc from 'fast-check'
import { expect, it } from 'vitest'
import { caseRungs } from '../../contract/case.ts'
import { roles } from '../../contract/staff.ts'
import { burstAlert, deadLetterAlert, lateAlert, rungAlert, toldOfRung } from '../../desk/alert.ts'

const climbed = {
  ...{ caseId: 'c', number: 'ZG20261122-001', dueOn: '2026-12-09' },
  about: 'due',
  ownerId: 'owner',
} as const
const inForce = [
  { id: 'owner', roles: ['officer'] },
  { id: 'above', roles: ['supervisor'] },
  { id: 'other', roles: ['supervisor'] },
  { id: 'agent', roles: ['agent'] },
] as const

it('reminds the owner alone, supervises through whoever sees to it, and reports to every supervisor', () => {
  const told = (rung: (typeof caseRungs)[number]) => toldOfRung({ ...climbed, rung, supervisorId: 'above' }, inForce)
  expect(told('remind')).toEqual(['owner'])
  expect(told('supervise')).toEqual(['owner', 'above'])
  expect(told('report')).toEqual(['owner', 'above', 'other'])
})

it('never tells whoever was rated, unless the case is theirs, nor an account that is not in force', () => {
  const id = fc.constantFrom('a', 'b', 'c', 'd')
  const somebody = fc.record({ id, roles: fc.subarray([...roles]) })
  fc.assert(
    fc.property(
      fc.constantFrom(...caseRungs),
      id,
      fc.option(id, { nil: undefined }),
      id,
      fc.uniqueArray(somebody, { selector: (one) => one.id }),
      (rung, ownerId, supervisorId, ratedStaffId, staff) => {
        const told = toldOfRung({ ...climbed, rung, ownerId, supervisorId, ratedStaffId }, staff)
        expect(told.every((one) => staff.some((member) => member.id === one))).toBe(true)
        expect(new Set(told).size).toBe(told.length)
        if (ratedStaffId !== ownerId) expect(told).not.toContain(ratedStaffId)
        expect(told.includes(ownerId)).toBe(staff.some((member) => member.id === ownerId))
      },
    ),
  )
})

it('names a case by its number, the deadline and what was missed', () => {
  const { text, fact } = rungAlert({ ...climbed, rung: 'supervise', about: 'first_contact' })
  expect(text).toBe('整改单 ZG20261122-001 过了首次联系期限（2026-12-09），现予督办，请尽快办理。')
  expect(fact).not.toBe(rungAlert({ ...climbed, rung: 'supervise' }).fact)
})

it('tells a topic once a day of the bureau, and letters that died once an hour', () => {
  const burst = { kind: 'entry', id: 'nat-enrol', question: '新生儿怎么参保', lately: 9, usual: 1 } as const
  const at = (moment: string) => new Date(`${moment}+08:00`)
  const factsOf = (moments: string[]) => new Set(moments.map((moment) => burstAlert(burst, at(moment)).fact)).size
  expect(factsOf(['2026-11-22T00:10:00', '2026-11-22T23:50:00'])).toBe(1)
  expect(factsOf(['2026-11-22T23:50:00', '2026-11-23T00:10:00'])).toBe(2)
  const dead = (moment: string) => deadLetterAlert('sms', '短信', at(moment)).fact
  expect(dead('2026-11-22T09:00:00')).toBe(dead('2026-11-22T09:59:59'))
  expect(dead('2026-11-22T09:59:59')).not.toBe(dead('2026-11-22T10:00:00'))
})

it('says of a citizen who waits whether anybody has them', () => {
  const wait = { conversationId: 'c', since: new Date(0) }
  expect(lateAlert(wait, 185, undefined).text).toBe('一位市民要人工，等了 3 分钟还没有人接待。')
  expect(lateAlert(wait, 30, '1003').text).toBe('工号 1003 接待的一位市民等了 1 分钟还没有得到答复。')
})

/** Who may change whose account: every pair of accounts, every act. */
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { offices, officesIn, roles, rolesSchema, type Role } from '../../contract/staff.ts'
import { emptied, mayCreate, mayManage, type StaffAct } from '../../desk/staff-rule.ts'

const acts = ['roles', 'disable', 'enable', 'reset-password', 'unlock', 'reset-totp'] as const satisfies StaffAct[]
const anAct = fc.constantFrom(...acts)
const anAccount = fc.subarray<Role>([...roles], { minLength: 1 }).filter((held) => officesIn(held).length <= 1)

it('lets nobody change their own account, whatever they hold', () => {
  fc.assert(
    fc.property(anAccount, anAct, (held, act) => {
      expect(mayManage({ staffId: 'a', roles: held }, { id: 'a', roles: held }, act)).toBe('oneself')
    }),
  )
})

it('lets only the security administrator grant, unlock, and touch whoever holds an office', () => {
  fc.assert(
    fc.property(anAccount, anAccount, anAct, (mine, theirs, act) => {
      const verdict = mayManage({ staffId: 'a', roles: mine }, { id: 'b', roles: theirs }, act)
      if (verdict !== 'allowed') return
      const isGuarded = act === 'roles' || act === 'unlock' || act === 'reset-totp' || officesIn(theirs).length > 0
      expect(mine).toContain(isGuarded ? 'security' : 'administrator')
    }),
  )
})

it('lets the auditor change nobody', () => {
  for (const act of acts)
    for (const role of roles)
      expect(mayManage({ staffId: 'a', roles: ['auditor'] }, { id: 'b', roles: [role] }, act)).toBe('not-theirs')
})

it('has a security administrator made by one, and everybody else by the system administrator', () => {
  expect(mayCreate({ staffId: 'a', roles: ['administrator'] }, ['auditor'])).toBe(true)
  expect(mayCreate({ staffId: 'a', roles: ['administrator'] }, ['agent', 'security'])).toBe(false)
  expect(mayCreate({ staffId: 'a', roles: ['administrator', 'security'] }, ['security'])).toBe(true)
  expect(mayCreate({ staffId: 'a', roles: ['security'] }, ['agent'])).toBe(false)
})

it('takes no two offices in one account', () => {
  for (const one of offices)
    for (const other of offices)
      expect(rolesSchema.safeParse(['agent', one, other]).success, `${one} ${other}`).toBe(one === other)
})

it('names the office that would stand empty', () => {
  const auditor = { id: 'a', roles: ['auditor'] as const }
  expect(emptied(auditor, [], [auditor, { id: 'b', roles: ['agent'] }])).toEqual(['auditor'])
  expect(emptied(auditor, [], [auditor, { id: 'b', roles: ['auditor'] }])).toEqual([])
  expect(emptied(auditor, ['auditor', 'agent'], [auditor])).toEqual([])
})

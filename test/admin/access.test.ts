import { describe, expect, it } from 'vitest'
import { roles } from '../../contract/staff.ts'
import { agentNamespaceRoles } from '../../server/socket-policy.ts'
import { listedPages, mayOpen, startPage } from '../../admin/access.ts'

describe('where somebody starts', () => {
  it.each([
    ['agent', 'desk'],
    ['supervisor', 'desk'],
    ['officer', 'cases'],
    ['editor', 'entries'],
    ['reviewer', 'entries'],
    ['auditor', 'audit'],
    ['security', 'security'],
    ['administrator', 'staff'],
  ] as const)('a %s starts at %s', (role, page) => {
    expect(startPage([role])).toBe(page)
  })

  it('is a page they may open, whatever their role', () => {
    for (const role of roles) expect(mayOpen(startPage([role]), [role])).toBe(true)
  })
})

it('offers an editor neither the desk nor the audit trail', () => {
  expect(listedPages(['editor']).map((page) => page.name)).toEqual(['entries', 'gaps', 'golden'])
})

it('never lists a page that is only reached from others', () => {
  for (const role of roles) expect(listedPages([role]).some((page) => page.name === 'conversation')).toBe(false)
})

it('shows the auditor the audit log and nothing else', () => {
  expect(listedPages(['auditor']).map((page) => page.name)).toEqual(['audit'])
})

it('opens what the socket of the desk tells of to nobody whom that socket refuses', () => {
  expect(mayOpen('figures-wall', ['supervisor'])).toBe(true)
  for (const page of ['desk', 'wall', 'figures-wall'] as const)
    for (const role of roles)
      if (mayOpen(page, [role]))
        expect({ page, role, isTaken: agentNamespaceRoles.includes(role) }).toMatchObject({ isTaken: true })
})

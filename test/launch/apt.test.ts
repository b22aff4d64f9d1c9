import { expect, it } from 'vitest'
import { isOurDeadPolicy, mayInstall } from '../../launch/apt.mjs'

const debianRoot = { uid: 0, hasAptGet: true, env: {} }

it('installs packages as root on Debian', () => {
  expect(mayInstall(debianRoot)).toBe(true)
  expect(mayInstall({ ...debianRoot, env: { BUDAYANG_APT: '1' } })).toBe(true)
})

it.each([
  ['an ordinary user', { ...debianRoot, uid: 1000 }],
  ['a system without apt-get', { ...debianRoot, hasAptGet: false }],
  ['an operator who said no', { ...debianRoot, env: { BUDAYANG_APT: '0' } }],
])('installs nothing for %s', (_, where) => {
  expect(mayInstall(where)).toBe(false)
})

it('replaces a ban on service starts that its launcher left behind, and no other', () => {
  expect(isOurDeadPolicy('#!/bin/sh\n# budayang: no service starts while pid 4194303\nexit 0\n')).toBe(true)
  expect(isOurDeadPolicy(`#!/bin/sh\n# budayang: no service starts while pid ${process.pid}\nexit 101\n`)).toBe(false)
  expect(isOurDeadPolicy('#!/bin/sh\nexit 101\n')).toBe(false)
})

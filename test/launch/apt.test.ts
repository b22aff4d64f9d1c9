import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { installPackages, isOurDeadPolicy, mayInstall } from '../../launch/apt.mjs'

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

describe('with an apt-get that only writes down what it was asked', () => {
  let folder: string
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'budayang-apt-'))
    vi.stubEnv('PATH', `${folder}:/usr/bin:/bin`)
    vi.stubEnv('BUDAYANG_APT', '1')
    program('dpkg-query', `grep -q " $3$" ${folder}/asked 2>/dev/null && printf 'install ok installed'`)
    program('apt-get', `echo "$DEBIAN_FRONTEND $*" >> ${folder}/asked; cat /usr/sbin/policy-rc.d >> ${folder}/policy`)
  })
  afterEach(() => {
    vi.unstubAllEnvs()
    rmSync(folder, { recursive: true, force: true })
  })

  function program(name: string, script: string) {
    writeFileSync(join(folder, name), `#!/bin/sh\n${script}\n`)
    chmodSync(join(folder, name), 0o755)
  }
  const asked = () => (existsSync(join(folder, 'asked')) ? readFileSync(join(folder, 'asked'), 'utf8') : '')
  const isRoot = process.getuid?.() === 0

  it.runIf(isRoot)('names what it installs, updates once, and forbids service starts meanwhile', async () => {
    const said: string[] = []
    const policyBefore = existsSync('/usr/sbin/policy-rc.d')
    expect(await installPackages(['some-font'], (line) => said.push(line))).toBe(true)
    expect(said.join()).toContain('some-font')
    expect(asked().match(/ update$/gm)).toHaveLength(1)
    expect(asked()).toMatch(
      /^noninteractive .*DPkg::Lock::Timeout=60 .*install --yes --no-install-recommends some-font$/m,
    )
    // An operator's own policy is left as it is, whatever it says.
    if (!policyBefore) expect(readFileSync(join(folder, 'policy'), 'utf8')).toContain('exit 101')
    expect(existsSync('/usr/sbin/policy-rc.d')).toBe(policyBefore)
  })

  it.runIf(isRoot)('gives up in time, and says that it goes on without', async () => {
    program('apt-get', 'exec sleep 30')
    const said: string[] = []
    expect(await installPackages(['some-font'], (line) => said.push(line), 300)).toBe(false)
    expect(said.at(-1)).toContain('没有装上：some-font')
  })

  it('asks for nothing that is there already', async () => {
    writeFileSync(join(folder, 'asked'), ' some-font\n')
    expect(await installPackages(['some-font'], (line) => expect.unreachable(line))).toBe(true)
  })

  it('asks for nothing when it has no leave', async () => {
    vi.stubEnv('BUDAYANG_APT', '0')
    expect(await installPackages(['some-font'], (line) => expect.unreachable(line))).toBe(false)
    expect(asked()).toBe('')
  })
})

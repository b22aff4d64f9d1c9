import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { install, isInstalled } from '../../launch/install.mjs'

let root: string
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'budayang-install-'))
  mkdirSync(join(root, 'node_modules'))
  lock({})
})
afterEach(() => rmSync(root, { recursive: true, force: true }))

const zod = { version: '4.6.7', integrity: 'sha512-a' }
const forAnotherMachine = { version: '1.0.0', integrity: 'sha512-b', optional: true }

function lock(more: object) {
  const packages = { '': {}, 'node_modules/zod': zod, 'node_modules/mac-only': forAnotherMachine, ...more }
  writeFileSync(join(root, 'package-lock.json'), JSON.stringify({ packages }))
}
function present(packages: object) {
  writeFileSync(join(root, 'node_modules', '.package-lock.json'), JSON.stringify({ packages }))
}

it('installs into a fresh clone', () => {
  expect(isInstalled(root)).toBe(false)
})

it('takes a node_modules that npm made from this lockfile, and stamps it', async () => {
  present({ 'node_modules/zod': zod })
  expect(isInstalled(root)).toBe(true)
  await install({ root, say: (line) => expect.unreachable(line) })
  rmSync(join(root, 'node_modules', '.package-lock.json'))
  expect(isInstalled(root)).toBe(true)
})

it('installs again when the lockfile has changed since the stamp', async () => {
  present({ 'node_modules/zod': zod })
  await install({ root, say: (line) => expect.unreachable(line) })
  lock({ 'node_modules/yaml': { version: '2.8.1' } })
  expect(isInstalled(root)).toBe(false)
})

it.each([
  ['lacks a package', {}],
  ['holds another version', { 'node_modules/zod': { ...zod, version: '4.6.6' } }],
  ['holds other content of the same version', { 'node_modules/zod': { ...zod, integrity: 'sha512-c' } }],
  ['holds a package that is gone from the lockfile', { 'node_modules/zod': zod, 'node_modules/left': zod }],
])('does not take a node_modules that %s', (_, packages) => {
  present(packages)
  expect(isInstalled(root)).toBe(false)
})

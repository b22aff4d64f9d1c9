import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { dataFolderPath, lockDataFolder, openDataFolder } from '../../launch/data-folder.mjs'
import { identityOf } from '../../launch/process-identity.mjs'

const uid = process.getuid?.() ?? -1
let root: string
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'budayang-folder-'))
})
afterEach(() => rmSync(root, { recursive: true, force: true }))

it('keeps the data beside the clone for an ordinary user', () => {
  expect(dataFolderPath({ root, env: {}, uid: 1000 })).toBe(join(root, 'data'))
})

it('gives every clone of root a folder of its own outside the clone', () => {
  const other = join(root, 'other')
  mkdirSync(other)
  const path = dataFolderPath({ root, env: {}, uid: 0 })
  expect(path).toMatch(/^\/var\/lib\/budayang\/[0-9a-f]{16}$/)
  expect(dataFolderPath({ root: other, env: {}, uid: 0 })).not.toBe(path)
})

it('reads a DATA_DIR that is not absolute from the clone', () => {
  expect(dataFolderPath({ root, env: { DATA_DIR: 'elsewhere' }, uid: 0 })).toBe(join(root, 'elsewhere'))
})

it('refuses a data folder of somebody else in one line, and leaves it alone', () => {
  const folder = join(root, 'data')
  openDataFolder(folder, uid)
  expect(() => openDataFolder(folder, uid + 1)).toThrow(/^[^\n]+ \[data-folder-foreign\]$/)
})

it('says so when the folder cannot be made', () => {
  writeFileSync(join(root, 'file'), '')
  expect(() => openDataFolder(join(root, 'file', 'data'), uid)).toThrow(/\[data-folder-unwritable\]$/)
})

it('lets one launcher at a time into the folder', () => {
  const unlock = lockDataFolder(root)
  expect(() => lockDataFolder(root)).toThrow(new RegExp(`pid ${process.pid}.+\\[data-folder-in-use\\]$`))
  unlock()
  lockDataFolder(root)()
  expect(existsSync(join(root, 'launcher.lock'))).toBe(false)
})

it.each([
  ['a launcher that is dead', '4194303 17 a-boot'],
  ['a pid that another program has by now', `${process.pid} 17 a-boot`],
  ['a launcher whose lock was cut short by a power cut', ''],
])('takes the folder over from %s', (_, holder) => {
  writeFileSync(join(root, 'launcher.lock'), holder)
  const unlock = lockDataFolder(root)
  expect(readFileSync(join(root, 'launcher.lock'), 'utf8')).toBe(identityOf(process.pid))
  unlock()
})

import { mkdirSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { buildOnce } from '../../launch/build-stamp.mjs'

const part = { name: 'bot', inputs: ['bot', 'package-lock.json'], only: /\.ts$/, outputs: ['dist/bot.js'] }
let root: string
const make = vi.fn(() => {
  mkdirSync(join(root, 'dist'), { recursive: true })
  writeFileSync(join(root, 'dist/bot.js'), 'built')
  return Promise.resolve()
})

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'budayang-stamp-'))
  mkdirSync(join(root, 'bot'))
  writeFileSync(join(root, 'bot/a.ts'), 'a')
  writeFileSync(join(root, 'package-lock.json'), '{}')
  make.mockClear()
})
afterEach(() => rmSync(root, { recursive: true, force: true }))

it('builds once, and not again while nothing changed', async () => {
  expect(await buildOnce(root, part, make)).toBe(true)
  utimesSync(join(root, 'bot/a.ts'), new Date(0), new Date(0))
  expect(await buildOnce(root, part, make)).toBe(false)
  expect(make).toHaveBeenCalledTimes(1)
})

it.each<[string, () => void]>([
  ['an input holds something else', () => writeFileSync(join(root, 'bot/a.ts'), 'b')],
  ['an input was added', () => writeFileSync(join(root, 'bot/b.ts'), '')],
  ['an input has another name', () => (rmSync(join(root, 'bot/a.ts')), writeFileSync(join(root, 'bot/c.ts'), 'a'))],
  ['the lockfile changed', () => writeFileSync(join(root, 'package-lock.json'), '{"a":1}')],
  ['what was built is gone', () => rmSync(join(root, 'dist/bot.js'))],
])('builds again when %s', async (_, change) => {
  await buildOnce(root, part, make)
  change()
  expect(await buildOnce(root, part, make)).toBe(true)
})

it('does not count files that the part does not read', async () => {
  await buildOnce(root, part, make)
  writeFileSync(join(root, 'bot/notes.md'), '')
  expect(await buildOnce(root, part, make)).toBe(false)
})

it('does not take a build that failed for one that is done', async () => {
  await buildOnce(root, part, make)
  writeFileSync(join(root, 'bot/a.ts'), 'broken')
  await expect(buildOnce(root, part, () => Promise.reject(new Error('syntax')))).rejects.toThrow('syntax')
  writeFileSync(join(root, 'bot/a.ts'), 'a')
  expect(await buildOnce(root, part, make)).toBe(true)
})

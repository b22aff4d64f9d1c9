import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { expect, it } from 'vitest'
import { readConfig } from '../../server/config.ts'

const lines = readFileSync(fileURLToPath(new URL('../../.env.example', import.meta.url)), 'utf8').split('\n')
const example: Record<string, string> = {}
for (const line of lines) {
  const [, name, value] = /^#([A-Z_]+)=(.*)$/.exec(line) ?? []
  if (name !== undefined && value !== undefined) example[name] = value
}

function settings(env: Record<string, string>) {
  const read = readConfig(env)
  if ('refused' in read) expect.unreachable(read.refused.map(({ told }) => told).join())
  return read.config
}
const byDefault = settings({ DATABASE_URL: 'postgres://localhost/budayang' })

/** Read by the launcher, before there is a server. */
const launchers = ['BUDAYANG_APT']

it('names every variable that is read, and no other', () => {
  const known = Object.keys({ ...byDefault, ...settings(example) }).filter((name) => /^[A-Z_]+$/.test(name))
  expect(Object.keys(example).sort()).toEqual([...known, ...launchers].sort())
})

it('holds only values that the server takes', () => {
  expect(settings(example).PORT).toBe(8080)
})

it.each([
  'PORT',
  'HOST',
  'DATA_DIR',
  'BUREAU_NAME',
  'BUSINESS_ZONE',
  'LOG_LEVEL',
  'PACKS_UNREVIEWED',
  'SILENCE_MINUTES',
] as const)('shows the default of %s', (name) => {
  expect(example[name]).toBe(String(byDefault[name]))
})

it.each(['RATE_LIMIT', 'TRUST_PROXY', 'PII_LOGS'] as const)('shows the default of the switch %s', (name) => {
  expect(example[name]).toBe(byDefault[name] ? 'on' : 'off')
})

it('explains every variable in the line above it', () => {
  const unexplained = lines.filter((line, at) => /^#[A-Z_]+=/.test(line) && !/^#( |[A-Z])/.test(lines[at - 1] ?? ''))
  expect(unexplained).toEqual([])
})

/**
 * The import rules: who may know whom. They are what lets one part change without the others, so they are kept by a
 * test and not by memory.
 */
import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join, relative, resolve } from 'node:path'
import { expect, it } from 'vitest'

const root = join(import.meta.dirname, '..')
const parts = [
  'contract',
  'knowledge',
  'desk',
  'bot',
  'telephony',
  'wechat',
  'web-widget',
  'admin',
  'server',
  'bench',
  'test',
  'launch',
]

/** Which of our own parts each part may import, itself aside. Absent: nothing. */
const mayImport: Record<string, readonly string[]> = {
  contract: [],
  knowledge: ['contract'],
  desk: ['contract'],
  bot: ['contract', 'knowledge', 'desk'],
  telephony: ['contract'],
  wechat: ['contract'],
  'web-widget': ['contract'],
  admin: ['contract'],
  server: ['contract', 'knowledge', 'desk', 'bot', 'wechat'],
}

/** Packages by the part that may use them; a part that is not named may use any package that no rule forbids it. */
const onlyPackages: Record<string, RegExp> = {
  contract: /^zod$/,
  telephony: /^(?!express$|socket\.io$|kysely$|pg$)/,
  knowledge: /^(?!express$|socket\.io|botkit$)/,
  desk: /^(?!express$|socket\.io|botkit$)/,
  bot: /^(?!express$|socket\.io)/,
}

/** Packages kept to one folder each. */
const confined: Record<string, RegExp> = {
  botkit: /^bot\/dialogs\//,
  'botbuilder-core': /^bot\/dialogs\//,
  'botbuilder-dialogs': /^bot\/dialogs\//,
  'node-nlp': /^bot\/intent\//,
  flexsearch: /^knowledge\/search\//,
  express: /^server\/http\//,
  sharp: /^server\/media\//,
}

type Import = { from: string; to: string; isType: boolean }

const sources = parts.slice(0, -3).flatMap((part) => filesIn(part))
const imports = sources.flatMap(importsOf)

function filesIn(folder: string): string[] {
  const at = join(root, folder)
  try {
    return readdirSync(at, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile() && /\.(ts|tsx|vue)$/.test(entry.name) && !entry.parentPath.includes('stubs'))
      .map((entry) => relative(root, join(entry.parentPath, entry.name)))
  } catch {
    return [] // a part that is not built yet
  }
}

function importsOf(from: string): Import[] {
  const text = readFileSync(join(root, from), 'utf8').replace(/\/\*[\s\S]*?\*\/|^\s*\/\/.*$/gm, '')
  const found: Import[] = []
  const statement =
    /(?:^|[;\n])\s*(import|export)\s+(type\s+)?(?:[^'";]*?\sfrom\s+)?['"]([^'"]+)['"]|import\(\s*['"]([^'"]+)['"]/g
  for (const [, , type, named, dynamic] of text.matchAll(statement)) {
    const to = named ?? dynamic ?? ''
    const target = to.startsWith('.') ? relative(root, resolve(root, dirname(from), to)) : to
    found.push({ from, to: target, isType: type !== undefined })
  }
  return found
}

const isOurs = (target: string) => parts.includes(target.split('/')[0] ?? '')
const partOf = (file: string) => file.split('/')[0] ?? ''
const packageOf = (target: string) =>
  (target.startsWith('@') ? target.split('/').slice(0, 2).join('/') : target.split('/')[0]) ?? ''

it('reads the imports of every part that exists', () => {
  expect(sources.length).toBeGreaterThan(100)
  expect(imports.length).toBeGreaterThan(300)
})

it('lets each part import only the parts it may know', () => {
  const broken = imports.filter(({ from, to }) => {
    const [here, there] = [partOf(from), partOf(to)]
    return isOurs(to) && here !== there && !(mayImport[here] ?? []).includes(there)
  })
  expect(broken).toEqual([])
})

it('lets the widget take types alone from the contract', () => {
  expect(
    imports.filter(({ from, to, isType }) => partOf(from) === 'web-widget' && partOf(to) === 'contract' && !isType),
  ).toEqual([])
})

it('keeps each package in the parts that may use it', () => {
  const broken = imports.filter(({ from, to }) => {
    if (isOurs(to) || to.startsWith('node:')) return false
    const allowed = onlyPackages[partOf(from)]
    return allowed !== undefined && !allowed.test(packageOf(to))
  })
  expect(broken).toEqual([])
})

it('keeps an engine in the one folder that owns it', () => {
  const broken = imports.filter(({ from, to, isType }) => {
    const home = confined[packageOf(to)]
    return home !== undefined && !home.test(from) && !isType
  })
  expect(broken).toEqual([])
})

it('keeps Node and the database out of the contract', () => {
  expect(imports.filter(({ from, to }) => partOf(from) === 'contract' && to.startsWith('node:'))).toEqual([])
})

it('has no circle of imports', () => {
  const next = new Map<string, string[]>()
  for (const { from, to, isType } of imports) if (isOurs(to) && !isType) next.set(from, [...(next.get(from) ?? []), to])
  const done = new Set<string>()
  const circles: string[][] = []
  const walk = (file: string, path: readonly string[]): void => {
    if (path.includes(file)) circles.push([...path.slice(path.indexOf(file)), file])
    if (path.includes(file) || done.has(file)) return
    for (const one of next.get(file) ?? []) walk(one, [...path, file])
    done.add(file)
  }
  for (const file of next.keys()) walk(file, [])
  expect(circles).toEqual([])
})

it('has no barrel, no dumping ground and no file that is two things', () => {
  const isDump = (file: string) => /(^|\/)(utils?|helpers?|common|misc|index)(\.ts|\/)/.test(file)
  expect(sources.filter(isDump)).toEqual([])
  const long = sources.filter(
    (file) => file.endsWith('.ts') && readFileSync(join(root, file), 'utf8').split('\n').length > 400,
  )
  expect(long).toEqual([])
})

it('writes SQL in stores, migrations and the lock helpers alone', () => {
  const writesSql = sources.filter((file) => /from 'kysely'/.test(readFileSync(join(root, file), 'utf8')))
  const mayWrite = /\.store\.ts$|tables\.ts$|server\/db\/|desk\/transaction\.ts$|bot\/(open-lines|arrivals)\.ts$/
  expect(writesSql.filter((file) => !mayWrite.test(file))).toEqual([])
})

import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { describe, expect, it, onTestFinished } from 'vitest'
import { lintPacks } from '../../knowledge/pack-lint.ts'
import { readPacks } from '../../knowledge/pack-folder.ts'
import { cityHead, entryYaml, nationalHead, packFolder, type Files } from './pack-files.ts'

const root = fileURLToPath(new URL('../..', import.meta.url))

async function lint(files: Files) {
  const { folder, remove } = await packFolder({ 'nat/pack.yaml': nationalHead, 'll/pack.yaml': cityHead, ...files })
  onTestFinished(remove)
  const { packs, faults } = await readPacks(folder)
  expect(faults).toEqual([])
  return lintPacks(packs, '2026-11-22').map(({ file, line, field, message }) => `${file}:${line} ${field}: ${message}`)
}

describe('lintPacks', () => {
  it('finds nothing in entries that differ', async () => {
    expect(await lint({ 'nat/a.yaml': entryYaml('a'), 'nat/b.yaml': entryYaml('b') })).toEqual([])
  })

  it('finds two entries with the same answer', async () => {
    const files = {
      'nat/a.yaml': entryYaml('a', { answer: '到窗口。' }),
      'nat/b.yaml': entryYaml('b', { answer: '"到窗口。 "' }),
    }
    expect(await lint(files)).toEqual(['nat/b.yaml:4 answer: 答案与 a 完全相同'])
  })

  it('finds a question that another entry asks in other characters', async () => {
    const files = {
      'nat/a.yaml': entryYaml('a', { similar: '[醫保咋交？]' }),
      'nat/b.yaml': entryYaml('b', { similar: '\n  - 别的\n  - 请问医保怎么交' }),
    }
    expect(await lint(files)).toEqual(['nat/b.yaml:5 similar.1: 问法“请问医保怎么交”在 a 里已有'])
  })

  it('lets a city answer the question that the country answers too', async () => {
    const files = {
      'nat/a.yaml': entryYaml('a', { question: '怎么交' }),
      'll/b.yaml': entryYaml('b', { question: '怎么交' }),
    }
    expect(await lint(files)).toEqual([])
  })

  it('lets revisions of one entry share question and answer', async () => {
    const files = { 'nat/a.yaml': `${entryYaml('a')}---\n${entryYaml('a', { validFrom: '2025-01-01' })}` }
    expect(await lint(files)).toEqual([])
  })

  it('finds an entry whose last text has run out, not one that goes on', async () => {
    const ended = entryYaml('a', { validUntil: '2026-11-21' })
    expect(await lint({ 'nat/a.yaml': ended })).toEqual(['nat/a.yaml:9 validUntil: 已于 2026-11-21 失效，没有后续版本'])
    expect(await lint({ 'nat/a.yaml': `${ended}---\n${entryYaml('a', { validFrom: '2026-11-22' })}` })).toEqual([])
    expect(await lint({ 'nat/a.yaml': entryYaml('a', { validUntil: '2026-11-22' }) })).toEqual([])
  })
})

describe('npm run packs:lint', () => {
  const run = (folder: string) =>
    promisify(execFile)(process.execPath, ['--import', 'tsx', 'knowledge/packs-lint.ts', folder], { cwd: root })

  it('prints every fault with its place and fails', async () => {
    const { folder, remove } = await packFolder({
      'nat/pack.yaml': nationalHead,
      'nat/a.yaml': entryYaml('a', { answer: '到窗口。' }),
      'nat/b.yaml': entryYaml('b', { answer: '到窗口。' }),
      'nat/c.yaml': entryYaml('c', { topic: null }),
    })
    onTestFinished(remove)
    const failed: unknown = await run(folder).catch((error: unknown) => error)
    expect(failed).toMatchObject({ code: 1 })
    expect(failed).toHaveProperty(
      'stdout',
      expect.stringMatching(/nat\/c\.yaml:1 topic: .+\n.*nat\/b\.yaml:4 answer: .+\n共 2 处/),
    )
  })

  it('counts the entries of each sound pack', async () => {
    const { folder, remove } = await packFolder({ 'nat/pack.yaml': nationalHead, 'nat/a.yaml': entryYaml('a') })
    onTestFinished(remove)
    expect((await run(folder)).stdout).toBe('nat 全国：1 条\n')
  })
})

it('finds no fault in the packs that are shipped', async () => {
  const { packs, faults } = await readPacks(`${root}knowledge/packs`)
  expect([...faults, ...lintPacks(packs, '2026-11-22')]).toEqual([])
})

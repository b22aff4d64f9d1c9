import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { readSet } from '../../bench/evaluation-set.ts'

const kb = [{ id: 'a', question: '住院能报多少', similar: ['住院报销比例'] }]
const queries = [
  { text: '住院报多少', relevant: ['a'] },
  { text: '讲个笑话', relevant: [], oos: 'far' },
]
let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'budayang-sets-'))
})
afterAll(() => rm(folder, { recursive: true }))

async function written(name: string, content: unknown): Promise<string> {
  const text = JSON.stringify(content)
  const file = join(folder, name)
  await writeFile(file, name.endsWith('.gz') ? gzipSync(text) : text)
  return file
}

it('reads a set, plain or gzipped', async () => {
  expect(await readSet(await written('plain.json', { kb, queries }))).toEqual({ kb, queries })
  expect(await readSet(await written('packed.json.gz', { kb, queries }))).toEqual({ kb, queries })
})

it('takes the base from the file beside it that a set names', async () => {
  await written('clean.json.gz', { kb, queries: [] })
  expect(await readSet(await written('noisy.json.gz', { kbRef: 'clean', queries }))).toEqual({ kb, queries })
})

it('refuses what is no set', async () => {
  await expect(readSet(await written('none.json', { queries }))).rejects.toThrow('neither kb nor kbRef')
  await expect(readSet(await written('odd.json', { kb, queries: [{ text: 1 }] }))).rejects.toThrow()
})

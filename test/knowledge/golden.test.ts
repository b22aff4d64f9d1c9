import { mkdtemp, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { halfOf, readGolden, readGoldenLabels, type GoldenRow } from '../../knowledge/golden.ts'
import { readPacks } from '../../knowledge/pack-folder.ts'
import { outOfScope } from '../../knowledge/search/out-of-scope.ts'
import { normalise } from '../../knowledge/text/normalise.ts'

const at = (path: string) => fileURLToPath(new URL(`../../knowledge/${path}`, import.meta.url))
const fit = await readGolden(at('golden/golden.fit.jsonl'))
const test = await readGolden(at('golden/golden.test.jsonl'))
const rows = [...fit, ...test]
const { packs } = await readPacks(at('packs'))
const entries = packs.flatMap((pack) => pack.entries)

const ids = (some: readonly GoldenRow[]) => some.map(({ id }) => id)
const ofKinds = (...kinds: GoldenRow['kind'][]) => rows.filter(({ kind }) => kinds.includes(kind))

describe('the golden questions', () => {
  it('have ids of their own, which name the entry or the kind', () => {
    const twice = rows.filter(({ id }, index) => rows.findIndex((row) => row.id === id) !== index)
    expect(ids(twice)).toEqual([])
    const misnamed = rows.filter(({ id, entry, kind }) => id.replace(/-\d+$/, '') !== `g-${entry ?? kind}`)
    expect(ids(misnamed)).toEqual([])
  })

  it('ask nothing twice', () => {
    const seen = new Set<string>()
    const again = rows.filter(({ text }) => seen.size === seen.add(normalise(text)).size)
    expect(ids(again)).toEqual([])
  })

  it('name entries that the packs hold, unless a row says that its entry is yet to come', () => {
    const known = new Set(entries.map(({ id }) => id))
    const astray = rows.filter((row) => row.entry !== null && known.has(row.entry) === 'planned' in row)
    expect(ids(astray)).toEqual([])
  })

  it('stand in the half that the rule gives them', () => {
    expect(ids(fit.filter((row) => halfOf(row) !== 'fit'))).toEqual([])
    expect(ids(test.filter((row) => halfOf(row) !== 'test'))).toEqual([])
  })

  it('are as many as a judgement needs, of every kind, in both halves', () => {
    expect(ofKinds('clean', 'asr').length).toBeGreaterThanOrEqual(1_500)
    expect(ofKinds('asr').length).toBeGreaterThanOrEqual(200)
    expect(ofKinds('far', 'near', 'uncovered').length).toBeGreaterThanOrEqual(300)
    for (const half of [fit, test])
      for (const kind of ['far', 'near', 'uncovered'])
        expect(half.filter((row) => row.kind === kind).length).toBeGreaterThanOrEqual(40)
    expect(test.length / rows.length).toBeGreaterThan(0.4)
    expect(test.length / rows.length).toBeLessThan(0.6)
  })

  it('ask about most entries, each five times or more; entries that nobody asks about are told', () => {
    const asked = new Map<string, number>()
    for (const { entry } of rows) if (entry !== null) asked.set(entry, (asked.get(entry) ?? 0) + 1)
    const without = entries.filter(({ id }) => !asked.has(id)).map(({ id }) => id)
    if (without.length > 0) process.stdout.write(`entries without golden questions: ${without.join(' ')}\n`)
    expect([...asked].filter(([, count]) => count < 5)).toEqual([])
    expect(asked.size).toBeGreaterThanOrEqual(298)
  })

  it("say the city of a city's entry where its text does not", () => {
    const regions = new Map(packs.flatMap((pack) => pack.entries.map(({ id }) => [id, pack.region] as const)))
    const placeless = rows.filter(({ entry, region, text }) => {
      const city = entry === null ? undefined : regions.get(entry)
      if (!city) return false
      const names = [city.name, ...city.aliases]
      return region === undefined ? !names.some((name) => text.includes(name)) : region !== city.code
    })
    expect(ids(placeless)).toEqual([])
  })

  it('are no question that an entry holds, nor one that the thresholds are found on', () => {
    const held = entries.flatMap(({ wordings }) => wordings.flatMap(({ question, similar }) => [question, ...similar]))
    const known = new Set([...held, ...Object.values(outOfScope).flat()].map(normalise))
    // Only ids: whoever reads this must not learn an entry's questions from it.
    const clashing = rows.filter(({ text }) => known.has(normalise(text)))
    expect(ids(clashing)).toEqual([])
  })
})

describe('a file of golden rows', () => {
  const aFile = async (text: string) => {
    const file = join(await mkdtemp(join(tmpdir(), 'golden-')), 'rows.jsonl')
    await writeFile(file, text)
    return file
  }

  it('is refused by the number of the line that is no row', async () => {
    const sound = '{"id":"g-far-1","text":"现在几点了","entry":null,"kind":"far"}'
    await expect(readGolden(await aFile(`${sound}\n`))).resolves.toHaveLength(1)
    for (const faulty of [
      'not json',
      '{"id":"g-far-2","text":"下雨吗","entry":"nat-pay-when","kind":"far"}',
      '{"id":"g-nat-pay-when-1","text":"几月交","entry":null,"kind":"clean"}',
      '{"id":"g-far-3","text":"下雨吗","entry":null,"kind":"far","voice":true}',
    ])
      await expect(readGolden(await aFile(`${sound}\n\n${faulty}\n`))).rejects.toThrow('rows.jsonl:3 ')
  })

  it('of labels names an entry or none', async () => {
    const labels = await readGoldenLabels(
      await aFile('{"id":"yb0001","entry":"nat-pay-when"}\n{"id":"yb0002","entry":null,"reason":"保险公司的事"}\n'),
    )
    expect(labels.map(({ entry }) => entry)).toEqual(['nat-pay-when', null])
    await expect(readGoldenLabels(await aFile('{"id":"yb0003"}\n'))).rejects.toThrow('rows.jsonl:1 entry')
  })
})

describe('the halves', () => {
  it('keep all questions of an entry together, and about as many rows in each', () => {
    expect(halfOf({ id: 'g-nat-pay-when-1', entry: 'nat-pay-when' })).toBe(
      halfOf({ id: 'g-nat-pay-when-2', entry: 'nat-pay-when' }),
    )
    const many = Array.from({ length: 1_000 }, (_, at) => halfOf({ id: `g-far-${at}`, entry: null }))
    const share = many.filter((half) => half === 'test').length / many.length
    expect(share).toBeGreaterThan(0.45)
    expect(share).toBeLessThan(0.55)
  })
})

import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest'
import { entriesStore } from '../../knowledge/entries.store.ts'
import { entryListsStore } from '../../knowledge/entry-lists.store.ts'
import { loadPacks } from '../../knowledge/pack-loader.ts'
import { review } from '../../knowledge/review.ts'
import type { RevisionMove } from '../../knowledge/revision-moves.ts'
import { aDatabase, type TestDatabase } from '../support/postgres.ts'
import { aWording } from '../support/wording.ts'
import { cityHead, entryYaml, nationalHead, packFolder, type Files } from './pack-files.ts'
import { staffNamed } from './staff-rows.ts'

const now = new Date('2026-11-22T01:00:00Z')
let base: TestDatabase
let writer: string
let checker: string
let made = 0

beforeAll(async () => {
  base = await aDatabase()
  ;[writer = '', checker = ''] = await staffNamed(base.pool, '李编辑', '王审核')
})
afterAll(() => base.drop())

/** A pack of one entry, not yet loaded, under an id that no other test uses. */
async function aPack(source = (id: string) => entryYaml(id)) {
  const id = `entry-${++made}`
  const files: Files = { 'nat/pack.yaml': nationalHead, [`nat/${id}.yaml`]: source(id) }
  const { folder, write, remove } = await packFolder(files)
  onTestFinished(remove)
  return {
    id,
    load: async () => (await loadPacks({ db: base.db, folder, now })).counts,
    change: (fields: Record<string, string>) => write({ [`nat/${id}.yaml`]: entryYaml(id, fields) }),
    replace: (text: string) => write({ [`nat/${id}.yaml`]: text }),
  }
}
async function revisions(id: string) {
  const view = await entryListsStore(base.db).view(id)
  return (view?.revisions ?? []).map(({ number, origin, state }) => `${number} ${origin} ${state}`)
}
async function latest(id: string): Promise<string> {
  return (await entryListsStore(base.db).view(id))?.revisions[0]?.id ?? ''
}
const act = (revisionId: string, move: RevisionMove, staffId = checker) =>
  base.db.transaction().execute((tx) => review(tx).move(revisionId, move, { staffId, now }))
const version = () => entriesStore(base.db).version()
const one = (what: string) => ({ added: 0, changed: 0, waiting: 0, unchanged: 0, keptOwn: 0, [what]: 1 })

describe('the first start', () => {
  it('publishes every entry as an example without author', async () => {
    const { id, load } = await aPack()
    const before = await version()
    expect(await load()).toEqual(one('added'))
    expect(await version()).toBe(before + 1)
    expect(await revisions(id)).toEqual(['1 pack published'])
    const served = (await entriesStore(base.db).published()).find(({ entryId }) => entryId === id)
    expect(served).toMatchObject({ example: true, wording: { question: `${id} 怎么办理`, validFrom: '2024-01-01' } })
  })

  it('publishes every part of a file', async () => {
    const { id, load } = await aPack((id) => `${entryYaml(id)}---\n${entryYaml(id, { validFrom: '2027-01-01' })}`)
    await load()
    expect(await revisions(id)).toEqual(['2 pack published', '1 pack published'])
  })

  it('gives a city’s entries its region, and tells which packs there are', async () => {
    const { folder, remove } = await packFolder({ 'll/pack.yaml': cityHead, 'll/ll-x.yaml': entryYaml('ll-x') })
    onTestFinished(remove)
    const { packs } = await loadPacks({ db: base.db, folder, now })
    expect(packs[0]?.region).toEqual({ code: '141100', name: '吕梁市', aliases: ['吕梁'] })
    expect((await entryListsStore(base.db).list({ region: '141100', limit: 9, offset: 0 }, '2026-11-22')).total).toBe(1)
  })

  it('loads what is sound and reports what is not', async () => {
    const { folder, remove } = await packFolder({
      'nat/pack.yaml': nationalHead,
      'nat/good.yaml': entryYaml('good'),
      'nat/bad.yaml': entryYaml('bad', { topic: null }),
    })
    onTestFinished(remove)
    const { counts, faults } = await loadPacks({ db: base.db, folder, now })
    expect(counts).toEqual(one('added'))
    expect(faults.map(({ file }) => file)).toEqual(['nat/bad.yaml'])
    expect(await revisions('bad')).toEqual([])
  })

  it('of two nodes at once loads each entry once', async () => {
    const { id, load } = await aPack()
    const counts = await Promise.all([load(), load()])
    expect(counts.map(({ added }) => added).sort()).toEqual([0, 1])
    expect(await revisions(id)).toEqual(['1 pack published'])
  })
})

describe('a later start', () => {
  it('writes nothing when nothing changed', async () => {
    const { id, load, change } = await aPack()
    await load()
    const before = await version()
    await change({ similar: `  [ "${id} 咋弄" ]`, audience: '[]' })
    expect(await load()).toEqual(one('unchanged'))
    expect(await revisions(id)).toEqual(['1 pack published'])
    expect(await version()).toBe(before)
  })

  it('puts a changed text in place of the former one, and back again', async () => {
    const { id, load, change } = await aPack()
    await load()
    await change({ answer: '新答案。' })
    expect(await load()).toEqual(one('changed'))
    expect(await revisions(id)).toEqual(['2 pack published', '1 pack superseded'])
    await change({})
    await load()
    expect(await revisions(id)).toEqual(['3 pack published', '2 pack superseded', '1 pack superseded'])
  })

  it('keeps the former text until a newly added part comes into force', async () => {
    const { id, load, replace } = await aPack()
    await load()
    await replace(`${entryYaml(id)}---\n${entryYaml(id, { validFrom: '2027-01-01' })}`)
    expect(await load()).toEqual(one('changed'))
    expect(await revisions(id)).toEqual(['2 pack published', '1 pack published'])
  })
})

describe('what the bureau decided', () => {
  const answer = { answer: '产品新版的答案。' }

  it('stays when it has published a text of its own', async () => {
    const { id, load, change } = await aPack()
    await load()
    const own = await base.db
      .transaction()
      .execute((tx) => review(tx).revise(id, aWording({ answer: '本局的答案。' }), { staffId: writer, now }))
    await act(own.id, 'submit', writer)
    await act(own.id, 'approve')
    await act(own.id, 'publish')
    const before = await revisions(id)
    await change(answer)
    expect(await load()).toEqual(one('keptOwn'))
    expect(await revisions(id)).toEqual(before)
  })

  it('stays when it has approved the example: the new text waits for review, and is put up once', async () => {
    const { id, load, change } = await aPack()
    await load()
    await act(await latest(id), 'approve')
    await change(answer)
    expect(await load()).toEqual(one('waiting'))
    expect(await load()).toEqual(one('unchanged'))
    expect(await revisions(id)).toEqual(['2 pack submitted', '1 pack published'])
    await act(await latest(id), 'approve')
    await act(await latest(id), 'publish')
    expect(await revisions(id)).toEqual(['2 pack published', '1 pack superseded'])
  })

  it('stays when it has withdrawn the example', async () => {
    const { id, load, change } = await aPack()
    await load()
    await act(await latest(id), 'withdraw')
    expect(await load()).toEqual(one('unchanged'))
    await change(answer)
    expect(await load()).toEqual(one('waiting'))
    expect(await revisions(id)).toEqual(['2 pack submitted', '1 pack withdrawn'])
  })

  it('stays when it opened an entry under the same id', async () => {
    const { id, load } = await aPack()
    await base.db.transaction().execute((tx) => review(tx).draft(aWording(), { staffId: writer, now }, id))
    expect(await load()).toEqual(one('keptOwn'))
    expect(await revisions(id)).toEqual(['1 console draft'])
  })

  it('is only begun by a draft: the example is still brought up to date', async () => {
    const { id, load, change } = await aPack()
    await load()
    await base.db.transaction().execute((tx) => review(tx).revise(id, aWording(), { staffId: writer, now }))
    await change(answer)
    expect(await load()).toEqual(one('changed'))
    expect(await revisions(id)).toEqual(['3 pack published', '2 console draft', '1 pack superseded'])
  })
})

it('marks an example no longer once somebody of the bureau has approved it', async () => {
  const { id, load } = await aPack()
  await load()
  const before = await version()
  await act(await latest(id), 'approve')
  expect(await version()).toBe(before + 1)
  const served = (await entriesStore(base.db).published()).find(({ entryId }) => entryId === id)
  expect(served?.example).toBe(false)
})

import { expect, it, describe, onTestFinished } from 'vitest'
import { readPacks } from '../../knowledge/pack-folder.ts'
import { cityHead, entryYaml, nationalHead, packFolder, type Files } from './pack-files.ts'

async function read(files: Files) {
  const { folder, remove } = await packFolder(files)
  onTestFinished(remove)
  return readPacks(folder)
}

/** Faults of one entry file in an otherwise sound pack, as "line field: message". */
async function faultsOf(source: string | Uint8Array, path = 'nat/a.yaml') {
  const { packs, faults } = await read({ 'nat/pack.yaml': nationalHead, 'nat/b.yaml': entryYaml('b'), [path]: source })
  expect(packs.flatMap((pack) => pack.entries.map(({ id }) => id))).toEqual(faults.length > 0 ? ['b'] : ['a', 'b'])
  for (const { file } of faults) expect(file).toBe(path)
  return faults.map(({ line, field, message }) => `${line} ${field}: ${message}`)
}

describe('a sound pack', () => {
  it('gives its entries, from any folder below, with the region of the pack', async () => {
    const { packs, faults } = await read({ 'll/pack.yaml': cityHead, 'll/fee/how/ll-fee.yaml': entryYaml('ll-fee') })
    expect(faults).toEqual([])
    expect(packs[0]).toMatchObject({ name: 'll', region: { code: '141100', name: '吕梁市' } })
    expect(packs[0]?.entries[0]).toMatchObject({ id: 'll-fee', file: 'll/fee/how/ll-fee.yaml' })
    expect(packs[0]?.entries[0]?.wordings[0]).toMatchObject({ region: '141100', audience: [], validFrom: '2024-01-01' })
  })

  it('takes each part after --- for a later revision', async () => {
    const later = entryYaml('a', { validFrom: '2025-01-01', answer: '新答案。' })
    const first = entryYaml('a', { validUntil: '2024-12-31' })
    const { packs, faults } = await read({ 'nat/pack.yaml': nationalHead, 'nat/a.yaml': `${first}---\n${later}` })
    expect(faults).toEqual([])
    expect(packs[0]?.entries[0]?.wordings.map(({ validFrom }) => validFrom)).toEqual(['2024-01-01', '2025-01-01'])
  })

  it('may carry other files, which are not read', async () => {
    expect(await read({ 'nat/pack.yaml': nationalHead, 'nat/说明.txt': 'x', 'readme.md': 'y' })).toMatchObject({
      packs: [{ name: 'nat', entries: [] }],
      faults: [],
    })
  })
})

describe('a faulty entry file is named with its line', () => {
  it('a field that is wrong', async () => {
    expect(await faultsOf(entryYaml('a', { validFrom: '2024-13-01' }))).toEqual([
      '8 validFrom: 日期应写成 年-月-日，例如 2026-11-22',
    ])
  })

  it('a field deep inside', async () => {
    const sources = '\n  - title: 一\n  - title: 二\n    url: ftp://x'
    expect(await faultsOf(entryYaml('a', { sources }))).toEqual(['9 sources.1.url: 网址应以 http 或 https 开头'])
  })

  it('a missing field, by the line of its nearest parent', async () => {
    const [whole] = await faultsOf(`# 说明\n\n${entryYaml('a', { topic: null })}`)
    expect(whole).toMatch(/^3 topic: /)
    const [inside] = await faultsOf(entryYaml('a', { sources: '\n  - title: 一\n  - number: 二' }))
    expect(inside).toMatch(/^8 sources\.1\.title: /)
  })

  it('a key that does not exist, the region among them', async () => {
    expect(await faultsOf(`${entryYaml('a')}remark: 无\n`)).toEqual(['9 remark: 没有这个字段'])
    expect(await faultsOf(`${entryYaml('a')}region: '141100'\n`)).toEqual([
      '9 region: 没有这个字段，地区由 pack.yaml 统一给出',
    ])
  })

  it('a key written twice', async () => {
    expect(await faultsOf(`${entryYaml('a')}topic: 缴费\n`)).toEqual(['9 topic: 这个字段写了两次'])
  })

  it('YAML that cannot be read', async () => {
    const faults = await faultsOf(`${entryYaml('a')}guide:\n\tfee: 免费\n`)
    expect(faults[0]).toMatch(/^10 : 缩进请用空格/)
    expect((await faultsOf(`${entryYaml('a')}guide: {fee: 免费\n`)).length).toBeGreaterThan(0)
  })

  it('an id that is not the name of the file, or missing, or ill-formed', async () => {
    expect(await faultsOf(entryYaml('c'))).toEqual(['1 id: 编号应与文件名相同：a'])
    expect(await faultsOf(entryYaml('a', { id: null }))).toEqual(['1 id: 缺少编号'])
    expect(await faultsOf(entryYaml('a', { id: 'A_1' }))).toEqual(['1 id: 编号只能用小写字母、数字和横线'])
  })

  it('a neighbour that does not exist', async () => {
    expect(await faultsOf(entryYaml('a', { notToConfuse: '\n  - b\n  - z' }))).toEqual([
      '11 notToConfuse.1: 没有编号为 z 的条目',
    ])
  })

  it('revisions that overlap, or stand in the wrong order', async () => {
    const first = entryYaml('a', { validUntil: '2025-06-30' })
    expect(await faultsOf(`${first}---\n${entryYaml('a', { validFrom: '2025-01-01' })}`)).toEqual([
      '18 validFrom: 与上一版重叠，上一版到 2025-06-30 才失效',
    ])
    expect(await faultsOf(`${entryYaml('a')}---\n${entryYaml('a')}`)).toEqual([
      '17 validFrom: 应晚于上一版的生效日 2024-01-01',
    ])
  })

  it('a faulty second revision, which takes the first with it', async () => {
    expect(
      await faultsOf(`${entryYaml('a')}---\n${entryYaml('a', { validFrom: '2025-01-01', spoken: '见（附件）' })}`),
    ).toEqual(['14 spoken: 口语答案不能有括号、书名号和网址'])
  })

  it('a file that is empty, a bare word, another encoding or another ending', async () => {
    expect(await faultsOf('')).toEqual(['1 : 文件是空的'])
    expect(await faultsOf('医保')).toEqual(['1 : 应为“字段: 内容”的写法'])
    expect(await faultsOf(Uint8Array.from([0xd2, 0xbd, 0xb1, 0xa3]))).toEqual(['1 : 文件应保存为 UTF-8 编码'])
    expect(await faultsOf(entryYaml('a'), 'nat/a.yml')).toEqual(['1 : 文件名应以 .yaml 结尾'])
  })

  it('an alias that grows without end', async () => {
    const bomb = `x: &x [1,1,1,1,1,1,1,1,1]\ny: &y [*x,*x,*x,*x,*x,*x]\nz: [*y,*y,*y,*y,*y,*y]\n`
    expect(await faultsOf(`${entryYaml('a')}${bomb}`)).toEqual(['1 : 这份文件的引用（& 和 *）写法有误'])
  })
})

it('names every fault of every file in one run', async () => {
  const { packs, faults } = await read({
    'nat/pack.yaml': nationalHead,
    'nat/a.yaml': entryYaml('a', { topic: "''", validFrom: '去年', question: null }),
    'nat/c.yaml': entryYaml('c', { spoken: '见（附件）' }),
    'nat/ok.yaml': entryYaml('ok'),
  })
  expect(faults.map(({ file, field }) => `${file} ${field}`)).toEqual([
    'nat/a.yaml question',
    'nat/a.yaml topic',
    'nat/a.yaml validFrom',
    'nat/c.yaml spoken',
  ])
  expect(packs[0]?.entries.map(({ id }) => id)).toEqual(['ok'])
})

it('refuses both of two files with one id, across packs too', async () => {
  const { packs, faults } = await read({
    'nat/pack.yaml': nationalHead,
    'nat/x/a.yaml': entryYaml('a'),
    'll/pack.yaml': cityHead,
    'll/a.yaml': entryYaml('a'),
  })
  expect(faults.map(({ file, message }) => `${file} ${message}`)).toEqual([
    'll/a.yaml 编号已被使用：nat/x/a.yaml',
    'nat/x/a.yaml 编号已被使用：ll/a.yaml',
  ])
  expect(packs.flatMap(({ entries }) => entries)).toEqual([])
})

it('does not call a neighbour missing whose own file is faulty', async () => {
  const { faults } = await read({
    'nat/pack.yaml': nationalHead,
    'nat/a.yaml': entryYaml('a', { topic: null }),
    'nat/b.yaml': entryYaml('b', { notToConfuse: '[a]' }),
  })
  expect(faults.map(({ file }) => file)).toEqual(['nat/a.yaml'])
})

describe('a faulty pack.yaml', () => {
  it.each([
    ['missing', {}, '1 : 缺少 pack.yaml'],
    ['with another name', { 'nat/pack.yaml': cityHead }, '1 name: 应与文件夹同名：nat'],
    [
      'with a faulty code',
      { 'nat/pack.yaml': `${nationalHead}region: { code: '12', name: 某市 }\n` },
      '4 region.code: 应为六位行政区划代码',
    ],
    ['with two parts', { 'nat/pack.yaml': `${nationalHead}---\n${nationalHead}` }, '1 : pack.yaml 应写且只写一段'],
  ])('%s yields no entry', async (_name, head, expected) => {
    const { packs, faults } = await read({ ...head, 'nat/a.yaml': entryYaml('a') })
    expect(packs).toEqual([])
    expect(faults.map(({ line, field, message }) => `${line} ${field}: ${message}`)).toEqual([expected])
  })

  it('calls a city by another name than the pack before it', async () => {
    const { packs, faults } = await read({
      'll/pack.yaml': cityHead,
      'll2/pack.yaml': cityHead.replace('name: ll', 'name: ll2').replace('吕梁市', '吕梁地区'),
    })
    expect(packs.map(({ name }) => name)).toEqual(['ll'])
    expect(faults[0]?.message).toBe('代码 141100 在别的包里叫 吕梁市')
  })
})

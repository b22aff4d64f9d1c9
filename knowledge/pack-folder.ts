/**
 * Packs as they lie on disk. Reads every file before it complains, so that one run shows all there is to mend; what
 * is sound is returned even when a neighbour is not.
 */
import { readdir, readFile } from 'node:fs/promises'
import { join, relative, sep } from 'node:path'
import { eachWording, readEntry, readPackHead, type Pack, type PackEntry, type PackHead } from './pack.ts'
import type { Fault } from './pack-document.ts'

/** @param folder holds one folder a pack. Paths in faults are relative to it. @throws when it cannot be read. */
export async function readPacks(folder: string): Promise<{ packs: Pack[]; faults: Fault[] }> {
  const names = (await readdir(folder, { withFileTypes: true }))
    .filter((found) => found.isDirectory() && !found.name.startsWith('.'))
    .map((found) => found.name)
    .sort()
  const packs: Pack[] = []
  const faults: Fault[] = []
  const declared: { id: string; file: string }[] = []

  for (const name of names) {
    const read = await readPack(folder, name)
    faults.push(...read.faults)
    declared.push(...read.declared)
    if (read.pack) packs.push(read.pack)
  }
  faults.push(...twiceNamed(declared), ...unknownNeighbours(packs, declared), ...oneCodeTwoNames(packs))

  const faulty = new Set(faults.map((fault) => fault.file))
  const sound = packs
    .filter((pack) => !faulty.has(`${pack.name}/pack.yaml`))
    .map((pack) => ({ ...pack, entries: pack.entries.filter((entry) => !faulty.has(entry.file)) }))
  return { packs: sound, faults: faults.sort((a, b) => a.file.localeCompare(b.file) || a.line - b.line) }
}

async function readPack(folder: string, name: string) {
  const faults: Fault[] = []
  const entries: PackEntry[] = []
  const declared: { id: string; file: string }[] = []
  const files = (await readdir(join(folder, name), { recursive: true, withFileTypes: true }))
    .filter((found) => found.isFile() && /\.ya?ml$/i.test(found.name))
    .map((found) => relative(folder, join(found.parentPath, found.name)).split(sep).join('/'))
    .sort()

  const headFile = `${name}/pack.yaml`
  let head: PackHead | undefined
  if (files.includes(headFile)) {
    const source = await utf8(join(folder, headFile))
    const read = source === undefined ? undefined : readPackHead(headFile, source, name)
    faults.push(...(read ? read.faults : [notUtf8(headFile)]))
    head = read?.head
  } else faults.push({ file: headFile, line: 1, field: '', message: '缺少 pack.yaml' })

  for (const file of files) {
    if (file === headFile) continue
    const fileId = /([^/]+)\.yaml$/.exec(file)?.[1]
    if (!fileId) {
      faults.push({ file, line: 1, field: '', message: '文件名应以 .yaml 结尾' })
      continue
    }
    declared.push({ id: fileId, file })
    const source = await utf8(join(folder, file))
    const read = source === undefined ? undefined : readEntry(file, source, fileId, head?.region?.code)
    faults.push(...(read ? read.faults : [notUtf8(file)]))
    if (read?.entry) entries.push(read.entry)
  }
  return { pack: head && { ...head, entries }, faults, declared }
}

/** @returns undefined for a file in another encoding, such as the GBK that older editors write. */
async function utf8(path: string): Promise<string | undefined> {
  const bytes = await readFile(path)
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch {
    return undefined
  }
}

function notUtf8(file: string): Fault {
  return { file, line: 1, field: '', message: '文件应保存为 UTF-8 编码' }
}

function twiceNamed(declared: readonly { id: string; file: string }[]): Fault[] {
  const files = new Map<string, string[]>()
  for (const { id, file } of declared) files.set(id, [...(files.get(id) ?? []), file])
  return declared.flatMap(({ id, file }) => {
    const others = (files.get(id) ?? []).filter((other) => other !== file)
    return others.length === 0 ? [] : [{ file, line: 1, field: 'id', message: `编号已被使用：${others.join('、')}` }]
  })
}

/** A neighbour in a faulty file counts as there: its own fault is complained about already. */
function unknownNeighbours(packs: readonly Pack[], declared: readonly { id: string }[]): Fault[] {
  const ids = new Set(declared.map(({ id }) => id))
  return eachWording(packs).flatMap(({ entry, revision, wording }) =>
    wording.notToConfuse.flatMap((id, at): Fault[] => {
      const field = `notToConfuse.${at}`
      const line = entry.lineOf(revision, field)
      return ids.has(id) ? [] : [{ file: entry.file, line, field, message: `没有编号为 ${id} 的条目` }]
    }),
  )
}

function oneCodeTwoNames(packs: readonly Pack[]): Fault[] {
  const names = new Map<string, string>()
  return packs.flatMap(({ name, region }): Fault[] => {
    if (!region) return []
    const first = names.get(region.code) ?? region.name
    names.set(region.code, first)
    if (first === region.name) return []
    return [
      { file: `${name}/pack.yaml`, line: 1, field: 'region', message: `代码 ${region.code} 在别的包里叫 ${first}` },
    ]
  })
}

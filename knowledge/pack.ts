/**
 * A pack: a folder of entries that travel together, for the whole country or one city. One YAML file is one entry;
 * each part between `---` lines is one revision of it, in the order in which they come into force.
 *
 *     packs/<name>/pack.yaml          name, title, notice, region?
 *     packs/<name>/<topic>/<id>.yaml  id, and the fields of a wording without `region`, which the pack gives
 *
 * Invariant: a file with any fault yields no entry, and every fault of every file is named.
 */
import { z } from 'zod'
import { entryId, wordingSchema, type Wording } from '../contract/entry.ts'
import { faultyFields } from '../contract/parse.ts'
import { cityCode, text } from '../contract/text.ts'
import { readDocuments, type Fault, type PackDocument } from './pack-document.ts'

export const packSchema = z.strictObject({
  name: z.string().regex(/^[a-z0-9]+(-[a-z0-9]+)*$/, '包名只能用小写字母、数字和横线'),
  title: text(80),
  notice: text(200),
  region: z
    .strictObject({ code: cityCode, name: text(40), aliases: z.array(text(40)).max(60, '最多 60 个别名').default([]) })
    .optional(),
})
export type PackHead = z.infer<typeof packSchema>

/** `wordings` in the order in which they come into force; never empty. `lineOf` finds a field of one of them. */
export type PackEntry = {
  id: string
  file: string
  wordings: Wording[]
  lineOf(revision: number, path: string): number
}
export type Pack = PackHead & { entries: PackEntry[] }

/** @param folderName must be the pack's name, so that a copied folder is not taken for the original. */
export function readPackHead(
  file: string,
  source: string,
  folderName: string,
): { head: PackHead | undefined; faults: Fault[] } {
  const documents = readDocuments(file, source)
  const faults = documents.flatMap((document) => document.faults)
  const [document] = documents
  if (!document || documents.length > 1) faults.push({ file, line: 1, field: '', message: 'pack.yaml 应写且只写一段' })
  if (!document || faults.length > 0) return { head: undefined, faults }
  const parsed = packSchema.safeParse(document.value)
  if (!parsed.success) return { head: undefined, faults: located(file, document, faultyFields(parsed.error)) }
  if (parsed.data.name !== folderName)
    return {
      head: undefined,
      faults: located(file, document, [{ path: 'name', message: `应与文件夹同名：${folderName}` }]),
    }
  return { head: parsed.data, faults: [] }
}

/** @param fileId the file's name without `.yaml`. @param region of the pack; absent for the whole country. */
export function readEntry(
  file: string,
  source: string,
  fileId: string,
  region: string | undefined,
): { entry: PackEntry | undefined; faults: Fault[] } {
  const documents = readDocuments(file, source)
  if (documents.length === 0) return { entry: undefined, faults: [{ file, line: 1, field: '', message: '文件是空的' }] }
  const wordings: Wording[] = []
  const faults = documents.flatMap((document) => {
    if (document.faults.length > 0) return document.faults
    const read = readWording(document.value, fileId, region)
    if (read.wording) wordings.push(read.wording)
    return located(file, document, read.fields)
  })
  if (faults.length === 0) faults.push(...overlaps(file, documents, wordings))
  if (faults.length > 0) return { entry: undefined, faults }
  const lineOf = (revision: number, path: string) => documents[revision]?.lineOf(path) ?? 1
  return { entry: { id: fileId, file, wordings, lineOf }, faults: [] }
}

/** Every revision of every entry, with the place to complain at. */
export function eachWording(packs: readonly Pack[]) {
  return packs.flatMap((pack) =>
    pack.entries.flatMap((entry) => entry.wordings.map((wording, revision) => ({ pack, entry, revision, wording }))),
  )
}

type Fields = { path: string; message: string }[]

function readWording(
  value: unknown,
  fileId: string,
  region: string | undefined,
): { wording?: Wording; fields: Fields } {
  const given = z.record(z.string(), z.unknown()).safeParse(value)
  if (!given.success) return { fields: [{ path: '', message: '应为“字段: 内容”的写法' }] }
  const { id, ...rest } = given.data
  const fields: Fields = []
  const parsedId = entryId.safeParse(id)
  if (id === undefined) fields.push({ path: 'id', message: '缺少编号' })
  else if (!parsedId.success) fields.push(...faultyFields(parsedId.error).map((f) => ({ ...f, path: 'id' })))
  else if (parsedId.data !== fileId) fields.push({ path: 'id', message: `编号应与文件名相同：${fileId}` })
  if ('region' in rest) fields.push({ path: 'region', message: '没有这个字段，地区由 pack.yaml 统一给出' })
  const parsed = wordingSchema.safeParse({ ...rest, region })
  if (!parsed.success) fields.push(...faultyFields(parsed.error))
  return parsed.success && fields.length === 0 ? { wording: parsed.data, fields } : { fields }
}

/** A later part takes over on its validFrom; what ends by itself must have ended before that day. */
function overlaps(file: string, documents: readonly PackDocument[], wordings: readonly Wording[]): Fault[] {
  return wordings.flatMap((wording, at) => {
    const before = wordings[at - 1]
    const document = documents[at]
    if (!before || !document) return []
    if (wording.validFrom <= before.validFrom)
      return located(file, document, [{ path: 'validFrom', message: `应晚于上一版的生效日 ${before.validFrom}` }])
    if (before.validUntil && wording.validFrom <= before.validUntil)
      return located(file, document, [
        { path: 'validFrom', message: `与上一版重叠，上一版到 ${before.validUntil} 才失效` },
      ])
    return []
  })
}

function located(file: string, document: PackDocument, fields: Fields): Fault[] {
  return fields.map(({ path, message }) => ({ file, line: document.lineOf(path), field: path, message }))
}

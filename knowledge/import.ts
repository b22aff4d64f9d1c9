/**
 * A table of entries becomes drafts. All of it or nothing; the same table twice changes nothing the second time. An entry
 * is known by its id, or else by its question in its place.
 *
 * Invariant: nothing that is imported is live; what is live stays until somebody else approves and publishes the draft.
 */
import { isDeepStrictEqual } from 'node:util'
import type { Wording } from '../contract/entry.ts'
import type { ImportCounts } from '../contract/import.ts'
import { entriesStore, type KeptRevision, type NewRevision } from './entries.store.ts'
import { headingFaults, wordingOf, type Places } from './import-columns.ts'
import { madeUpId, type Act } from './review.ts'
import { refusedTable, type RowFault } from './sheet/row-faults.ts'
import type { Sheet } from './sheet/sheet.ts'
import type { Db } from './tables.ts'

const refused = (faults: readonly RowFault[]) => refusedTable(faults, 'entries')

export type ImportedRow = { row: number; id?: string; wording: Wording }

/** @throws Problem invalid_input, every faulty cell by its row and heading. */
export function importedRows(sheet: Sheet, places: Places): ImportedRow[] {
  const [head, ...body] = sheet.rows
  if (!head) throw refused([{ row: 1, column: '', message: '表格是空的，请用模板填写' }])
  const badHead = headingFaults(head.cells)
  if (badHead.length > 0) throw refused(badHead.map((fault) => ({ row: head.number, ...fault })))
  if (body.length === 0) throw refused([{ row: head.number + 1, column: '', message: '表格里还没有条目' }])

  const faults: RowFault[] = []
  const rows: ImportedRow[] = []
  const named = new Map<string, number>()
  for (const { number: row, cells } of body) {
    const read = wordingOf(head.cells, cells, places)
    faults.push(...read.faults.map((fault) => ({ row, ...fault })))
    if (!read.wording || read.faults.length > 0) continue
    for (const [column, name] of namesOf(read.id, read.wording)) {
      const before = named.get(name)
      if (before !== undefined) faults.push({ row, column, message: `与第 ${before} 行重复` })
      named.set(name, before ?? row)
    }
    rows.push({ row, ...(read.id && { id: read.id }), wording: read.wording })
  }
  if (faults.length > 0) throw refused(faults)
  return rows
}

function namesOf(id: string | undefined, wording: Wording): [column: string, name: string][] {
  return [...(id ? [['编号', id] as [string, string]] : []), ['标准问题', titleOf(wording)]]
}

export type ImportPlan = { counts: ImportCounts; added: string[]; fresh: NewRevision[] }

/** What a table would do. Keeps nothing. @param tx a transaction. @throws Problem invalid_input. */
export async function importPlan(tx: Db, rows: readonly ImportedRow[], act: Act): Promise<ImportPlan> {
  const store = entriesStore(tx)
  // Takes turns with packs being loaded and with any other import.
  await store.lockPacks()
  const standing = await store.allRevisions()
  const byId = new Map<string, KeptRevision[]>()
  for (const revision of standing) byId.set(revision.entryId, [...(byId.get(revision.entryId) ?? []), revision])
  const byTitle = new Map<string, Set<string>>()
  for (const [id, revisions] of byId) {
    const last = latest(revisions)
    if (last) byTitle.set(titleOf(last.wording), (byTitle.get(titleOf(last.wording)) ?? new Set()).add(id))
  }

  const faults: RowFault[] = []
  const known = new Set([...byId.keys(), ...rows.flatMap(({ id }) => id ?? [])])
  const counts: ImportCounts = { added: 0, changed: 0, unchanged: 0 }
  const fresh: NewRevision[] = []
  const added: string[] = []
  for (const { row, id: given, wording } of rows) {
    for (const neighbour of wording.notToConfuse)
      if (!known.has(neighbour)) faults.push({ row, column: '易混淆条目', message: `没有编号为 ${neighbour} 的条目` })
    const same = [...(byTitle.get(titleOf(wording)) ?? [])]
    if (!given && same.length > 1)
      faults.push({ row, column: '编号', message: `有 ${same.length} 个条目是这个标准问题，请填编号` })
    const id = given ?? same[0]
    const revisions = id === undefined ? [] : (byId.get(id) ?? [])
    const last = latest(revisions)
    if (last && isDeepStrictEqual(last.wording, wording)) {
      counts.unchanged++
      continue
    }
    const entryId = id ?? madeUpId()
    const isNew = id === undefined || !byId.has(id)
    if (isNew) added.push(entryId)
    counts[isNew ? 'added' : 'changed']++
    const number = (revisions.at(-1)?.number ?? 0) + 1
    fresh.push({ entryId, number, state: 'draft', wording, author: act.staffId, now: act.now })
  }
  if (faults.length > 0) throw refused(faults)
  return { counts, added, fresh }
}

/** @param tx the transaction in which it was planned. */
export async function keepImport(tx: Db, { added, fresh }: ImportPlan, now: Date): Promise<void> {
  const store = entriesStore(tx)
  await store.addEntries(
    added.map((id) => ({ id, pack: null })),
    now,
  )
  await store.addRevisions(fresh)
}

/** What the table is compared with: the newest text that somebody still means. */
export function latest(revisions: readonly KeptRevision[]): KeptRevision | undefined {
  return revisions.findLast(({ state }) => state !== 'withdrawn' && state !== 'superseded') ?? revisions.at(-1)
}

const titleOf = ({ question, region = '' }: Wording) => `${region}\n${question}`

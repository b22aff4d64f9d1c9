/** Files that prove that a case was put right, sealed, in PostgreSQL. A row is never changed. */
import { createHash } from 'node:crypto'
import type { Generated } from 'kysely'
import type { EvidenceFile } from '../contract/case-evidence.ts'
import type { FileType } from './attachment.ts'
import type { ByteSealer } from './attachments.store.ts'
import type { Db, DeskTables } from './tables.ts'

type EvidenceType = Extract<FileType, 'image/jpeg' | 'image/png' | 'application/pdf'>
type EvidenceTables = Pick<DeskTables, 'staff' | 'case_file'> & {
  case_evidence: {
    id: Generated<string>
    case_id: string
    round: number
    type: EvidenceType
    name: string
    bytes: number
    content_sealed: Buffer
    content_hash: Buffer
    kept_by: string
    kept_at: Date
  }
}
export type KeptEvidence = { caseId: string; type: EvidenceType; name: string; content: Buffer }
export type NewEvidence = {
  caseId: string
  round: number
  type: EvidenceType
  name: string
  content: Buffer
  by: string
}

export function caseEvidenceStore(db: Db) {
  const d = db.withTables<EvidenceTables>()
  return {
    /** The same content again is the same file. @returns whether it is new. */
    async keep(
      { caseId, round, type, name, content, by }: NewEvidence,
      sealer: ByteSealer,
      now: Date,
    ): Promise<boolean> {
      const row = await d
        .insertInto('case_evidence')
        .values({
          ...{ case_id: caseId, round, type, name, bytes: content.length, kept_by: by, kept_at: now },
          content_sealed: sealer.sealBytes(content),
          content_hash: createHash('sha256').update(content).digest(),
        })
        .onConflict((known) => known.columns(['case_id', 'round', 'content_hash']).doNothing())
        .returning('id')
        .executeTakeFirst()
      return row !== undefined
    },

    /** What was kept in this round of the case is called, in the order in which it came. */
    async names(caseId: string, round: number): Promise<string[]> {
      const rows = await d
        .selectFrom('case_evidence')
        .select('name')
        .where('case_id', '=', caseId)
        .where('round', '=', round)
        .orderBy('kept_at')
        .orderBy('id')
        .execute()
      return rows.map(({ name }) => name)
    },

    /** The newest first. */
    async list(caseId: string): Promise<EvidenceFile[]> {
      const rows = await d
        .selectFrom('case_evidence')
        .innerJoin('case_file', 'case_file.id', 'case_evidence.case_id')
        .innerJoin('staff', 'staff.id', 'case_evidence.kept_by')
        .select(['case_evidence.id', 'case_evidence.name', 'bytes', 'kept_at', 'round', 'case_file.reopened'])
        .select('staff.display_name')
        .where('case_id', '=', caseId)
        .orderBy('kept_at', 'desc')
        .orderBy('case_evidence.id')
        .execute()
      return rows.map(({ id, name, bytes, kept_at, round, reopened, display_name: by }) => ({
        ...{ id, name, bytes, by, at: kept_at.toISOString(), isOfThisRound: round === reopened },
      }))
    },

    async find(id: string, sealer: ByteSealer): Promise<KeptEvidence | undefined> {
      const row = await d
        .selectFrom('case_evidence')
        .select(['case_id', 'type', 'name', 'content_sealed'])
        .where('id', '=', id)
        .executeTakeFirst()
      if (!row) return undefined
      const { case_id: caseId, type, name, content_sealed: sealed } = row
      return { caseId, type, name, content: sealer.openBytes(sealed) }
    },
  }
}

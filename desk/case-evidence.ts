/**
 * 佐证 of a case: what proves that it was put right, a picture or a paper.
 *
 * Invariant: no picture is kept as it came, and nothing is added to a case that is over.
 */
import { isFinal } from '../contract/case.ts'
import { mostEvidence, mostEvidenceBytes, type EvidenceFile } from '../contract/case-evidence.ts'
import { faultyField, Problem } from '../contract/problem.ts'
import { cleanedName, drawnExtension, mustBeAllowed } from './attachment.ts'
import type { ByteSealer } from './attachments.store.ts'
import type { Redrawn } from './attachments.ts'
import { auditStore } from './audit.store.ts'
import { caseEvidenceStore, type KeptEvidence, type NewEvidence } from './case-evidence.store.ts'
import { lockCase } from './case-file.ts'
import { cases } from './cases.ts'
import type { Sealer } from './sealer.ts'
import type { Db } from './tables.ts'

type Parts = {
  db: Db
  sealer: Sealer & ByteSealer
  /** @throws Problem invalid_input (path "file") for what is no picture, or too large a one */
  redraw: (file: Buffer) => Promise<Redrawn>
}
const allowed = { kinds: ['image', 'pdf'], mostBytes: mostEvidenceBytes } as const

export type CaseEvidence = ReturnType<typeof caseEvidence>

export function caseEvidence({ db, sealer, redraw }: Parts) {
  const desk = cases(db, sealer)

  async function made(name: string, file: Buffer): Promise<Pick<NewEvidence, 'type' | 'name' | 'content'>> {
    const known = mustBeAllowed(file, allowed)
    if (known.kind === 'pdf') return { type: 'application/pdf', name: cleanedName(name, known), content: file }
    const { type, content } = await redraw(file)
    return { type, name: cleanedName(name, { ...known, extension: drawnExtension(type) }), content }
  }

  return {
    /** @throws Problem not_found, not_allowed for whom the case is about */
    async list(caseId: string, staffId: string): Promise<EvidenceFile[]> {
      await desk.mustMaySee(caseId, staffId)
      return caseEvidenceStore(db).list(caseId)
    },

    /** @throws Problem not_found, not_allowed, illegal_move, invalid_input (path "file") */
    async add(sent: { caseId: string; name: string; file: Buffer }, staffId: string, now: Date): Promise<void> {
      const { caseId } = sent
      await desk.mustMaySee(caseId, staffId)
      const evidence = await made(sent.name, sent.file)
      await db.transaction().execute(async (tx) => {
        const { state, reopened: round } = await lockCase(tx, caseId)
        if (isFinal(state)) throw new Problem('illegal_move', `case ${caseId} is over`)
        const store = caseEvidenceStore(tx)
        if ((await store.names(caseId, round)).length >= mostEvidence)
          throw faultyField('file', `一次办理最多 ${mostEvidence} 个佐证文件`)
        const isNew = await store.keep({ caseId, round, by: staffId, ...evidence }, sealer, now)
        const detail = { name: evidence.name, bytes: evidence.content.length }
        if (isNew) await auditStore(tx).record({ staffId, act: 'case.evidence', subject: caseId, detail }, now)
      })
    },

    /** Its reading is audited. @throws Problem not_found, not_allowed */
    async open(id: string, staffId: string, now: Date): Promise<KeptEvidence> {
      const file = await caseEvidenceStore(db).find(id, sealer)
      if (!file) throw new Problem('not_found', `no evidence ${id}`)
      await desk.mustMaySee(file.caseId, staffId)
      const detail = { name: file.name }
      await auditStore(db).record({ staffId, act: 'case.evidence-open', subject: file.caseId, detail }, now)
      return file
    },
  }
}

/** 佐证 of a case: taken in as a picture or a paper, listed, and given out as something to be saved. */
import { mostEvidence, mostEvidenceBytes, type EvidenceFile } from '../../contract/case-evidence.ts'
import { faultyField, Problem } from '../../contract/problem.ts'
import { cleanedName, notAllowed, tooLong, typeOf } from '../../desk/attachment.ts'
import type { Redrawn } from '../../desk/attachments.ts'
import type { ByteSealer } from '../../desk/attachments.store.ts'
import { auditStore } from '../../desk/audit.store.ts'
import { isFinal } from '../../desk/case.ts'
import { caseEvidenceStore } from '../../desk/case-evidence.store.ts'
import { lockCase } from '../../desk/case-steps.ts'
import { cases } from '../../desk/cases.ts'
import type { Sealer } from '../../desk/sealer.ts'
import type { Db } from '../db/database.ts'
import type { Doors } from './doors.ts'
import { uploaded } from './upload.ts'

const kinds = ['image', 'pdf'] as const

type Parts = {
  db: Db
  sealer: Sealer & ByteSealer
  /** No picture is kept as it came. @throws Problem invalid_input (path "file") */
  redraw: (file: Buffer) => Promise<Redrawn>
  now: () => Date
}

export function caseEvidenceRoutes(doors: Doors, { db, sealer, redraw, now }: Parts): void {
  const desk = cases(db, sealer)

  doors.open('GET /api/cases/:id/evidence', async ({ params, signedIn }) => {
    await desk.mustMaySee(params.id, signedIn.actor.staffId)
    return { files: await caseEvidenceStore(db).list(params.id) } satisfies { files: EvidenceFile[] }
  })

  doors.open('POST /api/cases/:id/evidence', async ({ params: { id }, query, req, signedIn }) => {
    const { staffId } = signedIn.actor
    await desk.mustMaySee(id, staffId)
    const made = await drawn(query.name, await uploaded(req, mostEvidenceBytes))
    await db.transaction().execute(async (tx) => {
      const file = await lockCase(tx, id)
      if (isFinal(file.state)) throw new Problem('illegal_move', `case ${id} is over`)
      const store = caseEvidenceStore(tx)
      if ((await store.names(id, file.reopened)).length >= mostEvidence)
        throw faultyField('file', `一次办理最多 ${mostEvidence} 个佐证文件`)
      const isNew = await store.keep({ caseId: id, round: file.reopened, by: staffId, ...made }, sealer, now())
      const detail = { name: made.name, bytes: made.content.length }
      if (isNew) await auditStore(tx).record({ staffId, act: 'case.evidence', subject: id, detail }, now())
    })
    return { files: await caseEvidenceStore(db).list(id) }
  })

  doors.open('GET /api/case-evidence/:id', async ({ params: { id }, signedIn, res }) => {
    const { staffId } = signedIn.actor
    const file = await caseEvidenceStore(db).find(id, sealer)
    if (!file) throw new Problem('not_found', `no evidence ${id}`)
    await desk.mustMaySee(file.caseId, staffId)
    await auditStore(db).record(
      { staffId, act: 'case.evidence-open', subject: file.caseId, detail: { name: file.name } },
      now(),
    )
    res.attachment(file.name).set({
      'content-type': file.type,
      'content-security-policy': "default-src 'none'; sandbox",
      'cross-origin-resource-policy': 'same-origin',
      'cache-control': 'private, no-store',
    })
    res.send(file.content)
  })

  /** @throws Problem invalid_input (path "file") */
  async function drawn(name: string, file: Buffer) {
    if (file.length === 0) throw faultyField('file', '文件是空的')
    if (file.length > mostEvidenceBytes) throw tooLong(mostEvidenceBytes)
    const known = typeOf(file)
    if (known?.type === 'application/pdf') return { type: known.type, name: cleanedName(name, known), content: file }
    if (known?.kind !== 'image') throw notAllowed(kinds)
    const { type, content } = await redraw(file)
    const extension = type === 'image/png' ? 'png' : 'jpg'
    return { type, name: cleanedName(name, { kind: 'image', extension }), content }
  }
}

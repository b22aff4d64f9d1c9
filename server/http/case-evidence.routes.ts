/** 佐证 of a case: taken in, listed, and given out as something to be saved. */
import { mostEvidenceBytes, type EvidenceFile } from '../../contract/case-evidence.ts'
import type { CaseEvidence } from '../../desk/case-evidence.ts'
import type { Doors } from './doors.ts'
import { strangersFile } from './download.ts'
import { uploaded } from './upload.ts'

type Parts = { evidence: CaseEvidence; now: () => Date }

export function caseEvidenceRoutes(doors: Doors, { evidence, now }: Parts): void {
  const listed = async (caseId: string, staffId: string) =>
    ({ files: await evidence.list(caseId, staffId) }) satisfies { files: EvidenceFile[] }

  doors.open('GET /api/cases/:id/evidence', ({ params: { id }, signedIn }) => listed(id, signedIn.actor.staffId))

  doors.open('POST /api/cases/:id/evidence', async ({ params: { id }, query: { name }, req, signedIn }) => {
    const { staffId } = signedIn.actor
    const file = await uploaded(req, mostEvidenceBytes)
    await evidence.add({ caseId: id, name, file }, staffId, now())
    return listed(id, staffId)
  })

  doors.open('GET /api/case-evidence/:id', async ({ params: { id }, signedIn, res }) => {
    const { type, name, content } = await evidence.open(id, signedIn.actor.staffId, now())
    strangersFile(res.attachment(name), type, content)
  })
}

/** What citizens ask about their own data: by their pass from the widget, or through a security administrator. */
import type { Response } from 'express'
import { Problem } from '../../contract/problem.ts'
import { dataSubject, type Subject } from '../../desk/data-subject.ts'
import { recordsPage } from '../../desk/data-subject-page.ts'
import type { OwnRecords } from '../../desk/own-records.store.ts'
import type { Db } from '../db/database.ts'
import type { KeyRing } from '../key-ring.ts'
import type { VisitorTokens } from '../visitor-token.ts'
import type { Doors } from './doors.ts'

type Parts = {
  db: Db
  keys: KeyRing
  tokens: VisitorTokens
  bureau: string
  /** Ends a conversation that nobody is talking in. */
  endOpen: (conversationId: string) => Promise<void>
  /** Told whose pass is void, so that what was opened with it closes. */
  withdrawn: (visitorId: string) => void
  now: () => Date
}

export function dataSubjectRoutes(doors: Doors, { db, keys, tokens, bureau, endOpen, withdrawn, now }: Parts): void {
  const subjects = dataSubject(db, keys)

  /** @throws Problem not_found for a pass that is not ours, or void. */
  function holderOf(token: string): { visitorId: string; subject: Subject } {
    const visitorId = tokens.read(token, now())
    if (!visitorId) throw new Problem('not_found', 'no valid pass')
    return { visitorId, subject: { proof: 'pass', lookupHash: keys.lookupHash(visitorId) } }
  }

  function send(res: Response, records: OwnRecords, format: 'json' | 'html'): void {
    res.attachment(`my-records.${format}`).set('cache-control', 'no-store')
    if (format === 'json') res.json(records)
    else res.type('html').send(recordsPage(records, bureau, now()))
  }

  doors.open('POST /api/visitors/records', async ({ body, res }) =>
    send(res, await subjects.copy(holderOf(body.token).subject, now()), body.format),
  )
  doors.open('POST /api/visitors/erasure', async ({ body }) => {
    const { visitorId, subject } = holderOf(body.token)
    if (subject.proof === 'pass' && (await subjects.isWithdrawn(subject.lookupHash)))
      throw new Problem('not_found', 'the pass is void')
    const erased = await subjects.erase(subject, endOpen, now())
    withdrawn(visitorId)
    return erased
  })

  const byPhone = (
    body: { phone: string; proof: 'call_back' | 'in_person'; note: string },
    staffId: string,
  ): Subject => ({
    ...body,
    lookupHash: keys.lookupHash(`phone:${body.phone}`),
    staffId,
  })
  doors.open('GET /api/data-requests', async ({ query }) => {
    const { rows, total } = await subjects.list(query.limit, query.offset)
    return { requests: rows, total }
  })
  doors.open('POST /api/data-requests/copy', async ({ body, signedIn, res }) => {
    const { format, ...asked } = body
    send(res, await subjects.copy(byPhone(asked, signedIn.actor.staffId), now()), format)
  })
  doors.open('POST /api/data-requests/erase', ({ body, signedIn }) =>
    subjects.erase(byPhone(body, signedIn.actor.staffId), endOpen, now()),
  )
}

/** Calls that are owed, for those who ring: the list, one of them, and what an agent does with it. */
import type { DeskViews } from '../../bot/desk-view.ts'
import type { OwedCalls } from '../../bot/owed-calls.ts'
import { summariesOf } from '../../bot/summary-views.ts'
import type { AuditAct } from '../../contract/audit.ts'
import type { CallbackAttempt } from '../../contract/callback.ts'
import { Problem } from '../../contract/problem.ts'
import { auditStore } from '../../desk/audit.store.ts'
import { callbackListStore } from '../../desk/callback-list.store.ts'
import { callbacksStore } from '../../desk/callbacks.store.ts'
import { leftQuestionsStore } from '../../desk/left-questions.store.ts'
import { maskText } from '../../desk/masking.ts'
import type { Sealer } from '../../desk/sealer.ts'
import type { Db } from '../db/database.ts'
import { alawWav } from '../media/sounds.ts'
import type { Doors } from './doors.ts'

type Parts = { db: Db; sealer: Sealer; views: DeskViews; owedCalls: OwedCalls; now: () => Date }

const wordsShown = 6

export function callbacksRoutes(doors: Doors, { db, sealer, views, owedCalls, now }: Parts): void {
  doors.open('GET /api/callbacks', ({ query, signedIn }) =>
    callbackListStore(db).list(query, signedIn.actor.staffId, now()),
  )
  doors.open('GET /api/callbacks/:id', async ({ params, signedIn }) => {
    const found = await callbackListStore(db).find(params.id)
    if (!found) throw new Problem('not_found', `no callback ${params.id}`)
    const [attempts, said] = [
      await withSummaries(found.attempts),
      await saidIn(found.conversationId, signedIn.actor.staffId),
    ]
    return { ...found, attempts, said, mostTries: owedCalls.mostTries }
  })

  doors.open('POST /api/callbacks/:id/claim', async ({ params, signedIn }) => {
    await owedCalls.claim(params.id, signedIn.actor)
    return { ok: true }
  })
  doors.open('POST /api/callbacks/:id/release', async ({ params, signedIn }) => {
    await owedCalls.release(params.id, signedIn.actor)
    return { ok: true }
  })
  doors.open('POST /api/callbacks/:id/done', async ({ params, body, signedIn }) => {
    const dueAt = await owedCalls.note(params.id, signedIn.actor, body)
    return { ok: true, ...(dueAt && { dueAt: dueAt.toISOString() }) }
  })
  doors.open('POST /api/callbacks/:id/again', async ({ params, body, signedIn }) => {
    const wanted = { at: new Date(body.at), note: body.note }
    return { dueAt: (await owedCalls.again(params.id, signedIn.actor, wanted)).toISOString() }
  })

  doors.open('POST /api/callbacks/:id/phone', async ({ params, body, signedIn }) => {
    await owedCalls.mustBeShownTo(params.id, signedIn.actor)
    const phone = await callbacksStore(db, sealer).phoneOf(params.id)
    await reveal('callback.phone', params.id, signedIn.actor.staffId, body.reason)
    return { phone }
  })
  doors.open('POST /api/callbacks/:id/recording', async ({ params, body, signedIn, res }) => {
    await owedCalls.mustBeShownTo(params.id, signedIn.actor)
    const alaw = await leftQuestionsStore(db, sealer).find(params.id)
    if (!alaw) throw new Problem('not_found', `no recording with callback ${params.id}`)
    await reveal('callback.recording', params.id, signedIn.actor.staffId, body.reason)
    res.type('audio/wav').send(alawWav(alaw))
  })

  /** A call that was answered is told by its 小结, once that is written. */
  async function withSummaries(attempts: readonly CallbackAttempt[]): Promise<CallbackAttempt[]> {
    const written = await summariesOf(db, [...new Set(attempts.flatMap(({ conversationId }) => conversationId ?? []))])
    return attempts.map((one) => {
      const ofTheCall = written.get(one.conversationId ?? '')?.find(({ writtenAt }) => writtenAt >= one.at)
      return one.outcome === 'reached' && ofTheCall ? { ...one, summary: ofTheCall.text } : one
    })
  }

  /** The citizen's last words as the desk may see them: masked, and nothing that tells of a rating. */
  async function saidIn(conversationId: string, viewerId: string): Promise<string[]> {
    const { turns } = await views.newest(conversationId, viewerId)
    const theirs = turns.filter(({ speaker, text }) => speaker === 'customer' && text !== '')
    return theirs.slice(-wordsShown).map(({ text }) => text)
  }

  /** Reading one whole number is an act of a named person with a reason; a number in the reason is not kept. */
  function reveal(act: AuditAct, subject: string, staffId: string, reason: string): Promise<void> {
    return auditStore(db).record({ staffId, act, subject, detail: { reason: maskText(reason) } }, now())
  }
}

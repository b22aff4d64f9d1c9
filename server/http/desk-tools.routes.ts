/** Canned replies, summary tags, the bot's draft, and one citizen on several channels: the desk's tools over HTTP. */
import type { AuditAct } from '../../contract/audit.ts'
import type { BotDraft, PhoneCodeView } from '../../contract/desk-tools.ts'
import { faultyField, Problem } from '../../contract/problem.ts'
import type { Actor } from '../../contract/staff.ts'
import type { Conversation } from '../../bot/conversation.ts'
import { conversationsStore } from '../../bot/conversations.store.ts'
import { offeredAnswersStore } from '../../bot/offered-answers.store.ts'
import { questionInContext, turnsThatCount } from '../../bot/question-in-context.ts'
import { samePerson } from '../../bot/same-person.ts'
import { mustNotBeElsewhere } from '../../bot/seat.ts'
import { turnsStore } from '../../bot/turns.store.ts'
import { auditStore } from '../../desk/audit.store.ts'
import { canned } from '../../desk/canned.ts'
import { phoneCodes } from '../../desk/phone-codes.ts'
import { tags } from '../../desk/tags.ts'
import type { Answerer } from '../../knowledge/answerer.ts'
import type { Db } from '../db/database.ts'
import type { KeyRing } from '../key-ring.ts'
import { callerIdentity } from '../live/caller.ts'
import type { Outgoing } from '../outbox.ts'
import type { Doors } from './doors.ts'

type Parts = {
  db: Db
  keys: KeyRing
  answers: () => Answerer
  box: Pick<Outgoing, 'post' | 'driverNames'>
  /** What the bureau is called, in a message to a citizen. */
  bureau: string
  now: () => Date
}

export function deskToolsRoutes(doors: Doors, { db, keys, answers, box, bureau, now }: Parts): void {
  doors.open('GET /api/canned', async ({ signedIn }) => ({ replies: await canned(db).listFor(signedIn.actor) }))
  doors.open('POST /api/canned', async ({ body, signedIn }) => {
    const { actor } = signedIn
    return db.transaction().execute(async (tx) => {
      const id = await canned(tx).keep(body, actor, now())
      if (body.shared) await note(tx, actor, 'canned.keep', id)
      return { id }
    })
  })
  doors.open('POST /api/canned/:id/remove', async ({ params, signedIn }) => {
    await db.transaction().execute(async (tx) => {
      await canned(tx).remove(params.id, signedIn.actor)
      await note(tx, signedIn.actor, 'canned.remove', params.id)
    })
    return { ok: true }
  })

  doors.open('GET /api/tags', async () => ({ tags: await tags(db).list() }))
  doors.open('POST /api/tags', async ({ body, signedIn }) => {
    await db.transaction().execute(async (tx) => {
      await tags(tx).set(body, signedIn.actor.staffId, now())
      await note(tx, signedIn.actor, 'tag.set', body.name, { isUsed: body.isUsed })
    })
    return { ok: true }
  })

  doors.open('GET /api/drafts', async ({ query, signedIn }) => {
    const conversation = await held(query.conversation, signedIn.actor)
    const draft = await draftOf(conversation, query.seq)
    return draft ? { draft } : {}
  })
  doors.open('POST /api/drafts/rejected', async ({ body, signedIn }) => {
    const conversation = await held(body.conversationId, signedIn.actor)
    // Only what is offered can be put away.
    const draft = await draftOf(conversation, body.askedSeq)
    if (draft?.revisionId === body.revisionId) {
      const { staffId } = signedIn.actor
      await offeredAnswersStore(db).rejected({ ...body, staffId }, now())
    }
    return { ok: true }
  })

  const hashOf = (phone: string) => keys.lookupHash(callerIdentity(phone).lookup)
  doors.open('POST /api/conversations/:id/person/code', async ({ params, body: { phone: to }, signedIn }) => {
    const { staffId } = signedIn.actor
    const { id: conversationId } = await held(params.id, signedIn.actor)
    const whose = { conversationId, phoneHash: hashOf(to) }
    const { until } = await phoneCodes(db, keys).send(whose, { to, bureau, staffId, post: box.post }, now())
    return { until: until.toISOString(), isSent: box.driverNames().sms !== 'log' } satisfies PhoneCodeView
  })
  doors.open('POST /api/conversations/:id/person', async ({ params, body, signedIn }) => {
    mustNotBeElsewhere(await found(params.id), signedIn.actor)
    const hash = hashOf(body.phone)
    if (body.how === 'sms_code') await mustBeRight(params.id, hash, body.code ?? '')
    await db.transaction().execute(async (tx) => {
      await samePerson(tx).verify(params.id, hash, body.how, signedIn.actor, now())
      await note(tx, signedIn.actor, 'person.verify', params.id, { how: body.how })
    })
    return { ok: true }
  })
  doors.open('POST /api/conversations/:id/person/undo', async ({ params, body, signedIn }) => {
    mustNotBeElsewhere(await found(params.id), signedIn.actor)
    await db.transaction().execute(async (tx) => {
      await samePerson(tx).undo(params.id, body?.joinId, signedIn.actor, now())
      await note(tx, signedIn.actor, 'person.undo', params.id)
    })
    return { ok: true }
  })

  /** @throws Problem invalid_input, naming the code. */
  async function mustBeRight(conversationId: string, phoneHash: Buffer, code: string): Promise<void> {
    const verdict = await phoneCodes(db, keys).check({ conversationId, phoneHash }, code, now())
    if (verdict === 'right') return
    throw faultyField('code', verdict === 'wrong' ? '验证码不对' : '验证码已失效，请重新发送')
  }

  const note = (tx: Db, { staffId }: Actor, act: AuditAct, subject: string, detail?: Record<string, unknown>) =>
    auditStore(tx).record({ staffId, act, subject, detail }, now())

  async function found(conversationId: string): Promise<Conversation> {
    const conversation = await conversationsStore(db).find(conversationId)
    if (!conversation) throw new Problem('not_found', `no conversation ${conversationId}`)
    return conversation
  }

  async function held(conversationId: string, { staffId }: Actor): Promise<Conversation> {
    const conversation = await found(conversationId)
    if (conversation.agentId !== staffId)
      throw new Problem('not_your_conversation', `${conversationId} is not in the hands of ${staffId}`)
    return conversation
  }

  /** What the bot would answer that turn with, surely; undefined too when the agent has put that away. */
  async function draftOf(conversation: Conversation, seq: number): Promise<BotDraft | undefined> {
    const { id: conversationId } = conversation
    const turn = await turnsStore(db).bySeq(conversationId, seq)
    if (turn?.speaker !== 'customer') return undefined
    const said = await turnsStore(db).customersUpTo(conversationId, seq, turnsThatCount)
    const looking = { talk: { conversation, now: now() }, answers: answers() }
    const { found } = questionInContext(looking, said)
    if (found.outcome !== 'answer' || !found.entry || !found.answer) return undefined
    const draft = { askedSeq: seq, revisionId: found.entry.revision, question: found.entry.question }
    if (await offeredAnswersStore(db).isRejected({ conversationId, askedSeq: seq, revisionId: draft.revisionId }))
      return undefined
    return { ...draft, text: found.answer.text, sources: found.answer.sources }
  }
}

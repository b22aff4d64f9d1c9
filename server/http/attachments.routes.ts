/**
 * Files in and out. In: by the pass of a visitor, or by the agent who talks with them. Out: to the citizen whose
 * conversation it is, to whoever talks with them, and to whoever has said why; as a picture to be looked at, or as
 * something to be saved, and never as a page.
 */
import type { Request, Response } from 'express'
import { mostFileBytes, passHeader, type OpenedFile, type SentFile } from '../../contract/attachment.ts'
import { faultyField, Problem } from '../../contract/problem.ts'
import type { Actor } from '../../contract/staff.ts'
import type { Arrivals, Caller } from '../../bot/arrivals.ts'
import { fileAccess } from '../../bot/attached-files.ts'
import type { Conversation } from '../../bot/conversation.ts'
import { conversationsStore } from '../../bot/conversations.store.ts'
import type { OpenLines } from '../../bot/open-lines.ts'
import type { Seat } from '../../bot/seat.ts'
import { turnsStore } from '../../bot/turns.store.ts'
import { keepUnread } from '../../bot/unread.ts'
import { wording } from '../../bot/wording.ts'
import { placeholder, type Allowed } from '../../desk/attachment.ts'
import type { Attachments } from '../../desk/attachments.ts'
import type { KnownFile } from '../../desk/attachments.store.ts'
import { auditStore } from '../../desk/audit.store.ts'
import { dataSubject } from '../../desk/data-subject.ts'
import { maskText } from '../../desk/masking.ts'
import type { Db } from '../db/database.ts'
import type { FileGrants } from '../file-grants.ts'
import type { KeyRing } from '../key-ring.ts'
import type { VisitorTokens } from '../visitor-token.ts'
import type { Doors } from './doors.ts'
import { strangersFile } from './download.ts'
import { uploaded } from './upload.ts'

type Parts = {
  db: Db
  keys: KeyRing
  tokens: VisitorTokens
  files: Attachments
  grants: FileGrants
  arrivals: Arrivals
  lines: OpenLines
  seat: Pick<Seat, 'mustTakeFiles' | 'sendFile'>
  /** What arrives by the way that the citizen is told; nothing where every kind does. */
  carriedIn: (conversationId: string) => Promise<Allowed['kinds'] | undefined>
  now: () => Date
}

const fromPages = { kinds: ['image', 'pdf'], mostBytes: mostFileBytes } as const

export function attachmentsRoutes(doors: Doors, parts: Parts): void {
  const { db, keys, tokens, files, grants, arrivals, lines, seat, carriedIn, now } = parts

  /** @throws Problem not_found for a pass that is not ours, or void */
  async function callerOf(token: string): Promise<Caller> {
    const visitorId = tokens.read(token, now())
    const lookupHash = visitorId && keys.lookupHash(visitorId)
    if (!lookupHash || (await dataSubject(db, keys).isWithdrawn(lookupHash)))
      throw new Problem('not_found', 'no valid pass')
    return { kind: 'visitor', lookupHash, channel: 'web' }
  }

  async function body(req: Request): Promise<Buffer> {
    try {
      return await uploaded(req, mostFileBytes)
    } catch (error) {
      if (error instanceof Problem && error.code === 'too_large')
        throw new Problem('too_large', error.message, {
          fields: [{ path: 'file', message: '文件不能超过 5 MB，请缩小后再发' }],
        })
      throw error
    }
  }

  doors.open('POST /api/visitors/attachments', async ({ query, req }): Promise<SentFile> => {
    const conversation = await arrivals.continuing(await callerOf(req.get(passHeader) ?? ''))
    if (conversation?.state !== 'agent' && conversation?.state !== 'waiting')
      throw faultyField('file', '转人工以后才能发图片和文件')
    const { id: conversationId } = conversation
    const { clientId, name } = query
    const file = await body(req)
    const sent = { conversationId, clientId, sentBy: 'customer', name } as const
    const { attachment } = await files.keep(sent, file, fromPages, now())
    const text = placeholder(attachment.kind)
    const turn = { conversationId, channel: 'web', clientId, text, attachments: [attachment], saidAt: now() } as const
    const { seq } = await keepUnread(lines, turn, wording.fileKept)
    return { seq, conversationId, attachment }
  })

  doors.open('POST /api/visitors/attachments/:id', async ({ params, body: { token }, res }) => {
    const conversation = await arrivals.continuing(await callerOf(token))
    const file = await files.find(params.id)
    if (!file || file.conversationId !== conversation?.id)
      throw new Problem('not_found', `no file ${params.id} of theirs`)
    await send(res, params.id, file, 'whole')
  })

  doors.open(
    'GET /api/attachments/:id',
    async ({ params: { id }, query: { size, grant }, signedIn: { actor }, res }) => {
      const { file, conversation } = await fileWith(id)
      if (!grants.isGiven(grant, id, actor.staffId, now())) {
        if ((await fileAccess(db, conversation, actor)) !== 'held') throw notTheirs(id, actor)
        if (size === 'whole') await note(id, actor, {})
      }
      await send(res, id, file, size)
    },
  )

  doors.open('POST /api/attachments/:id/open', async ({ params: { id }, body: { reason }, signedIn: { actor } }) => {
    const { conversation } = await fileWith(id)
    const access = await fileAccess(db, conversation, actor)
    if (access === 'none') throw notTheirs(id, actor)
    if (access === 'with-reason' && reason === undefined) throw faultyField('reason', '请写明理由')
    await note(id, actor, reason === undefined ? {} : { reason: maskText(reason) })
    return { grant: grants.give(id, actor.staffId, now()) } satisfies OpenedFile
  })

  doors.open('POST /api/conversations/:id/attachments', async ({ params: { id }, query, req, signedIn: { actor } }) => {
    await seat.mustTakeFiles(id, actor)
    const { clientId, name, expectedSeq } = query
    const before = await turnsStore(db).byClientId(id, clientId)
    const file = await body(req)
    if (before) return { seq: before.seq }
    const sent = { conversationId: id, clientId, sentBy: 'agent', name } as const
    const kinds = (await carriedIn(id)) ?? fromPages.kinds
    const { attachment } = await files.keep(sent, file, { ...fromPages, kinds }, now())
    const text = placeholder(attachment.kind)
    return seat.sendFile({ conversationId: id, clientId, attachment, text, expectedSeq }, actor)
  })

  /** @throws Problem not_found */
  async function fileWith(id: string): Promise<{ file: KnownFile; conversation: Conversation }> {
    const file = await files.find(id)
    const conversation = file && (await conversationsStore(db).find(file.conversationId))
    if (!conversation) throw new Problem('not_found', `no file ${id}`)
    return { file, conversation }
  }

  function note(subject: string, { staffId }: Actor, detail: Record<string, string>): Promise<void> {
    return auditStore(db).record({ staffId, act: 'attachment.open', subject, detail }, now())
  }

  async function send(res: Response, id: string, file: KnownFile, size: 'small' | 'whole'): Promise<void> {
    const content = await files.content(id, size)
    if (!content) throw new Problem('not_found', `file ${id} has nothing ${size}`)
    const isShown = file.kind !== 'pdf' && file.type !== 'audio/amr'
    if (isShown) res.set('content-disposition', 'inline')
    else res.attachment(file.name)
    strangersFile(res, size === 'small' ? 'image/jpeg' : file.type, content)
  }
}

const notTheirs = (id: string, { staffId }: Actor) =>
  new Problem('not_your_conversation', `file ${id} is of a conversation that ${staffId} does not hold`)

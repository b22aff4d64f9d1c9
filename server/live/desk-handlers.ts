/**
 * Between colleagues: notes and mentions, who looks at a conversation and who writes in it, older words. All of it goes
 * to the /agent namespace alone; `visitorSpace` is named here once, for an agent who writes to their citizen.
 */
import type { Server } from 'socket.io'
import type { AgentAsked, AgentReplies } from '../../contract/agent-events.ts'
import type { Mention, Viewer } from '../../contract/desk-notes.ts'
import { Problem } from '../../contract/problem.ts'
import type { Actor } from '../../contract/staff.ts'
import { conversationsStore } from '../../bot/conversations.store.ts'
import { pseudonym, type DeskViews } from '../../bot/desk-view.ts'
import { auditStore } from '../../desk/audit.store.ts'
import { notesStore } from '../../desk/notes.store.ts'
import { notes } from '../../desk/notes.ts'
import type { Db } from '../db/database.ts'
import { agentSpace, conversationRoom, staffRoom, visitorSpace, type AgentSocket } from './rooms.ts'

export type DeskToolAsk =
  | 'note:write'
  | 'mentions:list'
  | 'mention:seen'
  | 'team:list'
  | 'turns:before'
  | 'viewing:set'
  | 'typing:tell'
type Handlers = { [A in DeskToolAsk]: (ask: AgentAsked[A]) => Promise<AgentReplies[A]> }
type Parts = { io: Server; db: Db; views: DeskViews; now: () => Date }

const viewingRoom = (id: string) => `viewing:${id}`

export function deskHandlers({ io, db, views, now }: Parts, socket: AgentSocket, actor: Actor): Handlers {
  const { staffId, workNumber } = actor

  async function conversationOf(id: string) {
    const conversation = await conversationsStore(db).find(id)
    if (!conversation) throw new Problem('not_found', `no conversation ${id}`)
    return conversation
  }

  return {
    async 'note:write'({ conversationId, ...written }) {
      const { lastSeq } = await conversationOf(conversationId)
      const { note, isNew } = await db
        .transaction()
        .execute((tx) => notes(tx).write({ ...written, conversationId, afterSeq: lastSeq }, actor, now()))
      if (isNew) {
        agentSpace(io).to(conversationRoom(conversationId)).emit('note:written', note)
        for (const one of note.mentions) await tellMentions(io, db, one.staffId)
      }
      return note
    },

    'mentions:list': async () => ({ mentions: await mentionsOf(db, staffId) }),

    async 'mention:seen'({ noteId }) {
      await notesStore(db).see(noteId, staffId, now())
      await tellMentions(io, db, staffId)
      return {}
    },

    'team:list': async () => ({ team: (await notes(db).team()).filter((one) => one.staffId !== staffId) }),

    async 'turns:before'({ conversationId, beforeSeq }) {
      const { agentId } = await conversationOf(conversationId)
      // Whoever has opened it here is on record already.
      if (agentId !== staffId && !socket.rooms.has(conversationRoom(conversationId)))
        await auditStore(db).record({ staffId, act: 'conversation.look', subject: conversationId }, now())
      return { turns: await views.before(conversationId, beforeSeq, staffId) }
    },

    async 'viewing:set'({ conversationId }) {
      const before = socket.data.viewing?.conversationId
      if (before && before !== conversationId) {
        await socket.leave(viewingRoom(before))
        socket.data.viewing = undefined
        await tellViewers(io, before)
      }
      if (!conversationId) return { viewers: [] }
      socket.data.viewing = { conversationId, workNumber }
      await socket.join(viewingRoom(conversationId))
      return { viewers: await tellViewers(io, conversationId) }
    },

    async 'typing:tell'({ conversationId, what }) {
      socket.to(viewingRoom(conversationId)).emit('colleague:typing', { conversationId, workNumber, what })
      // To a citizen only whoever serves them is writing.
      if (what === 'reply' && (await conversationsStore(db).find(conversationId))?.agentId === staffId)
        visitorSpace(io).to(conversationRoom(conversationId)).emit('typing', { speaker: 'agent' })
      return {}
    },
  }
}

/** A console that is gone looks at nothing. */
export function leaveViewing(io: Server, socket: AgentSocket): void {
  const left = socket.data.viewing?.conversationId
  socket.data.viewing = undefined
  // A colleague who stays too long on a list is no harm; the next change puts it right.
  if (left) tellViewers(io, left).catch(() => {})
}

async function tellViewers(io: Server, conversationId: string): Promise<Viewer[]> {
  const room = viewingRoom(conversationId)
  const there = await agentSpace(io).in(room).fetchSockets()
  const viewers = new Map<string, Viewer>()
  for (const { data } of there)
    if (data.viewing?.conversationId === conversationId)
      viewers.set(data.staffId, { staffId: data.staffId, workNumber: data.viewing.workNumber })
  const list = [...viewers.values()].sort((a, b) => a.workNumber.localeCompare(b.workNumber))
  agentSpace(io).to(room).emit('viewers:changed', { conversationId, viewers: list })
  return list
}

async function tellMentions(io: Server, db: Db, staffId: string): Promise<void> {
  agentSpace(io)
    .to(staffRoom(staffId))
    .emit('mentions:changed', { mentions: await mentionsOf(db, staffId) })
}

async function mentionsOf(db: Db, staffId: string): Promise<Mention[]> {
  const unseen = await notesStore(db).unseenBy(staffId)
  const about = await conversationsStore(db).withIds([...new Set(unseen.map((one) => one.conversationId))])
  const whoOf = new Map(about.map(({ id, contactId }) => [id, pseudonym(contactId)]))
  return unseen.map((one) => ({ ...one, who: whoOf.get(one.conversationId) ?? '' }))
}

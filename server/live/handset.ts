/**
 * An agent's desk phone, between console and phone process: looked for, rung for a call that this agent holds, put
 * down. What it does is known to the phone process alone; here it is passed on.
 *
 * Invariant: a call's audio is at one place. A desk phone that is rung takes it from every console, and a console that
 * has taken it up meanwhile keeps it.
 */
import type { Server } from 'socket.io'
import type { AgentAsked, AgentReplies } from '../../contract/agent-events.ts'
import type { HandsetFound, HandsetTold } from '../../contract/handset.ts'
import { faultyField, Problem } from '../../contract/problem.ts'
import type { Actor } from '../../contract/staff.ts'
import { conversationsStore } from '../../bot/conversations.store.ts'
import type { DeskViews } from '../../bot/desk-view.ts'
import type { Seat } from '../../bot/seat.ts'
import { maskPhone } from '../../desk/masking.ts'
import { staffStore } from '../../desk/staff.store.ts'
import type { Db } from '../db/database.ts'
import { agentSpace, audioRoom, conversationRoom, deskRoom, phoneSpace, staffRoom } from './rooms.ts'

export type HandsetAsk = 'handset:look' | 'handset:ring' | 'handset:put-down'
type HandsetHandlers = { [A in HandsetAsk]: (ask: AgentAsked[A]) => Promise<AgentReplies[A]> }

type Parts = { io: Server; db: Db; seat: Pick<Seat, 'mustHold'>; views: Pick<DeskViews, 'heldBy'> }

/** A phone process that does not answer by then is taken to know nothing. */
const lookMs = 1_500

export function handsetHandlers({ io, db, seat, views }: Parts, actor: Actor): HandsetHandlers {
  const phoneOf = (conversationId: string) => phoneSpace(io).to(conversationRoom(conversationId))
  const extensionOf = () => staffStore(db).extensionOf(actor.staffId)

  return {
    async 'handset:look'() {
      const extension = await extensionOf()
      return extension === undefined ? { isRegistered: false } : { extension, ...(await lookFor(io, extension)) }
    },

    async 'handset:ring'({ conversationId }) {
      await seat.mustHold(conversationId, actor)
      const extension = await extensionOf()
      if (extension === undefined) throw faultyField('extension', '您还没有桌面话机，请系统管理员在“人员”里设置')
      const held = await views.heldBy(actor.staffId)
      const who = held.find((one) => one.conversationId === conversationId)?.who
      const shown = numberShown(io, conversationId) ?? who ?? ''
      const room = audioRoom(conversationId)
      agentSpace(io).to(room).emit('audio:taken', { conversationId })
      agentSpace(io).in(room).socketsLeave(room)
      phoneOf(conversationId).emit('audio:closed', { conversationId })
      const ring = { conversationId, extension, agentNumber: actor.workNumber, shown }
      phoneOf(conversationId).emit('handset:ring', ring)
      return {}
    },

    async 'handset:put-down'({ conversationId }) {
      await seat.mustHold(conversationId, actor)
      if (!(await isAtConsole(io, conversationId))) phoneOf(conversationId).emit('audio:closed', { conversationId })
      return {}
    },
  }
}

/** What a phone process tells of a desk phone and a call that it carries. */
export async function handsetTold(io: Server, db: Db, told: HandsetTold): Promise<void> {
  const { conversationId, state } = told
  const agentId = (await conversationsStore(db).find(conversationId))?.agentId
  const phone = phoneSpace(io).to(conversationRoom(conversationId))
  const isElsewhere = agentId === undefined || (await isAtConsole(io, conversationId))
  if (!isElsewhere) {
    if (state === 'talking') {
      const agentNumber = (await staffStore(db).workNumbers([agentId])).get(agentId)
      if (agentNumber === undefined) throw new Problem('not_found', `no staff ${agentId}`)
      phone.emit('audio:opened', { conversationId, agentNumber, by: 'handset' })
    } else if (state === 'held' || state === 'resumed') {
      phone.emit('call:hold', { conversationId, on: state === 'held', by: 'handset' })
    } else if (state === 'down' && told.why !== 'put-down') {
      phone.emit('audio:closed', { conversationId })
    }
  }
  if (agentId !== undefined) agentSpace(io).to(staffRoom(agentId)).emit('handset:told', told)
}

/** Masked; a desk phone stands in the open. */
function numberShown(io: Server, conversationId: string): string | undefined {
  for (const { data } of phoneSpace(io).sockets.values()) {
    const number = data.numbers.get(conversationId)
    if (number) return maskPhone(number)
  }
  return undefined
}

/** For consoles: look whether it was one's own. */
export function handsetsChanged(io: Server): void {
  agentSpace(io).to(deskRoom).emit('handset:changed')
}

/** Every phone process is asked: the one where it is registered, and the one where it has a call, may differ. */
function lookFor(io: Server, extension: string): Promise<HandsetFound> {
  return new Promise((resolve) => {
    phoneSpace(io)
      .timeout(lookMs)
      .emit('handset:look', { extension }, (_late: Error | null, found: readonly HandsetFound[]) => {
        resolve({
          isRegistered: found.some(({ isRegistered }) => isRegistered),
          on: found.find(({ on }) => on)?.on,
        })
      })
  })
}

async function isAtConsole(io: Server, conversationId: string): Promise<boolean> {
  return (await agentSpace(io).in(audioRoom(conversationId)).fetchSockets()).length > 0
}

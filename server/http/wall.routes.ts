/** 现场 for supervisors: what is so at this moment, and a conversation out of other hands. */
import type { Server } from 'socket.io'
import type { Capacity, QueueMode } from '../../contract/queue.ts'
import type { LateLimits } from '../../contract/wait.ts'
import type { WallRowsView, WallView } from '../../contract/wall.ts'
import { conversationsStore } from '../../bot/conversations.store.ts'
import type { DeskViews } from '../../bot/desk-view.ts'
import { mustNotBeElsewhere } from '../../bot/seat.ts'
import { liveConversationsStore } from '../../bot/live-conversations.store.ts'
import type { OpenLines } from '../../bot/open-lines.ts'
import { takeOver } from '../../bot/take-over.ts'
import { waitingForWords } from '../../bot/waiting-for-words.ts'
import { auditStore } from '../../desk/audit.store.ts'
import { eldersStore } from '../../desk/elders.store.ts'
import { handoversStore } from '../../desk/handovers.store.ts'
import { presenceStore } from '../../desk/presence.store.ts'
import { skillsStore } from '../../desk/skills.store.ts'
import { Problem } from '../../contract/problem.ts'
import type { Db } from '../db/database.ts'
import { takeAudioAway } from '../live/agent-audio.ts'
import { agentSpace, conversationRoom, staffRoom } from '../live/rooms.ts'
import type { Doors } from './doors.ts'

type Parts = {
  db: Db
  io: Server
  lines: OpenLines
  views: DeskViews
  mode: () => Promise<QueueMode>
  late: LateLimits
  now: () => Date
}

export function wallRoutes(doors: Doors, { db, io, lines, views, mode, late, now }: Parts): void {
  doors.open('GET /api/wall', async () => {
    const { waiting, since } = await handoversStore(db).waitingNow()
    const view: WallView = {
      ...{ at: now().toISOString(), mode: await mode(), late, waiting, seats: await seats() },
      ...(since && { waitingSince: since.toISOString() }),
    }
    return view
  })

  doors.open('GET /api/wall/conversations', async ({ query }) => {
    const at = now()
    const { holder, agent: agentId, channel, limit, offset } = query
    const unansweredBefore = query.late ? new Date(at.getTime() - late.amberSeconds * 1_000) : undefined
    const wanted = { holder, agentId, channel, unansweredBefore }
    const waits = await waitingForWords(db)
    const { rows, total } = await liveConversationsStore(db).list(wanted, waits, { limit, offset })
    return { at: at.toISOString(), rows: await views.live(rows), total } satisfies WallRowsView
  })

  doors.open('POST /api/conversations/:id/take-over', async ({ params: { id }, body: { reason }, signedIn }) => {
    const { actor } = signedIn
    const { fromStaffId, isNew } = await takeOver(lines, id, { by: actor, reason })
    if (!isNew) return { ok: true }
    takeAudioAway(io, id)
    const desks = agentSpace(io)
    desks.in(staffRoom(actor.staffId)).socketsJoin(conversationRoom(id))
    if (fromStaffId) {
      desks.in(staffRoom(fromStaffId)).socketsLeave(conversationRoom(id))
      const taken = { conversationId: id, byNumber: actor.workNumber, reason }
      desks.to(staffRoom(fromStaffId)).emit('conversation:taken', taken)
    }
    return { ok: true }
  })

  doors.open('POST /api/conversations/:id/elder', async ({ params: { id }, body: { isElder }, signedIn }) => {
    const conversation = await conversationsStore(db).find(id)
    if (!conversation) throw new Problem('not_found', `no conversation ${id}`)
    mustNotBeElsewhere(conversation, signedIn.actor)
    const { staffId } = signedIn.actor
    await db.transaction().execute(async (tx) => {
      await eldersStore(tx).note(conversation.contactId, isElder, staffId, now())
      await auditStore(tx).record({ staffId, act: 'contact.elder', subject: id, detail: { isElder } }, now())
    })
    return { ok: true }
  })

  async function seats(): Promise<WallView['seats']> {
    const { seats: own, everybody } = await skillsStore(db).view()
    const held = new Map<string, Capacity>()
    for (const { agentId, channel } of await conversationsStore(db).heldByEach()) {
      const so = held.get(agentId) ?? { phone: 0, web: 0, wechat: 0 }
      held.set(agentId, { ...so, [channel]: so[channel] + 1 })
    }
    return (await presenceStore(db).list()).map(({ staffId, workNumber, displayName, state, since }) => ({
      ...{ staffId, workNumber, displayName, state, since: since.toISOString() },
      held: held.get(staffId) ?? { phone: 0, web: 0, wechat: 0 },
      capacity: own.find((one) => one.staffId === staffId)?.capacity ?? everybody,
    }))
  }
}

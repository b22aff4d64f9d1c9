/**
 * From one agent to a colleague, or back to the queue. The giver keeps the citizen until the colleague has accepted;
 * then the seat moves in one transaction: the giver's part ends, the colleague's begins, and the citizen is told.
 * The reason is between colleagues and stands in no turn.
 */
import type { AuditAct } from '../contract/audit.ts'
import type { Colleague, TransferGroups } from '../contract/transfer.ts'
import { faultyField, Problem } from '../contract/problem.ts'
import type { Actor } from '../contract/staff.ts'
import { auditStore } from '../desk/audit.store.ts'
import { handoversStore } from '../desk/handovers.store.ts'
import { presenceStore } from '../desk/presence.store.ts'
import { skillsStore } from '../desk/skills.store.ts'
import { staffStore } from '../desk/staff.store.ts'
import { after, transferLimitMs, type Transfer, type TransferEvent } from '../desk/transfer.ts'
import { transfersStore } from '../desk/transfers.store.ts'
import { conversationsStore } from './conversations.store.ts'
import { episodesStore } from './episodes.store.ts'
import type { OpenLines, Talk } from './open-lines.ts'
import { mustHold } from './seat.ts'
import { endEpisode, moveTo } from './standing.ts'
import { placing, type Wanted } from './placing.ts'
import { hasRoomFor, mustHaveRoom } from './room.ts'
import type { Db } from './tables.ts'
import { wording } from './wording.ts'

export type Transfers = ReturnType<typeof transfers>
/** `isNew`: settled by this very answer; the same answer given again changes nothing. */
export type Settled = Transfer & { isNew: boolean }

/** A console that was silent for longer than this has nobody before it. */
const presentWithinMs = 60_000

export function transfers({ db, lines, now }: { db: Db; lines: OpenLines; now: () => Date }) {
  /** The lock is the conversation's: what is read before it is only where to look. */
  async function settle(id: string, event: TransferEvent): Promise<Settled> {
    const found = await transfersStore(db).find(id)
    if (!found) throw new Problem('not_found', `no transfer ${id}`)
    return lines.hold(found.conversationId, async (talk) => {
      const store = transfersStore(talk.tx)
      const before = (await store.find(id)) ?? found
      const settled = after(before, event, talk.now)
      if (settled === before) return { ...settled, isNew: false }
      await store.settle(settled)
      if (settled.state === 'accepted') await moveSeat(talk, settled)
      talk.tell({ kind: 'queue' })
      if (settled.state !== 'taken_back') talk.tell({ kind: 'transfer-settled', ...(await newsOf(talk, settled)) })
      const act = settledActs[settled.state]
      if ('by' in event && act) await note(talk, event.by, act, settled)
      return { ...settled, isNew: true }
    })
  }

  return {
    /**
     * Who may be asked: at their desk, free for another, and not the giver. A caller needs one without a call. And the
     * groups that the queue may be asked for.
     * @throws Problem not_your_conversation, conversation_closed
     */
    async colleagues(
      conversationId: string,
      giver: Actor,
    ): Promise<{ colleagues: Colleague[]; groups: TransferGroups }> {
      return lines.hold(conversationId, async (talk) => {
        mustHold(talk, giver)
        return { colleagues: await free(talk, giver.staffId), groups: await groups(talk, giver.staffId) }
      })
    },

    /**
     * @throws Problem not_your_conversation, conversation_closed; conflict when a colleague is asked already;
     * invalid_input, naming toStaffId, when that colleague cannot be asked, or skillId when there is no such skill.
     */
    ask(
      asked: { conversationId: string; toStaffId?: string; wanted?: Wanted; reason: string },
      giver: Actor,
    ): Promise<Transfer> {
      const { conversationId, toStaffId, wanted, reason } = asked
      return lines.hold(conversationId, async (talk) => {
        mustHold(talk, giver)
        const store = transfersStore(talk.tx)
        if (await store.openOf(conversationId)) throw new Problem('conflict', `${conversationId} is being transferred`)
        const kept = { conversationId, fromStaffId: giver.staffId, toStaffId, reason, now: talk.now }
        if (toStaffId === undefined) {
          const queued = await toQueue(talk, await store.keep({ ...kept, state: 'queued' }), wanted)
          await note(talk, giver.staffId, 'conversation.transfer', queued, wanted)
          return queued
        }
        const offered = await free(talk, giver.staffId)
        if (!offered.some(({ staffId }) => staffId === toStaffId))
          throw faultyField('toStaffId', '这位同事现在不能接待，请另选一位')
        talk.tell({ kind: 'queue' })
        const transfer = await store.keep({ ...kept, state: 'asked' })
        await note(talk, giver.staffId, 'conversation.transfer', transfer)
        return transfer
      })
    },

    /** @throws Problem transfer_over when it was settled before, or its time has passed. */
    async accept(id: string, colleague: Actor): Promise<Settled> {
      const settled = await settle(id, { kind: 'accept', by: colleague.staffId })
      if (settled.state !== 'accepted') throw new Problem('transfer_over', `${id} is ${settled.state}`)
      return settled
    },

    decline: (id: string, colleague: Actor, note?: string) =>
      settle(id, { kind: 'decline', by: colleague.staffId, note }),

    takeBack: (id: string, giver: Actor) => settle(id, { kind: 'take-back', by: giver.staffId }),

    /** Those that nobody answered in time go back to their givers. @returns how many. */
    async endUnanswered(): Promise<number> {
      const due = await transfersStore(db).openUntil(new Date(now().getTime() - transferLimitMs))
      for (const { id } of due) await settle(id, { kind: 'look' })
      return due.length
    },
  }
}

const settledActs: Partial<Record<Transfer['state'], AuditAct>> = {
  accepted: 'transfer.accept',
  declined: 'transfer.decline',
  taken_back: 'transfer.take-back',
}

/** Who gave what to whom is in the audit; why is not. */
function note({ tx, now }: Talk, staffId: string, act: AuditAct, transfer: Transfer, wanted: Wanted = {}) {
  const { id: transferId, conversationId: subject, toStaffId } = transfer
  return auditStore(tx).record({ staffId, act, subject, detail: { transferId, toStaffId, ...wanted } }, now)
}

async function moveSeat(talk: Talk, { fromStaffId, toStaffId = '' }: Transfer): Promise<void> {
  const { conversation, tx, now } = talk
  if (conversation.agentId !== fromStaffId) throw new Problem('transfer_over', `${conversation.id} is elsewhere`)
  await mustHaveRoom(tx, toStaffId, conversation.channel)
  const number = (await staffStore(tx).workNumbers([toStaffId])).get(toStaffId) ?? ''
  await endEpisode(talk, 'transfer')
  await episodesStore(tx).begin({ conversationId: conversation.id, kind: 'agent', staffId: toStaffId, now })
  await moveTo(talk, 'agent', { id: toStaffId, number })
  await talk.line.say({ text: wording.transferred(number) }, { speaker: 'system' })
}

/** Out of the giver's hands at once, to the front of those who wait; the next agent reads the reason in the queue. */
async function toQueue(talk: Talk, transfer: Transfer, wanted: Wanted = {}): Promise<Transfer> {
  const { tx, now } = talk
  const { skillId } = wanted
  if (skillId && !(await skillsStore(tx).skills()).some(({ id }) => id === skillId))
    throw faultyField('skillId', '这个技能组已被删除，请另选')
  await endEpisode(talk, 'transfer')
  const { reason: note, fromStaffId: givenUpBy } = transfer
  await handoversStore(tx).ask(await placing(talk, { reason: 'transfer', note, givenUpBy, wanted }), now)
  await moveTo(talk, 'waiting')
  await talk.line.say({ text: wording.handedOver.transfer }, { speaker: 'system' })
  talk.tell({ kind: 'queue' })
  return transfer
}

async function free({ tx, conversation, now }: Talk, giverId: string): Promise<Colleague[]> {
  const offered: Colleague[] = []
  for (const { staffId, workNumber, displayName, state, seenAt } of await presenceStore(tx).list()) {
    const isThere = state === 'online' && now.getTime() - seenAt.getTime() <= presentWithinMs
    if (staffId === giverId || !isThere) continue
    if (!(await hasRoomFor(tx, staffId, conversation.channel))) continue
    const held = await conversationsStore(tx).ofAgent(staffId)
    offered.push({ staffId, workNumber, displayName, held: held.length })
  }
  return offered
}

/** Every skill, and every region that somebody serves in particular, with how many of them are there. */
async function groups({ tx }: Talk, giverId: string): Promise<TransferGroups> {
  const { skills, seats } = await skillsStore(tx).view()
  const there = new Set((await presenceStore(tx).there()).filter((id) => id !== giverId))
  const present = seats.filter(({ staffId }) => there.has(staffId))
  const codes = [...new Set(seats.flatMap(({ regions }) => regions))].sort()
  return {
    skills: skills.map(({ id, name }) => ({
      id,
      name,
      online: present.filter((one) => one.skills.includes(id)).length,
    })),
    regions: codes.map((code) => ({ code, online: present.filter((one) => one.regions.includes(code)).length })),
  }
}

async function newsOf({ tx }: Talk, { conversationId, fromStaffId, toStaffId = '', state, note }: Transfer) {
  const toNumber = (await staffStore(tx).workNumbers([toStaffId])).get(toStaffId) ?? ''
  return { conversationId, fromStaffId, toNumber, state, note }
}

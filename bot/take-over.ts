/**
 * A supervisor takes a conversation out of other hands, the bot's, the queue's or an agent's, with a reason that stands
 * in the audit. The citizen is told who goes on; whoever had it is told who took it and why. 首问 stays as it was.
 */
import { Problem } from '../contract/problem.ts'
import type { Actor } from '../contract/staff.ts'
import { auditStore } from '../desk/audit.store.ts'
import { handoversStore } from '../desk/handovers.store.ts'
import { episodesStore } from './episodes.store.ts'
import type { OpenLines } from './open-lines.ts'
import { mustHaveRoom } from './room.ts'
import { endEpisode, moveTo } from './standing.ts'
import { wording } from './wording.ts'

/** @returns who had it: nobody, where the bot or the queue did. @throws Problem conversation_closed, at_capacity */
export function takeOver(
  lines: OpenLines,
  conversationId: string,
  { by, reason }: { by: Actor; reason: string },
): Promise<{ fromStaffId?: string; isNew: boolean }> {
  return lines.hold(conversationId, async (talk) => {
    const { tx, conversation, now } = talk
    const fromStaffId = conversation.agentId
    if (conversation.state === 'closed') throw new Problem('conversation_closed', `${conversationId} is closed`)
    if (fromStaffId === by.staffId) return { isNew: false }
    await mustHaveRoom(tx, by.staffId, conversation.channel)
    await handoversStore(tx).claim(conversationId, by.staffId, now)
    await endEpisode(talk, fromStaffId ? 'transfer' : 'handover')
    await episodesStore(tx).begin({ conversationId, kind: 'agent', staffId: by.staffId, now })
    await moveTo(talk, 'agent', { id: by.staffId, number: by.workNumber })
    const words = fromStaffId ? wording.takenOver(by.workNumber) : wording.claimed(by.workNumber)
    await talk.line.say({ text: words }, { speaker: 'system' })
    talk.tell({ kind: 'queue' })
    const detail = { reason, fromStaffId }
    await auditStore(tx).record(
      { staffId: by.staffId, act: 'conversation.take-over', subject: conversationId, detail },
      now,
    )
    return { fromStaffId, isNew: true }
  })
}

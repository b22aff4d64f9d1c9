/** An agent rings somebody back: the conversation that the call will be is in this agent's hands before it rings. */
import { Problem } from '../contract/problem.ts'
import type { Actor } from '../contract/staff.ts'
import { handoversStore } from '../desk/handovers.store.ts'
import { staffStore } from '../desk/staff.store.ts'
import { episodesStore } from './episodes.store.ts'
import type { Talk } from './open-lines.ts'
import { endEpisode, moveTo } from './standing.ts'
import { wording } from './wording.ts'

/** @throws Problem already_claimed, naming the colleague who has it. */
export async function takeToRingBack(talk: Talk, agent: Actor): Promise<void> {
  const { conversation, tx, now } = talk
  if (conversation.agentId === agent.staffId) return
  if (conversation.agentId) {
    const holder = (await staffStore(tx).workNumbers([conversation.agentId])).get(conversation.agentId)
    throw new Problem('already_claimed', holder ?? conversation.agentId)
  }
  if (conversation.state === 'waiting') await handoversStore(tx).claim(conversation.id, agent.staffId, now)
  await endEpisode(talk, 'handover')
  await episodesStore(tx).begin({ conversationId: conversation.id, kind: 'agent', staffId: agent.staffId, now })
  await moveTo(talk, 'agent', { id: agent.staffId, number: agent.workNumber })
  await talk.line.say({ text: wording.claimed(agent.workNumber) }, { speaker: 'system' })
  talk.tell({ kind: 'queue' })
}

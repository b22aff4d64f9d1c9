/** Moving a conversation from one state to the next, with the row, the snapshot and the news kept together. */
import type { ConversationState } from '../contract/turn.ts'
import { after } from '../desk/transfer.ts'
import { transfersStore } from '../desk/transfers.store.ts'
import { contextStore } from './context.store.ts'
import { newContext } from './context.ts'
import { conversationsStore } from './conversations.store.ts'
import { dialogStatesStore } from './dialog-states.store.ts'
import { episodesStore } from './episodes.store.ts'
import type { Talk } from './open-lines.ts'
import type { EpisodeEnd } from './tables.ts'

export async function moveTo(
  talk: Talk,
  state: ConversationState,
  agent?: { id: string; number: string },
): Promise<void> {
  const { conversation } = talk
  const leftBy = conversation.agentId !== agent?.id ? conversation.agentId : undefined
  if (leftBy) await dropTransfer(talk)
  await conversationsStore(talk.tx).setState(conversation.id, state, talk.now, agent?.id)
  conversation.state = state
  conversation.agentId = agent?.id
  talk.tell({ kind: 'state', conversationId: conversation.id, state, agentNumber: agent?.number, leftBy })
}

/** A colleague who was asked to take it over is asked no more: it is in the giver's hands no longer. */
async function dropTransfer({ tx, conversation, now, tell }: Talk): Promise<void> {
  const store = transfersStore(tx)
  const open = await store.openOf(conversation.id)
  if (!open) return
  await store.settle(after(open, { kind: 'left' }, now))
  tell({ kind: 'queue' })
}

/** The bot takes the conversation: at its start, when it comes back, when the citizen leaves the queue. What was its topic is over. */
export async function botTakes(talk: Talk): Promise<void> {
  await episodesStore(talk.tx).begin({ conversationId: talk.conversation.id, kind: 'bot', now: talk.now })
  await moveTo(talk, 'bot')
  await contextStore(talk.tx).forget(talk.conversation.id)
  talk.context = talk.keptContext = newContext
  await setMisses(talk, 0)
}

export async function endEpisode(talk: Talk, by: EpisodeEnd): Promise<void> {
  await episodesStore(talk.tx).endOpen(talk.conversation.id, by, talk.now)
  await dialogStatesStore(talk.tx).keep(talk.conversation.id, undefined, talk.now)
}

export async function setMisses(talk: Talk, misses: number): Promise<void> {
  if (talk.conversation.misses === misses) return
  await conversationsStore(talk.tx).setMisses(talk.conversation.id, misses)
  talk.conversation.misses = misses
}

/** An agent's part: take a waiting conversation, talk, close it with a 小结. One conversation is in one hand. */
import type { Summary } from '../contract/agent-events.ts'
import type { Source } from '../contract/entry.ts'
import { Problem } from '../contract/problem.ts'
import type { Actor } from '../contract/staff.ts'
import { handoversStore } from '../desk/handovers.store.ts'
import { staffStore } from '../desk/staff.store.ts'
import type { Closing } from './closing.ts'
import { conversationsStore } from './conversations.store.ts'
import { episodesStore } from './episodes.store.ts'
import type { HandOver } from './hand-over.ts'
import type { OpenLines, Talk } from './open-lines.ts'
import { botTakes, endEpisode, moveTo } from './standing.ts'
import { turnsStore } from './turns.store.ts'
import { mustHaveRoom } from './room.ts'
import { wording } from './wording.ts'

type Parts = {
  lines: OpenLines
  closing: Closing
  handOver: HandOver
  /** Where a revision's text comes from: shown beside words that quote it. */
  sourcesOf: (revisionId: string) => Promise<readonly Source[] | undefined>
}
type Words = { conversationId: string; clientId: string; text: string; expectedSeq?: number; revisionId?: string }

export type Seat = ReturnType<typeof seat>

export function seat({ lines, closing, handOver, sourcesOf }: Parts) {
  return {
    /**
     * @param by the agent's own hand, or the queue that gives it to them.
     * @throws Problem already_claimed, naming who has it; conversation_closed when nobody waits there; at_capacity.
     */
    claim(conversationId: string, agent: Actor, by: 'hand' | 'queue' = 'hand'): Promise<void> {
      return lines.hold(conversationId, async (talk) => {
        if (talk.conversation.agentId === agent.staffId) return
        if (talk.conversation.agentId)
          throw new Problem('already_claimed', await holderOf(talk, talk.conversation.agentId))
        const won = await handoversStore(talk.tx).claim(conversationId, agent.staffId, talk.now)
        if (!won) throw new Problem('conversation_closed', `nobody waits in ${conversationId}`)

        await endEpisode(talk, 'handover')
        await episodesStore(talk.tx).begin({ conversationId, kind: 'agent', staffId: agent.staffId, now: talk.now })
        await moveTo(talk, 'agent', { id: agent.staffId, number: agent.workNumber })
        await talk.line.say({ text: wording.claimed(agent.workNumber) }, { speaker: 'system' })
        talk.tell({ kind: 'queue' })
      })
    },

    /** @throws Problem not_your_conversation; conversation_moved_on when the citizen spoke after `expectedSeq`. */
    async say(words: Words, agent: Actor): Promise<{ seq: number }> {
      // Before the conversation is held: nobody waits for a second connection while holding one.
      const sources = words.revisionId ? await sourcesOf(words.revisionId) : undefined
      return lines.hold(words.conversationId, async (talk) => {
        const turns = turnsStore(talk.tx)
        const before = await turns.byClientId(words.conversationId, words.clientId)
        await mustHaveRoom(talk.tx, agent.staffId, talk.conversation.channel)
        if (before) return { seq: before.seq }
        mustHold(talk, agent)
        if (words.expectedSeq !== undefined && (await turns.lastCustomerSeq(words.conversationId)) > words.expectedSeq)
          throw new Problem('conversation_moved_on', `the citizen spoke after ${words.expectedSeq}`)

        const as = {
          speaker: 'agent',
          agentNumber: agent.workNumber,
          staffId: agent.staffId,
          clientId: words.clientId,
        } as const
        const { seq } = await talk.line.say({ text: words.text, ...(sources && { sources: [...sources] }) }, as)
        return { seq }
      })
    },

    /** @throws Problem not_your_conversation */
    close(conversationId: string, agent: Actor, summary: Summary): Promise<void> {
      return lines.hold(conversationId, async (talk) => {
        mustHold(talk, agent)
        await conversationsStore(talk.tx).setSummary(conversationId, summary)
        await closing.end(talk, 'agent', wording.personLeft)
        talk.tell({ kind: 'queue' })
      })
    },

    /** Whoever holds it, and nobody else, works the call behind it. @throws Problem not_your_conversation */
    mustHold(conversationId: string, agent: Actor): Promise<void> {
      return lines.hold(conversationId, (talk) => Promise.resolve(mustHold(talk, agent)))
    },

    /** Back to the bot, without an end: the citizen goes on asking. @throws Problem not_your_conversation */
    giveToBot(conversationId: string, agent: Actor): Promise<void> {
      return lines.hold(conversationId, async (talk) => {
        mustHold(talk, agent)
        await endEpisode(talk, 'agent')
        await botTakes(talk)
        await talk.line.say({ text: wording.backToBot })
        talk.tell({ kind: 'queue' })
      })
    },

    /** The agent is gone for good: everything they held goes back to the queue. */
    async returnAll(agentId: string, held: readonly string[]): Promise<void> {
      for (const conversationId of held)
        await lines.hold(conversationId, async (talk) => {
          if (talk.conversation.agentId === agentId) await handOver.backToQueue(talk)
        })
    },
  }
}

export function mustHold({ conversation }: Talk, agent: Actor): void {
  if (conversation.state === 'closed') throw new Problem('conversation_closed', `${conversation.id} is closed`)
  if (conversation.agentId !== agent.staffId)
    throw new Problem('not_your_conversation', `${conversation.id} is not in the hands of ${agent.staffId}`)
}

async function holderOf(talk: Talk, agentId: string): Promise<string> {
  return (await staffStore(talk.tx).workNumbers([agentId])).get(agentId) ?? agentId
}

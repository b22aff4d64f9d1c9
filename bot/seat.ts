/** An agent's part: take a waiting conversation, talk, close it with a 小结. One conversation is in one hand. */
import type { AuditAct } from '../contract/audit.ts'
import type { Attachment } from '../contract/attachment.ts'
import type { Source } from '../contract/entry.ts'
import { faultyField, Problem } from '../contract/problem.ts'
import type { Actor } from '../contract/staff.ts'
import type { Summary } from '../contract/summary.ts'
import { auditStore } from '../desk/audit.store.ts'
import { handoversStore } from '../desk/handovers.store.ts'
import { staffStore } from '../desk/staff.store.ts'
import type { Closing } from './closing.ts'
import type { Conversation } from './conversation.ts'
import type { OfferedBy } from './desk-tables.ts'
import { episodesStore } from './episodes.store.ts'
import type { HandOver } from './hand-over.ts'
import { offeredAnswersStore } from './offered-answers.store.ts'
import type { OpenLines, Talk } from './open-lines.ts'
import { mustHaveRoom } from './room.ts'
import { botTakes, endEpisode, moveTo } from './standing.ts'
import { summariesStore } from './summaries.store.ts'
import { turnsStore } from './turns.store.ts'
import { wording } from './wording.ts'

type Parts = {
  lines: OpenLines
  closing: Closing
  handOver: HandOver
  /** A revision's text and where it comes from: shown beside words that quote it. */
  quoted: (revisionId: string) => Promise<{ text: string; sources: readonly Source[] } | undefined>
}
type Words = {
  conversationId: string
  clientId: string
  text: string
  expectedSeq?: number
  revisionId?: string
  /** Approved text that these words are, or were made of. */
  offered?: { revisionId: string; from: OfferedBy; askedSeq: number }
}

type SentByAgent = {
  conversationId: string
  clientId: string
  text: string
  attachment: Attachment
  expectedSeq?: number
}

export type Seat = ReturnType<typeof seat>

export function seat({ lines, closing, handOver, quoted }: Parts) {
  async function offerOf({ revisionId, from, askedSeq }: NonNullable<Words['offered']>) {
    const text = (await quoted(revisionId))?.text
    if (text === undefined) throw faultyField('offered.revisionId', '没有这一条答案')
    return { revisionId, askedSeq, by: from, text }
  }

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
        const won = await handoversStore(talk.tx).claim(conversationId, agent.staffId, talk.now, by)
        if (!won) throw new Problem('conversation_closed', `nobody waits in ${conversationId}`)
        await mustHaveRoom(talk.tx, agent.staffId, talk.conversation.channel)

        await endEpisode(talk, 'handover')
        await episodesStore(talk.tx).begin({ conversationId, kind: 'agent', staffId: agent.staffId, now: talk.now })
        await moveTo(talk, 'agent', { id: agent.staffId, number: agent.workNumber })
        await talk.line.say({ text: wording.claimed(agent.workNumber) }, { speaker: 'system' })
        talk.tell({ kind: 'queue' })
        const { staffId } = agent
        await auditStore(talk.tx).record(
          by === 'hand'
            ? { staffId, act: 'conversation.claim', subject: conversationId }
            : { act: 'conversation.given', subject: conversationId, detail: { staffId } },
          talk.now,
        )
      })
    },

    /**
     * @throws Problem not_your_conversation; conversation_moved_on when citizen or colleague spoke after `expectedSeq`;
     * invalid_input, naming the field, for an offer that nobody was made.
     */
    async say(words: Words, agent: Actor): Promise<{ seq: number }> {
      // Before the conversation is held: nobody waits for a second connection while holding one.
      const sources = words.revisionId ? (await quoted(words.revisionId))?.sources : undefined
      const offer = words.offered && (await offerOf(words.offered))
      return lines.hold(words.conversationId, async (talk) => {
        const turns = turnsStore(talk.tx)
        const before = await turns.byClientId(words.conversationId, words.clientId)
        if (before) return { seq: before.seq }
        mustHold(talk, agent)
        await mustBeUpToDate(talk, agent, words.expectedSeq)
        if (offer && offer.askedSeq > talk.conversation.lastSeq) throw faultyField('offered.askedSeq', '没有这一句话')

        const as = {
          speaker: 'agent',
          agentNumber: agent.workNumber,
          staffId: agent.staffId,
          clientId: words.clientId,
        } as const
        const { seq } = await talk.line.say({ text: words.text, ...(sources && { sources: [...sources] }) }, as)
        if (offer) {
          const { text, ...offered } = offer
          const wordForWord = words.text.includes(text.trim())
          const kept = { ...offered, conversationId: words.conversationId, staffId: agent.staffId }
          await offeredAnswersStore(talk.tx).said({ ...kept, saidSeq: seq, wordForWord }, talk.now)
        }
        return { seq }
      })
    },

    /** Asked before a file is looked at. @throws Problem not_your_conversation; invalid_input where only words go */
    mustTakeFiles(conversationId: string, agent: Actor): Promise<void> {
      return lines.hold(conversationId, (talk) => Promise.resolve(mustTakeFiles(talk, agent)))
    },

    /** @throws Problem not_your_conversation; conversation_moved_on; invalid_input where only words go */
    sendFile(sent: SentByAgent, agent: Actor): Promise<{ seq: number }> {
      const { conversationId, clientId, text, attachment } = sent
      return lines.hold(conversationId, async (talk) => {
        const before = await turnsStore(talk.tx).byClientId(conversationId, clientId)
        if (before) return { seq: before.seq }
        mustTakeFiles(talk, agent)
        await mustBeUpToDate(talk, agent, sent.expectedSeq)
        const { staffId, workNumber: agentNumber } = agent
        const as = { speaker: 'agent', agentNumber, staffId, clientId } as const
        const { seq } = await talk.line.say({ text, attachments: [attachment] }, as)
        return { seq }
      })
    },

    /** @throws Problem not_your_conversation */
    close(conversationId: string, agent: Actor, summary: Summary): Promise<void> {
      return lines.hold(conversationId, async (talk) => {
        mustHold(talk, agent)
        await sumUp(talk, agent, summary)
        await closing.end(talk, 'agent', wording.personLeft)
        talk.tell({ kind: 'queue' })
        await note(talk, agent, 'conversation.close')
      })
    },

    /** The 小结 of a part that the citizen ended. @throws Problem conflict when this agent has none to write there */
    sumUpAfter(conversationId: string, agent: Actor, summary: Summary): Promise<void> {
      return lines.hold(conversationId, async (talk) => {
        const parts = await episodesStore(talk.tx).withoutSummary(conversationId)
        const part = parts.find(({ staffId }) => staffId === agent.staffId)
        if (!part) throw new Problem('conflict', `${agent.staffId} has nothing to sum up in ${conversationId}`)
        await keepSummary(talk, part.id, agent, summary)
        await note(talk, agent, 'summary.write')
      })
    },

    /** Whoever holds it, and nobody else, works the call behind it. @throws Problem not_your_conversation */
    mustHold(conversationId: string, agent: Actor): Promise<void> {
      return lines.hold(conversationId, (talk) => Promise.resolve(mustHold(talk, agent)))
    },

    /** Back to the bot: this part ends, and the citizen goes on asking. @throws Problem not_your_conversation */
    giveToBot(conversationId: string, agent: Actor, summary: Summary): Promise<void> {
      return lines.hold(conversationId, async (talk) => {
        mustHold(talk, agent)
        await sumUp(talk, agent, summary)
        await endEpisode(talk, 'agent')
        await botTakes(talk)
        await talk.line.say({ text: wording.backToBot })
        talk.tell({ kind: 'queue' })
        await note(talk, agent, 'call.to-bot')
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

const note = ({ tx, conversation, now }: Talk, { staffId }: Actor, act: AuditAct) =>
  auditStore(tx).record({ staffId, act, subject: conversation.id }, now)

/** Of the part that ends now. */
async function sumUp(talk: Talk, agent: Actor, summary: Summary): Promise<void> {
  const part = await episodesStore(talk.tx).openOfAgent(talk.conversation.id)
  if (part) await keepSummary(talk, part.id, agent, summary)
}

function keepSummary({ tx, conversation, now }: Talk, episodeId: string, agent: Actor, summary: Summary) {
  const part = { episodeId, conversationId: conversation.id, staffId: agent.staffId, afterSeq: conversation.lastSeq }
  return summariesStore(tx).keep(part, summary, now)
}

function mustTakeFiles(talk: Talk, agent: Actor): void {
  mustHold(talk, agent)
  if (talk.conversation.channel === 'phone') throw faultyField('file', '电话里发不了文件')
}

export function mustHold({ conversation }: Talk, agent: Actor): void {
  if (conversation.state === 'closed') throw new Problem('conversation_closed', `${conversation.id} is closed`)
  if (conversation.agentId !== agent.staffId)
    throw new Problem('not_your_conversation', `${conversation.id} is not in the hands of ${agent.staffId}`)
}

/** @throws Problem conversation_moved_on when citizen or colleague spoke after what this agent had seen */
export async function mustBeUpToDate({ tx, conversation }: Talk, agent: Actor, seenSeq: number | undefined) {
  if (seenSeq !== undefined && (await turnsStore(tx).lastOfOthers(conversation.id, agent.staffId)) > seenSeq)
    throw new Problem('conversation_moved_on', `somebody spoke after ${seenSeq}`)
}

/** What is found out of a citizen: by whoever talks with them, by anybody while nobody does, by a supervisor always. */
export function mustNotBeElsewhere({ id, agentId }: Conversation, { staffId, roles }: Actor): void {
  if (agentId !== undefined && agentId !== staffId && !roles.includes('supervisor'))
    throw new Problem('not_your_conversation', `${id} is not in the hands of ${staffId}`)
}

async function holderOf(talk: Talk, agentId: string): Promise<string> {
  return (await staffStore(talk.tx).workNumbers([agentId])).get(agentId) ?? agentId
}

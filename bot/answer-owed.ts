/**
 * In a chat that an agent has: whose turn it is. A citizen who asked for a person, or said anything since the last answer,
 * waits for the agent, from that moment on; otherwise the agent waits for the citizen, who may have left. Pure.
 *
 * Invariant: nobody is asked whether they are still there, nor sent away, while they wait for an answer.
 */
import type { QueueSettings } from '../contract/queue.ts'

export type Held = {
  conversationId: string
  agentId: string
  agentNumber?: string
  /** When they last asked for a person. */
  askedAt?: Date
  /** What the agent, or the bot before, said last. */
  last?: { speaker: 'agent' | 'bot'; text: string; seq: number; at: Date }
  /** The citizen's words since then, the oldest first. */
  said: readonly { text: string; seq: number; at: Date }[]
  /** The turn in which they were asked whether they are still there. */
  stillThere?: { seq: number; at: Date }
}

/**
 * Words that close a matter rather than open one. Of any words there is one way to read them as these: two for a piece
 * that comes again and again would be tried in every combination.
 */
const courtesy =
  /^(好的?|好吧|行|嗯|哦|知道了|明白了?|了解了?|收到|没(有)?了|不用了|ok|(非常|太|多)?(谢谢|感谢|多谢|辛苦)(您|你)?(了|啦)?|再见|拜拜)+$/i
/** The agent looks something up: it is the citizen who waits. */
const promise = /稍等|稍候|等一下|等我|查一下|核实一下|帮您(查|看|问)/
const longestPromise = 40

const clean = (text: string) => text.normalize('NFKC').replace(/[\s\p{P}\p{S}]+/gu, '')
export const needsAnswer = (text: string) => !courtesy.test(clean(text))

/** Since when they wait for the agent's words; undefined while they wait for none. */
export function owedSince({ askedAt, last, said }: Held): Date | undefined {
  // What the bot says in the moment of the asking is said before it.
  const answeredAt = last && last.at.getTime() - (last.speaker === 'bot' ? 1 : 0)
  if (askedAt && (answeredAt === undefined || answeredAt < askedAt.getTime())) return askedAt
  return said.find(({ text }) => needsAnswer(text))?.at
}

/** What is to be done about a citizen's silence now. */
export function silenceStep(
  held: Held,
  { askMinutes, endMinutes }: Pick<QueueSettings, 'askMinutes' | 'endMinutes'>,
  now: Date,
): 'ask' | 'end' | undefined {
  const { last, said, stillThere } = held
  if (last?.speaker !== 'agent' || owedSince(held) || isPromise(last.text)) return undefined
  const newest = said.at(-1) ?? last
  if (stillThere && stillThere.seq > newest.seq)
    return now.getTime() - stillThere.at.getTime() >= endMinutes * 60_000 ? 'end' : undefined
  return now.getTime() - newest.at.getTime() >= askMinutes * 60_000 ? 'ask' : undefined
}

const isPromise = (text: string) => text.length <= longestPromise && promise.test(text)

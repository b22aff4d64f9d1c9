/** A conversation as the flow sees it. States: the bot's, waiting for a person, a person's, closed. */
import type { Choice } from '../contract/answer.ts'
import type { Insurance } from '../contract/text.ts'
import type { Channel, ConversationState } from '../contract/turn.ts'

export type Conversation = {
  id: string
  contactId: string
  channel: Channel
  state: ConversationState
  agentId?: string
  firstAskedAgentId?: string
  region?: string
  insurance?: Insurance
  /** Questions in a row that the bot could not answer. */
  misses: number
  lastSeq: number
  /** Up to where the citizen has read; 0 where nobody knows. */
  readSeq: number
  /** What the bot offered last; a bare "2" or one of the questions picks from it. */
  pendingChoices: Choice[]
  startedAt: Date
  lastTurnAt: Date
}

/** A conversation that comes back within this time continues (same contact, same channel). */
export const continuesWithinMs = 24 * 3_600_000

const inWords = '一二三四五六七八九'

/** "2", "第二个", "选 2" or one of the questions themselves. */
export function pickedChoice(text: string, choices: readonly Choice[]): Choice | undefined {
  const said = text.normalize('NFKC').replace(/[\s\p{P}\p{S}]+/gu, '')
  const byWords = choices.find((choice) => choice.question.replace(/[\s\p{P}\p{S}]+/gu, '') === said)
  if (byWords) return byWords
  const number = /^(?:选|第)?([1-9一二三四五六七八九])(?:个|条|项|号)?$/.exec(said)?.[1]
  if (!number) return undefined
  return choices[inWords.includes(number) ? inWords.indexOf(number) : Number(number) - 1]
}

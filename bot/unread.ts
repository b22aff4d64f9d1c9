/** Something that the bot cannot read, a picture, a paper, a voice: kept as the citizen's turn, and the bot says what to do. */
import type { Turn } from '../contract/turn.ts'
import type { OpenLines } from './open-lines.ts'
import { keepTurn } from './switchboard.ts'

/** With a person on the line it is the person's. @returns the number under which it was kept, also when it came before. */
export function keepUnread(lines: OpenLines, turn: Turn, whatToDo: string): Promise<{ seq: number }> {
  return lines.hold(turn.conversationId, async (talk) => {
    const { turn: kept, isNew } = await keepTurn(talk, turn)
    const { seq } = kept
    if (!isNew) return { seq }
    const { state } = talk.conversation
    if (state === 'bot' || state === 'closed') await talk.line.say({ text: whatToDo })
    return { seq }
  })
}

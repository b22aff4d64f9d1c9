/** Something that nobody here can read, a picture or a voice: kept as the citizen's turn, and the bot says what to do. */
import type { Turn } from '../contract/turn.ts'
import type { OpenLines } from './open-lines.ts'
import { keepTurn } from './switchboard.ts'

/** With a person on the line it is the person's. */
export function keepUnread(lines: OpenLines, turn: Turn, whatToDo: string): Promise<void> {
  return lines.hold(turn.conversationId, async (talk) => {
    if (!(await keepTurn(talk, turn)).isNew) return
    const { state } = talk.conversation
    if (state === 'bot' || state === 'closed') await talk.line.say({ text: whatToDo })
  })
}

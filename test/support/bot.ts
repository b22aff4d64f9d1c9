/** The conversation without a channel: the real switchboard on a real database, with its parts open to replacement. */
import { randomBytes, randomUUID } from 'node:crypto'
import type { Answer } from '../../contract/answer.ts'
import type { News } from '../../contract/line.ts'
import type { Channel, KeptTurn } from '../../contract/turn.ts'
import { arrivals } from '../../bot/arrivals.ts'
import type { Answers } from '../../bot/asking.ts'
import { closing } from '../../bot/closing.ts'
import { botkitDialogs } from '../../bot/dialogs/botkit-engine.ts'
import type { Dialogs } from '../../bot/dialogs/script.ts'
import { dutyCalls } from '../../bot/escalation.ts'
import { handOvers } from '../../bot/hand-over.ts'
import type { Intent } from '../../bot/intent/intent-names.ts'
import { intentByWords } from '../../bot/intent/intents.ts'
import type { ChatLines } from '../../bot/line-taker.ts'
import { openLines } from '../../bot/open-lines.ts'
import { paperwork } from '../../bot/paperwork.ts'
import { switchboard } from '../../bot/switchboard.ts'
import { cities } from '../../knowledge/cities.ts'
import { keyRing } from '../../server/key-ring.ts'
import type { TestDatabase } from './postgres.ts'

export const unknown: Answer = { outcome: 'unknown', score: 0 }

export function offer(...questions: string[]): Answer {
  return { outcome: 'ask-back', choices: questions.map((question, i) => ({ id: `e-${i}`, question })), score: 0.5 }
}

const everybodyIsReached = dutyCalls(
  {
    reached: (_, staffIds) => Promise.resolve(new Set(staffIds)),
    tell: () => Promise.resolve(),
    told: () => Promise.resolve([]),
  },
  180_000,
)

type Replaced = {
  /** A whole answerer, in place of `answer` and `answerEntry`. */
  answers?: Answers
  now?: () => Date
  channel?: Channel
  answer?: (question: string) => Answer
  answerEntry?: (entryId: string) => Answer | undefined
  recognise?: (text: string) => Promise<Intent | undefined>
  dialogs?: Dialogs
  chatLines?: ChatLines
}

export async function aBot({ db }: TestDatabase, replaced: Replaced = {}) {
  const news: News[] = []
  const logged: object[] = []
  const now = replaced.now ?? (() => new Date())
  const channel = replaced.channel ?? 'web'
  const keys = keyRing({ current: 'k1', keys: { k1: randomBytes(32).toString('base64') } })
  const dialogs = replaced.dialogs ?? (await botkitDialogs())
  const log = { error: (about: object) => void logged.push(about) }
  const lines = openLines({ db, now, publish: (some) => void news.push(...some), log })
  const calls = switchboard({
    lines,
    answers: () =>
      replaced.answers ?? {
        cities: cities([]),
        answer: ({ question }) => (replaced.answer ?? (() => unknown))(question),
        answerEntry: (entryId) => (replaced.answerEntry ?? (() => undefined))(entryId),
      },
    recognise: replaced.recognise ?? ((text) => Promise.resolve(intentByWords(text))),
    dialogs,
    handOver: handOvers(dialogs, everybodyIsReached, replaced.chatLines),
    chatLines: replaced.chatLines,
    closing: closing(dialogs),
    paperwork: paperwork(keys),
  })
  const caller = { kind: 'visitor', lookupHash: keys.lookupHash(randomUUID()), channel } as const
  const { conversation } = await arrivals({ db, now }).enter(caller, {})

  return {
    conversationId: conversation.id,
    logged,
    news,
    say: (text: string, clientId = randomUUID()) =>
      calls.receive({ conversationId: conversation.id, channel, clientId, text, saidAt: now() }),
    judge: (seq: number, solved: boolean) => calls.judge(conversation.id, seq, solved),
    turns: (): KeptTurn[] => news.flatMap((one) => (one.kind === 'turn' ? [one.turn] : [])),
    said: (): string[] =>
      news.flatMap((one) => (one.kind === 'turn' && one.turn.speaker !== 'customer' ? [one.turn.text] : [])),
    states: () => news.flatMap((one) => (one.kind === 'state' ? [one.state] : [])),
  }
}

/**
 * One conversation, one turn at a time. `hold` runs a piece of work alone on a conversation: queued in this process,
 * locked in the database against other nodes, in one transaction. What is said is kept with what caused it, and news
 * of it leaves only after the commit: nothing is told that could still be undone.
 */
import type { Line, News } from '../contract/line.ts'
import { Problem } from '../contract/problem.ts'
import type { KeptTurn, Saying } from '../contract/turn.ts'
import { keepAnswered, type Answered } from './answered.store.ts'
import type { Context } from './context.ts'
import type { Conversation } from './conversation.ts'
import { conversationsStore } from './conversations.store.ts'
import type { Db } from './tables.ts'
import { turnsStore } from './turns.store.ts'

export type Talk = {
  tx: Db
  now: Date
  conversation: Conversation
  /** What it is about, where that is known; else it is read when it is asked for. */
  context?: Context
  /** As the database has it. */
  keptContext?: Context
  line: Line
  /** The bot speaks in answer to a question; what follows from it is kept with it. */
  answer: (saying: Saying, answered: Answered) => Promise<KeptTurn>
  /** Told to the live edge after the commit. */
  tell: (news: News) => void
  /** In this transaction so far, by whomever. */
  said: readonly KeptTurn[]
}

/** Done in the transaction in which all this was said. */
export type Alongside = (tx: Db, said: readonly KeptTurn[]) => Promise<void>

type Log = { error(detail: object, message: string): void }
type Parts = { db: Db; now: () => Date; publish: (news: readonly News[]) => void; log: Log }

export type OpenLines = ReturnType<typeof openLines>

export function openLines({ db, now, publish, log }: Parts) {
  const lastOf = new Map<string, Promise<unknown>>()

  function inTurn<T>(conversationId: string, work: () => Promise<T>): Promise<T> {
    const before = lastOf.get(conversationId) ?? Promise.resolve()
    const mine = before.then(work, work)
    lastOf.set(conversationId, mine)
    const forget = () => {
      if (lastOf.get(conversationId) === mine) lastOf.delete(conversationId)
    }
    mine.then(forget, forget)
    return mine
  }

  async function alone<T>(conversationId: string, work: (talk: Talk) => Promise<T>): Promise<T> {
    const news: News[] = []
    const value = await db.transaction().execute(async (tx) => {
      const conversation = await conversationsStore(tx).lock(conversationId)
      if (!conversation) throw new Problem('not_found', `no conversation ${conversationId}`)
      return work(talkOf(tx, conversation, news, now()))
    })
    publish(news)
    return value
  }

  return {
    /** @throws Problem not_found when there is no such conversation; whatever `work` throws, with nothing kept. */
    hold: <T>(conversationId: string, work: (talk: Talk) => Promise<T>): Promise<T> =>
      inTurn(conversationId, () => alone(conversationId, work)),

    /**
     * As `hold`; when `work` throws or takes longer than `limitMs`, nothing of it is kept, and `otherwise` is done in its
     * place before anybody else's turn here: somebody answers.
     */
    attempt<T>(
      conversationId: string,
      limitMs: number,
      work: (talk: Talk) => Promise<T>,
      otherwise: (talk: Talk) => Promise<T>,
    ): Promise<T> {
      return inTurn(conversationId, async () => {
        let hasBegun = false
        try {
          return await alone(conversationId, (talk) => {
            hasBegun = true
            return withinTime(limitMs, revocable(talk), work)
          })
        } catch (error) {
          if (!hasBegun) throw error
          log.error({ err: error, conversationId }, 'the bot failed at a turn')
          return alone(conversationId, otherwise)
        }
      })
    },
  }
}

function talkOf(tx: Db, conversation: Conversation, news: News[], now: Date): Talk {
  const said: KeptTurn[] = []
  function tell(one: News): void {
    news.push(one)
    if (one.kind === 'turn') said.push(one.turn)
  }
  function told(turn: KeptTurn, hiddenFrom?: string): KeptTurn {
    conversation.lastSeq = turn.seq
    tell({ kind: 'turn', turn, ...(hiddenFrom && { hiddenFrom }) })
    return turn
  }
  const line: Line = {
    async say({ expects, ...words }, as = { speaker: 'bot' }) {
      const saying = as.speaker === 'bot' && expects ? { ...words, expects } : words
      const kept = await turnsStore(tx).append({ ...as, conversationId: conversation.id, saying, saidAt: now })
      return told(kept, 'hiddenFrom' in as ? as.hiddenFrom : undefined)
    },
  }
  const answer: Talk['answer'] = async (saying, answered) =>
    told(await keepAnswered(tx, { conversationId: conversation.id, speaker: 'bot', saying, saidAt: now }, answered))
  return { tx, now, conversation, line, answer, tell, said }
}

/** Work that ran out of time may wake up later; by then its line must be dead. */
function revocable(talk: Talk): { talk: Talk; revoke: () => void } {
  let revoked = false
  const ended = () => Promise.reject(new Error('this turn has ended'))
  const line: Line = { say: (saying, as) => (revoked ? ended() : talk.line.say(saying, as)) }
  const answer: Talk['answer'] = (saying, answered) => (revoked ? ended() : talk.answer(saying, answered))
  return { talk: { ...talk, line, answer }, revoke: () => void (revoked = true) }
}

async function withinTime<T>(
  limitMs: number,
  { talk, revoke }: ReturnType<typeof revocable>,
  work: (talk: Talk) => Promise<T>,
): Promise<T> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`no answer within ${limitMs} ms`)), limitMs)
  })
  try {
    return await Promise.race([work(talk), late])
  } catch (error) {
    revoke()
    throw error
  } finally {
    clearTimeout(timer)
  }
}

/**
 * One conversation, one turn at a time. `hold` runs a piece of work alone on a conversation: queued in this process,
 * locked in the database against other nodes, in one transaction. What is said is kept with what caused it, and news
 * of it leaves only after the commit: nothing is told that could still be undone.
 */
import { sql } from 'kysely'
import type { Line, News } from '../contract/line.ts'
import { Problem } from '../contract/problem.ts'
import type { Conversation } from './conversation.ts'
import { conversationsStore } from './conversations.store.ts'
import type { Db } from './tables.ts'
import { turnsStore } from './turns.store.ts'

export type Talk = {
  tx: Db
  now: Date
  conversation: Conversation
  line: Line
  /** Told to the live edge after the commit. */
  tell: (news: News) => void
}

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

  return {
    /** @throws Problem not_found when there is no such conversation; whatever `work` throws, with nothing kept. */
    hold<T>(conversationId: string, work: (talk: Talk) => Promise<T>): Promise<T> {
      return inTurn(conversationId, async () => {
        const news: News[] = []
        const value = await db.transaction().execute(async (tx) => {
          const conversation = await conversationsStore(tx).lock(conversationId)
          if (!conversation) throw new Problem('not_found', `no conversation ${conversationId}`)
          return work(talkOf(tx, conversation, news, now()))
        })
        publish(news)
        return value
      })
    },

    /**
     * Runs `work`; when it throws or takes longer than `limitMs`, undoes what it did and runs `otherwise` in its
     * place, in the same transaction: the citizen's words stay kept, and somebody answers.
     */
    async attempt(
      talk: Talk,
      limitMs: number,
      work: (talk: Talk) => Promise<void>,
      otherwise: (talk: Talk) => Promise<void>,
    ) {
      const news: News[] = []
      const inner = revocable(talkOf(talk.tx, { ...talk.conversation }, news, talk.now))
      await sql`savepoint attempt`.execute(talk.tx)
      try {
        await withinTime(limitMs, work(inner.talk))
      } catch (error) {
        inner.revoke()
        log.error({ err: error, conversationId: talk.conversation.id }, 'the bot failed at a turn')
        await sql`rollback to savepoint attempt`.execute(talk.tx)
        return otherwise(talk)
      }
      Object.assign(talk.conversation, inner.talk.conversation)
      for (const one of news) talk.tell(one)
    },
  }
}

function talkOf(tx: Db, conversation: Conversation, news: News[], now: Date): Talk {
  const tell = (one: News) => void news.push(one)
  const line: Line = {
    async say({ expects, ...words }, as = { speaker: 'bot' }) {
      const saying = as.speaker === 'bot' && expects ? { ...words, expects } : words
      const turn = await turnsStore(tx).append({ ...as, conversationId: conversation.id, saying, saidAt: now })
      conversation.lastSeq = turn.seq
      tell({ kind: 'turn', turn })
      return turn
    },
  }
  return { tx, now, conversation, line, tell }
}

/** Work that ran out of time may wake up later; by then its line must be dead. */
function revocable(talk: Talk): { talk: Talk; revoke: () => void } {
  let revoked = false
  const line: Line = {
    say: (saying, as) => (revoked ? Promise.reject(new Error('this turn has ended')) : talk.line.say(saying, as)),
  }
  return { talk: { ...talk, line }, revoke: () => void (revoked = true) }
}

async function withinTime(limitMs: number, work: Promise<void>): Promise<void> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`no answer within ${limitMs} ms`)), limitMs)
  })
  try {
    await Promise.race([work, late])
  } finally {
    clearTimeout(timer)
  }
}

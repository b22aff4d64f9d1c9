/** The published titles, put together: the book of them, the phones that have them, and when they are looked at again. */
import type { Server } from 'socket.io'
import type { LiveIndex } from '../knowledge/live-index.ts'
import type { Config } from './config.ts'
import type { Db } from './db/database.ts'
import { phoneSpace } from './live/rooms.ts'
import type { Round } from './rounds.ts'
import { titleBook } from './title-book.ts'

type Parts = { io: Server; db: Db; knowledge: LiveIndex; config: Config; now: () => Date }

export async function titling({ io, db, knowledge, config, now }: Parts) {
  const book = titleBook({
    db,
    answers: () => knowledge.current(),
    region: config.BUREAU_CITY,
    changed: (titles) => void phoneSpace(io).emit('titles:changed', { titles }),
    now,
  })
  const look = () => (knowledge.isReady() ? book.refresh() : Promise.resolve())
  await look()
  return {
    book,
    /** What was published is answered from, and stands in the book, when this has resolved. */
    refreshKnowledge: async (): Promise<void> => {
      await knowledge.refresh()
      await look()
    },
    rounds: [{ everyMs: 2_000, work: look }] satisfies Round[],
  }
}

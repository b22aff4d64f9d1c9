/** 一次性告知 over HTTP: what the person of a conversation has been told, and an agent's sending a card. */
import { tellingsOf, type Tellings } from '../../bot/tellings.ts'
import type { Db } from '../db/database.ts'
import type { Doors } from './doors.ts'

export function tellingsRoutes(doors: Doors, { db, tellings }: { db: Db; tellings: Tellings }): void {
  doors.open('GET /api/conversations/:id/tellings', async ({ params }) => ({
    tellings: await tellingsOf(db, params.id),
  }))
  doors.open('POST /api/conversations/:id/tellings', ({ params, body, signedIn }) =>
    tellings.send({ ...body, conversationId: params.id }, signedIn.actor),
  )
}

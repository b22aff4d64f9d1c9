/** 一次性告知 over HTTP: an agent's sending a card. What was told stands with the conversation itself. */
import type { Tellings } from '../../bot/tellings.ts'
import type { Doors } from './doors.ts'

export function tellingsRoutes(doors: Doors, { tellings }: { tellings: Tellings }): void {
  doors.open('POST /api/conversations/:id/tellings', ({ params, body, signedIn }) =>
    tellings.send({ ...body, conversationId: params.id }, signedIn.actor),
  )
}

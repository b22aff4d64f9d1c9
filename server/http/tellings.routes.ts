/** What an agent sends beside words, over HTTP: the card of an entry (一次性告知), and the link by which a caller may rate. */
import type { SendRatingLink } from '../../bot/rating-link.ts'
import type { Tellings } from '../../bot/tellings.ts'
import type { Doors } from './doors.ts'

type Parts = { tellings: Tellings; sendRatingLink: SendRatingLink }

export function tellingsRoutes(doors: Doors, { tellings, sendRatingLink }: Parts): void {
  doors.open('POST /api/conversations/:id/tellings', ({ params, body, signedIn }) =>
    tellings.send({ ...body, conversationId: params.id }, signedIn.actor),
  )
  doors.open('POST /api/conversations/:id/rating-link', async ({ params, signedIn }) => {
    await sendRatingLink(params.id, signedIn.actor)
    return { ok: true }
  })
}

/** The doors of what an agent sends beside words, as policy.ts has them. */
import { idParams, noBody } from '../contract/http.ts'
import { sendGuideSchema } from '../contract/telling.ts'
import type { HttpDoor } from './door.ts'

export const tellingPolicy = {
  'POST /api/conversations/:id/tellings': {
    who: ['agent', 'supervisor'],
    limit: 'staff',
    params: idParams,
    body: sendGuideSchema,
    summary: "an entry's card, sent by the agent who has the conversation",
  },
  'POST /api/conversations/:id/rating-link': {
    who: ['agent', 'supervisor'],
    limit: 'staff',
    params: idParams,
    body: noBody,
    summary: 'a link by which a caller may rate, sent by the agent who has the conversation; audited',
  },
} as const satisfies Record<string, HttpDoor>

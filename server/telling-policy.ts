/** The doors of 一次性告知, as policy.ts has them. */
import { idParams } from '../contract/http.ts'
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
} as const satisfies Record<string, HttpDoor>

/** The doors of 一次性告知, as policy.ts has them. */
import { idParams, noQuery } from '../contract/http.ts'
import { sendGuideSchema } from '../contract/telling.ts'
import type { HttpDoor } from './policy.ts'

export const tellingPolicy = {
  'GET /api/conversations/:id/tellings': {
    who: ['agent', 'supervisor', 'officer'],
    limit: 'staff',
    params: idParams,
    query: noQuery,
    summary: 'what the person of a conversation was told completely, and when it arrived',
  },
  'POST /api/conversations/:id/tellings': {
    who: ['agent', 'supervisor'],
    limit: 'staff',
    params: idParams,
    body: sendGuideSchema,
    summary: "an entry's card, sent by the agent who has the conversation",
  },
} as const satisfies Record<string, HttpDoor>

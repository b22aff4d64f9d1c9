/** The doors of WeChat for agents and citizens, as policy.ts has them: the room to write, notices, codes to go on there. */
import { idParams, noBody, noQuery } from '../contract/http.ts'
import type { HttpDoor } from './policy.ts'

const desk = ['agent', 'supervisor'] as const
const limit = 'staff'

export const wechatPeoplePolicy = {
  'GET /api/conversations/:id/wechat': {
    who: desk,
    limit,
    params: idParams,
    query: noQuery,
    summary: 'how much may be sent in a WeChat conversation, and what did not arrive',
  },
  'POST /api/conversations/:id/wechat/notice': {
    who: desk,
    limit,
    params: idParams,
    body: noBody,
    summary: 'a subscription notice to a citizen who may not be written to',
  },
} as const satisfies Record<string, HttpDoor>

/** The doors of WeChat for agents and citizens, as policy.ts has them: the room to write, notices, codes to go on there. */
import { idParams, noBody, noQuery } from '../contract/http.ts'
import { passSchema } from '../contract/security.ts'
import type { HttpDoor } from './door.ts'

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
  'POST /api/conversations/:id/wechat/invitation': {
    who: desk,
    limit,
    params: idParams,
    body: noBody,
    summary: 'a short message by which a caller goes on in WeChat; audited',
  },
  'POST /api/visitors/wechat': {
    who: 'anyone',
    limit: 'visitor',
    body: passSchema,
    summary: 'a code by which a visitor goes on in WeChat, by their pass',
  },
  'GET /wechat/notices': { who: 'anyone', limit: 'page', summary: 'where a citizen agrees to notices in WeChat' },
  'GET /wechat/go/:token': { who: 'anyone', limit: 'page', summary: 'the code that a short message leads to' },
} as const satisfies Record<string, HttpDoor>

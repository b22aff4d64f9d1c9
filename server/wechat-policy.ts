/** WeChat's doors, as policy.ts has them. The platform signs what it sends; nobody else is let in. */
import { callbackQuery } from '../wechat/callback.ts'
import type { HttpDoor } from './policy.ts'

export const wechatPolicy = {
  'GET /wechat/oa': {
    who: 'anyone',
    limit: 'wechat',
    query: callbackQuery,
    summary: 'WeChat proves this address ours',
  },
  'POST /wechat/oa': { who: 'anyone', limit: 'wechat', query: callbackQuery, summary: 'what a citizen sent in WeChat' },
} as const satisfies Record<string, HttpDoor>

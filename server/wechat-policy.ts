/** WeChat's doors, as policy.ts has them. The platform signs what it sends; nobody else is let in. */
import { noBody, noQuery } from '../contract/http.ts'
import { sceneCodeSchema, wechatMenuSchema } from '../contract/wechat.ts'
import { stuckParams } from '../contract/wechat-stuck.ts'
import type { HttpDoor } from './door.ts'

const operators = ['administrator', 'supervisor'] as const

export const wechatPolicy = {
  'GET /wechat/oa': {
    who: 'anyone',
    limit: 'wechat',
    summary: 'WeChat proves this address ours',
  },
  'POST /wechat/oa': { who: 'anyone', limit: 'wechat', summary: 'what a citizen sent in WeChat' },
  'GET /wechat/kf': {
    who: 'anyone',
    limit: 'wechat',
    summary: "the company's customer service proves this address ours",
  },
  'POST /wechat/kf': {
    who: 'anyone',
    limit: 'wechat',
    summary: 'that there is something to read in the customer service',
  },
  'GET /wechat/mini': { who: 'anyone', limit: 'wechat', summary: 'the mini-program proves this address ours' },
  'POST /wechat/mini': { who: 'anyone', limit: 'wechat', summary: 'what a citizen sent from the mini-program' },
  'GET /api/wechat/roads': {
    who: operators,
    limit: 'staff',
    query: noQuery,
    summary: 'how far the customer service and the mini-program are set up',
  },
  'GET /api/wechat': {
    who: operators,
    limit: 'staff',
    query: noQuery,
    summary: 'how far the WeChat account is set up',
  },
  'GET /api/wechat/stuck': {
    who: operators,
    limit: 'staff',
    query: noQuery,
    summary: 'what citizens sent and nobody could work on so far',
  },
  'POST /api/wechat/stuck/:id/again': {
    who: operators,
    limit: 'staff',
    params: stuckParams,
    body: noBody,
    summary: 'one of those, tried at once; audited',
  },
  'POST /api/wechat/menu': {
    who: ['administrator'],
    limit: 'staff',
    body: wechatMenuSchema,
    summary: "the account's menu, published",
  },
  'POST /api/wechat/codes': {
    who: [...operators, 'editor'],
    limit: 'staff',
    body: sceneCodeSchema,
    summary: 'a code that leads to an entry in WeChat',
  },
} as const satisfies Record<string, HttpDoor>

/** Asks the platform for the unionid of one citizen; it gives one where the roads are bound to one open platform. */
import { z } from 'zod'
import type { WechatApi } from './api.ts'
import type { Inbound } from './inbound.ts'

export type UnionOf = (who: Pick<Inbound, 'openId'>) => Promise<string | undefined>

const person = z.looseObject({ unionid: z.string().min(1).max(128).optional() })
const followers = z.looseObject({ user_info_list: z.array(person).default([]) })
const customers = z.looseObject({ customer_list: z.array(person).default([]) })

/** Of who follows the official account. */
export const followerUnion =
  (api: Pick<WechatApi, 'call'>): UnionOf =>
  async ({ openId: openid }) => {
    const asked = { user_list: [{ openid, lang: 'zh_CN' }] }
    return followers.parse(await api.call('/cgi-bin/user/info/batchget', asked)).user_info_list[0]?.unionid
  }

/** Of who writes to the company's customer service. */
export const customerUnion =
  (api: Pick<WechatApi, 'call'>): UnionOf =>
  async ({ openId }) => {
    const asked = { external_userid_list: [openId] }
    return customers.parse(await api.call('/cgi-bin/kf/customer/batchget', asked)).customer_list[0]?.unionid
  }

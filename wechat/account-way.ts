/** How messages leave by the official account, and by the mini-program, which knows no menus. */
import type { WechatApi } from './api.ts'
import { sendBody, type MenuShape } from './outgoing.ts'
import type { Allowance } from './quota.ts'
import type { Way } from './road.ts'

type Parts = { api: Pick<WechatApi, 'call'>; allowance: Allowance; menu: MenuShape | undefined }

export function accountWay({ api, allowance, menu }: Parts): Way {
  return {
    allowance,
    ...(menu && { menu }),
    send: async ({ openId }, message) =>
      void (await api.call('/cgi-bin/message/custom/send', sendBody(openId, message))),
  }
}

/** How messages leave by the official account, and by the mini-program, which knows no menus. */
import type { WechatApi } from './api.ts'
import type { MediaUpload } from './media-upload.ts'
import { sendBody, type MenuShape } from './outgoing.ts'
import type { Allowance } from './quota.ts'
import type { Way } from './road.ts'

type Parts = Pick<Way, 'ending'> & {
  api: Pick<WechatApi, 'call'>
  upload: MediaUpload
  allowance: Allowance
  menu: MenuShape | undefined
}

export function accountWay({ api, upload, allowance, menu, ending }: Parts): Way {
  return {
    allowance,
    ...(menu && { menu }),
    ...(ending && { ending }),
    async send({ openId }, message) {
      const ready = message.kind === 'file' ? await upload(message.fileId) : message
      await api.call('/cgi-bin/message/custom/send', sendBody(openId, ready))
    },
  }
}

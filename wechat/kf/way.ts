/**
 * How messages leave by the company's customer service: each with our number, so that one whose fate is not known is
 * sent again as it was. Refused for the session, it is looked whether that is ours after all, once.
 */
import { WechatRefusal, type WechatApi } from '../api.ts'
import type { Allowance } from '../quota.ts'
import type { MediaUpload } from '../media-upload.ts'
import type { Recipient, Way } from '../road.ts'
import { kfContent, kfMenu, kfMessageId } from './outgoing.ts'
import type { KfSessions } from './sessions.ts'

type Parts = {
  api: Pick<WechatApi, 'call'>
  sessions: Pick<KfSessions, 'isOurs'>
  upload: MediaUpload
  allowance: Allowance
}

const wrongSession = 95018

export function kfWay({ api, sessions, upload, allowance }: Parts): Way {
  return {
    allowance,
    menu: kfMenu,
    numberOf: kfMessageId,
    async send({ openId, account }: Recipient, message, messageId) {
      const ready = message.kind === 'file' ? await upload(message.fileId) : message
      const send = () =>
        api.call('/cgi-bin/kf/send_msg', {
          touser: openId,
          open_kfid: account,
          msgid: messageId,
          ...kfContent(ready),
        })
      try {
        await send()
      } catch (error) {
        if (!(error instanceof WechatRefusal) || error.code !== wrongSession) throw error
        const isOurs = await sessions.isOurs({ openKfid: account, externalUserId: openId }).catch(() => false)
        if (!isOurs) throw error
        await send()
      }
    },
  }
}

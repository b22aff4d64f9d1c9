/** The page on which a citizen agrees to notices. What they agreed to, WeChat itself tells at its callback. */
import { WechatRefusal, WechatUnreached } from '../../wechat/api.ts'
import type { NoticeTemplate } from '../../wechat/notice.ts'
import type { PagePass } from '../../wechat/page-signing.ts'
import type { Log } from '../log.ts'
import type { Doors } from './doors.ts'
import { noNoticePage, noticePage } from './notice-page.ts'

type Parts = {
  /** Absent where no account, no template or no address of ours is set up. */
  notices: { appId: string; template: NoticeTemplate; sign: (url: string) => Promise<PagePass> } | undefined
  /** WeChat's script (JS-SDK). */
  kitUrl: string
  bureau: string
  publicUrl: string | undefined
  log: Log
}

export const noticesPath = '/wechat/notices'

export function wechatNoticesRoutes(doors: Doors, { notices, kitUrl, bureau, publicUrl, log }: Parts): void {
  doors.open(`GET ${noticesPath}`, async ({ req, res }) => {
    res.set({ 'cache-control': 'no-store' }).type('html')
    if (!notices || !publicUrl) {
      res.status(404).send(noNoticePage(bureau, '还没有开通通知。您可以直接在公众号里说一句话，接着咨询。'))
      return
    }
    // Signed for our own address alone, whatever host was asked.
    const asked = new URL(req.originalUrl, 'http://any.host')
    const url = new URL(`${asked.pathname}${asked.search}`, publicUrl).href
    const pass = await notices.sign(url).catch((error: unknown) => {
      const why = error instanceof WechatRefusal ? { code: error.code } : { err: error }
      log.warn(why, 'the page of notices was not signed')
      if (error instanceof WechatRefusal || error instanceof WechatUnreached) return undefined
      throw error
    })
    if (!pass) {
      res.status(503).send(noNoticePage(bureau, '微信暂时连不上，请过几分钟再打开。'))
      return
    }
    res
      .set('content-security-policy', policyWith(String(res.get('content-security-policy')), new URL(kitUrl).origin))
      .send(noticePage({ bureau, ...notices, pass, kitUrl }))
  })
}

/** The house's own policy, and WeChat's script besides. */
const policyWith = (policy: string, origin: string) =>
  policy.replace("script-src 'self'", `script-src 'self' ${origin}`)

/** The mini-program's customer service, put together: the official account's parts with an app, a token and words of its own. */
import { accountWay } from '../wechat/account-way.ts'
import { wechatApi } from '../wechat/api.ts'
import { remedies } from '../wechat/api-outcome.ts'
import { callback } from '../wechat/callback.ts'
import { citizens, type Inside, type Who } from '../wechat/citizens.ts'
import { wechatEventsStore } from '../wechat/events.store.ts'
import { miniSealed, readMini } from '../wechat/mini/inbound.ts'
import { miniAccount } from '../wechat/mini/settings.ts'
import { officialAccount } from '../wechat/official-account.ts'
import { mediaDownload } from '../wechat/media-download.ts'
import { mediaUpload, type ReadFile } from '../wechat/media-upload.ts'
import { tokenShelf } from '../wechat/token.store.ts'
import type { Config } from './config.ts'
import type { Db } from './db/database.ts'
import type { Doors } from './http/doors.ts'
import { wechatDoor } from './http/wechat-door.ts'
import type { RoadSetUp } from './http/wechat-roads.routes.ts'
import type { KeyRing } from './key-ring.ts'
import type { Log } from './log.ts'
import type { Round } from './rounds.ts'
import type { WechatTold } from './wechat-told.ts'
import type { WechatWatch } from './wechat-watch.ts'

type Parts = { db: Db; config: Config; keys: KeyRing; read: ReadFile; log: Log; now: () => Date }
type Live = { doors: Doors; told: WechatTold; watch: Pick<WechatWatch, 'gaveUp'>; inside: Inside }

const mostAgeSeconds = 600
const id = ({ openId }: { openId: string }) => `mini:${openId}`
const who: Who = { road: 'mini', person: id, user: id }
const words = {
  settings: '请设置 WECHAT_MINI_APP_ID、WECHAT_MINI_APP_SECRET、WECHAT_MINI_TOKEN、WECHAT_MINI_AES_KEY 后重新启动',
  place: '小程序后台“开发管理 → 消息推送”',
  firstWord: '从小程序的客服按钮进去发一条消息',
  remedies: {
    ...remedies,
    40013: 'AppID 不对：请核对 WECHAT_MINI_APP_ID 与小程序后台“开发管理 → 开发设置”里的 AppID',
    40125: 'AppSecret 不对：请在小程序后台“开发管理 → 开发设置”重置后更新 WECHAT_MINI_APP_SECRET',
    40164: '本机 IP 不在白名单：请把服务器的公网 IP 加进小程序后台“开发管理 → 开发设置 → IP 白名单”',
    48001: '小程序没有这个接口的权限：请在小程序后台“功能 → 客服”开通，并确认没有绑定别的客服工具',
  },
} as const

/** Made before whatever sends; its door is opened when the rest is there. */
export function wechatMini({ db, config, keys, read, log, now }: Parts) {
  const account = miniAccount(config)
  const api = account && wechatApi({ settings: account.api, shelf: tokenShelf(db, keys, account.api.appId), now })
  const upload = api && mediaUpload({ ...api, read })
  const way = account && api && upload && accountWay({ api, upload, allowance: account.allowance, menu: undefined })

  return {
    ways: way ? { mini: way } : {},
    remedies: words.remedies,

    open({ doors, told, watch, inside }: Live): { setUp: RoadSetUp; rounds: Round[] } {
      const lastHeard = () => wechatEventsStore(db).lastAt('mini')
      if (!account || !api) {
        const knocks = wechatDoor(doors, 'mini', undefined)
        return { setUp: { road: 'mini', isSetUp: false, knocks, lastHeard, probe: undefined, words }, rounds: [] }
      }
      const { keys: envelope, mode } = account
      const program = officialAccount({
        ...{ db, road: 'mini', teller: told.teller, sealer: keys, log, now },
        gaveUp: () => watch.gaveUp('mini'),
        citizens: citizens({ db, who, inside, download: mediaDownload(api), sealer: keys, log, now }),
        read: readMini,
        answersOnTheSpot: false,
      })
      const knocks = wechatDoor(doors, 'mini', {
        callback: callback({ keys: envelope, mode, mostAgeSeconds, sealedIn: miniSealed, now }),
        take: (clear) => program.take(clear),
      })
      return {
        setUp: { road: 'mini', mode, isSetUp: true, knocks, lastHeard, probe: () => api.probe(), words },
        rounds: [{ everyMs: 10_000, work: () => program.takeUpLeftOvers() }],
      }
    },
  }
}

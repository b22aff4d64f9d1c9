/** The company's customer service (微信客服), put together: what it is handed of the hotline, its door, and its rounds. */
import { wording } from '../bot/wording.ts'
import { wechatApi } from '../wechat/api.ts'
import { callback } from '../wechat/callback.ts'
import { citizens, type Inside } from '../wechat/citizens.ts'
import { kfAccountsStore } from '../wechat/kf/accounts.store.ts'
import { readAnnouncement } from '../wechat/kf/announcement.ts'
import { kfCustomerService } from '../wechat/kf/customer-service.ts'
import { kfPuller } from '../wechat/kf/puller.ts'
import { kfRemedies } from '../wechat/kf/remedies.ts'
import { kfSessions } from '../wechat/kf/sessions.ts'
import { kfAccount } from '../wechat/kf/settings.ts'
import { kfWay } from '../wechat/kf/way.ts'
import { kfWho } from '../wechat/kf/who.ts'
import { mediaDownload } from '../wechat/media-download.ts'
import { mediaUpload, type ReadFile } from '../wechat/media-upload.ts'
import { tokenShelf } from '../wechat/token.store.ts'
import { customerUnion } from '../wechat/unionid.ts'
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
type Live = {
  doors: Doors
  told: WechatTold
  watch: Pick<WechatWatch, 'gaveUp'>
  inside: Inside
  changed: (conversationId: string) => void
}

const mostAgeSeconds = 600
const words = {
  settings: '请设置 WECHAT_KF_CORP_ID、WECHAT_KF_SECRET、WECHAT_KF_TOKEN、WECHAT_KF_AES_KEY 后重新启动',
  place: '企业微信后台“微信客服 → API → 接收事件服务器”',
  firstWord: '从微信里给客服账号发一条消息',
  remedies: kfRemedies,
} as const
/** Read and thrown away: it needs a token, our address, and the right to this. */
const probePath = '/cgi-bin/kf/account/list'

/** Made before whatever sends; its door is opened when the rest is there. */
export function wechatKf({ db, config, keys, read, log, now }: Parts) {
  const account = kfAccount(config)
  const shelf = account && tokenShelf(db, keys, `${account.api.appId}:kf`)
  const api = account && shelf && wechatApi({ settings: account.api, shelf, isCompany: true, now })
  const sessions = api && kfSessions({ db, api, hashOf: (one) => keys.lookupHash(kfWho.userOf(one)), log, now })
  const upload = api && mediaUpload({ ...api, read })
  const way = account && api && sessions && upload && kfWay({ api, sessions, upload, allowance: account.allowance })

  return {
    ways: way ? { kf: way } : {},
    remedies: words.remedies,

    open({ doors, told, watch, inside, changed }: Live): {
      setUp: RoadSetUp
      rounds: Round[]
      settled: () => Promise<void>
    } {
      const lastHeard = () => kfAccountsStore(db).lastHeard()
      if (!account || !api || !sessions) {
        const knocks = wechatDoor(doors, 'kf', undefined)
        const setUp: RoadSetUp = { road: 'kf', isSetUp: false, knocks, lastHeard, probe: undefined, words }
        return { setUp, rounds: [], settled: () => Promise.resolve() }
      }
      const service = kfCustomerService({
        ...{ db, api, sessions, inside, changed, sealer: keys, log, now },
        gaveUp: () => watch.gaveUp('kf'),
        citizens: citizens({
          ...{ db, who: kfWho, inside, download: mediaDownload(api), sealer: keys, log, now },
          unionOf: customerUnion(api),
        }),
        teller: told.teller,
        greeting: wording.greeting,
      })
      const puller = kfPuller({ db, api, sealer: keys, take: service.take, log, now })
      const knocks = wechatDoor(doors, 'kf', {
        callback: callback({ keys: account.keys, mode: 'safe', isEchoSealed: true, mostAgeSeconds, now }),
        async take(clear) {
          const told = readAnnouncement(clear)
          if (told === undefined) return undefined
          if (told !== 'other') await puller.announced(told.openKfid, told.token)
          return { openId: '', account: account.api.appId }
        },
      })
      const probe = () => api.call(probePath, { offset: 0, limit: 1 })
      let isFirst = true
      const pullBehind = async () => {
        await puller.pullBehind(isFirst)
        isFirst = false
      }
      return {
        setUp: { road: 'kf', mode: 'safe', isSetUp: true, knocks, lastHeard, probe, words },
        rounds: [
          { everyMs: 5_000, work: pullBehind },
          { everyMs: 10_000, work: () => service.takeUpLeftOvers() },
        ],
        async settled() {
          await puller.settled()
          await service.settled()
        },
      }
    },
  }
}

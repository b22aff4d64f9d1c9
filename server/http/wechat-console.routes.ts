/** The WeChat account for operators: its set-up, its menu, and codes that lead to an entry or to a window's rating. */
import type { z } from 'zod'
import { auditStore } from '../../desk/audit.store.ts'
import { ratingWindowsStore } from '../../desk/rating-windows.store.ts'
import { faultyField, Problem } from '../../contract/problem.ts'
import { noMenu, type sceneCodeSchema, type SceneCode, type WechatState } from '../../contract/wechat.ts'
import { WechatRefusal, type WechatApi } from '../../wechat/api.ts'
import { remedies } from '../../wechat/api-outcome.ts'
import { wechatEventsStore } from '../../wechat/events.store.ts'
import { lettersStore } from '../../wechat/letters.store.ts'
import { menuBody } from '../../wechat/menu.ts'
import { wechatMenuStore } from '../../wechat/menu.store.ts'
import { noticeStep, type NoticeTemplate } from '../../wechat/notice.ts'
import type { Scene } from '../../wechat/scene.ts'
import { setUpSteps, type Knocks } from '../../wechat/set-up.ts'
import type { Db } from '../db/database.ts'
import { drawScene, fitsCode } from '../wechat-code.ts'
import type { Doors } from './doors.ts'

type Account = {
  appId: string
  mode: NonNullable<WechatState['mode']>
  api: WechatApi
  template: NoticeTemplate | undefined
}
type Parts = {
  db: Db
  /** Absent where none is set up. */
  account: Account | undefined
  publicUrl: string | undefined
  questionOf: (entryId: string) => Promise<string | undefined>
  knocks: Knocks
  now: () => Date
}

type SceneAsked = z.output<typeof sceneCodeSchema>

const words = {
  settings: '请设置 WECHAT_APP_ID、WECHAT_APP_SECRET、WECHAT_TOKEN、WECHAT_AES_KEY 后重新启动',
  place: '公众平台“基本配置”',
  firstWord: '从微信里发一条消息',
  remedies,
} as const

export function wechatConsoleRoutes(doors: Doors, { db, account, publicUrl, questionOf, knocks, now }: Parts): void {
  function theAccount(): Account {
    if (!account) throw new Problem('not_found', 'no official account is set up')
    return account
  }

  async function asked<T>(call: (api: WechatApi) => Promise<T>): Promise<T> {
    try {
      return await call(theAccount().api)
    } catch (error) {
      if (error instanceof Problem) throw error
      if (!(error instanceof WechatRefusal)) throw new Problem('not_ready', 'WeChat is out of reach', { cause: error })
      const told = `微信没有接受（${error.code}）。${remedies[error.code] ?? ''}`
      throw new Problem('invalid_input', error.message, { fields: [{ path: '', message: told }] })
    }
  }

  doors.open('GET /api/wechat', async ({ req }): Promise<WechatState> => {
    const base = publicUrl ?? `${req.protocol}://${req.get('host') ?? ''}`
    const callbackUrl = `${base.replace(/\/$/, '')}/wechat/oa`
    const lastHeard = () => wechatEventsStore(db).lastAt('oa')
    const api = account?.api
    const probe = api && (() => api.probe())
    const steps = await setUpSteps({ isSetUp: account !== undefined, callbackUrl, knocks, lastHeard, probe, words })
    const notice = account ? [noticeStep(account.template, await lettersStore(db).lastNotice())] : []
    const menu = account && (await wechatMenuStore(db).read(account.appId))
    return {
      ...{ isSetUp: account !== undefined, callbackUrl, menu: menu ?? noMenu, steps: [...steps, ...notice] },
      ...(account && { mode: account.mode }),
    }
  })

  doors.open('POST /api/wechat/menu', async ({ body, signedIn }) => {
    await asked((api) => api.call('/cgi-bin/menu/create', menuBody(body)))
    await db.transaction().execute(async (tx) => {
      await wechatMenuStore(tx).keep(theAccount().appId, body, now())
      const { staffId } = signedIn.actor
      await auditStore(tx).record({ staffId, act: 'wechat.menu', subject: theAccount().appId }, now())
    })
    return { ok: true }
  })

  doors.open('POST /api/wechat/codes', async ({ body }): Promise<SceneCode> => {
    const { scene, title } = await sceneOf(body)
    if (!fitsCode(scene)) throw faultyField('entryId', '编号太长，做不成微信的场景码')
    return { title, svg: await asked((api) => drawScene(api, scene)) }
  })

  async function sceneOf({ entryId, windowId }: SceneAsked): Promise<{ scene: Scene; title: string }> {
    if (windowId !== undefined) {
      const window = (await ratingWindowsStore(db).list()).find(({ id }) => id === windowId)
      if (!window?.isOpen) throw new Problem('not_found', `no window ${windowId} takes ratings`)
      return { scene: { kind: 'window', code: window.code }, title: window.name }
    }
    const title = entryId && (await questionOf(entryId))
    if (!title) throw new Problem('not_found', `no entry ${entryId} is in force`)
    return { scene: { kind: 'entry', entryId }, title }
  }
}

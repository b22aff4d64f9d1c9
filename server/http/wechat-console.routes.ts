/** The WeChat account for operators: its set-up, its menu, and codes that lead to an entry. */
import { toString as drawCode } from 'qrcode'
import { z } from 'zod'
import { auditStore } from '../../desk/audit.store.ts'
import { faultyField, Problem } from '../../contract/problem.ts'
import { noMenu, type SceneCode, type WechatState } from '../../contract/wechat.ts'
import { WechatRefusal, type WechatApi } from '../../wechat/api.ts'
import { remedies } from '../../wechat/api-outcome.ts'
import { wechatEventsStore } from '../../wechat/events.store.ts'
import { menuBody } from '../../wechat/menu.ts'
import { wechatMenuStore } from '../../wechat/menu.store.ts'
import { setUpSteps } from '../../wechat/set-up.ts'
import type { Db } from '../db/database.ts'
import type { Doors } from './doors.ts'

type Account = { appId: string; mode: NonNullable<WechatState['mode']>; api: WechatApi }
type Parts = {
  db: Db
  /** Absent where none is set up. */
  account: Account | undefined
  publicUrl: string | undefined
  questionOf: (entryId: string) => Promise<string | undefined>
  now: () => Date
}

const mostSceneChars = 64
const codeAnswer = z.object({ url: z.string().min(1) })

export function wechatConsoleRoutes(doors: Doors, { db, account, publicUrl, questionOf, now }: Parts): void {
  function theAccount(): Account {
    if (!account) throw new Problem('not_found', 'no official account is set up')
    return account
  }

  async function ask(path: string, body: unknown): Promise<unknown> {
    try {
      return await theAccount().api.call(path, body)
    } catch (error) {
      if (!(error instanceof WechatRefusal)) throw new Problem('not_ready', 'WeChat is out of reach', { cause: error })
      const told = `微信没有接受（${error.code}）。${remedies[error.code] ?? ''}`
      throw new Problem('invalid_input', error.message, { fields: [{ path: '', message: told }] })
    }
  }

  doors.open('GET /api/wechat', async ({ req }): Promise<WechatState> => {
    const base = publicUrl ?? `${req.protocol}://${req.get('host') ?? ''}`
    const callbackUrl = `${base.replace(/\/$/, '')}/wechat/oa`
    const lastHeard = () => wechatEventsStore(db).lastAt()
    const steps = await setUpSteps({ isSetUp: account !== undefined, callbackUrl, lastHeard, api: account?.api })
    const menu = account && (await wechatMenuStore(db).read(account.appId))
    return {
      ...{ isSetUp: account !== undefined, callbackUrl, steps, menu: menu ?? noMenu },
      ...(account && { mode: account.mode }),
    }
  })

  doors.open('POST /api/wechat/menu', async ({ body, signedIn }) => {
    await ask('/cgi-bin/menu/create', menuBody(body))
    await db.transaction().execute(async (tx) => {
      await wechatMenuStore(tx).keep(theAccount().appId, body, now())
      const { staffId } = signedIn.actor
      await auditStore(tx).record({ staffId, act: 'wechat.menu', subject: theAccount().appId }, now())
    })
    return { ok: true }
  })

  doors.open('POST /api/wechat/codes', async ({ body: { entryId } }): Promise<SceneCode> => {
    const question = await questionOf(entryId)
    if (question === undefined) throw new Problem('not_found', `no entry ${entryId} is in force`)
    const scene = { scene_str: `entry-${entryId}` }
    if (scene.scene_str.length > mostSceneChars) throw faultyField('entryId', '编号太长，做不成微信的场景码')
    const asked = { action_name: 'QR_LIMIT_STR_SCENE', action_info: { scene } }
    const { url } = codeAnswer.parse(await ask('/cgi-bin/qrcode/create', asked))
    return { entryId, question, svg: await drawCode(url, { type: 'svg', margin: 1 }) }
  })
}

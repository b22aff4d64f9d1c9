/**
 * The stand-in's page by WeChat's two other roads: the company's customer service and the mini-program, each with the
 * settings that the hotline needs for it.
 */
import { companyStandIn } from './company.ts'
import { miniStandIn } from './mini-program.ts'
import type { Shown } from './calls.ts'

type Call = { path: string; errcode?: number }
/** A citizen's window by one road. */
export type OtherRoad = {
  screen(who: string): readonly Shown[]
  calls(): readonly Call[]
  say(who: string, text: string, isTapped: boolean): Promise<unknown>
  /** Opens the window; `scene` is what the button or the link says of itself. */
  enter(who: string, scene: string): Promise<unknown>
  /** Somebody in the company's own app takes the session, or ends it. */
  colleague?(who: string, does: 'takes' | 'ends'): Promise<unknown>
  settings: Readonly<Record<string, string>>
}
export type OtherRoads = Readonly<Record<'kf' | 'mini', OtherRoad>>

const aesKey = 'YWJjZGVmZ2hpamtsbW5vcHFyc3R1dnd4eXowMTIzNDU'
const company = { id: 'wwstandin00000001', token: 'standinkftoken', aesKey }
const mini = { id: 'wxstandinmini0001', token: 'standinminitoken', aesKey }
const secrets = { company: 'stand-in-kf-secret', mini: 'stand-in-mini-secret' }

/** @param port of the first; the second has the next one */
export async function otherRoads(hotlineUrl: string, port: number): Promise<OtherRoads> {
  const kf = await companyStandIn({
    ...{ keys: company, secret: secrets.company, port },
    callbackUrl: () => `${hotlineUrl}/wechat/kf`,
  })
  const program = await miniStandIn({
    ...{ keys: mini, appSecret: secrets.mini, mode: 'safe', format: 'json', port: port + 1 },
    callbackUrl: () => `${hotlineUrl}/wechat/mini`,
  })
  return {
    kf: {
      screen: kf.screen,
      calls: () => kf.calls(),
      say(who, text, isTapped) {
        kf.write(who, text, isTapped ? '1' : undefined)
        return kf.announce()
      },
      enter: (who, scene) => kf.enter(who, { scene }),
      colleague: (who, does) => kf.colleague(who, does),
      settings: {
        WECHAT_KF_CORP_ID: company.id,
        WECHAT_KF_SECRET: secrets.company,
        WECHAT_KF_TOKEN: company.token,
        WECHAT_KF_AES_KEY: aesKey,
        WECHAT_KF_API_BASE: kf.url,
      },
    },
    mini: {
      screen: program.screen,
      calls: () => program.calls(),
      say: (who, text) => program.say(who, text),
      enter: (who, scene) => program.enter(who, scene),
      settings: {
        WECHAT_MINI_APP_ID: mini.id,
        WECHAT_MINI_APP_SECRET: secrets.mini,
        WECHAT_MINI_TOKEN: mini.token,
        WECHAT_MINI_AES_KEY: aesKey,
        WECHAT_MINI_API_BASE: program.url,
      },
    },
  }
}

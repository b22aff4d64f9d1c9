/** What operators see of the WeChat account and do with it: how far it is set up, its menu, codes to scan. */
import { z } from 'zod'
import { entryId } from './entry.ts'
import { notStorable, storable, text, uuid } from './text.ts'

/** `reach`: the platform finds our address. `knock`: what it says there is signed as it must be. `ip`: it lets us in. `notice`: subscription notices go. */
export const setUpSteps = ['settings', 'reach', 'knock', 'token', 'ip', 'notice'] as const
export type SetUpStep = (typeof setUpSteps)[number]
/** `told`: what is so, or what to do about it. */
export type StepState = { step: SetUpStep; state: 'done' | 'open' | 'failed'; told: string }
export type WechatState = {
  isSetUp: boolean
  mode?: 'plain' | 'compatible' | 'safe'
  callbackUrl: string
  steps: StepState[]
  menu: WechatMenu
}
/** `kf`: 微信客服. `mini`: 小程序. */
export const otherRoads = ['kf', 'mini'] as const
export type OtherRoad = (typeof otherRoads)[number]
export type RoadState = { road: OtherRoad } & Pick<WechatState, 'isSetUp' | 'mode' | 'callbackUrl' | 'steps'>
export type RoadStates = { roads: RoadState[] }

const bytes = (most: number) => (words: string) => new TextEncoder().encode(words).length <= most
const named = (mostBytes: number, told: string) => text(20).refine(bytes(mostBytes), told)

/** `say`: tapped, it is as if the citizen had written `value`. `link`: the page at `value` is opened. */
const does = z.enum(['say', 'link'], '只能是 say 或 link').default('say')
const value = z.string('应为文字').max(500, '太长').refine(storable, notStorable).default('')
type Does = { does: 'say' | 'link'; value: string }
const isGiven = ({ does: what, value: given }: Does) =>
  what === 'say' ? given.trim().length > 0 && given.length <= 40 : /^https?:\/\/\S+$/.test(given)
const notGiven = { path: ['value'], error: '写点了以后问什么（40 字以内），或者要打开的完整网址' }

const subButton = z.strictObject({ name: named(60, '名称不能超过 20 个汉字'), does, value }).refine(isGiven, notGiven)
const button = z
  .strictObject({
    name: named(16, '一级菜单的名称不能超过 5 个汉字'),
    does,
    value,
    /** With some of these it does nothing by itself. */
    buttons: z.array(subButton).max(5, '下面最多 5 个').default([]),
  })
  .refine((one) => one.buttons.length > 0 || isGiven(one), notGiven)

/** developers.weixin.qq.com, 自定义菜单: three buttons, five below each. */
export const wechatMenuSchema = z.strictObject({ buttons: z.array(button).min(1, '至少一个').max(3, '最多 3 个') })
export type WechatMenu = z.output<typeof wechatMenuSchema>
export const noMenu: WechatMenu = { buttons: [] }

/** Where a code leads: an entry's answer, or the rating of a window. */
export const sceneCodeSchema = z
  .strictObject({ entryId: entryId.optional(), windowId: uuid.optional() })
  .refine(({ entryId: entry, windowId }) => (entry === undefined) !== (windowId === undefined), {
    path: ['entryId'],
    error: '写条目编号，或者选一个窗口',
  })
/** `title`: the entry's question, or the window's name. `svg`: the code to print. */
export type SceneCode = { title: string; svg: string }

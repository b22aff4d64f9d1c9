/** What operators see of the WeChat account and do with it: how far it is set up, its menu, codes to scan. */
import { z } from 'zod'
import { entryId } from './entry.ts'
import { text } from './text.ts'

export const setUpSteps = ['settings', 'knock', 'token'] as const
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

const bytes = (most: number) => (words: string) => new TextEncoder().encode(words).length <= most
const named = (mostBytes: number, told: string) => text(20).refine(bytes(mostBytes), told)

/** `say`: tapped, it is as if the citizen had written it. `link`: a page is opened. */
const what = {
  say: z.string().trim().min(1, '请写点了以后问什么').max(40, '不能超过 40 个字').optional(),
  link: z
    .url({ protocol: /^https?$/, error: '网址应以 http 或 https 开头' })
    .max(500, '网址太长')
    .optional(),
}
const does = ({ say, link }: { say?: string; link?: string }) => (say === undefined) !== (link === undefined)
const doesOne = { path: ['say'], error: '“问什么”和“打开网页”写一个' }

const subButton = z.strictObject({ name: named(60, '名称不能超过 20 个汉字'), ...what }).refine(does, doesOne)
const button = z
  .strictObject({
    name: named(16, '一级菜单的名称不能超过 5 个汉字'),
    ...what,
    buttons: z.array(subButton).max(5, '下面最多 5 个').default([]),
  })
  .refine((one) => one.buttons.length > 0 || does(one), doesOne)

/** developers.weixin.qq.com, 自定义菜单: three buttons, five below each. */
export const wechatMenuSchema = z.strictObject({ buttons: z.array(button).min(1, '至少一个').max(3, '最多 3 个') })
export type WechatMenu = z.output<typeof wechatMenuSchema>
export const noMenu: WechatMenu = { buttons: [] }

export const sceneCodeSchema = z.strictObject({ entryId })
/** `svg`: the code to print. */
export type SceneCode = { entryId: string; question: string; svg: string }

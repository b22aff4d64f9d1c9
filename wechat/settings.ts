/** What an operator sets for the official account; without an AppID there is none. */
import { z } from 'zod'
import { callbackModes } from './callback.ts'
import { readNoticeFields } from './notice.ts'
import { usualAllowance } from './quota.ts'

export const whole = (usual: number, most: number) => z.coerce.number().int().min(0).max(most).default(usual)

/** What each of the platform's roads asks for. */
export const credentials = {
  secret: z.string().min(8, '太短').optional(),
  /** 3 to 32 letters and digits, as set on the platform. */
  token: z
    .string()
    .regex(/^[A-Za-z0-9]{3,32}$/, '应为 3 到 32 位的字母或数字')
    .optional(),
  aesKey: z
    .string()
    .regex(/^[A-Za-z0-9]{43}$/, '应为 43 位的字母或数字（EncodingAESKey）')
    .optional(),
  apiBase: (usual: string) => z.url({ protocol: /^https?$/, error: '应为完整网址' }).default(usual),
} as const

export const wechatEnvironment = {
  WECHAT_APP_ID: z
    .string()
    .regex(/^\w{4,64}$/, '应为公众平台给的 AppID')
    .optional(),
  WECHAT_APP_SECRET: credentials.secret,
  WECHAT_TOKEN: credentials.token,
  WECHAT_AES_KEY: credentials.aesKey,
  WECHAT_MODE: z.enum(callbackModes, '只能是 plain、compatible 或 safe').default('safe'),
  WECHAT_API_BASE: credentials.apiBase('https://api.weixin.qq.com'),
  WECHAT_PER_MESSAGE: whole(usualAllowance.perMessage, 100),
  WECHAT_MESSAGE_HOURS: whole(usualAllowance.messageHours, 720),
  WECHAT_PER_MOMENT: whole(usualAllowance.perMoment, 100),
  WECHAT_MOMENT_SECONDS: whole(usualAllowance.momentSeconds, 3_600),
  /** 订阅通知: without a template there is none. */
  WECHAT_NOTICE_TEMPLATE_ID: z
    .string()
    .regex(/^[\w-]{10,64}$/, '应为公众平台“订阅通知”里的模板 ID')
    .optional(),
  WECHAT_NOTICE_FIELDS: z
    .string()
    .default('thing1=matter,time2=time,thing3=text')
    .transform((list, context) => {
      const fields = readNoticeFields(list)
      if (!fields) context.addIssue('应为“字段=内容”，用逗号隔开，内容只能是 matter、text、time、bureau')
      return fields ?? []
    }),
  /** The script that WeChat gives pages (JS-SDK). */
  WECHAT_JSSDK_URL: credentials.apiBase('https://res.wx.qq.com/open/js/jweixin-1.6.0.js'),
  WECHAT_NOTICE_KIND: z.enum(['once', 'long'], '只能是 once 或 long').default('once'),
} as const

type Environment = z.output<z.ZodObject<typeof wechatEnvironment>>

export type WechatAccount = NonNullable<ReturnType<typeof wechatAccount>>

/** What of it is missing, by name; empty where all of it is there, or none. */
export function missingOfAccount(env: Environment): string[] {
  const wanted = [
    'WECHAT_APP_ID',
    'WECHAT_APP_SECRET',
    'WECHAT_TOKEN',
    ...(env.WECHAT_MODE === 'plain' ? [] : (['WECHAT_AES_KEY'] as const)),
  ] as const
  const missing = wanted.filter((name) => env[name] === undefined)
  return missing.length === wanted.length ? [] : missing
}

export function wechatAccount(env: Environment) {
  const { WECHAT_APP_ID: appId, WECHAT_APP_SECRET: appSecret, WECHAT_TOKEN: token } = env
  if (!appId || !appSecret || !token) return undefined
  return {
    keys: { token, aesKey: env.WECHAT_AES_KEY ?? '', id: appId },
    mode: env.WECHAT_MODE,
    api: { appId, appSecret, apiBase: env.WECHAT_API_BASE.replace(/\/$/, '') },
    allowance: {
      perMessage: env.WECHAT_PER_MESSAGE,
      messageHours: env.WECHAT_MESSAGE_HOURS,
      perMoment: env.WECHAT_PER_MOMENT,
      momentSeconds: env.WECHAT_MOMENT_SECONDS,
    },
    notice: env.WECHAT_NOTICE_TEMPLATE_ID && {
      id: env.WECHAT_NOTICE_TEMPLATE_ID,
      kind: env.WECHAT_NOTICE_KIND,
      fields: env.WECHAT_NOTICE_FIELDS,
    },
  }
}

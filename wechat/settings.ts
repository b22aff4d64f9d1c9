/** What an operator sets for the official account; without an AppID there is none. */
import { z } from 'zod'
import { callbackModes } from './callback.ts'
import { usualAllowance } from './quota.ts'

const whole = (usual: number, most: number) => z.coerce.number().int().min(0).max(most).default(usual)

export const wechatEnvironment = {
  WECHAT_APP_ID: z
    .string()
    .regex(/^\w{4,64}$/, '应为公众平台给的 AppID')
    .optional(),
  WECHAT_APP_SECRET: z.string().min(8, '太短').optional(),
  /** 3 to 32 letters and digits, as set on the platform. */
  WECHAT_TOKEN: z
    .string()
    .regex(/^[A-Za-z0-9]{3,32}$/, '应为 3 到 32 位的字母或数字')
    .optional(),
  WECHAT_AES_KEY: z
    .string()
    .regex(/^[A-Za-z0-9]{43}$/, '应为 43 位的字母或数字（EncodingAESKey）')
    .optional(),
  WECHAT_MODE: z.enum(callbackModes, '只能是 plain、compatible 或 safe').default('safe'),
  WECHAT_API_BASE: z.url({ protocol: /^https?$/, error: '应为完整网址' }).default('https://api.weixin.qq.com'),
  WECHAT_PER_MESSAGE: whole(usualAllowance.perMessage, 100),
  WECHAT_MESSAGE_HOURS: whole(usualAllowance.messageHours, 720),
  WECHAT_PER_MOMENT: whole(usualAllowance.perMoment, 100),
  WECHAT_MOMENT_SECONDS: whole(usualAllowance.momentSeconds, 3_600),
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
  }
}

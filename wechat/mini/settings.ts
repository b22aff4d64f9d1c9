/** What an operator sets for the mini-program (小程序); without an AppID there is none. */
import { z } from 'zod'
import { callbackModes } from '../callback.ts'
import { usualAllowance, type Allowance } from '../quota.ts'
import { credentials, whole } from '../settings.ts'

/** Tencent's numbers of 2026 for who opens the customer service of a mini-program. */
const usualMoment = { perMoment: 2, momentSeconds: 60 }

export const miniEnvironment = {
  WECHAT_MINI_APP_ID: z
    .string()
    .regex(/^\w{4,64}$/, '应为公众平台给小程序的 AppID')
    .optional(),
  WECHAT_MINI_APP_SECRET: credentials.secret,
  WECHAT_MINI_TOKEN: credentials.token,
  WECHAT_MINI_AES_KEY: credentials.aesKey,
  WECHAT_MINI_MODE: z.enum(callbackModes, '只能是 plain、compatible 或 safe').default('safe'),
  WECHAT_MINI_API_BASE: credentials.apiBase('https://api.weixin.qq.com'),
  WECHAT_MINI_PER_MESSAGE: whole(usualAllowance.perMessage, 100),
  WECHAT_MINI_MESSAGE_HOURS: whole(usualAllowance.messageHours, 720),
  WECHAT_MINI_PER_MOMENT: whole(usualMoment.perMoment, 100),
  WECHAT_MINI_MOMENT_SECONDS: whole(usualMoment.momentSeconds, 3_600),
} as const

type Environment = z.output<z.ZodObject<typeof miniEnvironment>>

/** What of it is missing, by name; empty where all of it is there, or none. */
export function missingOfMini(env: Environment): string[] {
  const wanted = [
    'WECHAT_MINI_APP_ID',
    'WECHAT_MINI_APP_SECRET',
    'WECHAT_MINI_TOKEN',
    ...(env.WECHAT_MINI_MODE === 'plain' ? [] : (['WECHAT_MINI_AES_KEY'] as const)),
  ] as const
  const missing = wanted.filter((name) => env[name] === undefined)
  return missing.length === wanted.length ? [] : missing
}

export type MiniAccount = NonNullable<ReturnType<typeof miniAccount>>

export function miniAccount(env: Environment) {
  const { WECHAT_MINI_APP_ID: appId, WECHAT_MINI_APP_SECRET: appSecret, WECHAT_MINI_TOKEN: token } = env
  if (!appId || !appSecret || !token) return undefined
  const allowance: Allowance = {
    perMessage: env.WECHAT_MINI_PER_MESSAGE,
    messageHours: env.WECHAT_MINI_MESSAGE_HOURS,
    perMoment: env.WECHAT_MINI_PER_MOMENT,
    momentSeconds: env.WECHAT_MINI_MOMENT_SECONDS,
  }
  return {
    keys: { token, aesKey: env.WECHAT_MINI_AES_KEY ?? '', id: appId },
    mode: env.WECHAT_MINI_MODE,
    api: { appId, appSecret, apiBase: env.WECHAT_MINI_API_BASE.replace(/\/$/, '') },
    allowance,
  }
}

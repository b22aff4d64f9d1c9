/** What an operator sets for the company's customer service (微信客服); without a CorpID there is none. */
import { z } from 'zod'
import { usualAllowance, type Allowance } from '../quota.ts'
import { credentials, whole } from '../settings.ts'

export const kfEnvironment = {
  WECHAT_KF_CORP_ID: z
    .string()
    .regex(/^\w{4,64}$/, '应为企业微信后台给的企业 ID')
    .optional(),
  WECHAT_KF_SECRET: credentials.secret,
  WECHAT_KF_TOKEN: credentials.token,
  WECHAT_KF_AES_KEY: credentials.aesKey,
  WECHAT_KF_API_BASE: credentials.apiBase('https://qyapi.weixin.qq.com'),
  WECHAT_KF_PER_MESSAGE: whole(usualAllowance.perMessage, 100),
  WECHAT_KF_MESSAGE_HOURS: whole(usualAllowance.messageHours, 720),
} as const

type Environment = z.output<z.ZodObject<typeof kfEnvironment>>
const wanted = ['WECHAT_KF_CORP_ID', 'WECHAT_KF_SECRET', 'WECHAT_KF_TOKEN', 'WECHAT_KF_AES_KEY'] as const

/** What of it is missing, by name; empty where all of it is there, or none. */
export function missingOfKf(env: Environment): string[] {
  const missing = wanted.filter((name) => env[name] === undefined)
  return missing.length === wanted.length ? [] : missing
}

export type KfAccount = NonNullable<ReturnType<typeof kfAccount>>

export function kfAccount(env: Environment) {
  const { WECHAT_KF_CORP_ID: corpId, WECHAT_KF_SECRET: secret, WECHAT_KF_TOKEN: token } = env
  const { WECHAT_KF_AES_KEY: aesKey } = env
  if (!corpId || !secret || !token || !aesKey) return undefined
  const allowance: Allowance = {
    perMessage: env.WECHAT_KF_PER_MESSAGE,
    messageHours: env.WECHAT_KF_MESSAGE_HOURS,
    // A tap there is a message like any other.
    perMoment: 0,
    momentSeconds: 0,
  }
  return {
    keys: { token, aesKey, id: corpId },
    api: { appId: corpId, appSecret: secret, apiBase: env.WECHAT_KF_API_BASE.replace(/\/$/, '') },
    allowance,
  }
}

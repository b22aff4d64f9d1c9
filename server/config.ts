/**
 * Every setting, read once from the environment and frozen. A bad value stops the start with one line that names
 * the variable, in Chinese for the operator and with a stable code for programs.
 */
import { z } from 'zod'
import { faultyFields } from '../contract/parse.ts'
import { shareIds, type FigureLimits } from '../contract/figure.ts'
import { factorRules, passwordSchema, type FactorRule } from '../contract/staff.ts'
import { lineModes } from '../contract/phone-events.ts'
import { queueModes } from '../contract/queue.ts'
import { cityCode } from '../contract/text.ts'
import { kfEnvironment, missingOfKf } from '../wechat/kf/settings.ts'
import { miniEnvironment, missingOfMini } from '../wechat/mini/settings.ts'
import { missingOfAccount, wechatEnvironment } from '../wechat/settings.ts'

/** Ends the process without a restart: nothing changes until somebody changes the configuration. */
export const badConfigurationExit = 78

const onOff = (byDefault: boolean) =>
  z
    .enum(['on', 'off', '1', '0', 'true', 'false'], '只能是 on 或 off')
    .default(byDefault ? 'on' : 'off')
    .transform((value) => ['on', '1', 'true'].includes(value))
const origins = z
  .string()
  .default('')
  .transform((list) =>
    list
      .split(',')
      .map((one) => one.trim())
      .filter(Boolean),
  )
  .pipe(
    z.array(
      z
        .url({ protocol: /^https?$/, error: '应为 http(s)://主机 的列表，用逗号分开' })
        .transform((url) => new URL(url).origin),
    ),
  )

const quietHours = z
  .string()
  .regex(/^(off|([01]\d|2[0-3]):[0-5]\d-([01]\d|2[0-3]):[0-5]\d)$/, '应写成 21:00-08:00，或 off')
  .default('21:00-08:00')
  .transform((given) => {
    const [from, to] = given.split('-')
    return from && to && from !== to ? { from, to } : undefined
  })

const figureTargets = z
  .string()
  .default('answered-share=95,worst-answered-share=95,very-satisfied-share=95,follow-up-share=100,named-follow-up-share=100')
  .transform((list, ctx) => {
    const targets: FigureLimits['targets'] = {}
    for (const one of list.split(',').filter((part) => part.trim())) {
      const [id, percent = ''] = one.trim().split('=')
      const share = shareIds.find((known) => known === id)
      if (!share || !/^\d{1,3}(\.\d)?$/.test(percent) || Number(percent) > 100) {
        ctx.addIssue({ code: 'custom', message: '应为 比率=百分数 的列表，用逗号分开' })
        return z.NEVER
      }
      targets[share] = Number(percent) / 100
    }
    return targets
  })

const environment = z.object({
  PORT: z.coerce.number().int('应为整数').min(0).max(65_535, '应在 0 到 65535 之间').default(8080),
  HOST: z.string().default('0.0.0.0'),
  DATABASE_URL: z
    .string('没有数据库地址：请用 npm start 启动，或设置 DATABASE_URL')
    .regex(/^postgres(ql)?:\/\//, '应以 postgres:// 开头'),
  DATA_DIR: z.string().default('./data'),
  KEY_FILE: z.string().optional(),
  PUBLIC_URL: z.url({ protocol: /^https?$/, error: '应为完整网址' }).optional(),
  TRUST_PROXY: onOff(false),
  TLS_CERT_FILE: z.string().optional(),
  TLS_KEY_FILE: z.string().optional(),
  BUDAYANG_ADMIN_PASSWORD: passwordSchema.optional(),
  BUREAU_NAME: z.string().trim().min(1).max(40).default('医疗保障咨询'),
  BUREAU_CITY: cityCode.optional(),
  BUSINESS_ZONE: z.literal('Asia/Shanghai', '目前只支持 Asia/Shanghai').default('Asia/Shanghai'),
  RATE_LIMIT: onOff(true),
  LOG_LEVEL: z.enum(['trace', 'debug', 'info', 'warn', 'error', 'silent']).default('info'),
  PII_LOGS: onOff(false),
  PACKS_UNREVIEWED: z.enum(['serve', 'hold'], '只能是 serve 或 hold').default('serve'),
  EMBED_ORIGINS: origins,
  /** What a phone process shows to be let in; made by the launcher for one on this machine. */
  PHONE_TOKEN: z.string().min(16, '至少 16 位').optional(),
  /** Whether the queue gives to whoever has room, or agents take from the list; until somebody chooses in the console. */
  QUEUE_MODE: z.enum(queueModes, `只能是 ${queueModes.join('、')}`).default('assign'),
  /** After which the next on the roster is told of somebody whom nobody has taken. */
  ESCALATE_MINUTES: z.coerce.number().int().min(1).max(60).default(3),
  /** After so many tries without an answer a callback is given up, and the citizen is told how to reach us. */
  CALLBACK_TRIES: z.coerce.number().int().min(1, '不能小于 1').max(9, '不能大于 9').default(3),
  /** What citizens dial to reach us, as messages to them name it. */
  HOTLINE_NUMBER: z
    .string()
    .regex(/^\d[\d-]{2,15}$/, '应为电话号码')
    .optional(),
  LINE_MODE: z.enum(lineModes, `只能是 ${lineModes.join('、')}`).default('bot-first'),
  /** The whole address of an embedding service as OpenAI's API describes it; without one, questions are found by words. */
  EMBEDDINGS_URL: z.url({ protocol: /^https?$/, error: '应为完整网址' }).optional(),
  EMBEDDINGS_KEY: z.string().optional(),
  EMBEDDINGS_MODEL: z.string().trim().min(1).max(200).optional(),
  /** Who may do nothing before they have enrolled a second factor: the three offices, unless scripts set the place up. */
  REQUIRE_TOTP: z.enum(factorRules, `只能是 ${factorRules.join('、')}`).optional(),
  /** How soon a call is to be picked up, and somebody on the web or WeChat to be answered by a person, for the figures. */
  PICKUP_SECONDS: z.coerce.number().int().min(1).max(600).default(15),
  REPLY_SECONDS: z.coerce.number().int().min(1).max(3_600).default(180),
  /** From when on whoever waits for a person is shown as getting late; too late is REPLY_SECONDS. */
  AMBER_SECONDS: z.coerce.number().int().min(1).max(3_600).default(120),
  /** Under what share of the last 24 hours' calls answered supervisors are told, in percent; 0: never. */
  ANSWERED_ALERT_PERCENT: z.coerce.number().min(0, '不能小于 0').max(100, '不能大于 100').default(90),
  /** Of fewer calls within 24 hours no share is told and nobody is alarmed by it. */
  LEAST_CALLS: z.coerce.number().int('应为整数').min(1, '不能小于 1').max(10_000, '不能大于 10000').default(20),
  /** What shares are expected to reach, in percent. */
  FIGURE_TARGETS: figureTargets,
  ...wechatEnvironment,
  ...kfEnvironment,
  ...miniEnvironment,
  /** The program that makes a voice of WeChat's playable; without it a voice is kept as it came. */
  FFMPEG: z.string().trim().min(1).max(300).default('ffmpeg'),
  /** When proactive notices wait: HH:MM-HH:MM on the bureau's wall, or off. */
  QUIET_HOURS: quietHours,
  /** The bureau's SMS platform, and the secret by which it and we know each other; without them SMS go into the log. */
  SMS_WEBHOOK_URL: z.url({ protocol: /^https?$/, error: '应为完整网址' }).optional(),
  SMS_WEBHOOK_SECRET: z.string().min(16, '至少 16 位').optional(),
  /** The mail server, and who the mail is from; without them e-mail goes into the log. */
  SMTP_URL: z.url({ protocol: /^smtps?$/, error: '应写成 smtp(s)://用户:密码@主机:端口' }).optional(),
  SMTP_FROM: z.string().trim().min(3).max(200).optional(),
  SILENCE_MINUTES: z.coerce.number().int().min(1).max(1_440).default(30),
})

export type Config = Readonly<Omit<z.output<typeof environment>, 'REQUIRE_TOTP'>> & {
  REQUIRE_TOTP: FactorRule
  isLoopback: boolean
  isHttps: boolean
}

export type ConfigRefusal = { code: string; told: string }

/** @returns the settings, or every line to print before the process ends. */
export function readConfig(env: NodeJS.ProcessEnv): { config: Config } | { refused: ConfigRefusal[] } {
  // ".env" lines such as "PORT=" set a variable to nothing, which means that it is not set.
  const given = Object.fromEntries(Object.entries(env).map(([name, value]) => [name, value || undefined]))
  const parsed = environment.safeParse(given)
  if (!parsed.success)
    return {
      refused: faultyFields(parsed.error).map(({ path, message }) => ({
        code: 'config_invalid',
        told: `配置 ${path} 有误：${message}`,
      })),
    }
  const settings = parsed.data
  const isLoopback = ['127.0.0.1', '::1', 'localhost'].includes(settings.HOST)
  const refused: ConfigRefusal[] = []
  if (!settings.RATE_LIMIT && !isLoopback)
    refused.push({
      code: 'rate_limit_off_in_public',
      told: 'RATE_LIMIT=off 只允许在 HOST 为本机地址（127.0.0.1）时使用',
    })
  if (Boolean(settings.TLS_CERT_FILE) !== Boolean(settings.TLS_KEY_FILE))
    refused.push({ code: 'tls_pair_incomplete', told: 'TLS_CERT_FILE 和 TLS_KEY_FILE 必须一起设置' })
  if (Boolean(settings.EMBEDDINGS_URL) !== Boolean(settings.EMBEDDINGS_MODEL))
    refused.push({ code: 'embeddings_incomplete', told: 'EMBEDDINGS_URL 和 EMBEDDINGS_MODEL 必须一起设置' })
  if (Boolean(settings.SMS_WEBHOOK_URL) !== Boolean(settings.SMS_WEBHOOK_SECRET))
    refused.push({ code: 'sms_incomplete', told: 'SMS_WEBHOOK_URL 和 SMS_WEBHOOK_SECRET 必须一起设置' })
  if (Boolean(settings.SMTP_URL) !== Boolean(settings.SMTP_FROM))
    refused.push({ code: 'smtp_incomplete', told: 'SMTP_URL 和 SMTP_FROM 必须一起设置' })
  if (settings.TRUST_PROXY && !settings.PUBLIC_URL)
    refused.push({ code: 'public_url_missing', told: 'TRUST_PROXY=on 时必须设置 PUBLIC_URL，即市民看到的网址' })
  for (const name of missingOfAccount(settings))
    refused.push({ code: 'wechat_incomplete', told: `公众号的设置不全：还缺 ${name}` })
  for (const name of missingOfKf(settings))
    refused.push({ code: 'wechat_kf_incomplete', told: `微信客服的设置不全：还缺 ${name}` })
  for (const name of missingOfMini(settings))
    refused.push({ code: 'wechat_mini_incomplete', told: `小程序的设置不全：还缺 ${name}` })
  if (refused.length > 0) return { refused }
  const isHttps = Boolean(settings.TLS_CERT_FILE) || (settings.PUBLIC_URL?.startsWith('https:') ?? false)
  // A script that makes the first accounts holds no authenticator.
  const { REQUIRE_TOTP = settings.BUDAYANG_ADMIN_PASSWORD ? 'none' : 'privileged' } = settings
  return { config: Object.freeze({ ...settings, REQUIRE_TOTP, isLoopback, isHttps }) }
}

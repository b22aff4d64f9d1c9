/**
 * What of the phone is set by the operator, speech aside (speech/speech-settings.ts). Read once; a bad value is a line
 * in Chinese that names the variable, with a stable code. Passwords stay in `users` and are never logged.
 */
import { X509Certificate } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { hostname } from 'node:os'
import { z } from 'zod'
import { faultyFields } from '../contract/parse.ts'
import type { PortRange } from './rtp/port-pool.ts'

/** Ends the process without a restart: nothing changes until somebody changes the configuration. */
export const badConfigurationExit = 78

const list = z
  .string()
  .default('')
  .transform((given) =>
    given
      .split(',')
      .map((one) => one.trim())
      .filter(Boolean),
  )
const portsFault = '应为 起-止，例如 10000-19999，或 0 表示由系统分配'
const rtpPorts = z
  .string()
  .regex(/^(0|\d{1,5}-\d{1,5})$/, portsFault)
  .default('10000-19999')
  .transform((given): PortRange | undefined => {
    const [from = 0, to = 0] = given.split('-').map(Number)
    return given === '0' ? undefined : { from, to }
  })
  .refine((range) => !range || (range.from >= 1_024 && range.from < range.to && range.to <= 65_535), portsFault)
const callbackTrunk = z
  .string()
  .regex(/^[A-Za-z0-9][A-Za-z0-9.-]{0,120}(:\d{1,5})?$/, '应为 地址 或 地址:端口')
  .transform((given) => ({ host: given.split(':', 1)[0] ?? '', port: Number(given.split(':')[1] ?? 5_060) }))
  .optional()
const users = list
  .pipe(z.array(z.string().regex(/^[\w.-]{1,40}:.{4,100}$/, '应为 名字:密码，用逗号分开，密码至少 4 位')))
  .transform((pairs) => new Map(pairs.map((pair) => [pair.split(':', 1)[0] ?? '', pair.slice(pair.indexOf(':') + 1)])))

function readCertificate(path: string, { issues }: z.RefinementCtx): string {
  try {
    const pem = readFileSync(path, 'utf8')
    new X509Certificate(pem)
    return pem
  } catch {
    issues.push({ code: 'custom', input: path, message: '读不到证书，应为 PEM 格式的文件' })
    return ''
  }
}

const environment = z.object({
  SIP_PORT: z.coerce.number('应为数字').int('应为整数').min(0).max(65_535, '应在 0 到 65535 之间').default(5_060),
  SIP_HOST: z.string().default('0.0.0.0'),
  SIP_ADVERTISE: z.string().optional(),
  RTP_PORTS: rtpPorts,
  SIP_ANONYMOUS: z.enum(['private', 'none', 'all'], '只能是 private、none 或 all').default('private'),
  SIP_USERS: users,
  SIP_TRUNKS: list,
  /** Where callbacks are dialled through, and the beginnings of the numbers that may be. */
  SIP_CALLBACK_TRUNK: callbackTrunk,
  SIP_CALLBACK_ALLOW: list.pipe(z.array(z.string().regex(/^\d{1,20}$/, '应为号码开头的数字，用逗号分开，例如 1,0556'))),
  WEBRTC: z.enum(['on', 'off'], '只能是 on 或 off').default('on'),
  /** Absent: as SIP_HOST. */
  WEBRTC_HOST: z.union([z.ipv4(), z.ipv6()], '应为本机的 IP 地址').optional(),
  WEBRTC_PORT: z.coerce.number('应为数字').int('应为整数').min(0).max(65_535, '应在 0 到 65535 之间').default(20_000),
  WEBRTC_PUBLIC_IP: z.union([z.ipv4(), z.ipv6()], '应为 IP 地址').optional(),
  MAX_CALLS: z.coerce.number('应为数字').int('应为整数').min(1, '至少 1').max(5_000, '最多 5000').default(200),
  HOTLINE_URL: z.url({ protocol: /^https?$/, error: '应为完整网址' }).default('http://127.0.0.1:8080'),
  /** A file; what is kept is what stands in it. */
  HOTLINE_CERT_FILE: z.string().transform(readCertificate).optional(),
  PHONE_TOKEN: z
    .string('没有设置 PHONE_TOKEN：与服务器上的设置相同，用 npm start 启动时自动生成')
    .min(16, '至少 16 位')
    .max(200, '最多 200 位'),
  PHONE_NODE: z.string().trim().min(1).max(60, '最多 60 个字').default(hostname().slice(0, 60)),
  DATA_DIR: z.string().default('./data'),
  LOG_LEVEL: z.enum(['trace', 'debug', 'info', 'warn', 'error', 'silent']).default('info'),
})

export type PhoneSettings = Readonly<z.output<typeof environment>>

/** @returns the settings, or every line to print before the process ends. */
export function readPhoneSettings(env: NodeJS.ProcessEnv): { settings: PhoneSettings } | { refused: string[] } {
  // ".env" lines such as "SIP_PORT=" set a variable to nothing, which means that it is not set.
  const given = Object.fromEntries(Object.entries(env).map(([name, value]) => [name, value || undefined]))
  const parsed = environment.safeParse(given)
  return parsed.success
    ? { settings: Object.freeze(parsed.data) }
    : { refused: faultyFields(parsed.error).map(({ path, message }) => `配置 ${path} 有误：${message}`) }
}

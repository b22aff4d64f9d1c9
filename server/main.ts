/**
 * The server process: settings, parts, port. Started by `npm start` or alone (`npm run server`). It ends when its
 * launcher's channel closes, so a killed launcher leaves nobody on the port.
 */
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { staff } from '../desk/staff.ts'
import { build, type Hotline } from './build.ts'
import { badConfigurationExit, readConfig, type Config } from './config.ts'
import { makeLog, type Log } from './log.ts'

const root = join(dirname(fileURLToPath(import.meta.url)), '..')
const now = () => new Date()
const drainWithinMs = 10_000

const read = readConfig(process.env)
if ('refused' in read) refuse(read.refused)
else await serve(read.config)

async function serve(config: Config): Promise<void> {
  const log = makeLog(config)
  const hotline = await build({ config, log, root, now })
  endWith(hotline, log)
  const { setUpToken } = await staff(hotline.db).ensureAdmin({ password: config.BUDAYANG_ADMIN_PASSWORD }, now())
  try {
    const port = await hotline.listen()
    tell(config, port, setUpToken)
  } catch (error) {
    await hotline.stop()
    if (!(error instanceof Error && 'code' in error)) throw error
    if (error.code === 'EADDRINUSE')
      refuse([{ code: 'port_taken', told: `端口 ${config.PORT} 已被占用，请用 PORT= 换一个` }])
    else if (error.code === 'EACCES')
      refuse([{ code: 'port_forbidden', told: `没有权限使用端口 ${config.PORT}，请用 PORT= 换一个` }])
    else if (error.code === 'EADDRNOTAVAIL')
      refuse([{ code: 'host_unknown', told: `本机没有地址 ${config.HOST}，请检查 HOST` }])
    else throw error
  }
}

/** Every way to be told to end is the same drain; what nobody foresaw ends the process too, after it. */
function endWith(hotline: Hotline, log: Log): void {
  let stopping: Promise<void> | undefined
  const stop = () => {
    stopping ??= (async () => {
      setTimeout(() => process.exit(1), drainWithinMs).unref()
      await hotline.stop()
      process.exit(process.exitCode ?? 0)
    })()
  }
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, stop)
  if (process.send) process.on('disconnect', stop)
  process.on('uncaughtException', (error) => {
    log.fatal({ err: error }, 'unforeseen; ending')
    process.exitCode = 1
    stop()
  })
}

/** @param setUpToken for the first administrator, who has no password yet: there is never a known one. */
function tell(config: Config, port: number, setUpToken: string | undefined): void {
  const base = config.PUBLIC_URL ?? `${config.isHttps ? 'https' : 'http'}://localhost:${port}`
  if (setUpToken)
    say(`首次使用：请打开 ${base}/console/set-up?token=${setUpToken} 设置管理员 admin 的密码（一次有效，24 小时内）`)
  say(`网站与咨询窗口：${base}/`)
  say(`坐席与管理台：  ${base}/console`)
  if (config.BUDAYANG_ADMIN_PASSWORD !== undefined)
    say('设有 BUDAYANG_ADMIN_PASSWORD：脚本可以为新账号指定密码，正式使用前请去掉它并重新启动')
  if (config.REQUIRE_TOTP === 'none') say('尚未要求三员启用双因素认证，正式使用前请设置 REQUIRE_TOTP=privileged')
  if (config.PACKS_UNREVIEWED === 'serve')
    say('随附知识条目为示例，待本单位审核（PACKS_UNREVIEWED=hold 可在审核前不用它们答复）')
}

function refuse(lines: readonly { code: string; told: string }[]): void {
  for (const { code, told } of lines) process.stderr.write(`${told} [${code}]\n`)
  process.exit(badConfigurationExit)
}

function say(line: string): void {
  process.stdout.write(`${line}\n`)
}

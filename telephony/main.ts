/**
 * The phone process: settings, engines, phone. Started by `npm start` or alone. It ends when its launcher's channel
 * closes, so a killed launcher leaves nobody on the port; a SIP port that is taken leaves it alive and says so.
 */
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { pino, type Logger } from 'pino'
import { phone, type Phone } from './phone.ts'
import { badConfigurationExit, readPhoneSettings, type PhoneSettings } from './settings.ts'
import { speechEngines } from './speech/engines.ts'
import { readSpeechSettings, type SpeechSettings } from './speech/speech-settings.ts'

const drainWithinMs = 10_000
/** Beside this file, both as they are built and as they are written. */
const here = fileURLToPath(import.meta.url)
const isBuilt = here.endsWith('.js')
const childFile = join(dirname(here), isBuilt ? 'pocketsphinx-child.js' : 'speech/pocketsphinx-child.ts')

const [settings, speech] = [readPhoneSettings(process.env), readSpeechSettings(process.env)]
if ('refused' in settings || 'refused' in speech)
  refuse([settings, speech].flatMap((read) => ('refused' in read ? read.refused : [])))
else await serve(settings.settings, speech.settings)

async function serve(settings: PhoneSettings, speechSettings: SpeechSettings): Promise<void> {
  const log = pino({ level: settings.LOG_LEVEL, base: null, timestamp: pino.stdTimeFunctions.isoTime })
  const starting = start(settings, speechSettings, log)
  let stopping: Promise<void> | undefined
  const stop = () => {
    stopping ??= (async () => {
      setTimeout(() => process.exit(1), drainWithinMs + 3_000).unref()
      await (await starting).stop(drainWithinMs)
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
  tell(settings, await starting)
}

async function start(settings: PhoneSettings, speechSettings: SpeechSettings, log: Logger): Promise<Phone> {
  const engines = await speechEngines({
    settings: speechSettings,
    dataFolder: settings.DATA_DIR,
    childFile,
    execArgv: isBuilt ? [] : ['--import', 'tsx'],
    log,
  })
  for (const line of engines.told) say(line)
  return phone({ settings, speech: engines, log })
}

function tell(settings: PhoneSettings, { whyNot, sipPort, told: lines }: Phone): void {
  const port = settings.SIP_PORT
  const told = {
    taken: `SIP 端口 ${port} 已被占用，电话暂不能接听，其余照常；请用 SIP_PORT= 换一个 [sip_port_taken]`,
    forbidden: `没有权限使用 SIP 端口 ${port}，电话暂不能接听，其余照常；请用 SIP_PORT= 换一个 [sip_port_forbidden]`,
    'no-such-host': `本机没有地址 ${settings.SIP_HOST}，电话暂不能接听，其余照常；请检查 SIP_HOST= [sip_host_unknown]`,
  }
  for (const line of lines) say(line)
  if (whyNot) process.stderr.write(`${told[whyNot]}\n`)
  else say(`电话：请拨 sip:hotline@本机地址:${sipPort()}（UDP 或 TCP）`)
}

function refuse(lines: readonly string[]): void {
  for (const line of lines) process.stderr.write(`${line} [bad_phone_setting]\n`)
  process.exit(badConfigurationExit)
}

function say(line: string): void {
  process.stdout.write(`${line}\n`)
}

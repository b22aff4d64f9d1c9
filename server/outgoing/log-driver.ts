/** Where no service is configured, a message goes into the log, as personal data; the console says that it went nowhere. */
import type { Log } from '../log.ts'
import type { Driver } from './driver.ts'

export function logDriver(log: Log, channel: string): Driver {
  return {
    name: 'log',
    deliver({ key, kind, to, subject, text }) {
      log.info({ channel, key, kind, pii: { to, subject, text } }, 'a message was written down')
      return Promise.resolve({ kind: 'delivered' })
    },
    close: () => undefined,
  }
}

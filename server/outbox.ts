/**
 * Sends what the outbox holds: one job a message, each try noted before it is made and after it has ended. A process that
 * dies in between leaves the message `sending`; another one tries it again with the same key.
 */
import { z } from 'zod'
import type { OutboxChannel } from '../contract/outbox.ts'
import { uuid } from '../contract/text.ts'
import { alerts as staffAlerts } from '../desk/alerts.ts'
import { outbox } from '../desk/outbox.ts'
import { outboxStore } from '../desk/outbox.store.ts'
import type { Config } from './config.ts'
import type { Db } from './db/database.ts'
import type { Jobs } from './jobs.ts'
import type { KeyRing } from './key-ring.ts'
import type { Log } from './log.ts'
import type { Driver } from './outgoing/driver.ts'
import { logDriver } from './outgoing/log-driver.ts'
import { smtpDriver } from './outgoing/smtp-driver.ts'
import { webhookDriver } from './outgoing/webhook-driver.ts'

const sendJob = 'outbox.send'
const strayMs = 5 * 60_000
const straysAtOnce = 500

type Parts = {
  db: Db
  config: Config
  keys: KeyRing
  jobs: Jobs
  log: Log
  now: () => Date
  drivers?: Partial<Drivers>
}
/** What became of a message in the end: joins the transaction of it. */
type Settled = { key: string; channel: OutboxChannel; state: 'delivered' | 'dead' }
type OnSettled = (tx: Db, settled: Settled, now: Date) => Promise<void>
export type Drivers = Record<OutboxChannel, Driver>
export type Outgoing = ReturnType<typeof outgoing>

/** Registers its jobs, so it is called before they start. @param drivers in place of what the settings name. */
export function outgoing({ db, config, keys, jobs, log, now, drivers: given }: Parts) {
  const drivers: Drivers = { ...driversOf(config, log, now), ...given }
  const box = outbox({
    keys,
    quiet: config.QUIET_HOURS,
    wake: (tx, ids, at) =>
      jobs.sendMany(
        tx,
        sendJob,
        ids.map((id) => ({ data: { id }, singletonKey: id, startAfter: at })),
      ),
  })

  const settlers = new Map<string, OnSettled>()

  const alerts = staffAlerts({ sealer: keys, post: box.post })

  jobs.work(sendJob, z.object({ id: uuid }), async ({ id }, job) => {
    const letter = await db.transaction().execute(async (tx) => {
      const begun = await box.begin(tx, id, (channel) => drivers[channel].name, now())
      if (!begun) await job.settle(tx)
      return begun
    })
    if (!letter) return
    const outcome = await drivers[letter.channel].deliver(letter)
    if (outcome.kind !== 'delivered')
      log.warn({ message: id, outcome: outcome.kind, why: outcome.why }, 'not delivered')
    await db.transaction().execute(async (tx) => {
      const isDead = await box.end(tx, letter, outcome, now())
      if (isDead) await alerts.letterDied(tx, letter, now())
      // What is only written down reached nobody.
      const isDelivered = outcome.kind === 'delivered' && drivers[letter.channel].name !== 'log'
      const { key, channel, kind } = letter
      if (isDead || isDelivered)
        await settlers.get(kind)?.(tx, { key, channel, state: isDead ? 'dead' : 'delivered' }, now())
      await job.settle(tx)
    })
  })

  // A job that was given up, as when the database was away for hours, leaves its message behind.
  jobs.every('outbox.strays', 600, async () => {
    await db.transaction().execute(async (tx) => {
      const ids = await outboxStore(tx, keys).overdue(new Date(now().getTime() - strayMs), straysAtOnce)
      for (const id of ids) await jobs.send(tx, sendJob, { id }, { singletonKey: id })
    })
  })

  return {
    ...box,
    drivers,
    /** What a service had taken under this key did not arrive after all; joins the transaction. */
    async bounced(tx: Db, key: string, why: string): Promise<void> {
      const letter = await box.bounced(tx, key, why, now())
      if (!letter) return
      await alerts.letterDied(tx, letter, now())
      const { channel, kind } = letter
      await settlers.get(kind)?.(tx, { key, channel, state: 'dead' }, now())
    },
    /** Whoever put in messages of this kind is told of each when nobody tries any more. Once a kind. */
    onSettled: (kind: string, settled: OnSettled) => void settlers.set(kind, settled),
    /** Tells staff by what it sends. */
    alerts,
    /** By name, as the console shows them. */
    driverNames: (): Record<OutboxChannel, string> => ({
      sms: drivers.sms.name,
      email: drivers.email.name,
      wechat: drivers.wechat.name,
    }),
    stop: () => Object.values(drivers).forEach((driver) => driver.close()),
  }
}

function driversOf(config: Config, log: Log, now: () => Date): Drivers {
  const { SMS_WEBHOOK_URL: url, SMS_WEBHOOK_SECRET: secret, SMTP_URL, SMTP_FROM } = config
  return {
    sms: url && secret ? webhookDriver({ url, secret, channel: 'sms', now }) : logDriver(log, 'sms'),
    email: SMTP_URL && SMTP_FROM ? smtpDriver({ url: SMTP_URL, from: SMTP_FROM }) : logDriver(log, 'email'),
    wechat: logDriver(log, 'wechat'),
  }
}

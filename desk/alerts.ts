/**
 * Tells staff: a row for the bell of the console, and a message by the outbox to whoever left a number or an address.
 *
 * Invariant: joins the transaction of what it tells of, and tells one fact to one person once.
 */
import type { BurstView } from '../contract/figure.ts'
import { outboxChannelNames, type OutboxChannel } from '../contract/outbox.ts'
import type { Role } from '../contract/staff.ts'
import {
  burstAlert,
  deadJobAlert,
  deadLetterAlert,
  dutyAlert,
  fewAnsweredAlert,
  lateAlert,
  rungAlert,
  toldOfRung,
  wechatAlert,
  withRole,
  type ClimbedRung,
} from './alert.ts'
import { alertsStore, type NewAlert } from './alerts.store.ts'
import { anomalyAlert, type Anomaly } from './anomaly.ts'
import { auditSubjectsStore } from './audit-subjects.store.ts'
import { callbackAlerts, type LateCallback } from './callback-alert.ts'
import { caseAlerts } from './case-alert.ts'
import type { CaseNews } from './case-news.ts'
import type { Outbox } from './outbox.ts'
import type { Sealer } from './sealer.ts'
import { staffContactsStore } from './staff-contacts.store.ts'
import { staffStore } from './staff.store.ts'
import type { Db } from './tables.ts'

/** What a message of the outbox to a member of staff is about; one that dies tells nobody, or it would go on for ever. */
export const alertLetterKind = 'staff_alert'
const subject = '不打烊工作提醒'

export type Alerts = ReturnType<typeof alerts>

export function alerts({ sealer, post }: { sealer: Sealer; post: Outbox['post'] }) {
  /** @param by the ways out of the house that may be used; none: the console alone. @returns whom it is new to. */
  async function tell(
    tx: Db,
    alert: NewAlert,
    staffIds: readonly string[],
    by: readonly ('sms' | 'email')[],
    now: Date,
  ): Promise<string[]> {
    const fresh = await alertsStore(tx).add(alert, staffIds, now)
    if (by.length === 0) return fresh
    for (const staffId of fresh) {
      const { phone, email } = await staffContactsStore(tx, sealer).find(staffId)
      const key = `alert:${staffId}:${alert.fact}`
      const letter = { kind: alertLetterKind, text: alert.text }
      if (phone && by.includes('sms')) await post(tx, { ...letter, channel: 'sms', to: phone, key: `${key}:sms` }, now)
      if (email && by.includes('email'))
        await post(tx, { ...letter, channel: 'email', to: email, subject, key: `${key}:email` }, now)
    }
    return fresh
  }

  /** By short message; by mail where no number was left. A duty call that dies is told of, as any other letter. */
  async function callOut(tx: Db, staffId: string, { fact, text }: NewAlert, now: Date): Promise<void> {
    const { phone, email } = await staffContactsStore(tx, sealer).find(staffId)
    const letter = { kind: 'duty', text, key: `${fact}:${staffId}` }
    if (phone) await post(tx, { ...letter, channel: 'sms', to: phone }, now)
    else if (email) await post(tx, { ...letter, channel: 'email', to: email, subject }, now)
  }

  const holders = async (tx: Db, roles: readonly Role[]) => withRole(await staffStore(tx).inForce(), roles)
  const bothWays = ['sms', 'email'] as const

  return {
    /** To whoever sees to security; to the system administrator while nobody does. */
    async actsStrange(tx: Db, found: readonly Anomaly[], now: Date): Promise<void> {
      if (found.length === 0) return
      const security = await holders(tx, ['security'])
      const told = security.length > 0 ? security : await holders(tx, ['administrator'])
      const names = new Map(await auditSubjectsStore(tx).people([...new Set(found.map(({ staffId }) => staffId))]))
      for (const one of found) {
        const alert = anomalyAlert(one, names.get(one.staffId) ?? '一位同事', now)
        await tell(tx, alert, told, bothWays, now)
      }
    },

    /** The letter is the point of it: it lies where nobody of this house can change it. */
    async chainAnchored(
      tx: Db,
      { day, id, hash }: { day: string; id: number; hash: string },
      now: Date,
    ): Promise<void> {
      const text = `${day} 的审计记录到第 ${id} 行，校验值 ${hash}。请保存，核验时对照。`
      const alert: NewAlert = { kind: 'audit.anchor', fact: `anchor:${day}`, subject: '', text }
      await tell(tx, alert, await holders(tx, ['auditor']), ['email'], now)
    },

    caseChanged: async (tx: Db, news: CaseNews, now: Date): Promise<void> => {
      for (const { alert, told, leavesHouse } of caseAlerts(news, await staffStore(tx).inForce()))
        await tell(tx, alert, told, leavesHouse ? bothWays : [], now)
    },

    async caseClimbed(tx: Db, climbed: ClimbedRung, now: Date): Promise<void> {
      const told = toldOfRung(climbed, await staffStore(tx).inForce())
      await tell(tx, rungAlert(climbed), told, climbed.rung === 'remind' ? [] : bothWays, now)
    },

    /** By the way that works, not by the one that has just failed. */
    async letterDied(tx: Db, letter: { channel: OutboxChannel; kind: string }, now: Date): Promise<void> {
      if (letter.kind === alertLetterKind) return
      const told = await holders(tx, ['administrator', 'supervisor'])
      const alert = deadLetterAlert(letter.channel, outboxChannelNames[letter.channel], now)
      await tell(
        tx,
        alert,
        told,
        bothWays.filter((way) => way !== letter.channel),
        now,
      )
    },

    async jobsDied(tx: Db, names: readonly string[], now: Date): Promise<void> {
      const told = await holders(tx, ['administrator'])
      for (const name of new Set(names)) await tell(tx, deadJobAlert(name, now), told, bothWays, now)
    },

    /** Whoever can put it right. @param about by which account, and what names it among others */
    async wechatFails(tx: Db, about: { road: string; why: string }, text: string, now: Date): Promise<void> {
      const alert = wechatAlert(about.road, about.why, text, now)
      await tell(tx, alert, await holders(tx, ['administrator']), bothWays, now)
    },

    /** Supervisors, and those who can put the answer right. */
    async topicsBurst(tx: Db, bursts: readonly BurstView[], now: Date): Promise<void> {
      if (bursts.length === 0) return
      const told = await holders(tx, ['supervisor', 'editor', 'reviewer'])
      for (const burst of bursts) await tell(tx, burstAlert(burst, now), told, bothWays, now)
    },

    async fewAnswered(tx: Db, calls: { part: number; whole: number; below: number }, now: Date): Promise<void> {
      await tell(tx, fewAnsweredAlert(calls, now), await holders(tx, ['supervisor']), bothWays, now)
    },

    async callbacksLate(tx: Db, late: readonly LateCallback[], onDuty: readonly string[], now: Date): Promise<void> {
      if (late.length === 0) return
      const supervisors = await holders(tx, ['supervisor'])
      for (const { alert, told, leavesHouse } of callbackAlerts(late, { onDuty, supervisors }, now))
        await tell(tx, alert, told, leavesHouse ? bothWays : [], now)
    },

    async dutyCalled(
      tx: Db,
      call: { handoverId: string; conversationId: string; staffId: string; waitedMinutes: number },
      now: Date,
    ): Promise<void> {
      const { handoverId, conversationId, staffId, waitedMinutes } = call
      const alert = dutyAlert(handoverId, conversationId, waitedMinutes)
      await tell(tx, alert, [staffId], [], now)
      await callOut(tx, staffId, alert, now)
    },

    /** The wall and the desk are told by socket; this is for the supervisor who looks at neither. */
    async citizenLate(
      tx: Db,
      late: { conversationId: string; since: Date; waitedSeconds: number; agentNumber?: string },
      now: Date,
    ): Promise<void> {
      const { conversationId, since, waitedSeconds, agentNumber } = late
      const alert = lateAlert({ conversationId, since }, waitedSeconds, agentNumber)
      await tell(tx, alert, await holders(tx, ['supervisor']), [], now)
    },
  }
}

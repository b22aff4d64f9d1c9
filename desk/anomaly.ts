/**
 * What members of staff do out of the ordinary, counted from the audit log: many conversations looked into, many numbers or
 * files opened, many tables taken along, either of the last two at night. Pure: counts in, findings out.
 */
import type { AuditAct } from '../contract/audit.ts'
import type { NewAlert } from './alerts.store.ts'
import { businessDay, businessMinute } from './working-days.ts'

const lookActs: readonly AuditAct[] = ['conversation.look']
const openActs: readonly AuditAct[] = [
  ...(['conversation.unmask', 'callback.phone', 'callback.recording', 'case.contact'] as const),
  ...(['attachment.open', 'case.evidence-open'] as const),
]
const takeActs: readonly AuditAct[] = [
  ...(['data.copy', 'audit.export', 'case.export', 'work-order.export', 'entry.export'] as const),
  ...(['figure.export', 'report.export', 'ratings.export'] as const),
]
export const watchedActs: readonly AuditAct[] = [...lookActs, ...openActs, ...takeActs]

/** So many within `minutes` by one person are told of; at night a few are enough. */
const rules = [
  { name: 'look', acts: lookActs, minutes: 10, least: 60, words: '查看了' },
  { name: 'open', acts: openActs, minutes: 10, least: 20, words: '查看完整号码或文件' },
  { name: 'take', acts: takeActs, minutes: 60, least: 6, words: '导出' },
  {
    name: 'night',
    acts: [...openActs, ...takeActs],
    minutes: 60,
    least: 3,
    words: '在夜间查看号码或导出',
    isNight: true,
  },
] as const
export const watchedMs = Math.max(...rules.map(({ minutes }) => minutes)) * 60_000
const night = { from: 22 * 60, until: 6 * 60 } // minutes of the bureau's day

export type WatchedAct = { staffId: string; act: string; at: Date }
export type Anomaly = {
  staffId: string
  rule: (typeof rules)[number]['name']
  count: number
  minutes: number
  words: string
}

/** @param acts of the last `watchedMs`, by anybody. */
export function anomaliesIn(acts: readonly WatchedAct[], now: Date): Anomaly[] {
  const people = [...new Set(acts.map(({ staffId }) => staffId))]
  return people.flatMap((staffId) =>
    rules.flatMap(({ name, acts: counted, minutes, least, words, ...rule }) => {
      const since = now.getTime() - minutes * 60_000
      const isCounted = (one: WatchedAct) =>
        one.staffId === staffId &&
        one.at.getTime() > since &&
        counted.some((act) => act === one.act) &&
        (!('isNight' in rule) || isAtNight(one.at))
      const count = acts.filter(isCounted).length
      return count >= least ? [{ staffId, rule: name, count, minutes, words }] : []
    }),
  )
}

function isAtNight(at: Date): boolean {
  const minute = businessMinute(at)
  return minute >= night.from || minute < night.until
}

/** Once an hour a person and rule: whoever goes on is told of again. @param who the colleague, by name and number. */
export function anomalyAlert({ staffId, rule, count, minutes, words }: Anomaly, who: string, now: Date): NewAlert {
  const hour = Math.floor(businessMinute(now) / 60)
  const what = rule === 'look' ? `${words} ${count} 次不在自己手上的会话` : `${words} ${count} 次`
  const text = `${who} 在 ${minutes} 分钟内${what}，请核实。`
  return {
    kind: 'security.anomaly',
    fact: `anomaly:${rule}:${staffId}:${businessDay(now)}:${hour}`,
    subject: staffId,
    text,
  }
}

/** What staff are told of callbacks that are late, to whom and in which words. Pure; nothing in it tells of a citizen. */
import { supervisedMs } from './callback-tries.ts'
import type { AlertTold } from './alert.ts'
import { businessDay, businessMinute } from './working-days.ts'

export type LateCallback = { id: string; dueAt: Date; holderId?: string }

const clock = new Intl.DateTimeFormat('zh-CN', { timeZone: 'Asia/Shanghai', dateStyle: 'medium', timeStyle: 'short' })

/**
 * Whoever took one up is told of it at once. Those that nobody has are told to who is on duty, or to every supervisor where
 * nobody is; and to every supervisor once they are half an hour late, whoever has them. A Monday's hundred is one line an
 * hour, and comes again as long as it is so.
 *
 * @param late the longest first.
 */
export function callbackAlerts(
  late: readonly LateCallback[],
  { onDuty, supervisors }: { onDuty: readonly string[]; supervisors: readonly string[] },
  now: Date,
): AlertTold[] {
  const held = late.flatMap(({ id, dueAt, holderId }): AlertTold[] =>
    holderId
      ? [
          {
            alert: {
              ...{ kind: 'callback.late', fact: `callback:${id}:${dueAt.toISOString()}`, subject: id },
              text: `您接下的一个回电应在 ${clock.format(dueAt)} 前拨打，已经过了时限，请尽快回电或者放回列表。`,
            },
            told: [holderId],
            leavesHouse: false,
          },
        ]
      : [],
  )
  const free = late.filter(({ holderId }) => holderId === undefined)
  const long = late.filter(({ dueAt }) => now.getTime() - dueAt.getTime() >= supervisedMs)
  const everybody = [...supervisors]
  return [
    ...held,
    ...summed('duty', free, onDuty.length > 0 ? [...onDuty] : everybody, now, '还没有人接下'),
    ...summed('supervisor', long, everybody, now, '超时半小时以上，请安排人回电'),
  ]
}

function summed(whom: string, late: readonly LateCallback[], told: string[], now: Date, how: string): AlertTold[] {
  const [longest] = late
  if (!longest || told.length === 0) return []
  const hour = Math.floor(businessMinute(now) / 60)
  const text = `有 ${late.length} 个回电过了答应市民的时间，最早的应在 ${clock.format(longest.dueAt)} 前，${how}。`
  const alert = {
    kind: 'callback.late',
    fact: `callbacks:${whom}:${businessDay(now)}:${hour}`,
    subject: '',
    text,
  } as const
  return [{ alert, told, leavesHouse: true }]
}

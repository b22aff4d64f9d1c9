/** What staff are told, to whom and in which words. Pure. Nothing in it tells of a citizen more than a case's number. */
import type { CaseRung } from '../contract/case.ts'
import { figureWords, type BurstView } from '../contract/figure.ts'
import type { OutboxChannel } from '../contract/outbox.ts'
import type { Role } from '../contract/staff.ts'
import type { NewAlert } from './alerts.store.ts'
import { businessDay, businessMinute } from './working-days.ts'

export type ClimbedRung = {
  caseId: string
  number: string
  rung: CaseRung
  dueOn: string
  about: 'first_contact' | 'due'
  ownerId: string
  supervisorId?: string
  /** Whom the case is about: told nothing of it, unless they own it. */
  ratedStaffId?: string
}
type Somebody = { id: string; roles: readonly Role[] }

/**
 * 催办 is for the owner; 督办 for who sees to it as well; 通报 for every supervisor. Where the owner is gone, every rung is
 * for every supervisor. In the order of who is meant first.
 */
export function toldOfRung(climbed: ClimbedRung, inForce: readonly Somebody[]): string[] {
  const { rung, ownerId, supervisorId, ratedStaffId } = climbed
  const supervisors = inForce.filter(({ roles }) => roles.includes('supervisor')).map(({ id }) => id)
  const isOwned = inForce.some(({ id }) => id === ownerId)
  const everybody = rung === 'report' || !isOwned ? supervisors : []
  const above = rung === 'remind' ? everybody : [supervisorId ?? [], ...everybody].flat()
  const meant = [...new Set([ownerId, ...above])]
  return meant.filter((id) => inForce.some((one) => one.id === id) && (id === ownerId || id !== ratedStaffId))
}

export function rungAlert({ caseId, number, rung, dueOn, about }: ClimbedRung): NewAlert {
  const what = about === 'first_contact' ? '首次联系' : '办结'
  const texts: Record<CaseRung, string> = {
    remind: `整改单 ${number} 的${what}期限是 ${dueOn}，请抓紧办理。`,
    supervise: `整改单 ${number} 过了${what}期限（${dueOn}），现予督办，请尽快办理。`,
    report: `整改单 ${number} 超过${what}期限（${dueOn}）多日，现予通报。`,
  }
  return { kind: `case.${rung}`, fact: `case:${caseId}:${rung}:${dueOn}:${about}`, subject: caseId, text: texts[rung] }
}

/** A topic is told of once a day: whoever was told at nine looks again by themselves. */
export function burstAlert({ kind, id, question, lately }: BurstView, now: Date): NewAlert {
  const text = `“${question}”最近一小时被问了 ${lately} 次，明显多于平时，请看一看答案是否合适。`
  return { kind: 'burst', fact: `burst:${kind}:${id}:${businessDay(now)}`, subject: `${kind}:${id}`, text }
}

/** A service that is away kills letters by the hundred: told of once an hour. */
export function deadLetterAlert(channel: OutboxChannel, channelName: string, now: Date): NewAlert {
  const hour = Math.floor(businessMinute(now) / 60)
  const text = `有${channelName}没有送达，系统已不再重试，请到发件箱处理。`
  return { kind: 'outbox.dead', fact: `outbox:${channel}:${businessDay(now)}:${hour}`, subject: '', text }
}

export function deadJobAlert(name: string, now: Date): NewAlert {
  const text = `后台任务 ${name} 失败，系统已不再重试，请到“后台任务”页处理。`
  return { kind: 'job.dead', fact: `job:${name}:${businessDay(now)}`, subject: '', text }
}

/** WeChat takes nothing, of which everybody who writes would tell: told of once an hour. @param why names it */
export function wechatAlert(road: string, why: string, text: string, now: Date): NewAlert {
  const hour = Math.floor(businessMinute(now) / 60)
  return { kind: 'wechat.failing', fact: `wechat:${road}:${why}:${businessDay(now)}:${hour}`, subject: '', text }
}

/** @param by who has the citizen and has not answered; absent while nobody has. */
export function lateAlert(
  { conversationId, since }: { conversationId: string; since: Date },
  waitedSeconds: number,
  by: string | undefined,
): NewAlert {
  const minutes = Math.max(1, Math.floor(waitedSeconds / 60))
  const text = by
    ? `工号 ${by} 接待的一位市民等了 ${minutes} 分钟还没有得到答复。`
    : `一位市民要人工，等了 ${minutes} 分钟还没有人接待。`
  return { kind: 'queue.late', fact: `late:${conversationId}:${since.toISOString()}`, subject: conversationId, text }
}

export const dutyFact = (handoverId: string) => `duty:${handoverId}`

/** To one on duty: nobody takes somebody who waits. */
export function dutyAlert(handoverId: string, conversationId: string, waitedMinutes: number): NewAlert {
  const waited = waitedMinutes > 0 ? `已等 ${waitedMinutes} 分钟` : '刚刚求助'
  const text = `您在值班：有市民${waited}，没有人接待，请尽快登录坐席台。`
  return { kind: 'queue.duty', fact: dutyFact(handoverId), subject: conversationId, text }
}

/** @param below the share that was fallen under. */
export function fewAnsweredAlert(
  { part, whole, below }: { part: number; whole: number; below: number },
  now: Date,
): NewAlert {
  const share = figureWords('share', part / whole)
  const text = `最近 24 小时接通率 ${share}（来电 ${whole} 通，接起 ${part} 通），低于 ${figureWords('share', below)}，请查看并加派人手。`
  return { kind: 'calls.missed', fact: `answered:${now.toISOString()}`, subject: '', text }
}

/** `told`: whom. `leavesHouse`: by message too. */
export type AlertTold = { alert: NewAlert; told: string[]; leavesHouse: boolean }

export const withRole = (inForce: readonly Somebody[], roles: readonly Role[]): string[] =>
  inForce.filter((one) => roles.some((role) => one.roles.includes(role))).map(({ id }) => id)

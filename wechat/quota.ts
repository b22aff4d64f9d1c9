/**
 * How many messages WeChat lets us send to one citizen: some after each message of theirs, for two days; some within a
 * moment after they tapped, scanned or followed. Pure; the numbers are the operator's settings, for Tencent changes them.
 */
export type Allowance = {
  perMessage: number
  messageHours: number
  perMoment: number
  momentSeconds: number
}
/** Tencent's numbers of 2026. */
export const usualAllowance: Allowance = { perMessage: 5, messageHours: 48, perMoment: 3, momentSeconds: 60 }

/** When the citizen last wrote, and last tapped; how many we have sent since on that account. */
export type Quota = { messageAt?: Date; messageUsed: number; momentAt?: Date; momentUsed: number }
export const noQuota: Quota = { messageUsed: 0, momentUsed: 0 }

export type Trigger = 'message' | 'moment'

/** The citizen did something that lets us speak. */
export function triggered(quota: Quota, by: Trigger, now: Date): Quota {
  return by === 'message' ? { ...quota, messageAt: now, messageUsed: 0 } : { ...quota, momentAt: now, momentUsed: 0 }
}

export type Room = { left: number; until?: Date }

/** How many may be sent now, and until when the last of them. */
export function room(quota: Quota, allowance: Allowance, now: Date): Room {
  const { moment, message } = rooms(quota, allowance, now)
  const open = [moment, message].filter(({ left }) => left > 0)
  const ends = open.flatMap(({ until }) => until?.getTime() ?? [])
  return {
    left: moment.left + message.left,
    ...(ends.length > 0 && { until: new Date(Math.max(...ends)) }),
  }
}

/** One is sent: on the account that ends first. @returns nothing where none may be sent. */
export function spent(quota: Quota, allowance: Allowance, now: Date): Quota | undefined {
  const { moment, message } = rooms(quota, allowance, now)
  if (moment.left > 0) return { ...quota, momentUsed: quota.momentUsed + 1 }
  if (message.left > 0) return { ...quota, messageUsed: quota.messageUsed + 1 }
  return undefined
}

/** One is kept for a person, who may have to say that they have come. */
export const keptForPerson = 1
/** And one for the answer to what they have just done, where more is to be told before it. */
export const keptForAnswer = 1

/** So many are sent, and so many are left. @returns nothing where not all of them may be sent: half an answer is none. */
export function spentAll(
  quota: Quota,
  allowance: Allowance,
  { count, kept }: { count: number; kept: number },
  now: Date,
): Quota | undefined {
  if (room(quota, allowance, now).left < count + kept) return undefined
  let left: Quota | undefined = quota
  for (let n = 0; n < count && left; n++) left = spent(left, allowance, now)
  return left
}

/** What is given back on each account for the last `count` of those that were paid for and not sent. */
export function unspent(before: Quota, after: Quota, count: number): { messages: number; moments: number } & Quota {
  const messages = Math.min(count, after.messageUsed - before.messageUsed)
  const moments = Math.min(count - messages, after.momentUsed - before.momentUsed)
  return { ...after, messages, moments }
}

function rooms(quota: Quota, allowance: Allowance, now: Date): { moment: Room; message: Room } {
  const { perMoment, momentSeconds, perMessage, messageHours } = allowance
  return {
    moment: roomOf(quota.momentAt, momentSeconds * 1_000, perMoment - quota.momentUsed, now),
    message: roomOf(quota.messageAt, messageHours * 3_600_000, perMessage - quota.messageUsed, now),
  }
}

function roomOf(from: Date | undefined, lastsMs: number, left: number, now: Date): Room {
  if (!from) return { left: 0 }
  const until = new Date(from.getTime() + lastsMs)
  return now < until ? { left: Math.max(0, left), until } : { left: 0 }
}

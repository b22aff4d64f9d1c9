/**
 * What somebody who waits is told: the place in the queue, and about how long it will take. Pure.
 *
 * Invariant: a time is told only where the pace of this queue was measured; it is a range, as wide as what it rests on is
 * thin, and never shorter for whoever stands further behind on the same channel.
 */
import type { Capacity } from '../contract/queue.ts'
import type { Channel } from '../contract/turn.ts'
import type { WaitRange } from '../contract/wait.ts'

/** What this queue did within the last hour, and who could take somebody now. */
export type Pace = {
  /** How many were taken, by how many different agents, since the first of them was. */
  served: number
  servers: number
  overSeconds: number
  /** Three of four of them were taken within so long. */
  usualWaitSeconds: number
  online: number
  /** Free places of those who take conversations, by channel. */
  room: Capacity
  /** What one conversation took lately. */
  averageSeconds: number
}
export type Place = {
  conversationId: string
  place: number
  /** A single guess for programs; what people read is `range`. */
  waitSeconds: number
  range?: WaitRange
}
export type InLine = { conversationId: string; channel: Channel }

/** Fewer than that say nothing about the next one. */
export const leastServed = 5
const leastOverSeconds = 300
/** What a range may end at, in minutes: nobody waits 37 minutes to the minute. */
const steps = [1, 2, 3, 5, 8, 10, 15, 20, 30, 45, 60] as const

/** @param waiting first to be served first. */
export function places(waiting: readonly InLine[], pace: Pace): Place[] {
  const seen: Capacity = { phone: 0, web: 0, wechat: 0 }
  return waiting.map(({ conversationId, channel }, before) => {
    const place = before + 1
    seen[channel]++
    // Those before somebody on other channels take no place of theirs, but the time of the same people.
    const beyondRoom = Math.max(0, seen[channel] - pace.room[channel])
    const ahead = beyondRoom === 0 ? 0 : Math.max(beyondRoom, place - total(pace.room))
    const range = rangeOf(ahead, pace)
    return { conversationId, place, waitSeconds: guess(place, ahead, pace), ...(range && { range }) }
  })
}

/** How many are taken in a second by those who are there now, at the pace of each that was measured; 0 when unknown. */
export function perSecond({ served, servers, overSeconds, online }: Pace): number {
  if (served < leastServed || servers === 0) return 0
  return (served / servers / Math.max(leastOverSeconds, overSeconds)) * online
}

/** @param ahead how many have to be taken before there is room, with this one; 0: there is room. */
export function rangeOf(ahead: number, pace: Pace): WaitRange | undefined {
  const rate = perSecond(pace)
  if (rate === 0) return undefined
  const pickMinutes = pace.usualWaitSeconds / 60
  if (ahead === 0) return { from: 0, to: upTo(Math.max(1, pickMinutes)) }
  const mean = ahead / rate / 60
  // Arrivals of free agents are as irregular as those of citizens, and the pace itself is counted from few.
  const doubt = Math.sqrt(1 / ahead + 1 / pace.served)
  const [from, to] = [downTo(mean * Math.max(0, 1 - doubt)), upTo(mean * (1 + doubt))]
  return { from, to: Math.max(to, upTo(Math.max(1, pickMinutes))) }
}

function guess(place: number, ahead: number, pace: Pace): number {
  const rate = perSecond(pace)
  if (rate === 0) return Math.ceil((place * Math.max(0, pace.averageSeconds)) / Math.max(1, pace.online))
  // Nobody is taken sooner than others were who found room.
  return Math.ceil(Math.max(pace.usualWaitSeconds, ahead / rate))
}

const total = ({ phone, web, wechat }: Capacity) => phone + web + wechat
const upTo = (minutes: number) => steps.find((step) => step >= minutes) ?? Math.ceil(minutes / 60) * 60
function downTo(minutes: number): number {
  if (minutes >= 60) return Math.floor(minutes / 60) * 60
  return [...steps].reverse().find((step) => step <= minutes) ?? 0
}

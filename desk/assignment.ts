/**
 * Who of those who wait is given to whom. Pure.
 *
 * Invariants: nobody is given more than their capacity; whoever comes first in the queue chooses first; and a wish
 * (the agent of the last time, a skill, a region) holds somebody back for a bounded time alone, so that with any
 * capacity free for their channel everybody is served in the end.
 */
import type { Capacity } from '../contract/queue.ts'
import type { PresenceState } from '../contract/staff.ts'
import type { Channel } from '../contract/turn.ts'

export type Waiter = {
  conversationId: string
  askedAt: Date
  channel: Channel
  skillId?: string
  region?: string
  /** Who had them the last time. */
  lastAgentId?: string
  /** Who gave them up just now. */
  givenUpBy?: string
}
export type SeatNow = {
  staffId: string
  state: PresenceState
  skills: readonly string[]
  /** None: every region. */
  regions: readonly string[]
  capacity: Capacity
  held: Capacity
  /** Since when nobody was given to them. */
  idleSince: Date
}
export type Offer = { conversationId: string; staffId: string }

/** Somebody who was served before waits so long for the same agent. */
export const lastAgentFirstMs = 30_000
/** Somebody waits so long for a colleague who knows the matter and the region, and for another one than who gave them up. */
export const fittingFirstMs = 120_000

export const hasRoom = (capacity: Capacity, held: Capacity, channel: Channel) => held[channel] < capacity[channel]

/** Whom somebody would be given to now, had they room. With anybody at all for that channel, never nobody. */
export function whoMayTake(waiter: Waiter, seats: readonly SeatNow[], now: Date): SeatNow[] {
  const { channel, lastAgentId, givenUpBy } = waiter
  const waitedMs = now.getTime() - waiter.askedAt.getTime()
  const there = seats.filter(({ state, capacity }) => state === 'online' && capacity[channel] > 0)
  const last = there.filter(({ staffId }) => staffId === lastAgentId)
  if (last.length > 0 && waitedMs < lastAgentFirstMs) return last
  if (waitedMs >= fittingFirstMs) return there
  const others = there.filter(({ staffId }) => staffId !== givenUpBy)
  const fitting = others.filter((seat) => fits(waiter, seat))
  return [fitting, others, there].find((some) => some.length > 0) ?? []
}

/** @param waiting first to be served first. */
export function assign(waiting: readonly Waiter[], seats: readonly SeatNow[], now: Date): Offer[] {
  const held = new Map(seats.map((seat) => [seat.staffId, { ...seat.held }]))
  const heldBy = (seat: SeatNow) => held.get(seat.staffId) ?? seat.held
  const offers: Offer[] = []
  for (const waiter of waiting) {
    const [chosen] = whoMayTake(waiter, seats, now)
      .filter((seat) => hasRoom(seat.capacity, heldBy(seat), waiter.channel))
      .sort((a, b) => lessBusy(a, heldBy(a), b, heldBy(b)))
    if (!chosen) continue
    heldBy(chosen)[waiter.channel]++
    offers.push({ conversationId: waiter.conversationId, staffId: chosen.staffId })
  }
  return offers
}

function fits({ skillId, region }: Waiter, { skills, regions }: SeatNow): boolean {
  const knows = skillId === undefined || skills.includes(skillId)
  return knows && (region === undefined || regions.length === 0 || regions.includes(region))
}

function lessBusy(a: SeatNow, aHeld: Capacity, b: SeatNow, bHeld: Capacity): number {
  return (
    total(aHeld) - total(bHeld) || a.idleSince.getTime() - b.idleSince.getTime() || (a.staffId < b.staffId ? -1 : 1)
  )
}

const total = ({ phone, web, wechat }: Capacity) => phone + web + wechat

/** 现场, the wall of the supervisors: who waits, who works, what is open, at this moment. */
import type { DeskConversation } from './agent-events.ts'
import type { Capacity, QueueMode } from './queue.ts'
import type { PresenceState } from './staff.ts'
import type { LateLimits } from './wait.ts'

export type SeatOnWall = {
  staffId: string
  workNumber: string
  displayName: string
  state: PresenceState
  since: string
  held: Capacity
  capacity: Capacity
}
/** 现场: what is so at this moment. */
export type WallView = {
  at: string
  mode: QueueMode
  waiting: DeskConversation[]
  seats: SeatOnWall[]
  /** With the bot or a person, the most recently spoken first; `total` counts those left out as well. */
  open: DeskConversation[]
  total: number
  late: LateLimits
}

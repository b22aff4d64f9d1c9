/**
 * The floor of one call, run: events in one at a time, actions out in order, woken when it wants to be. An action may
 * bring about an event at once; it waits its turn.
 */
import type { Clock } from '../rtp/clock.ts'
import type { Capability } from '../turn-taking/expectation.ts'
import { step, wakeAt } from '../turn-taking/floor.ts'
import type { FloorAction, FloorEvent } from '../turn-taking/floor-events.ts'
import { newFloor } from '../turn-taking/floor-state.ts'

type Parts = {
  clock: Clock
  capability: Capability
  act: (action: FloorAction) => void
  /** After every event and what followed from it. */
  settled: () => void
}
export type FloorRunner = ReturnType<typeof floorRunner>

export function floorRunner({ clock, capability, act, settled }: Parts) {
  const events: FloorEvent[] = []
  let state = newFloor(capability, clock.nowMs())
  let isStepping = false
  let cancelWake: (() => void) | undefined

  function arm(): void {
    cancelWake?.()
    const at = wakeAt(state)
    cancelWake =
      at === undefined ? undefined : clock.after(Math.max(0, at - clock.nowMs()), () => send({ kind: 'tick' }))
  }

  function send(event: FloorEvent): void {
    events.push(event)
    if (isStepping) return
    isStepping = true
    try {
      for (let next = events.shift(); next; next = events.shift()) {
        const made = step(state, next, clock.nowMs())
        state = made.state
        made.actions.forEach(act)
      }
    } finally {
      isStepping = false
    }
    arm()
    settled()
  }

  return { send, state: () => state, stop: () => cancelWake?.() }
}

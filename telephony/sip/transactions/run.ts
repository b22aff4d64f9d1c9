/** Runs one machine: keeps its state, arms its timers, hands out what it wants done. Ends once, with no timer left. */
import type { Clock } from '../clock.ts'
import type { Action, Step, Timer } from './machine.ts'

export type Deed = Exclude<Action, { do: 'arm' } | { do: 'disarm' } | { do: 'end' }>
type TimerEvent = { is: 'timer'; timer: Timer }

type Parts<S, E> = {
  clock: Clock
  next: (state: S, event: E | TimerEvent) => Step<S>
  perform: (deed: Deed) => void
  ended: () => void
}

export type Running<S, E> = {
  begin(first: Step<S>): void
  feed(event: E): void
  state(): S | undefined
  /** Drops the timers without a word to anybody: the process is going. */
  stop(): void
}

export function run<S, E>({ clock, next, perform, ended }: Parts<S, E>): Running<S, E> {
  const armed = new Map<Timer, () => void>()
  let state: S | undefined
  let isOver = false

  function disarm(timer: Timer): void {
    armed.get(timer)?.()
    armed.delete(timer)
  }
  function stop(): void {
    isOver = true
    for (const timer of [...armed.keys()]) disarm(timer)
  }
  function feed(event: E | TimerEvent): void {
    if (state !== undefined && !isOver) apply(next(state, event))
  }
  function armFor(timer: Timer, afterMs: number): void {
    disarm(timer)
    const fire = () => {
      armed.delete(timer)
      feed({ is: 'timer', timer })
    }
    armed.set(timer, clock.after(afterMs, fire))
  }
  function apply(step: Step<S>): void {
    state = step.state
    for (const action of step.actions) {
      if (action.do === 'arm') armFor(action.timer, action.afterMs)
      else if (action.do === 'disarm') disarm(action.timer)
      else if (action.do !== 'end') perform(action)
      else if (!isOver) {
        stop()
        ended()
      }
    }
  }
  return { begin: apply, feed, state: () => state, stop }
}

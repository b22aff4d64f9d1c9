/**
 * Recognition for one call, over several engines. A first fault is tried again with everything that the caller said;
 * a second, or 3 s without a connection, hands over to the next engine.
 *
 * Invariant: what the caller said is not asked for again while any engine is left that can hear it. Where the next
 * one cannot (from open questions to choices, or to keys), the listening ends and the call words its question anew.
 */
import type { Clock } from '../rtp/clock.ts'
import { failOver, failOverStart, unconnectedLimitMs, type FailOverEvent, type FailOverState } from './fail-over.ts'
import {
  canHear,
  type Hears,
  type Listening,
  type ListenOrder,
  type RecognitionCapability,
  type Recogniser,
} from './recogniser.ts'
import type { EngineSwitch } from './synthesiser.ts'

/** Nobody speaks for longer in one turn; earlier audio is not repeated to another engine. */
const longestTurnSamples = 20 * 8_000
/** A failed engine is not the first choice of new calls for this long. */
const restMs = 60_000
const timerMs = 20

/** The ears of one call. */
export type Ears = {
  readonly engine: string
  /** May fall during the call, never rise. */
  readonly capability: RecognitionCapability
  /** A service elsewhere, that takes the caller's sound as it comes. */
  readonly isRemote: boolean
  listen(order: ListenOrder, hears: Hears): Listening
}

export type RecognitionSwitch = EngineSwitch & { capability: RecognitionCapability }

/** @param engines the preferred first; the last one should be deafRecogniser, which cannot fail */
export function recognition({ engines, clock }: { engines: readonly [Recogniser, ...Recogniser[]]; clock: Clock }) {
  const restsUntilMs = engines.map(() => 0)
  const engineAt = (i: number): Recogniser => engines[i] ?? engines[0]

  function ears(onSwitch: (change: RecognitionSwitch) => void): Ears {
    const awake = restsUntilMs.findIndex((until) => until <= clock.nowMs())
    let state: FailOverState = failOverStart(awake < 0 ? engines.length - 1 : awake)

    function happened(event: FailOverEvent): void {
      const step = failOver(state, event, engines.length, clock.nowMs())
      state = step.state
      if (!step.switched) return
      const { from, to, reason, tellCaller } = step.switched
      restsUntilMs[from] = clock.nowMs() + restMs
      const { capability } = engineAt(to)
      onSwitch({ from: engineAt(from).name, to: engineAt(to).name, reason, tellCaller, capability })
    }

    function listen(order: ListenOrder, hears: Hears): Listening {
      let said: Int16Array[] = []
      let saidSamples = 0
      let hasEnded = false
      let isOver = false
      let current: Listening | undefined
      let cancelWait: (() => void) | undefined

      const forget = () => {
        said = []
        saidSamples = 0
      }
      const over = (tell?: () => void) => {
        if (isOver) return
        isOver = true
        cancelWait?.()
        happened({ kind: 'idle' })
        current?.close()
        forget()
        tell?.()
      }

      function waitForConnection(ms = unconnectedLimitMs): void {
        happened({ kind: 'unconnected' })
        cancelWait?.()
        cancelWait = clock.after(ms, () => {
          const before = state.engine
          happened({ kind: 'tick' })
          if (state.engine !== before) begin()
          // A timer may come a moment early by this clock.
          else if (state.unconnectedSinceMs !== undefined) waitForConnection(timerMs)
        })
      }

      function begin(): void {
        current?.close()
        current = undefined
        const at = state.engine
        const engine = engineAt(at)
        if (!canHear(engine.capability, order.mode)) return over(() => hears.onEnd())
        const isCurrent = () => !isOver && state.engine === at
        cancelWait?.()
        if (needsConnection(engine)) waitForConnection()
        const mine = engine.listen(order, {
          onHypothesis: (text) => isCurrent() && hears.onHypothesis?.(text),
          onFinal(heard) {
            if (!isCurrent()) return
            forget() // what was judged is not repeated to another engine
            hears.onFinal(heard)
          },
          onEnd: () => isCurrent() && current === mine && over(() => hears.onEnd()),
          onConnection(isUp) {
            if (!isCurrent()) return
            if (!isUp) return waitForConnection()
            cancelWait?.()
            happened({ kind: 'connected' })
            hears.onConnection?.(true)
          },
          onError(fault) {
            if (!isCurrent()) return
            happened({ kind: 'idle' })
            happened({ kind: 'error' })
            const isLastGivenUp = state.engine === at && state.errors > 1
            if (isLastGivenUp) over(() => hears.onError(fault))
            else queueMicrotask(() => !isOver && begin())
          },
        })
        current = mine
        for (const samples of said) mine.write(samples)
        if (hasEnded) mine.end()
      }

      begin()
      return {
        write(samples) {
          if (isOver || hasEnded) return
          said.push(samples)
          saidSamples += samples.length
          while (saidSamples > longestTurnSamples) saidSamples -= said.shift()?.length ?? saidSamples
          current?.write(samples)
        },
        end() {
          if (hasEnded) return
          hasEnded = true
          current?.end()
        },
        close: () => over(),
      }
    }

    return {
      get engine() {
        return engineAt(state.engine).name
      },
      get capability() {
        return engineAt(state.engine).capability
      },
      get isRemote() {
        return engineAt(state.engine).isRemote
      },
      listen,
    }
  }

  return {
    /** What a new call can expect, before any of its own faults. */
    capability: engines[0].capability,
    /** @param onSwitch is told every time that an engine is left; an alert for operations. */
    ears,
    async close(): Promise<void> {
      await Promise.all(engines.map((engine) => engine.close()))
    },
  }
}
export type Recognition = ReturnType<typeof recognition>

/** An engine in this machine answers at once or fails; only a service can be out of reach. */
const needsConnection = ({ isRemote }: Recogniser) => isRemote

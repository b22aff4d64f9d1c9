/**
 * Which engine serves this call. Pure: what happened and when goes in, the next state and what to do come out.
 *
 * Invariant: an engine that failed twice, or had no connection for 3 s, is not used again in this call; the last one
 * is never given up. The caller is told once in a call, however many engines fail; operations are told every time.
 */
export const errorsAllowed = 2
export const unconnectedLimitMs = 3_000

export type FailOverState = {
  engine: number
  errors: number
  /** On the clock of the events; absent while connected, or while nothing is asked of the engine. */
  unconnectedSinceMs?: number
  isTold: boolean
}

export type FailOverEvent =
  /** Something is asked of the engine that needs a connection, and there is none yet; or it was lost. */
  { kind: 'unconnected' } | { kind: 'connected' } | { kind: 'idle' } | { kind: 'error' } | { kind: 'tick' }

export type FailOverReason = 'errors' | 'no-connection'

export type FailOverStep = {
  state: FailOverState
  /** Present when the next engine takes over. */
  switched?: { from: number; to: number; reason: FailOverReason; tellCaller: boolean }
}

export function failOverStart(engine = 0): FailOverState {
  return { engine, errors: 0, isTold: false }
}

/**
 * @param engines how many there are, the preferred first
 * @param nowMs a clock that only goes forward
 */
export function failOver(state: FailOverState, event: FailOverEvent, engines: number, nowMs: number): FailOverStep {
  const next = after(state, event, nowMs)
  const reason = reasonToLeave(next, nowMs)
  if (reason === undefined || next.engine + 1 >= engines) return { state: next }
  const to = next.engine + 1
  return {
    state: { engine: to, errors: 0, isTold: true },
    switched: { from: next.engine, to, reason, tellCaller: !next.isTold },
  }
}

function after(state: FailOverState, event: FailOverEvent, nowMs: number): FailOverState {
  switch (event.kind) {
    case 'unconnected':
      return { ...state, unconnectedSinceMs: state.unconnectedSinceMs ?? nowMs }
    case 'connected':
    case 'idle':
      return { ...state, unconnectedSinceMs: undefined }
    case 'error':
      return { ...state, errors: state.errors + 1 }
    case 'tick':
      return state
  }
}

function reasonToLeave(state: FailOverState, nowMs: number): FailOverReason | undefined {
  if (state.errors >= errorsAllowed) return 'errors'
  const since = state.unconnectedSinceMs
  return since !== undefined && nowMs - since >= unconnectedLimitMs ? 'no-connection' : undefined
}

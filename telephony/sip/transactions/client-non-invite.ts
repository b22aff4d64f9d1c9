/** Any other request that we send (RFC 3261 §17.1.2). Passes up at most one final answer. */
import {
  arm,
  armUnlessReliable,
  disarm,
  end,
  fail,
  passUp,
  patience,
  send,
  type Line,
  type Step,
  type Timer,
} from './machine.ts'

export type ClientNonInvite = {
  name: 'trying' | 'proceeding' | 'completed' | 'ended'
  line: Line
  resendMs: number
}
export type ClientNonInviteEvent =
  | { is: 'timer'; timer: Timer }
  | { is: 'answer'; status: number }
  | { is: 'transport-failed' }

type Next = Step<ClientNonInvite>

export function beginClientNonInvite(line: Line): Next {
  return {
    state: { name: 'trying', line, resendMs: line.t1 },
    actions: [arm('F', patience(line)), ...armUnlessReliable(line, 'E', line.t1), send],
  }
}

export function clientNonInvite(state: ClientNonInvite, event: ClientNonInviteEvent): Next {
  const isWaiting = state.name === 'trying' || state.name === 'proceeding'
  if (event.is === 'timer' && event.timer === 'K') return state.name === 'completed' ? over(state) : stay(state)
  if (!isWaiting) return stay(state)
  if (event.is === 'transport-failed') return over(state, [fail('transport')])
  if (event.is === 'answer') return onAnswer(state, event.status)
  if (event.timer === 'F') return over(state, [fail('timeout')])
  if (event.timer !== 'E' || state.line.isReliable) return stay(state)
  const resendMs = state.name === 'trying' ? Math.min(state.resendMs * 2, state.line.t2) : state.line.t2
  return { state: { ...state, resendMs }, actions: [send, arm('E', resendMs)] }
}

const stay = (state: ClientNonInvite): Next => ({ state, actions: [] })

const over = (state: ClientNonInvite, first: Next['actions'] = []): Next => ({
  state: { ...state, name: 'ended' },
  actions: [...first, end],
})

function onAnswer(state: ClientNonInvite, status: number): Next {
  if (status < 200) return { state: { ...state, name: 'proceeding' }, actions: [passUp] }
  if (state.line.isReliable) return over(state, [passUp])
  return {
    state: { ...state, name: 'completed' },
    actions: [disarm('E'), disarm('F'), arm('K', state.line.t4), passUp],
  }
}

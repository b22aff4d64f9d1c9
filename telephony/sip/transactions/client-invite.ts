/**
 * The INVITE that we send (RFC 3261 §17.1.1, RFC 6026 §8.4). Passes up at most one answer that is not 1xx or 2xx, and
 * acknowledges every copy of it; copies of a 2xx are passed up for the dialog to acknowledge.
 */
import {
  ack,
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

export type ClientInvite = {
  name: 'calling' | 'proceeding' | 'completed' | 'accepted' | 'ended'
  line: Line
  resendMs: number
}
export type ClientInviteEvent =
  | { is: 'timer'; timer: Timer }
  | { is: 'answer'; status: number }
  | { is: 'transport-failed' }
  /** Its user waits no longer for a final answer: the peer rang without end. */
  | { is: 'abandoned' }

type Next = Step<ClientInvite>

export function beginClientInvite(line: Line): Next {
  return {
    state: { name: 'calling', line, resendMs: line.t1 },
    actions: [arm('B', patience(line)), ...armUnlessReliable(line, 'A', line.t1), send],
  }
}

export function clientInvite(state: ClientInvite, event: ClientInviteEvent): Next {
  const { name } = state
  const isWaiting = name === 'calling' || name === 'proceeding'
  if (name === 'ended') return { state, actions: [] }
  if (event.is === 'abandoned') return isWaiting ? over(state, [fail('timeout')]) : { state, actions: [] }
  if (event.is === 'transport-failed')
    return name === 'accepted' ? { state, actions: [] } : over(state, isWaiting ? [fail('transport')] : [])
  if (event.is === 'timer') return onTimer(state, event.timer)
  if (isWaiting) return onAnswer(state, event.status)
  if (name === 'accepted') return { state, actions: event.status >= 200 && event.status < 300 ? [passUp] : [] }
  return { state, actions: event.status >= 300 ? [ack] : [] }
}

const over = (state: ClientInvite, first: Next['actions'] = []): Next => ({
  state: { ...state, name: 'ended' },
  actions: [...first, end],
})

function onTimer(state: ClientInvite, timer: Timer): Next {
  if (state.name === 'calling' && timer === 'A') {
    const resendMs = state.resendMs * 2
    return { state: { ...state, resendMs }, actions: [send, arm('A', resendMs)] }
  }
  if (state.name === 'calling' && timer === 'B') return over(state, [fail('timeout')])
  if (state.name === 'completed' && timer === 'D') return over(state)
  if (state.name === 'accepted' && timer === 'M') return over(state)
  return { state, actions: [] }
}

function onAnswer(state: ClientInvite, status: number): Next {
  const quiet = [disarm('A'), disarm('B')]
  if (status < 200) return { state: { ...state, name: 'proceeding' }, actions: [...quiet, passUp] }
  if (status < 300)
    return { state: { ...state, name: 'accepted' }, actions: [...quiet, arm('M', patience(state.line)), passUp] }
  if (state.line.isReliable) return over(state, [ack, passUp])
  return { state: { ...state, name: 'completed' }, actions: [...quiet, arm('D', patience(state.line)), ack, passUp] }
}

/**
 * The INVITE that we are sent (RFC 3261 §17.2.1, RFC 6026 §8.5). Sends at most one final answer of its own accord;
 * copies of a 2xx are sent by the dialog, through here, until they are acknowledged.
 */
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

export type ServerInvite = {
  name: 'proceeding' | 'completed' | 'confirmed' | 'accepted' | 'ended'
  line: Line
  hasAnswered: boolean
  resendMs: number
}
export type ServerInviteEvent =
  | { is: 'timer'; timer: Timer }
  /** The same INVITE again. */
  | { is: 'copy' }
  | { is: 'ack' }
  /** Our user answers. A second final answer is not sent. */
  | { is: 'answered'; status: number }
  | { is: 'transport-failed' }

type Next = Step<ServerInvite>

export function beginServerInvite(line: Line): Next {
  return { state: { name: 'proceeding', line, hasAnswered: false, resendMs: line.t1 }, actions: [] }
}

export function serverInvite(state: ServerInvite, event: ServerInviteEvent): Next {
  switch (state.name) {
    case 'proceeding':
      return proceeding(state, event)
    case 'completed':
      return completed(state, event)
    case 'confirmed':
      return event.is === 'timer' && event.timer === 'I' ? over(state) : stay(state)
    case 'accepted':
      return accepted(state, event)
    case 'ended':
      return stay(state)
  }
}

const stay = (state: ServerInvite, ...actions: Next['actions']): Next => ({ state, actions })

const over = (state: ServerInvite, first: Next['actions'] = []): Next => ({
  state: { ...state, name: 'ended' },
  actions: [...first, end],
})

function proceeding(state: ServerInvite, event: ServerInviteEvent): Next {
  const { line } = state
  if (event.is === 'copy') return stay(state, ...(state.hasAnswered ? [send] : []))
  if (event.is === 'transport-failed') return over(state, [fail('transport')])
  if (event.is !== 'answered') return stay(state)
  if (event.status < 200) return { state: { ...state, hasAnswered: true }, actions: [send] }
  if (event.status < 300) return { state: { ...state, name: 'accepted' }, actions: [arm('L', patience(line)), send] }
  return {
    state: { ...state, name: 'completed', resendMs: line.t1 },
    actions: [arm('H', patience(line)), ...armUnlessReliable(line, 'G', line.t1), send],
  }
}

function completed(state: ServerInvite, event: ServerInviteEvent): Next {
  const { line } = state
  if (event.is === 'copy') return stay(state, send)
  if (event.is === 'transport-failed') return over(state, [fail('transport')])
  if (event.is === 'ack') {
    if (line.isReliable) return over(state)
    return { state: { ...state, name: 'confirmed' }, actions: [disarm('G'), disarm('H'), arm('I', line.t4)] }
  }
  if (event.is !== 'timer') return stay(state)
  if (event.timer === 'H') return over(state, [fail('timeout')])
  if (event.timer !== 'G' || line.isReliable) return stay(state)
  const resendMs = Math.min(state.resendMs * 2, line.t2)
  return { state: { ...state, resendMs }, actions: [send, arm('G', resendMs)] }
}

function accepted(state: ServerInvite, event: ServerInviteEvent): Next {
  if (event.is === 'answered') return stay(state, ...(event.status >= 200 && event.status < 300 ? [send] : []))
  if (event.is === 'ack') return stay(state, passUp)
  if (event.is === 'transport-failed') return stay(state, fail('transport'))
  return event.is === 'timer' && event.timer === 'L' ? over(state) : stay(state)
}

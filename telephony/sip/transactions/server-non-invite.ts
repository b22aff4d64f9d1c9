/** Any other request that we are sent (RFC 3261 §17.2.2). Answers once; a copy of the request gets a copy of the answer. */
import { arm, end, fail, patience, send, type Line, type Step, type Timer } from './machine.ts'

export type ServerNonInvite = { name: 'trying' | 'proceeding' | 'completed' | 'ended'; line: Line }
export type ServerNonInviteEvent =
  | { is: 'timer'; timer: Timer }
  | { is: 'copy' }
  | { is: 'answered'; status: number }
  | { is: 'transport-failed' }

type Next = Step<ServerNonInvite>

export function beginServerNonInvite(line: Line): Next {
  return { state: { name: 'trying', line }, actions: [] }
}

export function serverNonInvite(state: ServerNonInvite, event: ServerNonInviteEvent): Next {
  const { name, line } = state
  if (name === 'ended') return stay(state)
  if (event.is === 'copy') return stay(state, ...(name === 'trying' ? [] : [send]))
  if (event.is === 'transport-failed') return over(state, [fail('transport')])
  if (event.is === 'timer') return name === 'completed' && event.timer === 'J' ? over(state) : stay(state)
  if (name === 'completed') return stay(state)
  if (event.status < 200) return { state: { ...state, name: 'proceeding' }, actions: [send] }
  if (line.isReliable) return over(state, [send])
  return { state: { ...state, name: 'completed' }, actions: [arm('J', patience(line)), send] }
}

const stay = (state: ServerNonInvite, ...actions: Next['actions']): Next => ({ state, actions })

const over = (state: ServerNonInvite, first: Next['actions'] = []): Next => ({
  state: { ...state, name: 'ended' },
  actions: [...first, end],
})

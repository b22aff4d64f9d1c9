/**
 * The agent's desk phone as the console sees it, and what it is told of it. Pure: the state and the news give the new
 * state. A desk phone has one call; why it has none any more is kept until it is rung again for that call.
 */
import type { HandsetFound, HandsetTold, HandsetWhy } from '../../contract/handset.ts'

export type HandsetCall = {
  conversationId: string
  state: 'dialling' | 'ringing' | 'talking' | 'held'
  since: number
  /** Whoever holds it resumes it: a button here brings nothing back that was put on hold over there. */
  heldAt?: 'console' | 'handset'
}
export type DeviceState = { on?: HandsetCall; refusal?: { conversationId: string; why: HandsetWhy } }

export const noCall: DeviceState = {}

export const dialled = (conversationId: string, now: number): DeviceState => ({
  on: { conversationId, state: 'dialling', since: now },
})

/** So long an order may be on its way to a phone process that does not know of it yet. */
const dialsForMs = 10_000

/** What the phone process knows, after a reload or a lost line. */
export function found(state: DeviceState, { on }: HandsetFound, now: number): DeviceState {
  if (!on) {
    const isOnItsWay = state.on?.state === 'dialling' && now - state.on.since < dialsForMs
    return isOnItsWay ? state : { ...state, on: undefined }
  }
  const { conversationId, heldAt } = on
  const isKnown = state.on?.conversationId === conversationId && state.on.state === on.state
  return isKnown ? state : { on: { conversationId, state: on.state, since: Date.parse(on.since), heldAt } }
}

/** The call is over, or in other hands: whatever its desk phone still did would be told to somebody else. */
export const gone = (state: DeviceState, conversationId: string): DeviceState =>
  state.on?.conversationId === conversationId ? noCall : state

export function told(state: DeviceState, news: HandsetTold, now: number): DeviceState {
  const { conversationId } = news
  if (news.state === 'down') {
    if (state.on && state.on.conversationId !== conversationId) return state
    return news.why === 'put-down' ? noCall : { refusal: { conversationId, why: news.why } }
  }
  const before = state.on?.conversationId === conversationId ? state.on : undefined
  switch (news.state) {
    case 'ringing':
      return { on: { conversationId, state: 'ringing', since: now } }
    case 'talking':
      return { on: { conversationId, state: 'talking', since: now } }
    case 'held':
      return { on: { conversationId, state: 'held', since: before?.since ?? now, heldAt: 'handset' } }
    case 'resumed':
      return { on: { conversationId, state: 'talking', since: before?.since ?? now } }
  }
}

/** The console's own hold was taken by the server. */
export function heldHere(state: DeviceState, on: boolean): DeviceState {
  if (state.on?.state !== 'talking' && state.on?.state !== 'held') return state
  return { on: { ...state.on, state: on ? 'held' : 'talking', heldAt: on ? 'console' : undefined } }
}

export const handsetWhyWords: Record<HandsetWhy, string> = {
  unregistered: '话机没有登记。请检查话机的电源、网线和账号，再试一次，或改用耳麦。',
  busy: '话机占线。请先挂断话机上的通话，再试一次。',
  declined: '话机上按了拒接，市民还在听等候音。',
  'no-answer': '话机没有人接，或设了免打扰；市民还在听等候音。',
  'hung-up': '话机已挂断，市民在听等候音，可以再接听。',
  vanished: '话机失去了联系，市民在听等候音。请检查话机，或改用耳麦接听。',
  'put-down': '',
  failed: '没能打通话机。请再试一次；一直这样请联系系统管理员。',
}

export function handsetStanding({ state, heldAt }: HandsetCall): string {
  switch (state) {
    case 'dialling':
      return '正在呼叫您的话机'
    case 'ringing':
      return '您的话机在响，请接听'
    case 'talking':
      return '话机通话中'
    case 'held':
      return heldAt === 'handset' ? '话机已保持，市民在听等候音' : '保持中，市民在听等候音'
  }
}

/** 回电: calls that are owed, to whoever asked for one and to callers who hung up while they waited for a person. */
import { z } from 'zod'
import { pageQuery } from './http.ts'
import { cityCode, text, uuid } from './text.ts'

/** `missed`: nobody asked for it; they rang, waited for a person and hung up (未接来电). */
export type CallbackOrigin = 'asked' | 'missed'
/** `served`: a caller who was missed rang again and was taken by a person. */
export const callbackResults = ['reached', 'not_reached', 'served'] as const
export type CallbackResult = (typeof callbackResults)[number]
export const callbackResultNames: Record<CallbackResult, string> = {
  reached: '已接通',
  not_reached: '联系不上',
  served: '再次来电时已接待',
}
export const attemptOutcomes = ['ringing', 'reached', 'not_reached', 'broken_off'] as const
export type AttemptOutcome = (typeof attemptOutcomes)[number]
export const attemptOutcomeNames: Record<AttemptOutcome, string> = {
  ringing: '正在拨打',
  reached: '已接通',
  not_reached: '没有接通',
  broken_off: '没有拨完',
}

/** `free`: nobody has taken it up. `closed`: settled, the latest first; all others wait, the soonest due first. */
export const callbackLists = ['waiting', 'late', 'mine', 'free', 'closed'] as const
export type CallbackListName = (typeof callbackLists)[number]
export const callbacksQuery = z.strictObject({
  list: z.enum(callbackLists, `只能是 ${callbackLists.join('、')}`).default('waiting'),
  /** The matter, by the id of the skill that it needs. */
  matter: uuid.optional(),
  region: cityCode.optional(),
  ...pageQuery,
})
export type CallbacksQuery = z.output<typeof callbacksQuery>

export const callbackDoneSchema = z.strictObject({ result: z.enum(['reached', 'not_reached']), note: text(500) })
/** The citizen wants to be rung again then; one that was settled waits anew. */
export const callbackAgainSchema = z.strictObject({
  at: z.iso.datetime({ offset: true, error: '请写明时间' }),
  note: text(500),
})

export type CallbackView = {
  id: string
  conversationId: string
  /** Masked. */
  phone: string
  origin: CallbackOrigin
  askedAt: string
  dueAt: string
  state: 'waiting' | 'done'
  /** Work number of whoever has taken it up. */
  holder?: string
  /** How often they were rung without an answer since they asked for the last time. */
  tries: number
  matter?: string
  region?: string
  /** What it is about in the citizen's own words, masked and cut. */
  asked?: string
  /** A question was spoken for the desk; it can be listened to. */
  hasRecording: boolean
  result?: CallbackResult
  doneAt?: string
}
export type CallbacksView = {
  callbacks: CallbackView[]
  /** In this list with these filters. */
  total: number
  /** Of all that wait, whatever is filtered. */
  counts: Record<Exclude<CallbackListName, 'closed'>, number>
  matters: { id: string; name: string }[]
  regions: string[]
}

export type CallbackAttempt = {
  at: string
  by: string
  outcome: AttemptOutcome
  note?: string
  /** Of the call, where it was dialled from the desk. */
  conversationId?: string
  /** 小结 of that call, masked. */
  summary?: string
}
export type CallbackDetail = CallbackView & {
  attempts: CallbackAttempt[]
  mostTries: number
  /** What they said last, masked, the oldest first. */
  said: string[]
  note?: string
  doneBy?: string
}

/** To every console: a call is owed, taken up, put back, tried or settled; whoever shows them asks again. */
export interface CallbackNews {
  'callbacks:changed': () => void
}

/**
 * One citizen's conversation as this browser knows it: state + what happened -> new state.
 *
 * No DOM, no socket, no clock: session.ts feeds it, the views show it. Its one invariant: a turn stands once, in
 * the order of `seq`, however often and in whatever order news, replays and acknowledgements bring it; and what
 * the citizen wrote stays in `outgoing` until the server has it.
 */
import type { AskedRating, Level } from '../contract/rating.ts'
import type { Insurance } from '../contract/text.ts'
import type { ConversationState, KeptTurn } from '../contract/turn.ts'
import type { Standing } from '../contract/visitor-events.ts'
import type { WaitRange } from '../contract/wait.ts'

export type Outgoing = { clientId: string; text: string; writtenAt: string; refusal?: string }
export type RatingOutcome =
  | { kind: 'given'; level: Level; caseNumber?: string }
  | { kind: 'given-elsewhere' }
  | { kind: 'too-late' }
export type RatingCard = AskedRating & { outcome?: RatingOutcome }
export type Place = { place: number; range?: WaitRange }

export type Conversation = {
  id?: string
  state: ConversationState | 'none'
  agentNumber?: string
  region?: string
  insurance?: Insurance
  turns: readonly KeptTurn[]
  /** Turns of conversations before this one, as far as this page has seen them. */
  earlier: readonly KeptTurn[]
  /** Highest seq the server has spoken of; more than `wholeSeq` means that something is missing here. */
  knownSeq: number
  outgoing: readonly Outgoing[]
  place?: Place
  ratings: readonly RatingCard[]
  /** What was said of an answer, by `turnKey`. */
  judged: Readonly<Record<string, boolean>>
  readSeq: number
  /** A person took over while the citizen was looking elsewhere. */
  called: boolean
  online: boolean
  typing?: 'agent' | 'bot'
}

export function begin(kept: Partial<Conversation> = {}): Conversation {
  return {
    state: 'none',
    turns: [],
    earlier: [],
    knownSeq: 0,
    outgoing: [],
    ratings: [],
    judged: {},
    readSeq: 0,
    called: false,
    online: false,
    ...kept,
  }
}

export const turnKey = (turn: Pick<KeptTurn, 'conversationId' | 'seq'>) => `${turn.conversationId}:${turn.seq}`

/** The highest seq up to which nothing is missing: what a reconnect sends as `lastSeq`. */
export function wholeSeq(c: Conversation): number {
  const gap = c.turns.findIndex((turn, i) => turn.seq !== i + 1)
  return gap === -1 ? c.turns.length : gap
}
export const isMissingTurns = (c: Conversation) => c.id !== undefined && wholeSeq(c) < c.knownSeq

/** Messages of the other side that were not looked at; a call out of the queue counts as one. */
export function unread(c: Conversation): number {
  const fromOthers = c.turns.filter((t) => t.seq > c.readSeq && (t.speaker === 'agent' || t.speaker === 'bot'))
  return Math.max(fromOthers.length, c.called ? 1 : 0)
}

/** The last of the other side's turns that the citizen has had before their eyes; 0 where there is none. */
export function shownSeq(c: Conversation): number {
  const shown = c.turns.findLast(({ seq, speaker }) => seq <= c.readSeq && speaker !== 'customer')
  return shown?.seq ?? 0
}

/** The oldest message still to be sent; a refused one waits for the citizen and holds nobody up. */
export const nextToSend = (c: Conversation) => c.outgoing.find((message) => message.refusal === undefined)

export function stood(c: Conversation, standing: Standing): Conversation {
  const here = moveTo(c, standing.conversationId)
  return {
    ...here,
    state: standing.state,
    agentNumber: standing.agentNumber,
    region: standing.region ?? here.region,
    insurance: standing.insurance,
    knownSeq: Math.max(here.knownSeq, standing.lastSeq),
    place: standing.state === 'waiting' ? here.place : undefined,
    called: here.called || (here.state === 'waiting' && standing.state === 'agent'),
    typing: standing.state === 'closed' ? undefined : here.typing,
  }
}

/** Takes turns from news, from a replay or from `turns:since`: all the same. */
export function heard(c: Conversation, turns: readonly KeptTurn[]): Conversation {
  return turns.reduce(heardOne, c)
}

function heardOne(c: Conversation, turn: KeptTurn): Conversation {
  const outgoing = c.outgoing.filter((message) => message.clientId !== turn.clientId)
  if (isEarlier(c, turn.conversationId)) return { ...c, outgoing, earlier: withTurn(c.earlier, turn) }
  const here = moveTo(c, turn.conversationId)
  return {
    ...here,
    outgoing,
    turns: withTurn(here.turns, turn),
    knownSeq: Math.max(here.knownSeq, turn.seq),
    typing: turn.speaker === 'customer' ? here.typing : undefined,
  }
}

export const written = (c: Conversation, message: Outgoing): Conversation => ({
  ...c,
  outgoing: [...c.outgoing.filter((m) => m.clientId !== message.clientId), message],
})

/** The server has it. The turn is shown from our own words until the server's news brings the kept one. */
export function sent(c: Conversation, clientId: string, at: { seq: number; conversationId: string }): Conversation {
  const message = c.outgoing.find((m) => m.clientId === clientId)
  if (!message) return c
  const known = [...c.turns, ...c.earlier].some((t) => turnKey(t) === turnKey(at))
  if (known) return { ...c, outgoing: c.outgoing.filter((m) => m !== message) }
  return heardOne(c, { ...at, clientId, speaker: 'customer', text: message.text, saidAt: message.writtenAt })
}

/** @param words what the citizen reads under the message; undefined makes it waiting again. */
export const refused = (c: Conversation, clientId: string, words: string | undefined): Conversation => ({
  ...c,
  outgoing: c.outgoing.map((m) => (m.clientId === clientId ? { ...m, refusal: words } : m)),
})

export const discarded = (c: Conversation, clientId: string): Conversation => ({
  ...c,
  outgoing: c.outgoing.filter((m) => m.clientId !== clientId),
})

export const placed = (c: Conversation, place: Place): Conversation => ({ ...c, place })

export function ratingAsked(c: Conversation, asked: AskedRating): Conversation {
  const before = c.ratings.find((card) => card.ratingId === asked.ratingId)
  const others = c.ratings.filter((card) => card !== before)
  return { ...c, ratings: [...others, { ...asked, outcome: before?.outcome }] }
}

export const rated = (c: Conversation, ratingId: string, outcome: RatingOutcome): Conversation => ({
  ...c,
  ratings: c.ratings.map((card) => (card.ratingId === ratingId ? { ...card, outcome } : card)),
})

/** Those of earlier parts, which no card in the thread asks for. */
export const quietRatings = (c: Conversation) => c.ratings.filter((card) => card.quiet)

export const judgedAs = (c: Conversation, key: string, solved: boolean): Conversation => ({
  ...c,
  judged: { ...c.judged, [key]: solved },
})

export const read = (c: Conversation): Conversation => ({
  ...c,
  readSeq: Math.max(c.readSeq, lastOf(c.turns)?.seq ?? 0),
  called: false,
})

/** Another visitor from here on: only what was written and not yet sent is kept. */
export const forgotten = (c: Conversation): Conversation => begin({ outgoing: c.outgoing, region: c.region })

const isEarlier = (c: Conversation, id: string) => id !== c.id && c.earlier.some((turn) => turn.conversationId === id)

/** Makes `id` the present conversation; the one before it stays readable above. */
export function moveTo(c: Conversation, id: string): Conversation {
  if (id === c.id) return c
  const turns = c.earlier.filter((turn) => turn.conversationId === id)
  return {
    ...c,
    id,
    state: 'bot',
    agentNumber: undefined,
    turns,
    earlier: [...c.earlier.filter((turn) => turn.conversationId !== id), ...c.turns],
    knownSeq: lastOf(turns)?.seq ?? 0,
    readSeq: 0,
    place: undefined,
    called: false,
  }
}

const lastOf = (turns: readonly KeptTurn[]): KeptTurn | undefined => turns[turns.length - 1]

function withTurn(turns: readonly KeptTurn[], turn: KeptTurn): readonly KeptTurn[] {
  const key = turnKey(turn)
  if (turns.some((t) => turnKey(t) === key)) return turns.map((t) => (turnKey(t) === key ? turn : t))
  const next = turns.findIndex((t) => t.conversationId === turn.conversationId && t.seq > turn.seq)
  const place = next === -1 ? endOf(turns, turn.conversationId) : next
  return [...turns.slice(0, place), turn, ...turns.slice(place)]
}

function endOf(turns: readonly KeptTurn[], conversationId: string): number {
  const ids = turns.map((t) => t.conversationId)
  return ids.includes(conversationId) ? ids.lastIndexOf(conversationId) + 1 : turns.length
}

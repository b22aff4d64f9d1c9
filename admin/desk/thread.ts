/**
 * The turns of the open conversation, as the desk shows them, and what the agent has said that is not yet kept.
 *
 * Turns reach the desk from two sides, as news and as the answer to conversation:open, doubled and in any order;
 * whatever comes, the thread holds each seq once and in order. A hole means that news was lost: the conversation
 * is opened again. Pure: no clock, no socket.
 */
import type { NoteView } from '../../contract/desk-notes.ts'
import type { SummaryView } from '../../contract/summary.ts'
import type { KeptTurn } from '../../contract/turn.ts'
import type { Offered } from './draft.ts'

/** Said by this agent, not yet acknowledged. `refused` holds what the server said against it. */
export type Pending = {
  clientId: string
  text: string
  revisionId?: string
  offered?: Offered
  expectedSeq: number
  refused?: string
}

export type Thread = { turns: readonly KeptTurn[]; pending: readonly Pending[] }

export const emptyThread: Thread = { turns: [], pending: [] }

/** Takes kept turns in; a pending saying whose clientId was kept is pending no more. */
export function merge(thread: Thread, arrived: readonly KeptTurn[]): Thread {
  const bySeq = new Map(thread.turns.map((turn) => [turn.seq, turn]))
  for (const turn of arrived) bySeq.set(turn.seq, turn)
  const turns = [...bySeq.values()].sort((a, b) => a.seq - b.seq)
  const kept = new Set(turns.map((turn) => turn.clientId))
  return { turns, pending: thread.pending.filter((said) => !kept.has(said.clientId)) }
}

/** A turn between two that are shown is missing. */
export function hasGap({ turns }: Thread): boolean {
  return turns.some((turn, i) => {
    const before = turns[i - 1]
    return before !== undefined && turn.seq !== before.seq + 1
  })
}

/**
 * What stands behind the last hole. More was missed than the server gives at once: the older words are read again when
 * somebody scrolls up to them.
 */
export function newestRun(thread: Thread): Thread {
  const { turns } = thread
  const start = turns.findLastIndex((turn, i) => i > 0 && turn.seq !== (turns[i - 1]?.seq ?? 0) + 1)
  return start <= 0 ? thread : { ...thread, turns: turns.slice(start) }
}

/** The newest turns alone: what is kept of a conversation that nobody looks at. */
export function trimmed(thread: Thread, keep: number): Thread {
  return thread.turns.length <= keep ? thread : { ...thread, turns: thread.turns.slice(-keep) }
}

/** What citizen or colleagues said after `seq`. @param own this agent's work number. */
export function newerThan({ turns }: Thread, seq: number, own: string | undefined): KeptTurn[] {
  return turns.filter(
    (turn) =>
      turn.seq > seq &&
      !turn.hidden &&
      (turn.speaker === 'customer' || (turn.speaker === 'agent' && turn.agentNumber !== own)),
  )
}

/** What colleagues wrote beside the turns. */
export type Aside = { kind: 'note'; note: NoteView } | { kind: 'summary'; summary: SummaryView }
export type Item = { kind: 'turn'; turn: KeptTurn } | Aside

const placeOf = (aside: Aside) => (aside.kind === 'note' ? aside.note.afterSeq : aside.summary.afterSeq)
const writtenAt = (aside: Aside) => (aside.kind === 'note' ? aside.note.writtenAt : aside.summary.writtenAt)

export function keyOf(item: Item): string | number {
  if (item.kind === 'turn') return item.turn.seq
  return item.kind === 'note' ? item.note.noteId : `${item.summary.afterSeq} ${item.summary.writtenAt}`
}

/** Turns with notes and 小结 behind the turn that was the last when they were written; those of words not shown are not. */
export function withAsides(
  turns: readonly KeptTurn[],
  { notes, summaries }: { notes: readonly NoteView[]; summaries: readonly SummaryView[] },
): Item[] {
  const first = turns[0]?.seq ?? 1
  const items: Item[] = []
  const all: Aside[] = [
    ...notes.map((note) => ({ kind: 'note' as const, note })),
    ...summaries.map((summary) => ({ kind: 'summary' as const, summary })),
  ]
  const left = all
    .filter((aside) => placeOf(aside) >= first - (first === 1 ? 1 : 0))
    .sort((a, b) => placeOf(a) - placeOf(b) || writtenAt(a).localeCompare(writtenAt(b)))
  const take = (isDue: (aside: Aside) => boolean) => {
    while (left[0] && isDue(left[0])) {
      const aside = left.shift()
      if (aside) items.push(aside)
    }
  }
  for (const turn of turns) {
    take((aside) => placeOf(aside) < turn.seq)
    items.push({ kind: 'turn', turn })
  }
  take(() => true)
  return items
}

/** The last seq up to which nothing is missing: what the agent can be said to have seen. */
export function lastSeen({ turns }: Thread): number {
  let seen = turns[0]?.seq ?? 0
  for (const turn of turns.slice(1)) {
    if (turn.seq !== seen + 1) break
    seen = turn.seq
  }
  return seen
}

/**
 * The server has kept what this agent said as `turn`. When its own news came first, that one stands: it also
 * carries what the server added, the sources.
 */
export function acknowledged(thread: Thread, turn: KeptTurn & { clientId: string }): Thread {
  const isThere = thread.turns.some((kept) => kept.seq === turn.seq)
  return isThere ? takenBack(thread, turn.clientId) : merge(thread, [turn])
}

export function saying(thread: Thread, words: Omit<Pending, 'expectedSeq' | 'refused'>): Thread {
  const said = { ...words, expectedSeq: lastSeen(thread) }
  return { ...thread, pending: [...thread.pending, said] }
}

export function refused(thread: Thread, clientId: string, message: string): Thread {
  return {
    ...thread,
    pending: thread.pending.map((said) => (said.clientId === clientId ? { ...said, refused: message } : said)),
  }
}

export function takenBack(thread: Thread, clientId: string): Thread {
  return { ...thread, pending: thread.pending.filter((said) => said.clientId !== clientId) }
}

/**
 * What the knowledge panel looks up by itself: the citizen's last words that say something, passing over a "在吗" or
 * "好的"; their last words of any kind when none do.
 */
export function lastAsked({ turns }: Thread): KeptTurn | undefined {
  const said = turns.filter((turn) => turn.speaker === 'customer' && !turn.hidden && !isFileAlone(turn))
  return said.findLast((turn) => saysSomething(turn.text)) ?? said.at(-1)
}

/** The citizen's words before those, which a short question goes on with; oldest first. */
export function saidBefore({ turns }: Thread, asked: KeptTurn | undefined): string[] {
  if (!asked) return []
  const said = turns.filter(({ speaker, hidden, seq }) => speaker === 'customer' && !hidden && seq < asked.seq)
  return said.slice(-earlierLooked).map(({ text }) => text.slice(0, 500))
}
const earlierLooked = 2

/** It says nothing but that a file came. */
const isFileAlone = ({ attachments }: KeptTurn) => attachments?.some(({ isWrittenDown }) => !isWrittenDown) ?? false

/** Bot or agent has answered that turn: by words of an agent, or by an entry of the bot. */
export function isAnswered({ turns }: Thread, seq: number): boolean {
  return turns.some((turn) => turn.seq > seq && (turn.speaker === 'agent' || turn.answer !== undefined))
}

const asking = /[?？]|怎|如何|什么|多少|多久|哪|几|吗|呢|能不能|可不可以|是否/
const saysSomething = (text: string) => (text.length >= 4 && asking.test(text)) || text.length >= 8

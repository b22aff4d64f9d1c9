/**
 * What this browser remembers between pages. Storage may be blocked (private windows, third-party frames): then the
 * panel works on memory alone, and only a reload forgets. What comes out is checked: it may be older than this code.
 */
import { begin, type Conversation, type Outgoing, type RatingCard } from './conversation.ts'

const prefix = 'budayang:'
/** The part of localStorage that is used. */
export type Shelf = {
  getItem: (key: string) => string | null
  setItem: (key: string, value: string) => void
  removeItem: (key: string) => void
}

export function keptIn(shelf: Shelf) {
  function read(key: string): unknown {
    try {
      const value: unknown = JSON.parse(shelf.getItem(prefix + key) ?? 'null')
      return value
    } catch {
      return null
    }
  }
  function write(key: string, value: unknown) {
    try {
      if (value === undefined) shelf.removeItem(prefix + key)
      else shelf.setItem(prefix + key, JSON.stringify(value))
    } catch {
      // Full or blocked: the panel goes on with what it holds in memory.
    }
  }
  const string = (key: string) => {
    const value = read(key)
    return typeof value === 'string' ? value : undefined
  }

  return {
    token: () => string('token'),
    keepToken: (token: string | undefined) => write('token', token),
    city: () => string('city'),
    keepCity: (city: string) => write('city', city),
    draft: () => string('draft') ?? '',
    keepDraft: (text: string) => write('draft', text === '' ? undefined : text),
    settings: () => read('settings'),
    keepSettings: (settings: unknown) => write('settings', settings),
    /** Font size of 长辈版 in px; undefined is the ordinary look. */
    elderSize() {
      const size = read('elder')
      return typeof size === 'number' ? size : undefined
    },
    keepElderSize: (px: number | undefined) => write('elder', px),

    conversationId: () => string('conversation'),
    conversation(): Conversation {
      const outgoing = read('outgoing')
      const ratings = read('ratings')
      const judged = read('judged')
      const readSeq = read('read')
      return begin({
        id: string('conversation'),
        readSeq: typeof readSeq === 'number' ? readSeq : 0,
        outgoing: Array.isArray(outgoing) ? outgoing.filter(isOutgoing) : [],
        ratings: Array.isArray(ratings) ? ratings.filter(isRatingCard) : [],
        judged: isJudged(judged) ? judged : {},
      })
    },
    /** Writes only what changed, outgoing words first. */
    keepConversation(now: Conversation, before: Conversation) {
      if (now.outgoing !== before.outgoing) keepOutgoing(now.outgoing, before.outgoing)
      if (now.id !== before.id) write('conversation', now.id)
      if (now.readSeq !== before.readSeq) write('read', now.readSeq)
      if (now.ratings !== before.ratings) write('ratings', now.ratings.slice(-10))
      if (now.judged !== before.judged) write('judged', now.judged)
    },
    forgetAll() {
      for (const key of ['token', 'conversation', 'read', 'outgoing', 'ratings', 'judged', 'draft', 'city'])
        write(key, undefined)
    },
  }

  /** Another tab may hold words of its own in the same place: only what this tab added or settled changes. */
  function keepOutgoing(now: readonly Outgoing[], before: readonly Outgoing[]) {
    const stored = read('outgoing')
    const shelved: Outgoing[] = Array.isArray(stored) ? stored.filter(isOutgoing) : []
    const ours = new Set([...now, ...before].map((message) => message.clientId))
    write('outgoing', [...shelved.filter((message) => !ours.has(message.clientId)), ...now])
  }
}
export type Kept = ReturnType<typeof keptIn>

export const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

const isOutgoing = (value: unknown): value is Outgoing =>
  isRecord(value) && ['clientId', 'text', 'writtenAt'].every((key) => typeof value[key] === 'string')

const isRatingCard = (value: unknown): value is RatingCard =>
  isRecord(value) && ['ratingId', 'token', 'about'].every((key) => typeof value[key] === 'string')

const isJudged = (value: unknown): value is Record<string, boolean> =>
  isRecord(value) && Object.values(value).every((v) => typeof v === 'boolean')

/**
 * What the caller actually heard, which is what the record says: whole sentences up to the player's cursor and of the
 * sentence that was cut the share that was played. Always a beginning of what was to be said.
 */

/** A sentence as it was handed to the player: its words and how long they take, in ms. */
export type SpokenSentence = { text: string; durationMs: number }
/** Where playing ended: which sentence (from 0), and how many ms of it were out. */
export type Cursor = { sentence: number; ms: number }

export const notYet: Cursor = { sentence: 0, ms: 0 }

/** A sentence of no length counts as heard once playing went past it. Never throws; a cursor past the end is the end. */
export function heardText(sentences: readonly SpokenSentence[], cursor: Cursor): string {
  return sentences
    .map(({ text, durationMs }, place) => {
      if (place < cursor.sentence) return text
      if (place > cursor.sentence || durationMs <= 0) return ''
      const share = Math.min(1, Math.max(0, cursor.ms / durationMs))
      const chars = [...text]
      return chars.slice(0, Math.floor(chars.length * share)).join('')
    })
    .join('')
}

/** Playing goes back to the start of a sentence after a pause; what was heard before stays heard. */
export function furthest(one: Cursor, other: Cursor): Cursor {
  if (one.sentence !== other.sentence) return one.sentence > other.sentence ? one : other
  return one.ms >= other.ms ? one : other
}

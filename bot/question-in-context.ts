/**
 * What a citizen's words mean after what they asked just before, for whoever answers in the bot's place: read as the bot
 * itself reads them (enquiry.ts), from the words alone. Pure over the answerer; says and keeps nothing.
 */
import type { Answer } from '../contract/answer.ts'
import { ask, type Looking } from './asking.ts'
import { reading } from './context-continuation.ts'
import { newContext } from './context.ts'

export type Meant = { question: string; found: Answer }

/** So many of the citizen's turns are looked at, with the one that is asked about. */
export const turnsThatCount = 3

/** @param said the oldest first, at least one: what is asked about is the last. */
export function questionInContext({ talk, answers }: Omit<Looking, 'context'>, said: readonly string[]): Meant {
  let context = newContext
  let meant: Meant = { question: '', found: { outcome: 'unknown', score: 0 } }
  for (const text of said) {
    meant = meantBy({ talk, answers, context }, text)
    const { entry, outcome } = meant.found
    if (outcome === 'answer' && entry) {
      const at = talk.now.toISOString()
      context = { ...context, topic: { entryId: entry.id, revisionId: entry.revision, question: meant.question, at } }
    }
  }
  return meant
}

function meantBy(looking: Looking, text: string): Meant {
  const alone = { question: text, found: ask(looking, text) }
  const read = reading(looking, text)
  if (!read || (alone.found.outcome === 'answer' && !read.isBare)) return alone
  // The bot tells what it does not have; whoever answers in its place may know more of the same entry.
  if (read.kind === 'way-on') return { question: read.question, found: { outcome: 'unknown', score: 0 } }
  return { question: read.question, found: read.found }
}

/**
 * What the same words were answered just before. Many citizens ask the same: what a menu says, what is on everybody's
 * lips that morning; to look through the base for it each time is most of what a turn costs.
 *
 * Invariant: an answerer is pure over its snapshot of the base, so what is remembered is what it would say again;
 * another snapshot, and another day, begin with nothing.
 */
import type { Answer } from '../contract/answer.ts'
import type { Answerer, Asked } from './answerer.ts'

const mostRemembered = 2_000
/** A longer text is a story that nobody tells twice. */
const longestChars = 60

export function remembering<A extends Pick<Answerer, 'answer'>>(answerer: A): A {
  const answers = new Map<string, Answer>()
  return {
    ...answerer,
    answer(asked: Asked): Answer {
      const { question, region, insurance, on, voice, alike } = asked
      if (alike || question.length > longestChars) return answerer.answer(asked)
      const key = JSON.stringify([question, region, insurance, on, voice])
      const answer = answers.get(key) ?? answerer.answer(asked)
      // Forgotten first is what was asked longest ago.
      answers.delete(key)
      answers.set(key, answer)
      const [oldest] = answers.keys()
      if (answers.size > mostRemembered && oldest !== undefined) answers.delete(oldest)
      return answer
    },
  }
}

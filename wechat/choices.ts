/**
 * Choices by number, for where no menu can be sent: who answers with a number means the words beside it. Levels of a
 * rating bear their own numbers, 5 for the best, as on the telephone; everything else is counted. Pure.
 */
import { levelNames } from '../contract/rating.ts'

type Choice = { question: string }
type Numbered = { number: number; question: string }

const levels = new Map(Object.entries(levelNames).map(([level, name]) => [name, Number(level)]))

export const numbered = (choices: readonly Choice[]): Numbered[] =>
  choices.map(({ question }, at) => ({
    number: (choices.every((one) => levels.has(one.question)) && levels.get(question)) || at + 1,
    question,
  }))

/** @returns the words of the choice with that number; nothing where the text is none of the numbers. */
export function chosen(text: string, choices: readonly Choice[]): string | undefined {
  const digits = /^\s*(\d{1,2})\s*[.。、]?\s*$/.exec(text.normalize('NFKC'))?.[1]
  return digits === undefined ? undefined : numbered(choices).find(({ number }) => number === Number(digits))?.question
}

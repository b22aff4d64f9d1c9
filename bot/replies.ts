/** From the answerer's decision to what is said. The approved text goes out word for word. */
import type { Answer } from '../contract/answer.ts'
import type { Saying } from '../contract/turn.ts'
import { wording } from './wording.ts'

export function answerSaying({ entry, answer }: Answer): Saying | undefined {
  if (!entry || !answer) return undefined
  return {
    text: answer.text,
    spoken: answer.spoken,
    sources: answer.sources,
    answer: {
      entryId: entry.id,
      revisionId: entry.revision,
      question: entry.question,
      ...(entry.code && { code: entry.code }),
      validFrom: answer.validFrom,
      guide: answer.guide,
      example: answer.example,
    },
  }
}

export function askBackSaying({ choices = [] }: Answer): Saying {
  return { text: wording.askBack, choices }
}

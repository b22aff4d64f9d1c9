/** From the answerer's decision to what is said. The approved text goes out word for word. */
import type { Answer, Choice } from '../contract/answer.ts'
import { guideNames } from '../contract/entry.ts'
import type { Saying } from '../contract/turn.ts'
import type { Field } from './context-follow-up.ts'
import { contextWording } from './context-wording.ts'
import { wording } from './wording.ts'

export function answerSaying({ entry, answer }: Answer, choices?: Choice[]): Saying | undefined {
  if (!entry || !answer) return undefined
  const { notice, coming } = answer
  return {
    text: [notice, answer.text, coming].filter((part) => part !== undefined).join('\n\n'),
    spoken: [notice, answer.spoken, coming].filter((part) => part !== undefined).join(''),
    ...(choices && { choices }),
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

export function askBackSaying({ choices = [] }: Answer, about?: string): Saying {
  return { text: about === undefined ? wording.askBack : contextWording.aboutPart(about), choices }
}

/** One field of the 一次性告知 card, word for word; undefined when the card has none. */
export function fieldSaying(found: Answer, field: Field): Saying | undefined {
  const written = found.answer?.guide?.[field]
  const full = answerSaying(found)
  if (!full?.answer || !written?.length) return undefined
  const lines = typeof written === 'string' ? [written] : written
  const notice = found.answer?.notice ?? ''
  const numbered = lines.length > 1 ? lines.map((line, at) => `${at + 1}. ${line}`) : lines
  const { guide: _, ...answer } = full.answer
  return {
    text: [notice, contextWording.field(answer.question, guideNames[field]), ...numbered].filter(Boolean).join('\n'),
    spoken: `${notice}${guideNames[field]}：${lines.map(forVoice).join('；')}。`,
    sources: full.sources,
    answer,
  }
}

/** Where the answer stops, the way on: the whole of it, or a person. */
export function wayOnSaying(text: string, { entry }: Answer): Saying {
  const full = entry ? [{ id: entry.id, question: contextWording.fullAnswer }] : []
  return { text, choices: [...full, { id: personChoice, question: contextWording.person }] }
}

export const personChoice = 'person'

/** What is written in brackets is said between commas, and an address on the web is not read out. */
function forVoice(line: string): string {
  return line
    .replace(/https?:[^\s，。；）)]+/g, '')
    .replace(/[(（【[《]/g, '，')
    .replace(/[)）】\]》]/g, '')
    .replace(/[。；]+$/u, '')
}

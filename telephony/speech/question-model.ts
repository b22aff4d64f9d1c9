/**
 * What the decoders are given to expect: all questions of the base as a language model, or a few phrases as a closed
 * grammar; and the way back from the words that they hear to entries and choices.
 *
 * Runs in the child: a whole base takes seconds to work out, and audio waits for nobody.
 */
import { arpaTrigram } from './language-model.ts'
import { syllables } from './lexicon.ts'
import { allSyllables } from './phones.ts'
import { pinyinIndex } from './pinyin-retrieval.ts'
import type { Found } from './pocketsphinx-messages.ts'
import type { Choice, Surface } from './recogniser.ts'
import { spokenText } from './spoken-text.ts'

/** How questions begin and end, whatever they are about. */
const carriers = [
  '请问',
  '我想问一下',
  '你好',
  '您好我想咨询一下',
  '请问一下',
  '麻烦问一下',
  '我要问',
  '怎么办',
  '可以吗',
  '行吗',
  '是什么',
  '怎么弄',
  '谢谢',
]
const sentencesPerCarrier = 60
const offered = 3
/** A closed grammar knows no better; callers confirm by key anyway. */
const choiceScore = 0.5

/** @returns an ARPA file's text, and what may have been meant by the syllables that are heard with it. */
export function openQuestions(surfaces: readonly Surface[]): { arpa: string; meant: (words: string) => Found[] } {
  const wordings = surfaces.flatMap(({ id, title, similar }) =>
    [title, ...similar].map((text) => ({ id, syllables: said(text) })),
  )
  const weight = Math.max(1, Math.round(wordings.length / sentencesPerCarrier))
  const sentences = [
    ...wordings.map((wording) => ({ words: wording.syllables, weight: 1 })),
    ...carriers.map((carrier) => ({ words: said(carrier), weight })),
  ]
  const index = pinyinIndex(wordings)
  return {
    arpa: arpaTrigram(sentences, allSyllables()),
    meant: (words) => index.best(words.split(' ').filter(Boolean), offered),
  }
}

/** @returns a JSGF grammar of the phrases; nothing when none can be said. Of two that sound alike the first is meant. */
export function closedChoices(
  choices: readonly Choice[],
): { grammar: string; meant: (words: string) => Found[] } | undefined {
  const byWords = new Map<string, string>()
  for (const { id, title, similar = [] } of choices)
    for (const wording of [title, ...similar]) {
      const words = said(wording).join(' ')
      if (words !== '' && !byWords.has(words)) byWords.set(words, id)
    }
  if (byWords.size === 0) return undefined
  return {
    grammar: `#JSGF V1.0;\ngrammar choices;\npublic <choice> = ${[...byWords.keys()].join(' | ')};\n`,
    meant(words) {
      const id = byWords.get(words.trim())
      return id === undefined ? [] : [{ id, score: choiceScore }]
    },
  }
}

const said = (text: string) => syllables(spokenText(text))

/**
 * What a few words mean after an answer: a field of its 一次性告知 card, or the last question with something in it put in
 * another's place. Asks the answerer, says nothing itself.
 *
 * Invariant: what the card or the base does not say is not made up: the way on is offered instead (the whole answer, a
 * person). The same text is not told again as if it were about what was named instead, unless it speaks of it.
 */
import type { Answer } from '../contract/answer.ts'
import { guideNames } from '../contract/entry.ts'
import type { Saying } from '../contract/turn.ts'
import { withNamed } from '../knowledge/slots.ts'
import { loosened, normalise } from '../knowledge/text/normalise.ts'
import { ask, askedOf, type Looking } from './asking.ts'
import { followUp, type Field } from './context-follow-up.ts'
import { contextWording } from './context-wording.ts'
import { topicOf, type Topic } from './context.ts'
import { fieldSaying, wayOnSaying } from './replies.ts'

/** `question`: whole, as it was understood. `isBare`: the words name nothing that could be asked about without a topic. */
export type Reading = { question: string; isBare: boolean } & (
  | { kind: 'field'; saying: Saying; found: Answer; topic: Topic }
  | { kind: 'instead'; found: Answer; region?: string }
  | { kind: 'way-on'; saying: Saying }
)

/** @returns undefined when it goes on with nothing. */
export function reading(asking: Looking, text: string): Reading | undefined {
  const topic = topicOf(asking.context, asking.talk.now)
  const read = topic && followUp(text)
  const served = read && asking.answers.answerEntry(topic.entryId, askedOf(asking, topic.question))
  if (!served) return undefined
  return read.kind === 'field'
    ? fieldRead(topic, served, read.field, text)
    : insteadRead(asking, topic, served, read.words)
}

function fieldRead(topic: Topic, served: Answer, field: Field, text: string): Reading {
  const question = `${topic.question} ${text}`
  const saying = fieldSaying(served, field)
  if (saying) return { kind: 'field', isBare: true, question, saying, found: served, topic }
  const told = contextWording.noField(served.entry?.question ?? topic.question, guideNames[field])
  return { kind: 'way-on', question, isBare: true, saying: wayOnSaying(told, served) }
}

function insteadRead(asking: Looking, topic: Topic, served: Answer, words: string): Reading | undefined {
  const { cities } = asking.answers
  const said = normalise(words)
  const [city] = cities.mentions(said)
  const isCity = city !== undefined && cities.without(said).replace(/^在|[市县]$/gu, '') === ''
  const before = loosened(cities.without(normalise(topic.question)) || topic.question)
  const named = isCity ? before : withNamed(before, said)
  const question = named ?? `${words}${before}`
  const isBare = named !== undefined
  const region = isCity ? city.code : topic.region
  const found = ask(asking, question, region ? { region } : {})
  if (found.outcome === 'unknown') return undefined
  const isSame = found.outcome === 'answer' && found.entry?.revision === topic.revisionId
  if (!isSame || speaksOf(found, said)) return { kind: 'instead', isBare, question, found, region }
  const told = contextWording.noneFor(words, topic.question)
  return { kind: 'way-on', isBare, question, saying: wayOnSaying(told, served) }
}

function speaksOf({ entry, answer }: Answer, said: string): boolean {
  const core = said.replace(/(?:人员|人|的|医保|患者|职工|居民)$/u, '') || said
  return `${entry?.question}${answer?.text}`.includes(core)
}

/** A turn's question together with what the conversation is about: read once a turn, kept where it has changed. */
import type { Answer, Choice } from '../contract/answer.ts'
import type { Saying } from '../contract/turn.ts'
import { maskText } from '../desk/masking.ts'
import { businessDay } from '../desk/working-days.ts'
import type { Answerer, Asked } from '../knowledge/answerer.ts'
import type { Alike } from '../knowledge/meanings.ts'
import { scopeOf, type Context, type Scope } from './context.ts'
import { cityAlone } from './context-scope.ts'
import { contextStore } from './context.store.ts'
import { conversationsStore } from './conversations.store.ts'
import type { Talk } from './open-lines.ts'
import { servedAnswersStore } from './served-answers.store.ts'

export type Answers = Pick<Answerer, 'answer' | 'cities'> & {
  answerEntry(entryId: string, asked: Asked): Answer | undefined
  /** Where an embedding service is configured: how alike this question is in meaning to those of the base. */
  meaningOf?(question: string): Promise<Alike | undefined>
}
/** What a question is looked up with. */
export type Looking = {
  talk: Pick<Talk, 'now'> & { conversation: Pick<Talk['conversation'], 'channel' | 'region' | 'insurance'> }
  answers: Answers
  context: Context
  meaning?: { question: string; alike: Alike }
}
/** `context` is the talk's own; change it by `remember` alone. */
export type Asking = Looking & { talk: Talk }

export async function openAsking(talk: Talk, answers: Answers): Promise<Asking> {
  talk.context ??= talk.keptContext = await contextStore(talk.tx).of(talk.conversation.id)
  return { talk, answers, context: talk.context }
}

/** Once a turn, for the question as a whole; its parts and what it goes on with are found by words. */
export async function weighMeaning(asking: Asking, question: string): Promise<void> {
  const alike = await asking.answers.meaningOf?.(question)
  if (alike) asking.meaning = { question, alike }
}

/**
 * Kept with what is said next, or at the end of the turn. Numbers that name a person are not kept with the question;
 * nothing is found by them.
 */
export function remember(asking: Asking, changed: Partial<Context>): void {
  const { topic, waiting } = changed
  asking.context = {
    ...asking.context,
    ...changed,
    ...(topic && { topic: { ...topic, question: maskText(topic.question) } }),
    ...(waiting && { waiting: { ...waiting, question: maskText(waiting.question) } }),
  }
  asking.talk.context = asking.context
}

/** What was taken up and told nobody. */
export async function keepContext({ tx, conversation, context, keptContext, now }: Talk): Promise<void> {
  if (context && context !== keptContext) await contextStore(tx).keep(conversation.id, context, now)
}

/** @param given for this question alone: another city than the conversation's. */
export function ask(asking: Looking, question: string, given: Scope = {}): Answer {
  return asking.answers.answer(askedOf(asking, question, given))
}

export function askedOf({ talk, answers, context, meaning }: Looking, question: string, given: Scope = {}): Asked {
  const { conversation, now } = talk
  const scope = { ...scopeOf(conversation, context), ...given }
  const alone = scope.region ? cityAlone(question, answers.cities) : undefined
  const voice = conversation.channel === 'phone'
  const alike = meaning?.question === question ? meaning.alike : undefined
  return { question, ...scope, ...(alone && { region: alone }), on: businessDay(now), voice, ...(alike && { alike }) }
}

/** Says something with what may be picked from it; an offer holds for one turn. */
export async function sayWithChoices({ talk }: Asking, saying: Saying, pending: readonly Choice[]): Promise<void> {
  await talk.line.say(saying)
  await conversationsStore(talk.tx).setPendingChoices(talk.conversation.id, pending)
}

type Told = {
  saying: Saying
  /** Which question was decided on how. */
  question: string
  found: Answer
  /** What they wanted to know: misses are counted anew. */
  isAnswer?: boolean
  /** What may be picked next. */
  pending?: readonly Choice[]
  changed?: Partial<Context>
}

/** Says something in answer to a question. What is kept of it for the statistics is without numbers that name a person. */
export async function tell(asking: Asking, told: Told): Promise<void> {
  const { saying, question, found, isAnswer, pending, changed } = told
  const { talk } = asking
  const { conversation } = talk
  if (changed) remember(asking, changed)
  const { context } = asking
  await talk.answer(saying, {
    question: maskText(question),
    found,
    ...(isAnswer && conversation.misses > 0 && { misses: 0 }),
    ...(pending && { pending }),
    ...(context !== talk.keptContext && { context }),
    // A telephone says a few words of a card, which is no whole telling.
    ...(isAnswer && saying.answer?.guide && conversation.channel !== 'phone' && { telling: saying.answer }),
  })
  talk.keptContext = context
  if (isAnswer) conversation.misses = 0
}

/** For the statistics, where what was said was said otherwise. */
export async function noteServed({ talk }: Asking, seq: number, question: string, answer: Answer): Promise<void> {
  const { tx, conversation, now } = talk
  await servedAnswersStore(tx).keep({ conversationId: conversation.id, seq, question: maskText(question), answer, now })
}

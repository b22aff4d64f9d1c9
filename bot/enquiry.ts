/**
 * One question within a conversation, from what was said to what is told: who asks (region, insurance), several
 * questions at once, what it goes on with, and what has to be asked back. Every path ends with something said.
 *
 * Invariant: what is told is the answerer's own decision; here it is only decided what the answerer is asked. A question
 * with a subject of its own that is answered surely is never read as going on with the one before.
 */
import type { Answer, Choice } from '../contract/answer.ts'
import {
  ask,
  askedOf,
  noteServed,
  openAsking,
  remember,
  sayWithChoices,
  tell,
  weighMeaning,
  type Answers,
  type Asking,
} from './asking.ts'
import { chosen, insuranceSaying, ownCityChoices, regionSaying, type Chosen } from './context-choices.ts'
import { reading } from './context-continuation.ts'
import { followUp } from './context-follow-up.ts'
import { questionsIn } from './context-parts.ts'
import { cityNamed, scopeReplied, scopeTold } from './context-scope.ts'
import { contextWording, scopeInWords } from './context-wording.ts'
import { hasAsked, isOtherScope, topicOf, type Scope } from './context.ts'
import { pickedChoice } from './conversation.ts'
import { conversationsStore } from './conversations.store.ts'
import type { HandOver } from './hand-over.ts'
import type { Intent } from './intent/intent-names.ts'
import type { Talk } from './open-lines.ts'
import { answerSaying, askBackSaying, personChoice } from './replies.ts'
import { setMisses } from './standing.ts'
import { wording } from './wording.ts'

const missesBeforeHandover = 2

type Parts = { answers: () => Answers; handOver: HandOver }
export type Enquiries = ReturnType<typeof enquiries>

export function enquiries({ answers, handOver }: Parts) {
  return {
    async answer(talk: Talk, text: string): Promise<void> {
      const asking = await openAsking(talk, answers())
      const { cities } = asking.answers
      const told = scopeTold(text, cities)
      if (told) await take(asking, told)
      if (told?.rest === '') return goOn(asking)
      const question = told?.rest ?? text
      const named = talk.conversation.region ? undefined : cityNamed(question, cities)
      if (named) await take(asking, { region: named })
      await weighMeaning(asking, question)
      return tellAll(asking, question)
    },

    /** @returns false, with nothing said, when there is no sure answer. */
    async answered(talk: Talk, text: string): Promise<boolean> {
      const asking = await openAsking(talk, answers())
      const found = ask(asking, text)
      if (found.outcome !== 'answer') return false
      await serve(asking, text, found)
      return true
    },

    /** An offer holds for one turn: a number or one of its choices takes it, anything else lets it go. */
    async pickFromOffer(talk: Talk, text: string, intent: Intent | undefined): Promise<boolean> {
      const offered = talk.conversation.pendingChoices
      if (offered.length === 0) return false
      const asking = await openAsking(talk, answers())
      const { waiting } = asking.context
      if (waiting) remember(asking, { waiting: undefined })
      const named = pickedChoice(text, offered)
      const replied = named ? undefined : waiting && scopeReplied(text, waiting.for, asking.answers.cities)
      const isYes = replied === undefined && intent?.name === 'yes' && offered.length === 1
      const picked = named ?? (isYes ? offered[0] : undefined)
      const told = picked ? chosen(picked.id) : replied
      if (told !== undefined) {
        await takeChosen(asking, waiting, told)
        return true
      }
      if (picked?.id === personChoice) {
        await handOver.toPerson(talk, 'asked')
        return true
      }
      const found = picked && asking.answers.answerEntry(picked.id, askedOf(asking, text))
      if (!found) return false
      await serve(asking, found.entry?.question ?? text, found)
      return true
    },

    /** Words that are read here for what they are, whatever a model makes of so few: "换成荆门", "要多少钱". */
    isPlain: (text: string): boolean => scopeTold(text, answers().cities)?.rest === '' || followUp(text) !== undefined,

    miss,
  }

  async function tellAll(asking: Asking, text: string): Promise<void> {
    const questions = questionsIn(text, (part) => ask(asking, part))
    if (questions.length === 1) return tellOne(asking, text)
    const found = questions.map((question) => ({ question, answer: ask(asking, question) }))
    const open = found.find(({ answer }) => isFactMissing(asking, answer))
    const pending: Choice[][] = []
    for (const { question, answer } of found) {
      if (answer.outcome === 'answer') await serve(asking, question, answer)
      else if (question !== open?.question) {
        await tell(asking, { saying: askBackSaying(answer, question), question, found: answer })
        pending.push(answer.choices ?? [])
      }
    }
    if (open) pending.push(await askFact(asking, open.question, open.answer))
    // A number picks from what was offered last; words pick from any.
    const { tx, conversation } = asking.talk
    if (pending.length > 0) await conversationsStore(tx).setPendingChoices(conversation.id, pending.reverse().flat())
  }

  async function tellOne(asking: Asking, question: string): Promise<void> {
    const found = ask(asking, question)
    const read = reading(asking, question)
    // A bare "多久能办好" or "2027年呢" has no subject of its own; whatever resembles it, it is about the topic.
    if (found.outcome === 'answer' && !read?.isBare) return serve(asking, question, found)
    switch (read?.kind) {
      case 'field': {
        const changed = { topic: { ...read.topic, at: asking.talk.now.toISOString() } }
        return tell(asking, {
          saying: read.saying,
          question: read.question,
          found: read.found,
          isAnswer: true,
          changed,
        })
      }
      case 'way-on': {
        const { saying, question } = read
        return tell(asking, {
          ...{ saying, question, pending: saying.choices ?? [] },
          found: { outcome: 'unknown', score: found.score },
        })
      }
      case 'instead':
        return read.found.outcome === 'answer'
          ? serve(asking, read.question, read.found, read.region)
          : tellOpen(asking, read.question, read.found)
      case undefined:
        return tellOpen(asking, question, found)
    }
  }

  /** What has no sure answer. */
  async function tellOpen(asking: Asking, question: string, found: Answer): Promise<void> {
    if (isFactMissing(asking, found)) return void (await askFact(asking, question, found))
    if (found.outcome === 'ask-back') {
      return tell(asking, { saying: askBackSaying(found), question, found, pending: found.choices ?? [] })
    }
    const seq = await miss(asking.talk, wording.unknown)
    await noteServed(asking, seq, question, found)
  }

  function isFactMissing({ context }: Asking, found: Answer): boolean {
    return found.outcome === 'ask-back' && found.needs !== undefined && !context.asked.includes(found.needs)
  }

  /** @returns what may be picked. */
  async function askFact(asking: Asking, question: string, found: Answer): Promise<Choice[]> {
    const { talk, answers, context } = asking
    const fact = found.needs ?? 'region'
    const likely = found.cities ?? []
    const saying =
      fact === 'insurance' ? insuranceSaying() : regionSaying(answers.cities.all, likely, talk.conversation.channel)
    const pending = saying.choices ?? []
    const changed = { ...hasAsked(context, fact), waiting: { question, for: fact, likely } }
    await tell(asking, { saying, question, found, pending, changed })
    return pending
  }

  async function takeChosen(asking: Asking, waiting: Asking['context']['waiting'], told: Chosen): Promise<void> {
    const { talk, answers } = asking
    if (told !== 'none' && 'page' in told) {
      const { channel } = talk.conversation
      const saying = regionSaying(answers.cities.all, waiting?.likely ?? [], channel, told.page)
      remember(asking, { waiting })
      return void (await sayWithChoices(asking, saying, saying.choices ?? []))
    }
    if (told !== 'none') await take(asking, told)
    else if (waiting?.for !== 'insurance') remember(asking, { isElsewhere: true })
    if (!waiting) return goOn(asking)
    const isAnswered = waiting.question === asking.context.topic?.question
    if (told === 'none' && isAnswered) return void (await talk.line.say({ text: wording.whatElse }))
    await tellAll(asking, waiting.question)
  }

  /** Nothing but a city or insurance was told: what was asked before is answered for it, when that makes a difference. */
  async function goOn(asking: Asking): Promise<void> {
    const { talk, answers, context } = asking
    const scope = scopeInWords(talk.conversation, answers.cities)
    await talk.line.say({ text: scope ? contextWording.now(scope) : contextWording.elsewhere })
    const topic = topicOf(context, talk.now)
    const found = topic && ask(asking, topic.question)
    if (topic && found?.outcome === 'answer' && found.entry?.revision !== topic.revisionId)
      await serve(asking, topic.question, found)
  }

  async function take(asking: Asking, told: Scope): Promise<void> {
    const { tx, conversation, tell } = asking.talk
    if (told.region && asking.context.isElsewhere) remember(asking, { isElsewhere: false })
    if (!isOtherScope(told, conversation)) return
    conversation.region = told.region ?? conversation.region
    conversation.insurance = told.insurance ?? conversation.insurance
    await conversationsStore(tx).setScope(conversation.id, conversation)
    tell({ kind: 'scope', conversationId: conversation.id })
  }

  async function serve(asking: Asking, question: string, found: Answer, region?: string): Promise<void> {
    const { talk, answers, context } = asking
    const { conversation, now } = talk
    const mayOffer = found.needs === 'region' && !context.hasOfferedCities && conversation.channel !== 'phone'
    const offers = mayOffer ? ownCityChoices(answers.cities.all, found.cities ?? []) : []
    const saying = answerSaying(found, offers.length > 0 ? offers : undefined)
    if (!saying?.answer) throw new Error('an answer without its text')
    const { entryId, revisionId } = saying.answer
    const topic = { entryId, revisionId, question, ...(region && { region }), at: now.toISOString() }
    if (offers.length === 0) return tell(asking, { saying, question, found, isAnswer: true, changed: { topic } })
    const changed = { topic, hasOfferedCities: true, waiting: { question, for: 'region' } } as const
    await tell(asking, { saying, question, found, isAnswer: true, pending: offers, changed })
  }

  /** The second miss in a row is a person's. @returns the number of what was said. */
  async function miss(talk: Talk, told: string): Promise<number> {
    const misses = talk.conversation.misses + 1
    if (misses >= missesBeforeHandover) {
      await handOver.toPerson(talk, 'bot_stuck')
      return talk.conversation.lastSeq
    }
    const said = await talk.line.say({ text: told })
    await setMisses(talk, misses)
    return said.seq
  }
}

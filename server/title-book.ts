/**
 * The published titles with their codes, as phones and the printed list know them. Looked at after every publication
 * and from time to time, for what another node published and for texts whose first or last day has come.
 *
 * Invariant: phones are told when what they have is no longer so, and not otherwise.
 */
import type { Title } from '../contract/phone-events.ts'
import type { Answer } from '../contract/answer.ts'
import { businessDay } from '../desk/working-days.ts'
import type { Answerer, Asked } from '../knowledge/answerer.ts'
import { topicCodesStore } from '../knowledge/topic-codes.store.ts'
import type { Db } from './db/database.ts'

export type TopicRow = { entryId: string; code?: string; topic: string; question: string }
export type TitleBook = ReturnType<typeof titleBook>

type Parts = {
  db: Db
  answers: () => Answerer
  region?: string
  /** The titles are others than before. */
  changed: (titles: Title[]) => void
  now: () => Date
}

/** `place`: a city's name, or the whole country. */
export type PolicyPlace = { place: string; entries: readonly { entryId: string; topic: string; question: string }[] }

export function titleBook({ db, answers, region, changed, now }: Parts) {
  let codes = new Map<string, string>()
  let titles: Title[] = []
  let topics: TopicRow[] = []
  let seen: { answerer: Answerer; day: string } | undefined
  let looking: Promise<void> | undefined

  async function look(): Promise<void> {
    const answerer = answers()
    const day = businessDay(now())
    if (seen?.answerer === answerer && seen.day === day) return
    await topicCodesStore(db).giveMissing(now())
    codes = await topicCodesStore(db).all()
    const holding = answerer.titles(region, day)
    const next = holding.map(({ topic: _, ...title }): Title => ({ ...title, code: codes.get(title.entryId) }))
    topics = holding.map(({ entryId, topic, question }) => ({ entryId, topic, question, code: codes.get(entryId) }))
    const isNews = seen !== undefined && !isSame(next, titles)
    titles = next
    seen = { answerer, day }
    if (isNews) changed(next)
  }

  const withCode = (answer: Answer): Answer =>
    answer.entry ? { ...answer, entry: { ...answer.entry, code: codes.get(answer.entry.id) } } : answer

  return {
    titles: (): Title[] => titles,
    topics: (): readonly TopicRow[] => topics,
    /** What holds today, of the whole country and of each city that has something of its own. */
    places(of: readonly { code: string; name: string }[]): PolicyPlace[] {
      const day = businessDay(now())
      const nation = answers().titles(undefined, day)
      const known = new Set(nation.map(({ entryId }) => entryId))
      const own = (code: string) =>
        answers()
          .titles(code, day)
          .filter(({ entryId }) => !known.has(entryId))
      return [...of.map(({ code, name }) => ({ place: name, entries: own(code) })), { place: '全国', entries: nation }]
    },

    /** One look at a time; whoever asks during a look waits for the one after it. */
    async refresh(): Promise<void> {
      if (looking) await looking.catch(() => {})
      looking ??= look().finally(() => {
        looking = undefined
      })
      await looking
    },

    /** The answers of now, each with the code under which a caller finds it again. */
    coded() {
      const answerer = answers()
      return {
        ...answerer,
        answer: (asked: Asked) => withCode(answerer.answer(asked)),
        answerEntry(entryId: string, asked: Asked) {
          const answer = answerer.answerEntry(entryId, asked)
          return answer && withCode(answer)
        },
      }
    },
  }
}

/** Texts that stay are the same objects, so that thousands of titles are compared in a moment. */
function isSame(some: readonly Title[], others: readonly Title[]): boolean {
  return (
    some.length === others.length &&
    some.every((one, at) => {
      const other = others[at]
      return (
        one.entryId === other?.entryId &&
        one.code === other.code &&
        one.question === other.question &&
        one.spoken === other.spoken &&
        (one.similar === other.similar || one.similar.join('\n') === other.similar.join('\n'))
      )
    })
  )
}

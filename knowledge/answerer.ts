/**
 * One question in, what to say about it out: an approved text word for word, up to three questions to choose from, or
 * honestly nothing. Pure over a snapshot of the index; the switchboard, the open door /api/ask and the agents'
 * panel all ask here.
 */
import type { Answer, Choice } from '../contract/answer.ts'
import type { SearchHit } from '../contract/http.ts'
import type { Insurance } from '../contract/text.ts'
import { cautious, decide, leads, type ChannelThresholds } from './decision.ts'
import type { PublishedRevision } from './entries.store.ts'
import { missingFact } from './missing-fact.ts'
import type { Alike } from './meanings.ts'
import { circumstances, mayRankFirst, rankedByMeaning, rankedHits, type Ranked } from './ranked.ts'
import type { EntryIndex } from './search/entry-index.ts'
import { dayAsked, withoutTimes } from './text/dates.ts'
import { normalise } from './text/normalise.ts'
import { withoutParticulars } from './text/particulars.ts'
import { noticesOn } from './validity.ts'

export type Asked = {
  question: string
  /** GB/T 2260 code of the city whose insurance it is about. */
  region?: string
  insurance?: Insurance
  /** The day on which it is asked, YYYY-MM-DD in the bureau's zone; the question itself may name another. */
  on: string
  /** It came through speech recognition: what it sounds like counts as much as how it was written down. */
  voice?: boolean
  /** What an embedding service says, where one is configured (meanings.ts). */
  alike?: Alike
}
export type Answerer = ReturnType<typeof answerer>

/** @param thresholds of this very base, where it could be tried (calibration.ts). */
export function answerer(index: EntryIndex, thresholds: ChannelThresholds = cautious) {
  const { cities } = index

  /**
   * Which cities' entries count, and whether one of them is sure enough to be answered for.
   * @param day whose texts are looked through; another than today is not looked for in their words.
   */
  function sought({ question, region, on, voice }: Asked, day = on) {
    const { text, codes } = cities.takenOut(normalise(withoutParticulars(question)))
    const others = codes.filter((code) => code !== region)
    const [named] = codes
    // "I am insured in A and ask about B": either may be meant, so neither is answered for without asking.
    const sure = region ? (others.length === 0 ? region : undefined) : codes.length === 1 ? named : undefined
    const regions = region ? [region, ...others] : codes.length > 0 ? codes : undefined
    return { text, compared: day === on ? text : withoutTimes(text), look: { on: day, regions, voice }, sure }
  }

  function read(asked: Asked, day = asked.on) {
    const { text, compared, look, sure } = sought(asked, day)
    const byWords = rankedHits(index, compared, look)
    return {
      ranked: asked.alike ? rankedByMeaning(byWords, asked.alike) : byWords,
      asker: circumstances(text, { on: asked.on, region: sure, onFile: asked.insurance }),
      isPlaceOpen: look.regions === undefined,
    }
  }

  /** The texts of the day that the question names, unless those of today fit it better: 2027年 may be what they are about. */
  function readForDay(asked: Asked, present = read(asked)): ReturnType<typeof read> & { day?: string } {
    const day = dayAsked(asked.question, asked.on)
    if (!day) return present
    const then = read(asked, day)
    const better = (present.ranked[0]?.score ?? 0) > (then.ranked[0]?.score ?? 0) + leads.least
    return { ...(better ? present : then), day }
  }

  function toAnswer({ id, entryId, wording, example }: PublishedRevision, score: number, on: string, day?: string) {
    const { question, answer, spoken, sources, guide, validFrom, validUntil } = wording
    const next = index.next(entryId, validFrom)?.wording
    return {
      outcome: 'answer',
      entry: { id: entryId, revision: id, question },
      answer: {
        text: answer,
        spoken,
        sources,
        ...(guide && { guide }),
        validFrom,
        ...(validUntil && { validUntil }),
        ...noticesOn(wording, { next, today: on, asked: day }),
        example,
      },
      score,
    } satisfies Answer
  }

  function toChoice({ revision: { entryId, wording } }: Ranked, citySure: boolean): Choice | undefined {
    if (!wording.region || citySure) return { id: entryId, question: wording.question }
    const city = cities.nameOf(wording.region)
    if (!city) return undefined
    const said = cities.takenOut(normalise(wording.question)).codes.includes(wording.region)
    return { id: entryId, question: said ? wording.question : `${city}：${wording.question}` }
  }

  function answered(asked: Asked, present?: ReturnType<typeof read>): Answer {
    // A bare number fits a date or a sum somewhere in every base; it asks nothing.
    if (!/\p{L}/u.test(asked.question)) return { outcome: 'unknown', score: 0 }
    const { ranked, asker, isPlaceOpen, day } = readForDay(asked, present)
    const limits = asked.voice ? thresholds.voice : thresholds.text
    const decision = decide(ranked, asker, limits)
    const score = rounded(decision.score)
    if (decision.outcome === 'unknown') return { outcome: 'unknown', score }
    const missing = missingFact(ranked, asker, limits, isPlaceOpen)
    if (decision.outcome === 'answer')
      return { ...toAnswer(decision.winner.revision, score, asked.on, day), ...missing }
    const choices = decision.choices.flatMap((choice) => toChoice(choice, asker.region !== undefined) ?? [])
    return choices.length > 0 ? { outcome: 'ask-back', choices, score, ...missing } : { outcome: 'unknown', score }
  }

  return {
    cities,

    /** Never throws, whatever the question. The score is that of the best entry looked at. */
    answer: (asked: Asked): Answer => answered(asked),

    /** Whether one of these may be among the entries that come first, by words: false only where none is. */
    mayFind(asked: Asked, entries: ReadonlySet<string>, limit: number): boolean {
      const { compared, look } = sought(asked)
      return mayRankFirst(index, compared, look, { entries, limit })
    },

    /** The entries that come first, as `search` has them, and what would be answered, for one look at the base. */
    tried(asked: Asked, limit: number): { found: string[]; answer: () => Answer } {
      const present = read(asked)
      const found = present.ranked.slice(0, limit).map(({ entryId }) => entryId)
      return { found, answer: () => answered(asked, present) }
    },

    /** What an answer is decided on, for showing how it comes about. */
    looked: (asked: Asked) => readForDay(asked),

    /** The text of one entry that somebody chose; undefined when none of it holds on that day. */
    answerEntry(entryId: string, { on }: Pick<Asked, 'on'>): Answer | undefined {
      const revision = index.holding(entryId, on)
      return revision && toAnswer(revision, 1, on)
    },

    /** What an agent may look through: best first, the weak ones too; what is for the other insurance comes last. */
    search(asked: Asked, limit: number): SearchHit[] {
      const { ranked, asker } = read(asked)
      const isOthers = ({ insurance }: Ranked) =>
        asked.insurance !== undefined && insurance !== undefined && insurance !== asker.insurance
      return [...ranked.filter((one) => !isOthers(one)), ...ranked.filter(isOthers)]
        .slice(0, limit)
        .map(({ revision: { id, entryId, wording }, score, insurance, region }) => {
          const { question, answer, sources, guide, validFrom, validUntil } = wording
          return {
            ...{ entryId, revisionId: id, question, text: answer, score: rounded(score), sources },
            ...{ hasGuide: guide !== undefined, insurance, region, validFrom, validUntil },
          }
        })
    },

    /** Every text that holds on that day, for a caller to look through by key or by ear: the city's and the national. */
    titles(
      region: string | undefined,
      on: string,
    ): { entryId: string; topic: string; question: string; similar: string[]; spoken: string }[] {
      return index
        .all(on)
        .filter(({ wording }) => !wording.region || wording.region === region)
        .map(({ entryId, wording: { topic, question, similar, spoken } }) => ({
          ...{ entryId, topic, question, similar, spoken },
        }))
    },

    /** Questions to begin with: of each topic one in turn, the city's own before the national ones. */
    hotQuestions(region: string | undefined, limit: number, on: string): string[] {
      const ofPlace = (place: string | undefined) => index.all(on).filter(({ wording }) => wording.region === place)
      const revisions = [...(region ? inTurn(ofPlace(region)) : []), ...inTurn(ofPlace(undefined))]
      return [...new Set(revisions.map(({ wording }) => wording.question))].slice(0, limit)
    },
  }
}

/** The first of every topic, then the second of every topic, and so on. */
function inTurn(revisions: readonly PublishedRevision[]): PublishedRevision[] {
  const seen = new Map<string, number>()
  const rounds = revisions.map((revision) => {
    const round = seen.get(revision.wording.topic) ?? 0
    seen.set(revision.wording.topic, round + 1)
    return { revision, round }
  })
  return rounds.sort((a, b) => a.round - b.round).map(({ revision }) => revision)
}

/** A different text is never shown as 1. */
function rounded(score: number): number {
  return score === 1 ? 1 : Math.min(Math.round(score * 1_000) / 1_000, 0.999)
}

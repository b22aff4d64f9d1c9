/** What became of labelled questions: how well entries were ranked, and how well it was decided. Shares are per cent. */
import { percentile } from './figures.ts'
import { ranking, share, type Ranking } from './ranking.ts'

export type TriedRow = {
  id: string
  text: string
  /** null: no entry answers it. */
  entry: string | null
  /** What kind of question no entry answers; not known of every label. */
  kind?: string
  /** Best first. */
  found: string[]
  /** The entry it was answered with outright. */
  answered: string | undefined
  /** What was asked back. */
  choices: string[]
  ms: number
}

export function rankingOf(tried: readonly TriedRow[], found = tried.map((row) => row.found)): Ranking {
  return ranking(
    tried.map(({ text, entry }) => ({ text, relevant: entry === null ? [] : [entry] })),
    found,
  )
}

export function figuresOf(tried: readonly TriedRow[]) {
  const covered = tried.filter(({ entry }) => entry !== null)
  const given = covered.filter(({ answered }) => answered !== undefined)
  const right = given.filter(({ answered, entry }) => answered === entry)
  const back = covered.filter(({ choices }) => choices.length > 0)
  const offered = back.filter(({ choices, entry }) => entry !== null && choices.includes(entry))
  const ms = tried.map((row) => row.ms)
  return {
    covered: covered.length,
    ...rankingOf(tried),
    answered: share(given.length, covered.length),
    rightOfAnswered: share(right.length, given.length),
    wrongOfAll: share(given.length - right.length, covered.length),
    askedBack: share(back.length, covered.length),
    rightAmongChoices: share(offered.length, back.length),
    p50Ms: percentile(ms, 0.5),
    p99Ms: percentile(ms, 0.99),
  }
}

/** Questions that no entry answers, answered all the same. @param kind absent: of any kind. */
export function falselyAnswered(tried: readonly TriedRow[], kind?: string): number {
  const some = tried.filter((row) => row.entry === null && (kind === undefined || row.kind === kind))
  return share(some.filter(({ answered }) => answered !== undefined).length, some.length)
}

/** One line about a row that went wrong; undefined when it did not. */
export function missOf({ id, text, entry, found, answered, choices }: TriedRow): string | undefined {
  if (answered === (entry ?? undefined) && (entry !== null || choices.length === 0)) return undefined
  const place = entry === null ? 0 : found.indexOf(entry) + 1
  const wanted = entry === null ? 'no entry' : `${entry} (ranked ${place > 0 ? place : 'nowhere'})`
  const got = answered ?? (choices.length > 0 ? `asked back: ${choices.join(' | ')}` : 'unknown')
  return `${id}\twanted ${wanted}\tgot ${got}\t${text}`
}

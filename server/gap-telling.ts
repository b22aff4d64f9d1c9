/** What askers are told once their question has an answer, put together: on open lines, by letter, and when. */
import { gapLetterKind, type GapNews } from '../bot/gap-news.ts'
import type { Jobs } from './jobs.ts'
import type { Outgoing } from './outbox.ts'
import type { Round } from './rounds.ts'

type Parts = { gapNews: GapNews; box: Outgoing; jobs: Jobs }

const lettersEverySeconds = 60

/** Registers its job, so it is called before they start. @returns what is done again and again. */
export function gapTelling({ gapNews, box, jobs }: Parts): Round[] {
  box.onSettled(gapLetterKind, (...settled) => gapNews.letterSettled(...settled))
  jobs.every('gap.letters', lettersEverySeconds, async () => void (await gapNews.writeToAskers()))
  return [
    { everyMs: 30_000, work: () => gapNews.gather() },
    { everyMs: 15_000, work: () => gapNews.tellOpenLines() },
  ]
}

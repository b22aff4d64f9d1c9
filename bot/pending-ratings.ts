/**
 * What a conversation can still rate, as its citizen is told. A rating that no turn asks for is a quiet one: made
 * when the conversation closed, shown by no card, given only by somebody who looks for it.
 */
import type { AskedRating } from '../contract/rating.ts'
import { ratingsStore } from '../desk/ratings.store.ts'
import { staffStore } from '../desk/staff.store.ts'
import { episodesStore, type Episode } from './episodes.store.ts'
import type { Db } from './tables.ts'
import { turnsStore } from './turns.store.ts'

type Pending = Omit<AskedRating, 'token'>

/** Those asked by a card first. */
export async function pendingRatings(db: Db, conversationId: string, now: Date): Promise<Pending[]> {
  const cards: Pending[] = []
  const quiet: Pending[] = []
  for (const { id: ratingId, episodeId } of await ratingsStore(db).pending(conversationId, now)) {
    const asked = (await turnsStore(db).askingFor(conversationId, ratingId))?.rating
    if (asked) cards.push(asked)
    const episode = asked ? undefined : await episodesStore(db).find(episodeId)
    if (episode) quiet.push({ ratingId, ...(await aboutOf(db, episode)), quiet: true })
  }
  return [...cards, ...quiet]
}

/** Whose part it was: an agent is named by the work number (工号) alone. */
export async function aboutOf(db: Db, { kind, staffId }: Episode): Promise<Pick<Pending, 'about' | 'agentNumber'>> {
  const agentNumber =
    kind === 'agent' && staffId ? (await staffStore(db).workNumbers([staffId])).get(staffId) : undefined
  return { about: kind, ...(agentNumber && { agentNumber }) }
}

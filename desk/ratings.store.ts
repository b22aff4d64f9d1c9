/** Ratings in PostgreSQL: asked once an episode, given once, and only while open. */
import { Problem } from '../contract/problem.ts'
import type { Level } from '../contract/rating.ts'
import type { RatingTables } from './rating-tables.ts'
import { versionOf } from './reasons.ts'
import { reasonsStore } from './reasons.store.ts'
import type { Db } from './tables.ts'

export type RatingsStore = ReturnType<typeof ratingsStore>
export type Rating = {
  id: string
  episodeId: string
  conversationId: string
  askedAt: Date
  closesAt: Date
  level?: Level
  reasons: string[]
  words?: string
  givenAt?: Date
  /** An appeal found it misjudged: out of the figures, never out of the record. */
  excluded: boolean
}

const openMs = 7 * 24 * 3_600_000

export function ratingsStore(db: Db) {
  const d = db.withTables<RatingTables>()
  const ratings = () => d.selectFrom('rating').select(columns)

  return {
    /** @returns the rating's id; the same one however often an episode is asked about. */
    async ask(asked: { episodeId: string; conversationId: string; closesAt?: Date }, now: Date): Promise<string> {
      await d
        .insertInto('rating')
        .values({
          episode_id: asked.episodeId,
          conversation_id: asked.conversationId,
          asked_at: now,
          closes_at: asked.closesAt ?? new Date(now.getTime() + openMs),
          level: null,
          reasons_version: null,
          words: null,
          given_at: null,
        })
        .onConflict((asked) => asked.column('episode_id').doNothing())
        .execute()
      const { id } = await d
        .selectFrom('rating')
        .select('id')
        .where('episode_id', '=', asked.episodeId)
        .executeTakeFirstOrThrow()
      return id
    },

    /**
     * Asked and given in one: a visit to a window has no other trace. The id is the token's, so that a token is used once.
     * @returns false when this id was kept before.
     */
    async askAtWindow(
      asked: {
        id: string
        windowId: string
        clerk?: string
        episodeId: string
        conversationId: string
        closesAt: Date
      },
      now: Date,
    ): Promise<boolean> {
      const row = await d
        .insertInto('rating')
        .values({
          id: asked.id,
          window_id: asked.windowId,
          clerk: asked.clerk ?? null,
          episode_id: asked.episodeId,
          conversation_id: asked.conversationId,
          asked_at: now,
          closes_at: asked.closesAt,
          level: null,
          reasons_version: null,
          words: null,
          given_at: null,
        })
        .onConflict((known) => known.column('id').doNothing())
        .returning('id')
        .executeTakeFirst()
      return row !== undefined
    },

    /** @throws Problem not_found, already_rated, rating_closed, invalid_input; of two at once, one gets already_rated. */
    async give(
      id: string,
      given: { level: Level; reasons: readonly string[]; words?: string },
      now: Date,
    ): Promise<Rating> {
      const version = versionOf(await reasonsStore(db).all(), given.level, given.reasons)
      const row = await d
        .updateTable('rating')
        .set({
          level: given.level,
          reasons: [...given.reasons],
          reasons_version: version,
          words: given.words ?? null,
          given_at: now,
        })
        .where('id', '=', id)
        .where('given_at', 'is', null)
        .where('closes_at', '>', now)
        .returning(columns)
        .executeTakeFirst()
      if (row) return fromRow(row)

      const kept = await ratings().where('id', '=', id).executeTakeFirst()
      if (!kept) throw new Problem('not_found', `no rating ${id}`)
      if (kept.given_at) throw new Problem('already_rated', `rating ${id} was given`)
      throw new Problem('rating_closed', `rating ${id} closed at ${kept.closes_at.toISOString()}`)
    },

    async find(id: string): Promise<Rating | undefined> {
      const row = await ratings().where('id', '=', id).executeTakeFirst()
      return row && fromRow(row)
    },

    /** What this conversation can still rate, the last asked first. */
    async pending(conversationId: string, now: Date): Promise<Rating[]> {
      const rows = await ratings()
        .where('conversation_id', '=', conversationId)
        .where('given_at', 'is', null)
        .where('closes_at', '>', now)
        .orderBy('asked_at', 'desc')
        .execute()
      return rows.map(fromRow)
    },

    /** The episodes of this conversation that a rating was asked for. */
    async askedAbout(conversationId: string): Promise<string[]> {
      const rows = await d
        .selectFrom('rating')
        .select('episode_id')
        .where('conversation_id', '=', conversationId)
        .execute()
      return rows.map((row) => row.episode_id)
    },

    async exclude(id: string): Promise<void> {
      await d.updateTable('rating').set({ excluded: true }).where('id', '=', id).execute()
    },
  }
}

const columns = [
  'id',
  'episode_id',
  'conversation_id',
  'asked_at',
  'closes_at',
  'level',
  'reasons',
  'words',
  'given_at',
  'excluded',
] as const
type Row = {
  id: string
  episode_id: string
  conversation_id: string
  asked_at: Date
  closes_at: Date
  level: Level | null
  reasons: string[]
  words: string | null
  given_at: Date | null
  excluded: boolean
}

function fromRow(row: Row): Rating {
  const { id, reasons, excluded } = row
  return {
    id,
    reasons,
    excluded,
    episodeId: row.episode_id,
    conversationId: row.conversation_id,
    askedAt: row.asked_at,
    closesAt: row.closes_at,
    level: row.level ?? undefined,
    words: row.words ?? undefined,
    givenAt: row.given_at ?? undefined,
  }
}

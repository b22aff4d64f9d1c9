/** Entries and their revisions in PostgreSQL. Review's rules are in review.ts; a wording is never updated. */
import { sql } from 'kysely'
import type { RevisionState, Wording } from '../contract/entry.ts'
import type { Db, KnowledgeTables } from './tables.ts'

export type EntriesStore = ReturnType<typeof entriesStore>

export type NewRevision = {
  entryId: string
  number: number
  state: RevisionState
  wording: Wording
  /** A member of staff; absent for a pack's text. */
  author?: string
  now: Date
}
export type KeptRevision = {
  id: string
  entryId: string
  number: number
  state: RevisionState
  origin: 'pack' | 'console'
  wording: Wording
  author: string | null
  reviewer: string | null
  publishedAt: Date | null
}
/** What the index is built from. `example`: shipped text that nobody of the bureau has approved. */
export type PublishedRevision = Pick<KeptRevision, 'id' | 'entryId' | 'wording'> & { example: boolean }

/** Far under PostgreSQL's 65,535 parameters a statement. */
const rowsPerInsert = 500
/** Any number that no other use of advisory locks in this database takes. */
const packsLock = 7_201_004

/** @param db a transaction wherever something is written. */
export function entriesStore(db: Db) {
  const d = db.withTables<KnowledgeTables>()
  return {
    /** Takes turns with whoever else changes this entry, until the transaction ends. @returns false when there is none. */
    async lock(entryId: string): Promise<boolean> {
      const found = await d.selectFrom('entry').select('id').where('id', '=', entryId).forUpdate().executeTakeFirst()
      return found !== undefined
    },

    /** One process at a time loads packs; the others wait until its transaction ends. */
    async lockPacks(): Promise<void> {
      await sql`select pg_advisory_xact_lock(${packsLock})`.execute(d)
    },

    /** @returns which of these ids are entries, each with the pack it came in. */
    async packsOf(entryIds: readonly string[]): Promise<Map<string, string | null>> {
      const wanted = sql<boolean>`id = any(${entryIds})`
      const rows = await d.selectFrom('entry').select(['id', 'pack']).where(wanted).execute()
      return new Map(rows.map(({ id, pack }) => [id, pack]))
    },

    /** @returns the ids that were added; one that is taken already is left alone. */
    async addEntries(entries: readonly { id: string; pack: string | null }[], now: Date): Promise<string[]> {
      const added: string[] = []
      for (const some of inParts(entries)) {
        const rows = some.map(({ id, pack }) => ({ id, pack, created_at: now }))
        const insert = d.insertInto('entry').values(rows)
        const inserted = await insert
          .onConflict((clash) => clash.doNothing())
          .returning('id')
          .execute()
        added.push(...inserted.map(({ id }) => id))
      }
      return added
    },

    /** @returns their ids, in the order given. */
    async addRevisions(revisions: readonly NewRevision[]): Promise<string[]> {
      const ids: string[] = []
      for (const some of inParts(revisions)) {
        const rows = await d.insertInto('revision').values(some.map(toRow)).returning('id').execute()
        ids.push(...rows.map(({ id }) => id))
      }
      return ids
    },

    async revision(id: string): Promise<KeptRevision | undefined> {
      return d.selectFrom('revision').select(kept).where('id', '=', id).executeTakeFirst()
    },

    /** Every revision of these entries, by entry and number. */
    async revisionsOf(entryIds: readonly string[]): Promise<KeptRevision[]> {
      const wanted = sql<boolean>`entry_id = any(${entryIds})`
      return d.selectFrom('revision').select(kept).where(wanted).orderBy('entry_id').orderBy('number').execute()
    },

    /** Every revision there is, by entry and number. */
    async allRevisions(): Promise<KeptRevision[]> {
      return d.selectFrom('revision').select(kept).orderBy('entry_id').orderBy('number').execute()
    },

    /** Moves the review columns of some revisions; what is not named stays. */
    async move(ids: readonly string[], to: { state: RevisionState; reviewer?: string; publishedAt?: Date }) {
      const { state, reviewer, publishedAt } = to
      await d
        .updateTable('revision')
        .set({ state, ...(reviewer && { reviewer_id: reviewer }), ...(publishedAt && { published_at: publishedAt }) })
        .where(sql<boolean>`id = any(${ids}::uuid[])`)
        .execute()
    },

    /** All that may be served on some day; the index chooses by the day asked about. */
    async published(): Promise<PublishedRevision[]> {
      return d
        .selectFrom('revision')
        .select(['id', 'entry_id as entryId', 'wording'])
        .select(sql<boolean>`origin = 'pack' and reviewer_id is null`.as('example'))
        .where('state', '=', 'published')
        .orderBy('entry_id')
        .orderBy('valid_from')
        .execute()
    },

    /** The same without their texts, in no order. */
    async publishedIds(): Promise<Pick<PublishedRevision, 'id' | 'example'>[]> {
      return d
        .selectFrom('revision')
        .select('id')
        .select(sql<boolean>`origin = 'pack' and reviewer_id is null`.as('example'))
        .where('state', '=', 'published')
        .execute()
    },

    /** The texts of these revisions, in no order. */
    async texts(ids: readonly string[]): Promise<Pick<PublishedRevision, 'id' | 'entryId' | 'wording'>[]> {
      const wanted = sql<boolean>`id = any(${ids}::uuid[])`
      return d.selectFrom('revision').select(['id', 'entry_id as entryId', 'wording']).where(wanted).execute()
    },

    /** Grows with every change of what is published. */
    async version(): Promise<number> {
      const { version } = await d.selectFrom('knowledge_version').select('version').executeTakeFirstOrThrow()
      return Number(version)
    },

    async bumpVersion(now: Date): Promise<void> {
      const next = { version: sql<number>`version + 1`, changed_at: now }
      await d.updateTable('knowledge_version').set(next).execute()
    },
  }
}

const kept = [
  'id',
  'entry_id as entryId',
  'number',
  'state',
  'origin',
  'wording',
  'author_id as author',
  'reviewer_id as reviewer',
  'published_at as publishedAt',
] as const

function toRow({ entryId, number, state, wording, author, now }: NewRevision) {
  return {
    entry_id: entryId,
    number,
    state,
    origin: author ? ('console' as const) : ('pack' as const),
    wording: JSON.stringify(wording),
    question: wording.question,
    topic: wording.topic,
    region: wording.region ?? null,
    insurance: wording.insurance ?? null,
    valid_from: wording.validFrom,
    valid_until: wording.validUntil ?? null,
    author_id: author ?? null,
    reviewer_id: null,
    created_at: now,
    published_at: state === 'published' ? now : null,
  }
}

function inParts<T>(rows: readonly T[]): T[][] {
  const parts: T[][] = []
  for (let at = 0; at < rows.length; at += rowsPerInsert) parts.push(rows.slice(at, at + rowsPerInsert))
  return parts
}

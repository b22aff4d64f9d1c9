/** Gaps and their questions in PostgreSQL. What is alike and what may follow what is ruled in gap-clusters and gap-moves. */
import { sql } from 'kysely'
import type { RevisionState } from '../contract/entry.ts'
import type { GapCause, GapState } from '../contract/gap.ts'
import { gathering } from './gap-moves.ts'
import type { Db, KnowledgeTables } from './tables.ts'

export type GapsStore = ReturnType<typeof gapsStore>
export type KeptGap = { id: string; state: GapState; entryId: string | null; revisionNumber: number | null }
export type UnansweredQuestion = {
  conversationId: string
  seq: number
  contactId: string
  cause: GapCause
  /** Masked. */
  question: string
  askedAt: Date
}
/** Somebody who asked into a gap that has been answered since. */
export type Asker = { gapId: string; entryId: string; contactId: string; conversationId: string; question: string }

/** Any number that no other use of advisory locks in this database takes. */
const collectingLock = 7_201_011

/** @param db a transaction wherever something is written. */
export function gapsStore(db: Db) {
  const d = db.withTables<KnowledgeTables>()
  const untold = () =>
    d
      .selectFrom('gap_question as q')
      .innerJoin('gap as g', 'g.id', 'q.gap_id')
      .select(['g.id as gapId', 'q.contact_id as contactId', 'q.conversation_id as conversationId', 'q.question'])
      .select(sql<string>`g.entry_id`.as('entryId'))
      .where('q.told_at', 'is', null)
      .where('g.state', '=', 'published')
      .orderBy('q.asked_at')

  /** When a gap was last asked, after its questions have changed. */
  async function followLast(gapId: string): Promise<void> {
    const last = sql<Date>`(select max(asked_at) from gap_question where gap_id = ${gapId})`
    await d
      .updateTable('gap')
      .set({ last_asked_at: sql`coalesce(${last}, last_asked_at)` })
      .where('id', '=', gapId)
      .execute()
  }

  return {
    /** One process at a time gathers; the others wait until its transaction ends. @returns up to when was looked. */
    async lockLook(): Promise<Date> {
      await sql`select pg_advisory_xact_lock(${collectingLock})`.execute(d)
      return (await d.selectFrom('gap_look').select('until').executeTakeFirstOrThrow()).until
    },
    async lookedUntil(until: Date): Promise<void> {
      await d.updateTable('gap_look').set({ until }).execute()
    },

    /** The different wordings of every gap that still gathers. */
    async gatheringQuestions(): Promise<{ gapId: string; compared: string }[]> {
      return d
        .selectFrom('gap_question as q')
        .innerJoin('gap as g', 'g.id', 'q.gap_id')
        .select(['g.id as gapId', 'q.compared'])
        .distinct()
        .where('g.state', 'in', gathering)
        .orderBy('g.id')
        .orderBy('q.compared')
        .execute()
    },

    async open(question: string, askedAt: Date, now: Date): Promise<string> {
      const blank = { owner_id: null, due_on: null, entry_id: null, revision_number: null, dismissed_reason: null }
      const row = { ...blank, question, opened_at: now, last_asked_at: askedAt, moved_at: now }
      return (await d.insertInto('gap').values(row).returning('id').executeTakeFirstOrThrow()).id
    },

    /** @param gapId absent where the words ask nothing. @returns false for a question that is kept already. */
    async addQuestion(asked: UnansweredQuestion, compared: string, gapId?: string): Promise<boolean> {
      const { conversationId, seq, contactId, cause, question, askedAt } = asked
      const row = {
        conversation_id: conversationId,
        seq,
        gap_id: gapId ?? null,
        contact_id: contactId,
        cause,
        question,
        compared,
        asked_at: askedAt,
        told_at: null,
      }
      const { numInsertedOrUpdatedRows } = await d
        .insertInto('gap_question')
        .values(row)
        .onConflict((kept) => kept.columns(['conversation_id', 'seq']).doNothing())
        .executeTakeFirst()
      if (numInsertedOrUpdatedRows !== 1n) return false
      if (gapId) {
        const last = sql<Date>`greatest(last_asked_at, ${askedAt})`
        await d.updateTable('gap').set({ last_asked_at: last }).where('id', '=', gapId).execute()
      }
      return true
    },

    async lock(id: string): Promise<KeptGap | undefined> {
      return d
        .selectFrom('gap')
        .select(['id', 'state', 'entry_id as entryId', 'revision_number as revisionNumber'])
        .where('id', '=', id)
        .forUpdate()
        .executeTakeFirst()
    },

    async move(
      id: string,
      to: { state: GapState; draft?: { entryId: string; number: number } | null; reason?: string },
      now: Date,
    ): Promise<void> {
      const { state, draft, reason } = to
      await d
        .updateTable('gap')
        .set({
          state,
          moved_at: now,
          dismissed_reason: state === 'dismissed' ? (reason ?? '') : null,
          ...(draft !== undefined && { entry_id: draft?.entryId ?? null, revision_number: draft?.number ?? null }),
        })
        .where('id', '=', id)
        .execute()
    },

    /** @returns false when there is no such gap. */
    async give(id: string, to: { ownerId?: string; dueOn?: string }): Promise<boolean> {
      const set = { owner_id: to.ownerId ?? null, due_on: to.dueOn ?? null }
      const { numUpdatedRows } = await d.updateTable('gap').set(set).where('id', '=', id).executeTakeFirst()
      return numUpdatedRows > 0n
    },

    /** Everything that was asked into one gap is asked into another. @returns how many questions. */
    async mergeQuestions(from: string, into: string): Promise<number> {
      const { numUpdatedRows } = await d
        .updateTable('gap_question')
        .set({ gap_id: into })
        .where('gap_id', '=', from)
        .executeTakeFirst()
      await followLast(into)
      return Number(numUpdatedRows)
    },

    /** What one question of a gap says, and whether anything else was asked into it. */
    async saidIn(gapId: string, conversationId: string, seq: number) {
      const of = d.selectFrom('gap_question').where('gap_id', '=', gapId)
      const said = await of
        .select(['question', 'compared', 'asked_at as askedAt'])
        .where('conversation_id', '=', conversationId)
        .where('seq', '=', seq)
        .executeTakeFirst()
      const other = said && (await of.select('seq').where('compared', '!=', said.compared).limit(1).executeTakeFirst())
      return said && { ...said, isAlone: other === undefined }
    },

    /** Whatever says the same goes along. @returns how many questions. */
    async takeOut(from: string, compared: string, into: string): Promise<number> {
      const { numUpdatedRows } = await d
        .updateTable('gap_question')
        .set({ gap_id: into })
        .where('gap_id', '=', from)
        .where('compared', '=', compared)
        .executeTakeFirst()
      await followLast(from)
      await followLast(into)
      return Number(numUpdatedRows)
    },

    /** What was asked into a gap, each wording once, the most frequent first. */
    async wordings(gapId: string, limit: number): Promise<string[]> {
      const rows = await d
        .selectFrom('gap_question')
        .select(sql<string>`min(question)`.as('question'))
        .where('gap_id', '=', gapId)
        .groupBy('compared')
        .orderBy(sql`count(*)`, 'desc')
        .orderBy(sql`min(asked_at)`)
        .limit(limit)
        .execute()
      return rows.map(({ question }) => question)
    },

    /** Every gap that waits for its draft, with what has become of that and of later revisions of its entry. */
    async drafting(): Promise<{ id: string; since: RevisionState[] }[]> {
      return d
        .selectFrom('gap as g')
        .innerJoin('revision as r', (on) =>
          on.onRef('r.entry_id', '=', 'g.entry_id').onRef('r.number', '>=', 'g.revision_number'),
        )
        .select(['g.id', sql<RevisionState[]>`array_agg(r.state)`.as('since')])
        .where('g.state', '=', 'drafting')
        .groupBy('g.id')
        .execute()
    },

    /** Of this contact alone, first asked first. */
    untoldOf: (contactId: string): Promise<Asker[]> => untold().where('q.contact_id', '=', contactId).execute(),

    /** Of everybody who asked since then. */
    untoldSince: (since: Date, limit: number): Promise<Asker[]> =>
      untold().where('q.asked_at', '>=', since).limit(limit).execute(),

    /** @returns whether anybody of that gap is still to be told. */
    async told(gapId: string, contactId: string, now: Date): Promise<boolean> {
      const open = () =>
        d.selectFrom('gap_question').select('seq').where('gap_id', '=', gapId).where('told_at', 'is', null)
      await d
        .updateTable('gap_question')
        .set({ told_at: now })
        .where('gap_id', '=', gapId)
        .where('contact_id', '=', contactId)
        .where('told_at', 'is', null)
        .execute()
      return (await open().limit(1).executeTakeFirst()) !== undefined
    },

    async untold(gapId: string, contactId: string): Promise<void> {
      await d
        .updateTable('gap_question')
        .set({ told_at: null })
        .where('gap_id', '=', gapId)
        .where('contact_id', '=', contactId)
        .execute()
    },
  }
}

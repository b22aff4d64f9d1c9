/**
 * The case desk: opens a case for a bad rating or a complaint, and follows it until it is put right.
 *
 * Every step leaves an event in the same transaction, and two steps of one case come one after the other. What a
 * citizen wrote is shown masked; the number to ring is sealed and opened only by `contactOf`.
 */
import type { CaseKind, CaseMove, CaseState } from '../contract/case.ts'
import type { CaseRow, CaseView } from '../contract/http.ts'
import { Problem } from '../contract/problem.ts'
import { levelNames, type Level } from '../contract/rating.ts'
import type { Actor, Role } from '../contract/staff.ts'
import { isFinal, isOverdue, legalMoves, moveCase, reRateCase, type CaseStep } from './case.ts'
import { casesStore, type CaseFilter, type CasesStore, type NewCase } from './cases.store.ts'
import { holidaysStore } from './holidays.store.ts'
import { maskPhone, maskText } from './masking.ts'
import { ratingsStore } from './ratings.store.ts'
import type { Sealer } from './sealer.ts'
import type { Db } from './tables.ts'
import { inTransaction } from './transaction.ts'
import { businessDay, dueAfter } from './working-days.ts'

const filedAgainWithinMs = 3_600_000

export type OpenedCase = { caseId: string; number: string; dueOn: string; provisional: boolean }
export type BadRating = {
  ratingId: string
  conversationId: string
  level: Level
  reasons: readonly string[]
  words?: string
  city?: string
  /** Who was rated: never the owner of what is put right, as long as there is anybody else. */
  ratedStaffId?: string
}
export type Complaint = { conversationId: string; text: string; contact?: string; city?: string }

/** To be told to the citizen in the transaction of the move; then `setEpisode` links what they are asked to rate. */
export type ReportedBack = { caseId: string; number: string; conversationId: string; ownerId: string; remedy: string }

export type Cases = ReturnType<typeof cases>

/** @param db a pool, or the caller's transaction. */
export function cases(db: Db, sealer: Sealer) {
  return {
    /** The same rating twice is the same case. */
    openForRating(rating: BadRating, now: Date): Promise<OpenedCase> {
      return inTransaction(db, async (tx) => {
        const before = await casesStore(tx).byRating(rating.ratingId)
        if (before) return openedBefore(before)
        const text = [levelNames[rating.level], rating.reasons.join('、'), rating.words].filter(Boolean).join('。')
        return open(tx, 'bad_rating', { ...rating, text }, now)
      })
    },

    /** The same words in the same conversation within the hour are the same case: an answer was lost on its way. */
    fileComplaint({ contact, ...complaint }: Complaint, now: Date): Promise<OpenedCase> {
      const kept = contact ? { contactSealed: sealer.seal(contact), contactMasked: maskPhone(contact) } : {}
      return inTransaction(db, async (tx) => {
        const since = new Date(now.getTime() - filedAgainWithinMs)
        const filed = { ...complaint, ...kept }
        const before = await casesStore(tx).sameComplaint(filed, since)
        return before ? openedBefore(before) : open(tx, 'complaint', filed, now)
      })
    },

    async list(filter: CaseFilter, now: Date): Promise<{ rows: CaseRow[]; total: number }> {
      const today = businessDay(now)
      const { rows, total } = await casesStore(db).list(filter, today)
      return { rows: rows.map((row) => shownRow(row, today)), total }
    },

    /** @throws Problem not_found */
    async view(id: string, roles: readonly Role[], now: Date): Promise<CaseView> {
      const store = casesStore(db)
      const row = await store.find(id)
      if (!row) throw new Problem('not_found', `no case ${id}`)
      const events = await store.events(id)
      return {
        ...shownRow(row, businessDay(now)),
        conversationId: row.conversation_id,
        contact: row.contact_masked ?? undefined,
        level: row.level ?? undefined,
        reasons: row.reasons ?? undefined,
        events: events.map(shownEvent),
        moves: legalMoves(row, roles),
      }
    },

    /** @returns the number to ring, whole: its reading is to be audited. @throws Problem not_found */
    async contactOf(id: string): Promise<string> {
      const sealed = await casesStore(db).sealedContact(id)
      if (!sealed) throw new Problem('not_found', `no contact kept for case ${id}`)
      return sealer.open(sealed)
    },

    /** @throws Problem not_found, illegal_move, invalid_input: nothing has changed then. */
    move(
      id: string,
      move: CaseMove,
      actor: Actor,
      now: Date,
    ): Promise<{ state: CaseState; reportedBack?: ReportedBack }> {
      return inTransaction(db, async (tx) => {
        const store = casesStore(tx)
        const file = await store.lock({ id })
        if (!file) throw new Problem('not_found', `no case ${id}`)
        const step = moveCase(file, move, actor.roles)
        await take(tx, file, step, now, actor.staffId)
        if (step.to === 'excluded' && file.rating_id) await ratingsStore(tx).exclude(file.rating_id)
        if (step.to !== 'reported_back') return { state: step.to }

        const { number, conversation_id: conversationId, owner_id: ownerId } = file
        return {
          state: step.to,
          reportedBack: { caseId: id, number, conversationId, ownerId, remedy: await remedyOf(store, id) },
        }
      })
    },

    /** Links the episode of the handling, so that its rating finds the case. */
    setEpisode(id: string, episodeId: string): Promise<void> {
      return casesStore(db).setEpisode(id, episodeId)
    },

    /** The citizen rated the fix. @returns undefined when no case waits for the rating of this episode. */
    reRated(
      rating: { episodeId: string; level: Level; words?: string },
      now: Date,
    ): Promise<{ caseId: string; number: string; state: CaseState; reopened: boolean } | undefined> {
      return inTransaction(db, async (tx) => {
        const file = await casesStore(tx).lock({ episodeId: rating.episodeId })
        if (!file) return undefined
        const steps = reRateCase(file, rating.level, rating.words)
        for (const step of steps) await take(tx, file, step, now)
        return {
          caseId: file.id,
          number: file.number,
          state: steps.at(-1)?.to ?? file.state,
          reopened: steps.some(({ kind }) => kind === 'reopened'),
        }
      })
    },
  }
}

type KnownCase = { id: string; number: string; due_on: string; provisional: boolean }

function openedBefore({ id, number, due_on: dueOn, provisional }: KnownCase): OpenedCase {
  return { caseId: id, number, dueOn, provisional }
}

type LockedCase = NonNullable<Awaited<ReturnType<CasesStore['lock']>>>

/** Writes one step down: state, deadline where it reopens, and its event. */
async function take(tx: Db, file: LockedCase, step: CaseStep, now: Date, staffId?: string): Promise<void> {
  const store = casesStore(tx)
  if (step.to !== step.from) await store.setState(file.id, step.to, isFinal(step.to) ? now : null)
  if (step.kind !== 'reopened') return store.addEvent(file.id, { ...step, staffId, at: now })

  const { dueDays } = await store.rule(file.kind, file.city ?? undefined)
  const { due, provisional } = dueAfter(businessDay(now), dueDays, await holidaysStore(tx).calendar())
  await store.reopen(file.id, due, provisional)
  await store.addEvent(file.id, { ...step, data: { ...step.data, dueOn: due }, staffId, at: now })
}

type Opening = Pick<NewCase, 'conversationId' | 'ratingId' | 'text' | 'contactSealed' | 'contactMasked' | 'city'> & {
  ratedStaffId?: string
}

async function open(tx: Db, kind: CaseKind, opening: Opening, now: Date): Promise<OpenedCase> {
  const store = casesStore(tx)
  const today = businessDay(now)
  const { firstContactDays, dueDays } = await store.rule(kind, opening.city)
  const calendar = await holidaysStore(tx).calendar()
  const firstContact = dueAfter(today, firstContactDays, calendar)
  const { due, provisional } = dueAfter(today, dueDays, calendar)
  const number = `ZG${today.replaceAll('-', '')}-${String(await store.nextNumber()).padStart(4, '0')}`
  const caseId = await store.insert({
    ...opening,
    kind,
    number,
    ownerId: await chooseOwner(store, opening.ratedStaffId),
    openedAt: now,
    firstContactDueOn: firstContact.due,
    dueOn: due,
    provisional,
  })
  await store.addEvent(caseId, {
    kind: 'opened',
    by: 'system',
    to: 'to_verify',
    note: kind === 'complaint' ? '收到市民投诉，已立案' : '收到差评，已立案',
    data: { dueOn: due },
    at: now,
  })
  return { caseId, number, dueOn: due, provisional }
}

/** Nobody's case does not exist: officers first, then supervisors, then an administrator. */
async function chooseOwner(store: CasesStore, rated?: string): Promise<string> {
  for (const except of [rated, undefined]) {
    for (const role of ['officer', 'supervisor', 'administrator'] as const) {
      const id = await store.leastBusy(role, except)
      if (id) return id
    }
  }
  throw new Problem('not_ready', 'no officer, supervisor or administrator to own a case')
}

/** The remedy of the last review, which is the one that was just passed. */
async function remedyOf(store: CasesStore, caseId: string): Promise<string> {
  const reviewed = (await store.events(caseId)).findLast(({ to_state }) => to_state === 'to_review')
  return reviewed?.data.remedy ?? ''
}

type ListedCase = Awaited<ReturnType<CasesStore['list']>>['rows'][number]

function shownRow(row: ListedCase, today: string): CaseRow {
  const { id, number, kind, state, owner, provisional, reopened } = row
  const dates = { firstContactDueOn: row.first_contact_due_on, dueOn: row.due_on }
  const overdue = isOverdue({ state, ...dates }, today)
  const openedAt = row.opened_at.toISOString()
  return {
    id,
    number,
    kind,
    state,
    text: maskText(row.text),
    owner,
    openedAt,
    ...dates,
    provisional,
    overdue,
    reopened,
  }
}

function shownEvent(event: Awaited<ReturnType<CasesStore['events']>>[number]): CaseView['events'][number] {
  const { seq, kind, data } = event
  const by = { officer: event.officer ?? '', citizen: '市民', system: '系统' }[event.by_whom]
  return {
    seq,
    at: event.at.toISOString(),
    by,
    kind,
    from: event.from_state ?? undefined,
    to: event.to_state,
    note: maskText(event.note),
    remedy: data.remedy,
    evidence: data.evidence,
    followUp: data.followUp,
    level: data.level,
  }
}

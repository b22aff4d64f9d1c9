/**
 * The case desk: opens a case for a bad rating or a complaint, and follows it until it is put right.
 *
 * Every step leaves an event in the same transaction, and two steps of one case come one after the other. What a
 * citizen wrote is shown masked; the number to ring is sealed and opened only by `contactOf`.
 */
import type { CaseExtension, CaseMove, CaseState, FollowUp, FollowUpResult } from '../contract/case.ts'
import { isMobile } from '../contract/outbox.ts'
import { Problem } from '../contract/problem.ts'
import type { Level } from '../contract/rating.ts'
import type { Actor } from '../contract/staff.ts'
import { legalMoves, mayJudge, moveCase, reRateCase } from './case.ts'
import { extend } from './case-deadline.ts'
import { caseEvidenceStore } from './case-evidence.store.ts'
import { lockCase, whoseOf } from './case-file.ts'
import { caseFiling } from './case-filing.ts'
import type { TellStaff } from './case-news.ts'
import { caseRulesStore } from './case-rules.store.ts'
import { takeStep } from './case-steps.ts'
import { caseViews } from './case-views.ts'
import { casesStore, type CasesStore, type LockedCase } from './cases.store.ts'
import { endsFollowUp, mustHaveTried } from './follow-up.ts'
import { followUpsStore } from './follow-ups.store.ts'
import { holidaysStore } from './holidays.store.ts'
import { ratingsStore } from './ratings.store.ts'
import type { Sealer } from './sealer.ts'
import type { Db } from './tables.ts'
import { inTransaction } from './transaction.ts'
import { businessDay } from './working-days.ts'

/** To be told to the citizen in the transaction of the move; then `setEpisode` links what they are asked to rate. */
export type ReportedBack = { caseId: string; number: string; ownerId: string; remedy: string }
export type Moved = {
  state: CaseState
  number: string
  reopened: boolean
  /** An appeal against it was refused, and it is worked on. */
  goesOn?: true
  reportedBack?: ReportedBack
  /** With `closed`: what the last call back found. */
  closedAfter?: FollowUpResult
}
/** `state`: where the rating left it. */
export type ReRated = { caseId: string; number: string; state: CaseState; reopened: boolean; confirmed: boolean }

export type Cases = ReturnType<typeof cases>

/**
 * @param db a pool, or the caller's transaction.
 * @param tell staff, of what is theirs to know; to whoever only reads it is nothing.
 */
export function cases(db: Db, sealer: Sealer, tell?: TellStaff) {
  /** @returns the number to ring, whole, where one is kept: its reading is to be audited. */
  async function contactOf(id: string): Promise<string | undefined> {
    const sealed = await casesStore(db).sealedContact(id)
    return sealed && sealer.open(sealed)
  }

  return {
    ...caseViews(db),
    ...caseFiling(db, sealer, tell),

    /** Where the citizen can be told; nowhere for a work order. @throws Problem not_found */
    async conversationOf(id: string): Promise<string | undefined> {
      const file = await casesStore(db).byId(id)
      if (!file) throw new Problem('not_found', `no case ${id}`)
      return file.conversation_id ?? undefined
    },

    /** Whoever was rated is never shown who rated. @throws Problem not_found, not_allowed */
    async mustMaySee(id: string, staffId: string): Promise<void> {
      const file = await casesStore(db).byId(id)
      if (!file) throw new Problem('not_found', `no case ${id}`)
      if (file.rated_staff_id === staffId && file.owner_id !== staffId)
        throw new Problem('not_allowed', `case ${id} is about ${staffId}`)
    },

    contactOf,

    /** Where a message can go; undefined where no number, or a landline's, is known. */
    async mobileOf(id: string): Promise<string | undefined> {
      const phone = await contactOf(id)
      return phone && isMobile(phone) ? phone : undefined
    },

    /** @throws Problem not_found, illegal_move, invalid_input, approver_is_author: nothing has changed then. */
    move(id: string, move: CaseMove, actor: Actor, now: Date): Promise<Moved> {
      return inTransaction(db, async (tx) => {
        const file = await lockCase(tx, id)
        const step = moveCase(file, await withFiles(tx, file, move), actor.roles)
        if (file.state === 'appeal') await mustMayJudge(tx, file, actor)
        if (move.to === 'followed_up' && move.followUp) {
          const { made, needed } = await callsOf(tx, file)
          mustHaveTried(move.followUp, made, needed)
          const call = { result: move.followUp, staffId: actor.staffId }
          await followUpsStore(tx).add(id, file.reopened, call, now)
        }
        await takeStep(tx, file, step, now, { staffId: actor.staffId, tell })
        if (step.to === 'excluded' && file.rating_id) await ratingsStore(tx).exclude(file.rating_id)
        const moved = { state: step.to, number: file.number, reopened: step.kind === 'reopened' }
        if (step.to === 'closed') return { ...moved, closedAfter: await lastFollowUp(casesStore(tx), id) }
        if (step.from === 'appeal' && step.to === 'to_verify') return { ...moved, goesOn: true }
        if (step.to !== 'reported_back') return moved
        const remedy = await remedyOf(casesStore(tx), id)
        return { ...moved, reportedBack: { caseId: id, number: file.number, ownerId: file.owner_id, remedy } }
      })
    },

    /** @throws Problem not_found; illegal_move or invalid_input naming `days`. */
    extend(
      id: string,
      { days, reason }: CaseExtension,
      actor: Actor,
      now: Date,
    ): Promise<{ number: string; dueOn: string; provisional: boolean }> {
      return inTransaction(db, async (tx) => {
        const file = await lockCase(tx, id)
        const rule = await caseRulesStore(tx).of(file.kind, file.city)
        const calendar = await holidaysStore(tx).calendar()
        const deadline = extend({ ...file, ...countOf(file) }, days, rule, businessDay(now), calendar)
        const store = casesStore(tx)
        await store.extend(id, deadline)
        const { state, number } = file
        const data = { dueOn: deadline.due }
        const event = { kind: 'extended', by: 'officer', from: state, to: state, note: reason, data } as const
        await store.addEvent(id, { ...event, staffId: actor.staffId, at: now })
        return { number, dueOn: deadline.due, provisional: deadline.provisional }
      })
    },

    /** One call back. It ends the follow-up when somebody was reached, or was rung often enough. @throws as `move`. */
    followUp(id: string, { result, note, nextOn }: FollowUp, actor: Actor, now: Date): Promise<Moved> {
      return inTransaction(db, async (tx) => {
        const file = await lockCase(tx, id)
        if (!legalMoves(file, actor.roles).includes('followed_up'))
          throw new Problem('illegal_move', `no follow-up of a case that is ${file.state}`)
        const { made, needed } = await callsOf(tx, file)
        const { staffId } = actor
        await followUpsStore(tx).add(id, file.reopened, { result, nextOn, staffId }, now)
        const { state, number } = file
        if (endsFollowUp(result, made, needed)) {
          const step = moveCase(file, { to: 'followed_up', note, followUp: result }, actor.roles)
          await takeStep(tx, file, step, now, { staffId, tell })
          return { state: step.to, number, reopened: step.kind === 'reopened' }
        }
        const tried = {
          kind: 'tried',
          by: 'officer',
          from: state,
          to: state,
          note,
          data: { followUp: result },
        } as const
        await casesStore(tx).addEvent(id, { ...tried, staffId, at: now })
        return { state, number, reopened: false }
      })
    },

    /** How many events it has: the number of the last one. */
    async lastSeq(id: string): Promise<number> {
      return (await casesStore(db).events(id)).at(-1)?.seq ?? 0
    },

    /** Links the episode of the handling, so that its rating finds the case. */
    setEpisode(id: string, episodeId: string): Promise<void> {
      return casesStore(db).setEpisode(id, episodeId)
    },

    /** The citizen rated the fix. @returns undefined when no case waits for the rating of this episode. */
    reRated(rating: { episodeId: string; level: Level; words?: string }, now: Date): Promise<ReRated | undefined> {
      return inTransaction(db, async (tx) => {
        const file = await casesStore(tx).lock({ episodeId: rating.episodeId })
        if (!file) return undefined
        const steps = reRateCase(file, rating.level, rating.words)
        for (const step of steps) await takeStep(tx, file, step, now, { tell })
        return {
          caseId: file.id,
          number: file.number,
          state: steps.at(-1)?.to ?? file.state,
          reopened: steps.some(({ kind }) => kind === 'reopened'),
          confirmed: steps.some(({ by, to, from }) => by === 'citizen' && to === 'followed_up' && from !== 'closed'),
        }
      })
    },
  }
}

function countOf(file: LockedCase) {
  return { dueOn: file.due_on, countedFrom: file.counted_from, countedDays: file.counted_days }
}

async function callsOf(tx: Db, file: LockedCase): Promise<{ made: number; needed: number }> {
  const made = await followUpsStore(tx).made(file.id, file.reopened)
  return { made, needed: (await caseRulesStore(tx).of(file.kind, file.city)).attempts }
}

/** Files that were kept with the case prove it as words do: their names stand in the event beside them. */
async function withFiles(tx: Db, file: LockedCase, move: CaseMove): Promise<CaseMove> {
  if (move.to !== 'to_review') return move
  const names = await caseEvidenceStore(tx).names(file.id, file.reopened)
  if (names.length === 0) return move
  return { ...move, evidence: [move.evidence, `附件：${names.join('、')}`].filter(Boolean).join('；') }
}

/** @throws Problem approver_is_author */
async function mustMayJudge(tx: Db, file: LockedCase, { staffId }: Actor): Promise<void> {
  const appealed = (await casesStore(tx).events(file.id)).findLast(({ to_state }) => to_state === 'appeal')
  if (!mayJudge({ ...whoseOf(file), appellantId: appealed?.staff_id ?? undefined }, staffId))
    throw new Problem('approver_is_author', `appeal of case ${file.id}`)
}

async function lastFollowUp(store: CasesStore, caseId: string): Promise<FollowUpResult | undefined> {
  return (await store.events(caseId)).findLast(({ data }) => data.followUp !== undefined)?.data.followUp
}

/** The remedy of the last review, which is the one that was just passed. */
async function remedyOf(store: CasesStore, caseId: string): Promise<string> {
  const reviewed = (await store.events(caseId)).findLast(({ to_state }) => to_state === 'to_review')
  return reviewed?.data.remedy ?? ''
}

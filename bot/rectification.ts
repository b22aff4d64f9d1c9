/**
 * A case on its way to 办结. Whatever the citizen is to know of it (what was put right, more time, a new attempt) is
 * told in the same transaction, in the conversation where they would go on now; a work order has none, and is told
 * by `notify` alone.
 */
import type { AuditAct } from '../contract/audit.ts'
import type { CaseExtension, CaseMove, CaseOwnerChange, CaseView, FollowUp } from '../contract/case.ts'
import type { CaseFiled, CaseFiling } from '../contract/case-filing.ts'
import type { HolidayNotice } from '../contract/holiday.ts'
import { Problem } from '../contract/problem.ts'
import type { Actor } from '../contract/staff.ts'
import { auditStore } from '../desk/audit.store.ts'
import type { TellStaff } from '../desk/case-news.ts'
import { caseOwners } from '../desk/case-owners.ts'
import { handlers } from '../desk/case.ts'
import { cases, type Moved, type ReportedBack } from '../desk/cases.ts'
import { recountCases, type Recounted } from '../desk/case-recount.ts'
import { soundNotice } from '../desk/holiday-notice.ts'
import { holidaysStore } from '../desk/holidays.store.ts'
import { ratedCasesStore } from '../desk/rated-cases.store.ts'
import { ratingsStore } from '../desk/ratings.store.ts'
import type { Sealer } from '../desk/sealer.ts'
import type { Arrivals } from './arrivals.ts'
import { caseWording } from './case-wording.ts'
import type { Closing } from './closing.ts'
import { conversationsStore } from './conversations.store.ts'
import { dayInWords } from './day-in-words.ts'
import { episodesStore } from './episodes.store.ts'
import type { OpenLines, Talk } from './open-lines.ts'
import type { Db } from './tables.ts'
import { wording } from './wording.ts'
import { wordlessMattersStore } from './wordless-matters.store.ts'

export type Rectification = ReturnType<typeof rectification>

/** To the number that the citizen left, in the transaction of what is told; the same `fact` of a case is told once. */
export type Notify = (tx: Db, told: { caseId: string; fact: string; text: string }, now: Date) => Promise<void>

type Parts = {
  db: Db
  arrivals: Arrivals
  lines: OpenLines
  closing: Closing
  sealer: Sealer
  notify?: Notify
  /** Of what is theirs to know, in the transaction of the step. */
  tellStaff?: TellStaff
  /** Where the fix can be rated without the conversation; absent where nobody outside can reach us. */
  rateLink?: (ratingId: string) => string
  /** Has `tellDeadline` called for each, once the transaction is through. */
  tellLater: (tx: Db, moved: readonly Recounted[]) => Promise<void>
  now: () => Date
}
/** `talk`: absent where we have no conversation with the citizen. */
type At = { tx: Db; now: Date; talk?: Talk }

export function rectification(parts: Parts) {
  const { db, arrivals, lines, closing, sealer, notify, tellStaff, rateLink, tellLater, now } = parts

  async function onCase<T>(caseId: string, work: (at: At) => Promise<T>): Promise<T> {
    const conversationId = await cases(db, sealer).conversationOf(caseId)
    if (!conversationId) return db.transaction().execute((tx) => work({ tx, now: now() }))
    const place = await arrivals.placeToTell(conversationId)
    return lines.hold(place, (talk) => work({ tx: talk.tx, now: talk.now, talk }))
  }

  async function tell({ tx, talk, now: at }: At, caseId: string, text: string): Promise<void> {
    const hiddenFrom = await ratedCasesStore(tx).ratedIn(caseId)
    await talk?.line.say({ text, aboutCase: caseId }, { speaker: 'system', hiddenFrom })
    await write({ tx, now: at }, caseId, text)
  }

  /** The last event of the case is what is told. */
  async function write({ tx, now: at }: At, caseId: string, text: string): Promise<void> {
    await notify?.(tx, { caseId, fact: String(await cases(tx, sealer).lastSeq(caseId)), text }, at)
  }

  /** What a step of the case means to the citizen. */
  async function tellMoved(at: At, caseId: string, moved: Moved): Promise<void> {
    const { state, number, reopened, goesOn, reportedBack, closedAfter } = moved
    if (reopened) await tell(at, caseId, wording.fixRefused(number))
    if (goesOn) await tell(at, caseId, caseWording.appealRefused(number))
    if (state === 'excluded') await tell(at, caseId, caseWording.excluded(number))
    if (state === 'closed')
      await tell(at, caseId, (closedAfter === 'unreachable' ? caseWording.closedUnreached : caseWording.closed)(number))
    if (!reportedBack) return
    const ratingId = at.talk ? await askForRating(at.talk, reportedBack) : await askByLink(at, reportedBack)
    const link = ratingId && rateLink?.(ratingId)
    await write(at, caseId, wording.remedySent(number, reportedBack.remedy, link))
  }

  /** @returns the rating that is asked for, in the conversation and by message alike. */
  async function askForRating(talk: Talk, reportedBack: ReportedBack): Promise<string> {
    const ratedStaffId = await ratedCasesStore(talk.tx).ratedIn(reportedBack.caseId)
    const episodeId = await closing.reportBack(talk, { ...reportedBack, ratedStaffId })
    await cases(talk.tx, sealer).setEpisode(reportedBack.caseId, episodeId)
    return ratingsStore(talk.tx).ask({ episodeId, conversationId: talk.conversation.id }, talk.now)
  }

  /** Nobody of ours has talked with the citizen of a work order: what they rate is a matter without words. */
  async function askByLink({ tx, now: at }: At, { caseId, ownerId }: ReportedBack): Promise<string | undefined> {
    const desk = cases(tx, sealer)
    if (!rateLink || !(await desk.mobileOf(caseId))) return undefined
    const matter = await wordlessMattersStore(tx).ofOrder(ownerId, at)
    await desk.setEpisode(caseId, matter.episodeId)
    return ratingsStore(tx).ask(matter, at)
  }

  const record = (at: At, staffId: string, act: AuditAct, subject: string, detail: Record<string, unknown>) =>
    auditStore(at.tx).record({ staffId, act, subject, detail }, at.now)

  const view = (caseId: string, { roles, staffId }: Actor): Promise<CaseView> =>
    cases(db, sealer).view(caseId, roles, now(), staffId)

  return {
    /**
     * What a citizen told a member of staff, in the conversation or after it, becomes a case; they hear its number. Agents
     * write down what was told to them, whoever works cases what they read anywhere.
     *
     * @throws Problem not_found, not_your_conversation; invalid_input naming `aboutNumber`.
     */
    async file(conversationId: string, filing: CaseFiling, { staffId, roles }: Actor): Promise<CaseFiled> {
      const conversation = await conversationsStore(db).find(conversationId)
      if (!conversation) throw new Problem('not_found', `no conversation ${conversationId}`)
      if (
        !roles.some((role) => handlers.includes(role)) &&
        !(await episodesStore(db).hasServed(conversationId, staffId))
      )
        throw new Problem('not_your_conversation', `${staffId} has no part in ${conversationId}`)
      return lines.hold(await arrivals.placeToTell(conversationId), async (talk) => {
        const { tx, now: at } = talk
        const told = { ...filing, conversationId, city: conversation.region, staffId }
        const { caseId, number, dueOn, provisional, isNew } = await cases(tx, sealer, tellStaff).fileTold(told, at)
        if (isNew) {
          const words = filing.kind === 'complaint' ? wording.complaintFiled : caseWording.filed
          await tell({ tx, now: at, talk }, caseId, words(number, dayInWords(dueOn), provisional))
          await record({ tx, now: at }, staffId, 'case.file', caseId, { kind: filing.kind })
        }
        return { number, dueOn, provisional }
      })
    },

    /** @throws Problem not_found, illegal_move, invalid_input (naming the field that this move needs), approver_is_author */
    async move(caseId: string, move: CaseMove, officer: Actor): Promise<CaseView> {
      await onCase(caseId, async (at) => {
        await tellMoved(at, caseId, await cases(at.tx, sealer, tellStaff).move(caseId, move, officer, at.now))
        await record(at, officer.staffId, 'case.move', caseId, { to: move.to })
      })
      return view(caseId, officer)
    },

    /** More time, told with its reason. @throws Problem not_found; illegal_move, invalid_input naming `days`. */
    async extend(caseId: string, asked: CaseExtension, officer: Actor): Promise<CaseView> {
      await onCase(caseId, async (at) => {
        const { number, dueOn, provisional } = await cases(at.tx, sealer).extend(caseId, asked, officer, at.now)
        await tell(at, caseId, wording.deadlineExtended(number, dayInWords(dueOn), provisional, asked.reason))
        await record(at, officer.staffId, 'case.extend', caseId, { days: asked.days, dueOn })
      })
      return view(caseId, officer)
    },

    /** One call back. @throws Problem not_found, illegal_move */
    async followUp(caseId: string, call: FollowUp, officer: Actor): Promise<CaseView> {
      await onCase(caseId, async (at) => {
        await tellMoved(at, caseId, await cases(at.tx, sealer, tellStaff).followUp(caseId, call, officer, at.now))
        await record(at, officer.staffId, 'case.follow-up', caseId, { result: call.result })
      })
      return view(caseId, officer)
    },

    /** 改派. @throws Problem not_found, illegal_move; invalid_input naming `ownerId`. */
    async assign(caseId: string, change: CaseOwnerChange, supervisor: Actor): Promise<CaseView> {
      await db.transaction().execute(async (tx) => {
        await caseOwners(tx, tellStaff).assign(caseId, change, supervisor, now())
        const { ownerId, reason } = change
        await record({ tx, now: now() }, supervisor.staffId, 'case.owner', caseId, { toStaffId: ownerId, reason })
      })
      return view(caseId, supervisor)
    },

    /**
     * A year's notice comes in, or is put right: deadlines that are counted through it are counted again, and whoever
     * was told another day is told the new one. @returns how many deadlines moved. @throws Problem invalid_input
     */
    async takeNotice(notice: HolidayNotice, officer: Actor): Promise<{ moved: number }> {
      soundNotice(notice)
      const { staffId } = officer
      return db.transaction().execute(async (tx) => {
        await holidaysStore(tx).replaceYear(notice, staffId, now())
        const moved = await recountCases(tx, notice.year, now())
        await tellLater(tx, moved)
        const detail = { notice: notice.notice, days: notice.days.length, moved: moved.length }
        await record({ tx, now: now() }, staffId, 'holiday.enter', String(notice.year), detail)
        return { moved: moved.length }
      })
    },

    /** @param settle joins the transaction of what is told: once told is told. */
    tellDeadline({ caseId, number, dueOn }: Recounted, settle: (tx: Db) => Promise<void>): Promise<void> {
      return onCase(caseId, async (at) => {
        await tell(at, caseId, wording.deadlineMoved(number, dayInWords(dueOn)))
        await settle(at.tx)
      })
    },
  }
}

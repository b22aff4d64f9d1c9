/** What becomes a case: a bad rating, a complaint, or whatever a citizen told a member of staff. The same one twice is one case. */
import type { CaseFiling } from '../contract/case-filing.ts'
import { faultyField } from '../contract/problem.ts'
import { levelNames, type Level } from '../contract/rating.ts'
import type { TellStaff } from './case-news.ts'
import { openCase, type OpenedCase } from './case-opening.ts'
import { caseFilingsStore } from './case-filings.store.ts'
import { casesStore } from './cases.store.ts'
import { maskPhone } from './masking.ts'
import type { Sealer } from './sealer.ts'
import type { Db } from './tables.ts'
import { inTransaction } from './transaction.ts'

const filedAgainWithinMs = 3_600_000

export type BadRating = {
  ratingId: string
  conversationId: string
  level: Level
  reasons: readonly string[]
  words?: string
  city?: string
  /** Who was rated: never the owner of what is put right, as long as there is anybody else. */
  ratedStaffId?: string
  /** Of a window: where it was, whom the citizen named, and where they can be rung. */
  atWindow?: { name: string; clerk?: string; phone?: string }
}
/** `city`: of the conversation. `staffId`: of whoever writes it down. */
export type Told = CaseFiling & { conversationId: string; city?: string; staffId: string }
export type Complaint = { conversationId: string; text: string; contact?: string; city?: string }

export function caseFiling(db: Db, sealer: Sealer, tell?: TellStaff) {
  const kept = (contact: string | undefined) =>
    contact ? { contactSealed: sealer.seal(contact), contactMasked: maskPhone(contact) } : {}

  return {
    /** The same rating twice is the same case. The citizen can be rung where they left a number for a call back. */
    openForRating(rating: BadRating, now: Date): Promise<OpenedCase> {
      return inTransaction(db, async (tx) => {
        const store = casesStore(tx)
        const before = await store.byRating(rating.ratingId)
        if (before) return openedBefore(before)
        const { atWindow } = rating
        const where = atWindow && [atWindow.name, atWindow.clerk && `工号 ${atWindow.clerk}`].filter(Boolean).join('，')
        const said = [levelNames[rating.level], where, rating.reasons.join('、'), rating.words]
        const text = said.filter(Boolean).join('。')
        const left = await store.phoneLeft(rating.conversationId)
        const contact = atWindow?.phone
          ? { contactSealed: sealer.seal(atWindow.phone), contactMasked: maskPhone(atWindow.phone) }
          : { contactSealed: left?.phone_sealed, contactMasked: left?.phone_masked }
        const { conversationId, ratingId, city } = rating
        const ratedStaffId = rating.ratedStaffId ?? (atWindow?.clerk && (await store.staffOfNumber(atWindow.clerk)))
        return openCase(tx, 'bad_rating', { conversationId, ratingId, ratedStaffId, city, text, ...contact }, now, tell)
      })
    },

    /** The same words in the same conversation within the hour are the same case: an answer was lost on its way. */
    fileComplaint({ contact, ...complaint }: Complaint, now: Date): Promise<OpenedCase> {
      return inTransaction(db, async (tx) => {
        const since = new Date(now.getTime() - filedAgainWithinMs)
        const filed = { ...complaint, ...kept(contact) }
        const before = await casesStore(tx).sameComplaint(filed, since)
        return before ? openedBefore(before) : openCase(tx, 'complaint', filed, now, tell)
      })
    },

    /**
     * What was told to a member of staff, who writes it down. The same ask of theirs twice is one case. Without a number
     * the citizen can be rung where they wanted a call back.
     *
     * @returns `isNew`, of which the citizen has not been told. @throws Problem invalid_input naming `aboutNumber`.
     */
    fileTold(
      { clientId, kind, contact, aboutNumber, ...told }: Told,
      now: Date,
    ): Promise<OpenedCase & { isNew: boolean }> {
      return inTransaction(db, async (tx) => {
        const { staffId, ...matter } = told
        const before = await caseFilingsStore(tx).find(staffId, clientId)
        if (before) return { ...openedBefore(before), isNew: false }
        const store = casesStore(tx)
        const ratedStaffId = aboutNumber && (await store.staffOfNumber(aboutNumber))
        if (aboutNumber && !ratedStaffId) throw faultyField('aboutNumber', '没有这个工号')
        const left = contact ? undefined : await store.phoneLeft(told.conversationId)
        const reached = left ? { contactSealed: left.phone_sealed, contactMasked: left.phone_masked } : kept(contact)
        const opening = { ...matter, ...reached, ...(ratedStaffId && { ratedStaffId }), filedBy: staffId }
        const opened = await openCase(tx, kind, opening, now, tell)
        await caseFilingsStore(tx).add(opened.caseId, staffId, clientId)
        return { ...opened, isNew: true }
      })
    },
  }
}

type KnownCase = { id: string; number: string; due_on: string; provisional: boolean }

function openedBefore({ id, number, due_on: dueOn, provisional }: KnownCase): OpenedCase {
  return { caseId: id, number, dueOn, provisional }
}

/** What becomes a case of its own accord: a bad rating, a complaint. The same one twice is one case. */
import { levelNames, type Level } from '../contract/rating.ts'
import type { TellStaff } from './case-news.ts'
import { openCase, type OpenedCase } from './case-opening.ts'
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
export type Complaint = { conversationId: string; text: string; contact?: string; city?: string }

export function caseFiling(db: Db, sealer: Sealer, tell?: TellStaff) {
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
      const kept = contact ? { contactSealed: sealer.seal(contact), contactMasked: maskPhone(contact) } : {}
      return inTransaction(db, async (tx) => {
        const since = new Date(now.getTime() - filedAgainWithinMs)
        const filed = { ...complaint, ...kept }
        const before = await casesStore(tx).sameComplaint(filed, since)
        return before ? openedBefore(before) : openCase(tx, 'complaint', filed, now, tell)
      })
    },
  }
}

type KnownCase = { id: string; number: string; due_on: string; provisional: boolean }

function openedBefore({ id, number, due_on: dueOn, provisional }: KnownCase): OpenedCase {
  return { caseId: id, number, dueOn, provisional }
}

/** What callers are sent by short message, put together: their numbers, and the addresses of our pages. */
import type { Server } from 'socket.io'
import { callerLetters, cardKind } from '../bot/caller-letters.ts'
import { conversationsStore } from '../bot/conversations.store.ts'
import { contactsOfPerson } from '../bot/same-person.ts'
import { tellingsStore } from '../bot/tellings.store.ts'
import { isMobile } from '../contract/outbox.ts'
import { callerNumbersStore } from '../desk/caller-numbers.store.ts'
import { outboxNumbersStore } from '../desk/outbox-numbers.store.ts'
import type { RatingTokens } from '../desk/rating-token.ts'
import type { Db } from './db/database.ts'
import type { Jobs } from './jobs.ts'
import type { KeyRing } from './key-ring.ts'
import { phoneSpace } from './live/rooms.ts'
import type { Outgoing } from './outbox.ts'

type Parts = {
  db: Db
  io: Server
  keys: KeyRing
  box: Outgoing
  jobs: Jobs
  ratings: RatingTokens
  publicUrl: string | undefined
  now: () => Date
}

const keptMs = 2 * 24 * 3_600_000

/** Registers its jobs, so it is called before they start. */
export function lettersToCallers({ db, io, keys, box, jobs, ratings, publicUrl, now }: Parts) {
  async function mobileOf(tx: Db, conversationId: string): Promise<string | undefined> {
    const live = [...phoneSpace(io).sockets.values()].flatMap(({ data }) => data.numbers?.get(conversationId) ?? [])[0]
    const kept = await callerNumbersStore(tx, keys).find(conversationId)
    const conversation = await conversationsStore(tx).find(conversationId)
    const contacts = conversation ? await contactsOfPerson(tx, conversation.contactId) : []
    const left = await outboxNumbersStore(tx, keys).of(contacts)
    // Who rings from a landline may have left a mobile.
    return [live, kept, ...left].find((number) => number !== undefined && isMobile(number))
  }

  box.onSettled(cardKind, async (tx, { key, state }, at) => {
    if (state === 'delivered') await tellingsStore(tx).deliveredBy(key, at)
  })
  jobs.every('caller-numbers.forget', 3_600, () =>
    callerNumbersStore(db, keys).forgetBefore(new Date(now().getTime() - keptMs)),
  )

  return callerLetters({
    mobileOf,
    forget: (tx, conversationId) => callerNumbersStore(tx, keys).forget(conversationId),
    ...(publicUrl && {
      pages: {
        rate: (ratingId: string) => new URL(`/rate/${ratings.make(ratingId)}`, publicUrl).href,
        entry: (entryId: string) => new URL(`/policy/${encodeURIComponent(entryId)}`, publicUrl).href,
      },
    }),
    hashOf: box.hashOf,
    post: box.post,
    isPosted: box.has,
  })
}

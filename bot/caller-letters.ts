/**
 * Short messages to whoever is, or was, on the telephone: the card of an entry (一次性告知), which a voice cannot tell
 * whole, and the link by which a caller who is gone may rate.
 *
 * Invariant: a person is sent one such link a day at most, whoever asks for it; what nobody asked for waits for the day
 * and does not go to whoever opted out.
 */
import { guideNames, guideSchema, type Guide } from '../contract/entry.ts'
import { isMobile } from '../contract/outbox.ts'
import { faultyField } from '../contract/problem.ts'
import type { Saying } from '../contract/turn.ts'
import type { Outgoing } from '../desk/outbox.ts'
import { businessDay } from '../desk/working-days.ts'
import type { Talk } from './open-lines.ts'
import type { Db } from './tables.ts'
import { wording } from './wording.ts'

type Parts = {
  /** A mobile: the caller's, while the line is up or the conversation not closed; else the latest that they left. */
  mobileOf: (tx: Db, conversationId: string) => Promise<string | undefined>
  /** The caller is gone and the conversation closed: their number is not needed any more. */
  forget: (tx: Db, conversationId: string) => Promise<void>
  /** Where a rating is given, and where an entry stands; absent where nobody outside can reach us. */
  pages?: { rate: (ratingId: string) => string; entry: (entryId: string) => string }
  hashOf: (number: string) => Buffer
  post: (tx: Db, message: Outgoing, now: Date) => Promise<boolean>
  isPosted: (tx: Db, key: string) => Promise<boolean>
}
type Card = NonNullable<Saying['answer']>
export type CallerLetters = ReturnType<typeof callerLetters>

/** Seven short messages put together, as the carriers count them; nobody reads a longer one. */
const longestCard = 460

export function callerLetters({ mobileOf: knownMobile, forget, pages, hashOf, post, isPosted }: Parts) {
  async function mobileOf({ tx, conversation }: Talk, known?: string): Promise<string | undefined> {
    return known && isMobile(known) ? known : knownMobile(tx, conversation.id)
  }

  const rateKey = (to: string, now: Date) => `rate:${businessDay(now)}:${hashOf(to).toString('hex')}`

  return {
    forget,

    /** Where that part and the others of its conversation are rated; absent where citizens cannot open our pages. */
    ratePage: (ratingId: string): string | undefined => pages?.rate(ratingId),

    /** @returns whether a link can be sent to whoever called here, and none has been today. */
    async mayRate(talk: Talk, number?: string): Promise<boolean> {
      const to = pages && (await mobileOf(talk, number))
      return to !== undefined && !(await isPosted(talk.tx, rateKey(to, talk.now)))
    },

    /** @returns false where this person has been sent one today. @throws Problem invalid_input where none can be sent */
    async rate(talk: Talk, ratingId: string, number?: string): Promise<boolean> {
      const to = await mobileOf(talk, number)
      if (!pages) throw faultyField('', '还没有设置 PUBLIC_URL，市民打不开评价链接，请联系管理员')
      if (!to) throw faultyField('', noMobileKnown)
      const key = rateKey(to, talk.now)
      const text = wording.rateByLink(pages.rate(ratingId))
      return post(talk.tx, { channel: 'sms', to, kind: 'rating_link', text, key, proactive: true }, talk.now)
    },

    /**
     * What the bot told a caller in a few words, as the page of the whole; once a conversation and entry.
     * @returns the message's key when it is on its way.
     */
    async page(talk: Talk, { entryId, question }: Card): Promise<string | undefined> {
      const to = pages && (await mobileOf(talk))
      if (!pages || !to) return undefined
      const key = `card:${talk.conversation.id}:${entryId}`
      const text = wording.cardUnasked(question, pages.entry(entryId))
      const letter = { channel: 'sms', to, kind: cardKind, text, key, proactive: true } as const
      return (await post(talk.tx, letter, talk.now)) ? key : undefined
    },

    /** The card that an agent sends. @returns the message's key. @throws Problem invalid_input where none can be sent */
    async card(talk: Talk, { entryId, question, guide }: Card, clientId: string): Promise<string> {
      const to = await mobileOf(talk)
      if (!to) throw faultyField('', noMobileKnown)
      const text = pages
        ? wording.cardPage(question, pages.entry(entryId))
        : wording.cardWhole(question, inWords(guide))
      if (text.length > longestCard)
        throw faultyField('', '这张告知单太长，短信放不下：请管理员设置 PUBLIC_URL 后发网页链接')
      const key = `card:${talk.conversation.id}:${clientId}`
      await post(talk.tx, { channel: 'sms', to, kind: cardKind, text, key }, talk.now)
      return key
    },
  }
}

/** One of outboxKindNames: its delivery proves the telling. */
export const cardKind = 'guide_card'
/** Told to the agent. */
export const noMobileKnown = '不知道市民的手机号：请市民留一个，登记回电后再发'

function inWords(guide: Guide | undefined): string {
  const fields = guideFields.flatMap((field) => {
    const written = guide?.[field]
    if (!written || written.length === 0) return []
    return [`${guideNames[field]}：${typeof written === 'string' ? written : written.join('；')}`]
  })
  return fields.join('\n')
}
const guideFields = guideSchema.keyof().options

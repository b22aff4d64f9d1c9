/**
 * Writes to one citizen outside what is said in a conversation: within what may be sent as a message, else as a
 * subscription notice that they agreed to, else not at all.
 *
 * Invariant: a letter is claimed under its key before it goes; whoever comes with the same key learns what became of it,
 * and what nobody knows the fate of is never sent again.
 */
import { WechatRefusal, type WechatApi } from './api.ts'
import { consentsStore } from './consents.store.ts'
import { lettersStore } from './letters.store.ts'
import { messageParts } from './message-parts.ts'
import { mayNotice, noticeBody, type NoticeTemplate } from './notice.ts'
import { sendBody } from './outgoing.ts'
import { keptForPerson, spentAll, type Allowance } from './quota.ts'
import type { Db, LetterWay } from './tables.ts'
import { wechatUsersStore, type WechatUser } from './users.store.ts'

type Log = { warn(facts: object, message: string): void }
type Sealer = { open(sealed: string): string; lookupHash(identifier: string): Buffer }
type Parts = {
  db: Db
  api: Pick<WechatApi, 'call'>
  sealer: Sealer
  allowance: Allowance
  template: NoticeTemplate | undefined
  bureau: string
  /** WeChat did not take one. */
  wasRefused: (refusal: WechatRefusal) => void
  log: Log
  now: () => Date
}

export type Letter = {
  key: string
  openIdHash: Buffer
  /** What it is about, in a few characters. */
  matter: string
  text: string
  conversationId?: string
  /** By a notice alone: an agent's words are for the conversation. */
  noticeOnly?: boolean
}
/** `failed`: WeChat is busy; later it may go. */
export type LetterOutcome =
  | { kind: 'sent'; way: LetterWay }
  | { kind: 'refused' | 'failed'; why: string; code?: number }
  | { kind: 'unknown'; why: string }
export type Letters = ReturnType<typeof letters>

export function letters({ db, api, sealer, allowance, template, bureau, wasRefused, log, now }: Parts) {
  /** @returns the way that is open, paid for and claimed; or why there is none. */
  function claim(letter: Letter, tried?: LetterWay): Promise<{ way: LetterWay; openId: string } | LetterOutcome> {
    return db.transaction().execute(async (tx) => {
      const user = await wechatUsersStore(tx).lock(letter.openIdHash)
      const before = await lettersStore(tx).find(letter.key)
      if (before?.state === 'sent') return { kind: 'sent', way: before.way }
      if (before && before.state !== 'refused') return unknown
      if (user?.road !== 'oa' || !user.follows)
        return { kind: 'refused', why: 'the citizen does not follow the account' }
      const way =
        tried !== 'message' && (await paidMessage(tx, user, letter)) ? 'message' : await paidNotice(tx, letter)
      if (!way) return { kind: 'refused', why: 'nothing may be sent, and no notice was agreed to' }
      await lettersStore(tx).claim({ ...letter, way }, now())
      return { way, openId: sealer.open(user.openIdSealed) }
    })
  }

  async function paidMessage(
    tx: Db,
    { openIdHash, quota }: WechatUser,
    { text, noticeOnly }: Letter,
  ): Promise<boolean> {
    const count = messageParts(text).length
    const left = noticeOnly ? undefined : spentAll(quota, allowance, { count, kept: keptForPerson }, now())
    if (!left) return false
    await wechatUsersStore(tx).pay(openIdHash, left, now())
    return true
  }

  async function paidNotice(tx: Db, { openIdHash }: Letter): Promise<'notice' | undefined> {
    const consents = consentsStore(tx)
    if (!template || mayNotice(await consents.find(openIdHash, template.id), template.kind) !== 'ready')
      return undefined
    await consents.use(openIdHash, template.id, 1, now())
    return 'notice'
  }

  async function send(way: LetterWay, openId: string, { matter, text }: Letter): Promise<void> {
    if (way === 'notice' && template) {
      const facts = { matter, text, bureau, at: now() }
      await api.call('/cgi-bin/message/subscribe/bizsend', noticeBody(openId, template, facts))
    } else
      for (const [n, part] of messageParts(text).entries())
        await api
          .call('/cgi-bin/message/custom/send', sendBody(openId, { kind: 'text', text: part }))
          .catch(afterPart(n))
  }

  async function refused(letter: Letter, way: LetterWay, refusal: WechatRefusal): Promise<LetterOutcome> {
    const { code, failure } = refusal
    wasRefused(refusal)
    log.warn({ code, failure, way }, 'WeChat did not take a letter')
    await lettersStore(db).settle(letter.key, 'refused', code, now())
    if (way === 'notice' && template) {
      await consentsStore(db).use(letter.openIdHash, template.id, -1, now())
      if (code === 43_101) await consentsStore(db).said(letter.openIdHash, template.id, false, now())
    }
    const isLater = failure === 'busy' || failure === 'token'
    return { kind: isLater ? 'failed' : 'refused', why: `WeChat ${code}`, code }
  }

  async function attempt(letter: Letter, tried?: LetterWay): Promise<LetterOutcome> {
    const claimed = await claim(letter, tried)
    if ('kind' in claimed) return claimed
    const { way, openId } = claimed
    try {
      await send(way, openId, letter)
    } catch (error) {
      if (!(error instanceof WechatRefusal)) {
        log.warn({ err: error, way }, 'whether a letter reached WeChat is not known')
        await lettersStore(db).settle(letter.key, 'unknown', undefined, now())
        return unknown
      }
      const outcome = await refused(letter, way, error)
      // WeChat counts otherwise than we: what they agreed to may still go.
      return way === 'message' && error.failure === 'window' ? attempt(letter, way) : outcome
    }
    const isSent = await lettersStore(db).settle(letter.key, 'sent', undefined, now())
    return isSent ? { kind: 'sent', way } : { kind: 'refused', why: 'WeChat took it, and did not deliver it' }
  }

  return {
    send: (letter: Letter): Promise<LetterOutcome> => attempt(letter),
    /** As the outbox knows citizens. */
    hashOf: (openId: string): Buffer => sealer.lookupHash(openId),
  }
}

/** Half a letter is on their screen: sent again, it would be there one and a half times. */
const afterPart = (n: number) => (error: unknown) => {
  throw n === 0 ? error : new Error('only the beginning of a letter was taken', { cause: error })
}

const unknown: LetterOutcome = { kind: 'unknown', why: 'it may have arrived' }

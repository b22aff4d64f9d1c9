/**
 * By which way somebody is written to: in WeChat where they are known there, else, or where that finds no way, by a short
 * message. Whoever talks with us in WeChat is told there anyway, in the conversation; a letter only calls them back when
 * nothing may be sent.
 */
import { contactsStore } from '../bot/contacts.store.ts'
import { conversationsStore } from '../bot/conversations.store.ts'
import { contactsOfPerson } from '../bot/same-person.ts'
import type { Outgoing } from '../desk/outbox.ts'
import { room, type Allowance } from '../wechat/quota.ts'
import { standingStore } from '../wechat/standing.store.ts'
import { wording } from '../wechat/wording.ts'
import type { Db } from './db/database.ts'
import type { KeyRing } from './key-ring.ts'

/** Without a number there is no other way. */
export type Told = { conversationId: string | undefined; kind: string; text: string; key: string; mobile?: string }
export type LetterTo = (tx: Db, told: Told, now: Date) => Promise<Outgoing | undefined>

/** @param allowance absent where no official account is set up */
export function wechatReach(keys: Pick<KeyRing, 'open'>, allowance: Allowance | undefined): LetterTo {
  return async (tx, { conversationId, kind, text, key, mobile }, now) => {
    const sms = mobile === undefined ? undefined : ({ channel: 'sms', to: mobile, kind, text, key } as const)
    const conversation = conversationId && allowance && (await conversationsStore(tx).find(conversationId))
    if (!conversation) return sms
    const contacts = await contactsOfPerson(tx, conversation.contactId)
    const user = await standingStore(tx).reachable(await contactsStore(tx).hashesOf(contacts, 'openid'))
    if (!user) return sms
    const isToldThere = conversation.channel === 'wechat'
    if (isToldThere && room(user.quota, allowance, now).left > 0) return sms
    return {
      ...{ channel: 'wechat', to: keys.open(user.openIdSealed), kind, key: `${key}:wechat` },
      text: isToldThere ? wording.comeBack : text,
      ...(sms && { otherwise: sms }),
    }
  }
}

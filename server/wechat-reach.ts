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
import { consentsStore } from '../wechat/consents.store.ts'
import { mayNotice, type NoticeTemplate } from '../wechat/notice.ts'
import { standingStore, type Reachable } from '../wechat/standing.store.ts'
import { wording } from '../wechat/wording.ts'
import type { Db } from './db/database.ts'
import type { KeyRing } from './key-ring.ts'

/** Without a number there is no other way. `isOptional`: where WeChat takes nothing now, it is not tried there at all. */
export type Told = {
  conversationId: string | undefined
  kind: string
  text: string
  key: string
  mobile?: string
  isOptional?: boolean
}
export type LetterTo = (tx: Db, told: Told, now: Date) => Promise<Outgoing | undefined>

/**
 * @param allowance absent where no official account is set up
 * @param template of the notices that citizens may agree to; absent where there is none
 */
export function wechatReach(
  keys: Pick<KeyRing, 'open'>,
  allowance: Allowance | undefined,
  template?: NoticeTemplate,
): LetterTo {
  async function isOpen(tx: Db, user: Reachable, limits: Allowance, now: Date): Promise<boolean> {
    if (room(user.quota, limits, now).left > 0) return true
    return mayNotify(tx, user, template)
  }

  return async (tx, { conversationId, kind, text, key, mobile, isOptional }, now) => {
    const sms = mobile === undefined ? undefined : ({ channel: 'sms', to: mobile, kind, text, key } as const)
    const conversation = conversationId && allowance && (await conversationsStore(tx).find(conversationId))
    if (!conversation) return sms
    const contacts = await contactsOfPerson(tx, conversation.contactId)
    const user = await standingStore(tx).reachable(await contactsStore(tx).hashesOf(contacts, 'openid'))
    if (!user || (isOptional && !(await isOpen(tx, user, allowance, now)))) return sms
    const isToldThere = conversation.channel === 'wechat'
    if (isToldThere && room(user.quota, allowance, now).left > 0) return sms
    return {
      ...{ channel: 'wechat', to: keys.open(user.openIdSealed), kind, key: `${key}:wechat` },
      text: isToldThere ? wording.comeBack : text,
      ...(sms && { otherwise: sms }),
    }
  }
}

/**
 * Of these numbers those whose proved owner follows the official account and agreed to its notices, and where they are
 * written to there. None where citizens cannot agree to any.
 */
export function noticesInWechat(keys: Pick<KeyRing, 'open' | 'lookupHash'>, template: NoticeTemplate | undefined) {
  return async (tx: Db, phones: readonly string[]): Promise<Map<string, string>> => {
    const found = new Map<string, string>()
    if (!template) return found
    const numbers = new Map(phones.map((phone) => [keys.lookupHash(`phone:${phone}`).toString('hex'), phone]))
    const hashes = [...numbers.keys()].map((hash) => Buffer.from(hash, 'hex'))
    for (const { hash, contactId } of await contactsStore(tx).findAll('phone', hashes)) {
      const contacts = await contactsOfPerson(tx, contactId)
      const user = await standingStore(tx).reachable(await contactsStore(tx).hashesOf(contacts, 'openid'))
      const phone = numbers.get(hash.toString('hex'))
      if (phone && user && (await mayNotify(tx, user, template))) found.set(phone, keys.open(user.openIdSealed))
    }
    return found
  }
}

/** Whether they agreed to one more notice. */
async function mayNotify(tx: Db, user: Reachable, template: NoticeTemplate | undefined): Promise<boolean> {
  if (!template) return false
  return mayNotice(await consentsStore(tx).find(user.openIdHash, template.id), template.kind) === 'ready'
}

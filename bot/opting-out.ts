/**
 * TD / 退订 and HF / 恢复 written in a chat, as they are answered to a short message: from then on nothing is sent unasked to
 * WeChat or to a number that is known to be this person's, or it is again. A number that was merely typed is anybody's, so
 * it is left alone.
 */
import { auditStore } from '../desk/audit.store.ts'
import { outboxOptOutsStore, type Unwanted } from '../desk/outbox-opt-outs.store.ts'
import { optWord } from '../desk/outbox-rules.ts'
import { contactsStore } from './contacts.store.ts'
import type { Talk } from './open-lines.ts'
import { contactsOfPerson } from './same-person.ts'
import type { Db } from './tables.ts'
import { wording } from './wording.ts'

/** @returns false, with nothing said, where it is no such word; on the telephone nobody writes one. */
export async function heedOptWord({ tx, conversation, line, now }: Talk, text: string): Promise<boolean> {
  const word = conversation.channel === 'phone' ? undefined : optWord(text)
  if (!word) return false
  const { inWechat, numbers } = await addressesOf(tx, conversation.contactId)
  const all = [...inWechat, ...numbers]
  const where = { wechat: inWechat.length > 0, number: numbers.length > 0 }
  const store = outboxOptOutsStore(tx)
  const acts =
    word === 'out'
      ? await Promise.all(all.map((one) => store.add(one, undefined, now)))
      : await store.liftAll(all.map(({ hash }) => hash))
  const act = word === 'out' ? 'outbox.opt-out' : 'outbox.opt-in'
  for (const subject of acts) if (subject) await auditStore(tx).record({ act, subject }, now)
  await line.say(
    { text: all.length === 0 ? wording.nowhereToOptOut : wording.opted[word](where) },
    { speaker: 'system' },
  )
  return true
}

/** Since when this person wants nothing unasked, on any way that is known to be theirs. */
export async function optedOutSince(db: Db, contacts: readonly string[]): Promise<Date | undefined> {
  const { inWechat, numbers } = await addresses(db, contacts)
  return outboxOptOutsStore(db).since([...inWechat, ...numbers].map(({ hash }) => hash))
}

async function addressesOf(db: Db, contactId: string) {
  return addresses(db, await contactsOfPerson(db, contactId))
}

async function addresses(db: Db, contacts: readonly string[]): Promise<Record<'inWechat' | 'numbers', Unwanted[]>> {
  const hashes = (kind: 'openid' | 'phone') => contactsStore(db).hashesOf(contacts, kind)
  return {
    inWechat: (await hashes('openid')).map((hash) => ({ hash, masked: '微信用户' })),
    numbers: (await hashes('phone')).map((hash) => ({ hash, masked: '已核对的号码' })),
  }
}

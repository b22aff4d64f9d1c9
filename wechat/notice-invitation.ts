/** Words behind the last message that may be sent: how it goes on, for whoever has not agreed to notices and not refused. */
import { consentsStore } from './consents.store.ts'
import { mostMessageBytes } from './message-parts.ts'
import { mayNotice, type NoticeTemplate } from './notice.ts'
import type { Message } from './outgoing.ts'
import type { Db } from './tables.ts'
import { wording } from './wording.ts'

/** @param page where they agree */
export const noticeInvitation = (template: NoticeTemplate, page: string) => async (tx: Db, openIdHash: Buffer) =>
  mayNotice(await consentsStore(tx).find(openIdHash, template.id), template.kind) === 'not_asked'
    ? wording.lastMessage(page)
    : undefined

/** Left as it is where there is no room for it. */
export function withEnding(message: Message, ending: string): Message {
  if (message.kind !== 'text') return message
  const text = `${message.text}\n\n${ending}`
  return Buffer.byteLength(text) > mostMessageBytes ? message : { ...message, text }
}

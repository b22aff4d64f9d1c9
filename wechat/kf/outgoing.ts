/** Messages as kf/send_msg takes them, each with a number of ours. */
import { createHash } from 'node:crypto'
import type { Media } from '../media-upload.ts'
import type { MenuShape, Words } from '../outgoing.ts'

/** developer.work.weixin.qq.com, 微信客服 发送消息. */
export const kfMenu: MenuShape = { mostHeadBytes: 1_024, mostChoiceBytes: 128 }

/**
 * The same for the same message, however often it is sent: the platform takes a number once.
 * @returns 32 of [0-9a-zA-Z_-]
 */
export const kfMessageId = (...about: readonly (string | number)[]): string =>
  createHash('sha256').update(about.join(':')).digest('base64url').slice(0, 32)

/** What is said, without to whom. */
export function kfContent(message: Words | Media): object {
  if (message.kind === 'media') return { msgtype: message.type, [message.type]: { media_id: message.mediaId } }
  if (message.kind === 'text') return { msgtype: 'text', text: { content: message.text } }
  // A card there needs a picture that was uploaded before.
  if (message.kind === 'card') return { msgtype: 'text', text: { content: `${message.title}\n${message.url}` } }
  const list = message.choices.map((content, at) => ({ type: 'click', click: { id: String(at + 1), content } }))
  const { head: head_content, tail: tail_content } = message
  return { msgtype: 'msgmenu', msgmenu: { head_content, list, tail_content } }
}

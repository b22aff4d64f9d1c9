/**
 * 「ZG20261122-0001 办到哪了」: the bot tells whoever a case belongs to where it stands. Theirs is what came of a conversation
 * of their own, on whatever channel they are known to be the same person, or a work order with the number that they ring
 * from. Everybody else hears one answer, whether there is such a number or not.
 */
import { caseNumberIn } from '../contract/case-progress.ts'
import { caseProgress, type FoundCase } from '../desk/case-progress.ts'
import type { Sealer } from '../desk/sealer.ts'
import { businessDay } from '../desk/working-days.ts'
import { caseWording, progressWords } from './case-wording.ts'
import { contactsStore } from './contacts.store.ts'
import type { Talk } from './open-lines.ts'
import { contactsOfPerson } from './same-person.ts'

const mostTold = 3
const asks =
  /到哪|哪一步|进度|进展|怎么样|怎样了|结果|查|状态|什么时候|多久|多长时间|有没有|回复|[办理](好|完|结)?了?(吗|没|么)/
const ownCase = /投诉|举报|差评|整改|反映的|编号/
const asksOfOwn = /办到哪|处理到哪|到哪一步|到哪了|进度|进展|怎么样了|(有|出)结果/

/** @returns the number; '' where they ask without one; undefined where it is no such question. */
export function caseNumberAsked(text: string): string | undefined {
  const number = caseNumberIn(text)
  if (number === undefined) return ownCase.test(text) && asksOfOwn.test(text) ? '' : undefined
  const rest = text.replace(/[\s\d\p{P}\p{S}零〇一幺二三四五六七八九]|ZG|编号|整改单|是|我的|杠/giu, '')
  return rest === '' || asks.test(text) ? number : undefined
}

/** @returns false, with nothing said, where it is no such question, or one that only an entry can answer. */
export async function tellProgress(talk: Talk, text: string, sealer: Sealer): Promise<boolean> {
  const asked = caseNumberAsked(text)
  if (asked === undefined) return false
  const { tx, conversation, now } = talk
  const contacts = await contactsOfPerson(tx, conversation.contactId)
  const desk = caseProgress(tx, sealer)
  if (asked === '') {
    const own = await desk.ofContacts(contacts, mostTold)
    // What hides the question stands right behind it.
    own.sort((a, b) => Number(isOfRating(b)) - Number(isOfRating(a)))
    for (const one of own) await tell(talk, one, businessDay(now))
    return own.length > 0
  }
  const rings = await contactsStore(tx).hashesOf(contacts, 'phone')
  const found = await desk.ofNumber(asked)
  if (found && (contacts.includes(found.contactId ?? '') || rings.some((hash) => found.phoneHash?.equals(hash))))
    await tell(talk, found, businessDay(now))
  else await talk.line.say({ text: caseWording.unknown })
  return true
}

const isOfRating = ({ progress }: FoundCase) => progress.kind === 'bad_rating'

/** What came of a rating tells who rated, and so does the asking for it: no desk is shown either. */
async function tell({ line }: Talk, found: FoundCase, today: string): Promise<void> {
  const words = progressWords(found.progress, today)
  const saying = { text: words, ...(isOfRating(found) && { aboutRating: 'words' as const }) }
  await line.say(saying, { speaker: 'system' })
}

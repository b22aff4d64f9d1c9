/**
 * Files of conversations: who may look at them, and what has become of them. A turn is a fact and stays as it is, its file
 * may be gone since.
 */
import type { KeptTurn } from '../contract/turn.ts'
import type { Actor } from '../contract/staff.ts'
import { filesThere } from '../desk/attachments.store.ts'
import { caseListsStore } from '../desk/case-lists.store.ts'
import type { Conversation } from './conversation.ts'
import { conversationsStore } from './conversations.store.ts'
import { contactsOfPerson } from './same-person.ts'
import type { Db } from './tables.ts'

/** `held`: they talk with this person now. `with-reason`: they say why, and it is on record. */
export type FileAccess = 'held' | 'with-reason' | 'none'

/** A picture cannot be masked: it is shown as a number is, to whoever needs it for the matter. */
export async function fileAccess(db: Db, conversation: Conversation, actor: Actor): Promise<FileAccess> {
  const { staffId, roles } = actor
  if (conversation.agentId === staffId) return 'held'
  const held = await conversationsStore(db).ofAgent(staffId)
  const person = await contactsOfPerson(db, conversation.contactId)
  if (held.some(({ contactId }) => person.includes(contactId))) return 'held'
  if (roles.includes('supervisor')) return 'with-reason'
  if (!roles.includes('officer')) return 'none'
  return (await caseListsStore(db).cameOf(conversation.id, staffId)) ? 'with-reason' : 'none'
}

export async function withFilesThere(db: Db, turns: readonly KeptTurn[]): Promise<KeptTurn[]> {
  const kept = turns.flatMap(({ attachments = [] }) => attachments.filter(({ state }) => state === 'kept'))
  const there = await filesThere(
    db,
    kept.map(({ id }) => id),
  )
  return turns.map((turn): KeptTurn => {
    if (!turn.attachments) return turn
    const attachments = turn.attachments.map((file) =>
      file.state === 'kept' && !there.has(file.id) ? { ...file, state: 'gone' as const } : file,
    )
    return { ...turn, attachments }
  })
}

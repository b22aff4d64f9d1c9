/**
 * Private notes: what colleagues write for each other beside a conversation, and whom they mention. No function here
 * makes a turn, and nothing that makes turns reads here: that is what keeps a note from a citizen.
 */
import type { NoteView, Teammate } from '../contract/desk-notes.ts'
import { faultyField } from '../contract/problem.ts'
import type { Actor, Role } from '../contract/staff.ts'
import { notesStore, type NewNote } from './notes.store.ts'
import { staffStore } from './staff.store.ts'
import type { Db } from './tables.ts'

/** Whoever can open the desk, and so the conversation that a mention points to. */
const deskRoles: readonly Role[] = ['agent', 'supervisor']

export function notes(db: Db) {
  const store = notesStore(db)

  async function team(): Promise<Teammate[]> {
    const found = (await staffStore(db).list()).filter(
      ({ ready, roles }) => ready && deskRoles.some((role) => roles.includes(role)),
    )
    return found.map(({ id, workNumber, displayName }) => ({ staffId: id, workNumber, displayName }))
  }

  return {
    team,

    /**
     * Hand it a transaction. Whoever mentions themselves is not told of it.
     * @returns `isNew` false when the same client id was kept before.
     * @throws Problem invalid_input, naming mentions, when one of them is nobody who can open the desk.
     */
    async write(
      { mentions, ...note }: Omit<NewNote, 'staffId'>,
      writer: Actor,
      now: Date,
    ): Promise<{ note: NoteView; isNew: boolean }> {
      const known = new Set(mentions.length > 0 ? (await team()).map(({ staffId }) => staffId) : [])
      const others = [...new Set(mentions)].filter((id) => id !== writer.staffId)
      if (others.some((id) => !known.has(id))) throw faultyField('mentions', '提到的同事里有人不在坐席名单上')
      const isNew = await store.keep({ ...note, staffId: writer.staffId, mentions: others }, now)
      const kept = await store.find(note.conversationId, note.clientId)
      if (!kept) throw new Error(`a note of ${note.conversationId} was not kept`)
      return { note: kept, isNew }
    },
  }
}

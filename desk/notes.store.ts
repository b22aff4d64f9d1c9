/** Notes and mentions in PostgreSQL. A note is append-only; of a mention only that it was seen changes. */
import type { NoteView } from '../contract/desk-notes.ts'
import { maskText } from './masking.ts'
import type { NoteTables } from './note-tables.ts'
import type { Db } from './tables.ts'

export type NotesStore = ReturnType<typeof notesStore>
export type NewNote = {
  conversationId: string
  clientId: string
  staffId: string
  afterSeq: number
  text: string
  mentions: readonly string[]
}
/** A mention that somebody has not seen. */
export type Unseen = Pick<NoteView, 'noteId' | 'conversationId' | 'byNumber' | 'byName' | 'text' | 'writtenAt'>

const mostUnseen = 20

export function notesStore(db: Db) {
  const d = db.withTables<NoteTables>()
  const written = () =>
    d
      .selectFrom('note as n')
      .innerJoin('staff as s', 's.id', 'n.staff_id')
      .select(['n.id', 'n.conversation_id', 'n.client_id', 'n.after_seq', 'n.text', 'n.written_at'])
      .select(['s.work_number', 's.display_name'])

  async function views(rows: Awaited<ReturnType<ReturnType<typeof written>['execute']>>): Promise<NoteView[]> {
    const ids = rows.map((row) => row.id)
    const mentioned =
      ids.length === 0
        ? []
        : await d
            .selectFrom('note_mention as m')
            .innerJoin('staff as s', 's.id', 'm.staff_id')
            .select(['m.note_id', 'm.staff_id', 's.work_number', 's.display_name'])
            .where('m.note_id', 'in', ids)
            .orderBy('s.work_number')
            .execute()
    return rows.map((row) => ({
      ...fromRow(row),
      clientId: row.client_id,
      afterSeq: row.after_seq,
      mentions: mentioned
        .filter(({ note_id }) => note_id === row.id)
        .map((one) => ({ staffId: one.staff_id, workNumber: one.work_number, displayName: one.display_name })),
    }))
  }

  return {
    /** The same client id twice is one note. @returns whether it was kept just now. */
    async keep({ mentions, ...note }: NewNote, now: Date): Promise<boolean> {
      const row = await d
        .insertInto('note')
        .values({
          conversation_id: note.conversationId,
          client_id: note.clientId,
          staff_id: note.staffId,
          after_seq: note.afterSeq,
          text: note.text,
          written_at: now,
        })
        .onConflict((known) => known.columns(['conversation_id', 'client_id']).doNothing())
        .returning('id')
        .executeTakeFirst()
      if (!row) return false
      const values = mentions.map((staff_id) => ({ note_id: row.id, staff_id, seen_at: null }))
      if (values.length > 0) await d.insertInto('note_mention').values(values).execute()
      return true
    },

    async find(conversationId: string, clientId: string): Promise<NoteView | undefined> {
      const rows = await written()
        .where('n.conversation_id', '=', conversationId)
        .where('n.client_id', '=', clientId)
        .execute()
      return (await views(rows))[0]
    },

    /** Oldest first. */
    async of(conversationId: string): Promise<NoteView[]> {
      const rows = await written()
        .where('n.conversation_id', '=', conversationId)
        .orderBy('n.written_at')
        .orderBy('n.id')
        .execute()
      return views(rows)
    },

    /** Newest first. */
    async unseenBy(staffId: string): Promise<Unseen[]> {
      const rows = await written()
        .innerJoin('note_mention as m', 'm.note_id', 'n.id')
        .where('m.staff_id', '=', staffId)
        .where('m.seen_at', 'is', null)
        .orderBy('n.written_at', 'desc')
        .limit(mostUnseen)
        .execute()
      return rows.map(fromRow)
    },

    async see(noteId: string, staffId: string, now: Date): Promise<void> {
      await d
        .updateTable('note_mention')
        .set({ seen_at: now })
        .where('note_id', '=', noteId)
        .where('staff_id', '=', staffId)
        .where('seen_at', 'is', null)
        .execute()
    },
  }
}

function fromRow(row: {
  id: string
  conversation_id: string
  text: string
  written_at: Date
  work_number: string
  display_name: string
}): Unseen {
  return {
    noteId: row.id,
    conversationId: row.conversation_id,
    byNumber: row.work_number,
    byName: row.display_name,
    text: maskText(row.text),
    writtenAt: row.written_at.toISOString(),
  }
}

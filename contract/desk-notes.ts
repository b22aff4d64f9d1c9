/**
 * The desk's socket between colleagues: notes and mentions, who looks at a conversation, older words of a long one.
 * Nothing here has a way to a citizen: no event of a visitor or of a phone carries any of it.
 */
import { z } from 'zod'
import { clientId, seqNumber, text, uuid } from './text.ts'
import type { KeptTurn } from './turn.ts'

export const noteText = text(1_000)

export const deskToolAsks = {
  /** For colleagues alone. Whoever is mentioned is told of it, now or when they come. */
  'note:write': z.strictObject({
    conversationId: uuid,
    clientId,
    text: noteText,
    mentions: z.array(uuid).max(10, '一条备注最多提到 10 位同事').default([]),
  }),
  /** Mentions of this agent that they have not seen. */
  'mentions:list': z.strictObject({}),
  'mention:seen': z.strictObject({ noteId: uuid }),
  /** Who can be mentioned. */
  'team:list': z.strictObject({}),
  'turns:before': z.strictObject({ conversationId: uuid, beforeSeq: seqNumber.min(1, '不能小于 1') }),
  /** The conversation that this console shows now; none when absent. */
  'viewing:set': z.strictObject({ conversationId: uuid.optional() }),
} as const

export type Teammate = { staffId: string; workNumber: string; displayName: string }
export type NoteView = {
  noteId: string
  conversationId: string
  clientId: string
  /** The last turn when it was written: the note stands behind it. */
  afterSeq: number
  byNumber: string
  byName: string
  /** Masked. */
  text: string
  mentions: Teammate[]
  writtenAt: string
}
export type Mention = {
  noteId: string
  conversationId: string
  /** The citizen, as the desk names them. */
  who: string
  byNumber: string
  byName: string
  text: string
  writtenAt: string
}
export type Viewer = { staffId: string; workNumber: string }

export type DeskToolReplies = {
  'note:write': NoteView
  'mentions:list': { mentions: Mention[] }
  'mention:seen': Record<string, never>
  'team:list': { team: Teammate[] }
  /** Oldest first, up to the one before `beforeSeq`; an empty list when there is none before. */
  'turns:before': { turns: KeptTurn[] }
  'viewing:set': { viewers: Viewer[] }
}

export type DeskToolNews = {
  'note:written': (note: NoteView) => void
  /** All that this agent has not seen, anew. */
  'mentions:changed': (unseen: { mentions: Mention[] }) => void
  'viewers:changed': (seen: { conversationId: string; viewers: Viewer[] }) => void
  'colleague:typing': (who: { conversationId: string; workNumber: string; what: 'reply' | 'note' }) => void
}

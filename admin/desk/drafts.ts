/**
 * Unsent words, words said but not acknowledged, and the last seq read: kept in this browser for each conversation
 * and each person, so that a reload or a lost connection costs nothing. Signing out clears them all: the next
 * person at this machine finds none.
 */
import { z } from 'zod'
import { emptyDraft, type Draft } from './draft.ts'
import type { Pending } from './thread.ts'

/** What is used of localStorage. */
export type Shelf = {
  readonly length: number
  key(index: number): string | null
  getItem(key: string): string | null
  setItem(key: string, value: string): void
  removeItem(key: string): void
}
export type Drafts = ReturnType<typeof drafts>

const prefix = 'budayang.desk.'
const offer = { from: z.enum(['bot', 'search']), askedSeq: z.number() }
const draftSchema = z.object({
  text: z.string(),
  inserted: z
    .object({ revisionId: z.string(), words: z.string(), source: z.string(), offer: z.object(offer).optional() })
    .optional(),
})
const pendingSchema = z.array(
  z.object({
    clientId: z.string(),
    text: z.string(),
    revisionId: z.string().optional(),
    offered: z.object({ ...offer, revisionId: z.string() }).optional(),
    expectedSeq: z.number(),
    refused: z.string().optional(),
  }),
)
const readSchema = z.number()
const kinds = ['draft', 'note', 'pending', 'read'] as const

/** @param who the signed-in person's name. */
export function drafts(shelf: Shelf, who: string) {
  const keyOf = (what: (typeof kinds)[number], conversationId: string) => `${prefix}${who}.${what}.${conversationId}`
  const keep = (key: string, value: unknown) => shelf.setItem(key, JSON.stringify(value))
  return {
    draftOf(conversationId: string): Draft {
      return onShelf(draftSchema, shelf.getItem(keyOf('draft', conversationId))) ?? emptyDraft
    },
    keepDraft(conversationId: string, draft: Draft): void {
      if (draft.text === '') shelf.removeItem(keyOf('draft', conversationId))
      else keep(keyOf('draft', conversationId), draft)
    },
    noteOf(conversationId: string): string {
      return onShelf(z.string(), shelf.getItem(keyOf('note', conversationId))) ?? ''
    },
    keepNote(conversationId: string, text: string): void {
      if (text === '') shelf.removeItem(keyOf('note', conversationId))
      else keep(keyOf('note', conversationId), text)
    },
    pendingOf(conversationId: string): Pending[] {
      return onShelf(pendingSchema, shelf.getItem(keyOf('pending', conversationId))) ?? []
    },
    keepPending(conversationId: string, pending: readonly Pending[]): void {
      if (pending.length === 0) shelf.removeItem(keyOf('pending', conversationId))
      else keep(keyOf('pending', conversationId), pending)
    },
    readUpTo(conversationId: string): number | undefined {
      return onShelf(readSchema, shelf.getItem(keyOf('read', conversationId)))
    },
    markRead(conversationId: string, seq: number): void {
      keep(keyOf('read', conversationId), seq)
    },
    forget(conversationId: string): void {
      for (const what of kinds) shelf.removeItem(keyOf(what, conversationId))
    },
  }
}

/** Everything the desk has left in this browser, whoever left it. */
export function clearDrafts(shelf: Shelf): void {
  const keys = Array.from({ length: shelf.length }, (_, i) => shelf.key(i))
  for (const key of keys) if (key?.startsWith(prefix)) shelf.removeItem(key)
}

/** Undefined for what is absent, and for another version's leavings: an empty composer beats a page that fails. */
function onShelf<S extends z.ZodType>(schema: S, kept: string | null): z.output<S> | undefined {
  if (kept === null) return undefined
  try {
    return schema.safeParse(JSON.parse(kept)).data
  } catch {
    return undefined
  }
}

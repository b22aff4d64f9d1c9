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
const draftSchema = z.object({
  text: z.string(),
  inserted: z.object({ revisionId: z.string(), words: z.string(), source: z.string() }).optional(),
})
const pendingSchema = z.array(
  z.object({
    clientId: z.string(),
    text: z.string(),
    revisionId: z.string().optional(),
    expectedSeq: z.number(),
    refused: z.string().optional(),
  }),
)
const readSchema = z.number()

/** @param who the signed-in person's name. */
export function drafts(shelf: Shelf, who: string) {
  const keyOf = (what: 'draft' | 'pending' | 'read', conversationId: string) =>
    `${prefix}${who}.${what}.${conversationId}`
  const keep = (key: string, value: unknown) => shelf.setItem(key, JSON.stringify(value))
  return {
    draftOf(conversationId: string): Draft {
      return onShelf(draftSchema, shelf.getItem(keyOf('draft', conversationId))) ?? emptyDraft
    },
    keepDraft(conversationId: string, draft: Draft): void {
      if (draft.text === '') shelf.removeItem(keyOf('draft', conversationId))
      else keep(keyOf('draft', conversationId), draft)
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
      for (const what of ['draft', 'pending', 'read'] as const) shelf.removeItem(keyOf(what, conversationId))
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

/**
 * Takes out what has been kept long enough: what was said, numbers of callbacks, cases, files, messages that left the
 * house; a few of each kind at a time, and one line in the audit log for as many as went. The audit log itself is never shortened.
 */
import type { RetentionKind } from '../contract/security.ts'
import { auditStore } from './audit.store.ts'
import { erasingStore } from './data-subject-erasing.store.ts'
import { outboxStore, type OutboxStore } from './outbox.store.ts'
import { retentionStore } from './retention.store.ts'
import type { Sealer } from './sealer.ts'
import type { Db } from './tables.ts'

const atOnce = 200
const dayMs = 24 * 3_600_000

export function retention(db: Db, sealer: Sealer) {
  async function one(kind: RetentionKind, now: Date): Promise<number> {
    const days = await retentionStore(db).daysOf(kind)
    const before = new Date(now.getTime() - days * dayMs)
    return db.transaction().execute(async (tx) => {
      const store = erasingStore(tx, sealer)
      const ids = await oldOf(store, outboxStore(tx, sealer))[kind](before, atOnce)
      if (ids.length === 0) return 0
      if (kind === 'conversations') await store.conversations(ids, now)
      else if (kind === 'callbacks') await store.callbacks(ids)
      else if (kind === 'attachments') await store.attachments(ids)
      else if (kind === 'messages') await outboxStore(tx, sealer).forget(ids)
      else await store.cases(ids)
      const detail = { count: ids.length, days }
      await auditStore(tx).record({ act: 'retention.erase', subject: kind, detail }, now)
      return ids.length
    })
  }

  return {
    /** @returns how many of each kind went. */
    async round(now: Date): Promise<Record<RetentionKind, number>> {
      return {
        conversations: await one('conversations', now),
        callbacks: await one('callbacks', now),
        cases: await one('cases', now),
        attachments: await one('attachments', now),
        messages: await one('messages', now),
      }
    },
  }
}

function oldOf(store: ReturnType<typeof erasingStore>, messages: OutboxStore) {
  return {
    conversations: (before, limit) => store.oldConversations(before, limit),
    callbacks: (before, limit) => store.oldCallbacks(before, limit),
    cases: (before, limit) => store.oldCases(before, limit),
    attachments: (before, limit) => store.oldAttachments(before, limit),
    messages: (before, limit) => messages.endedBefore(before, limit),
  } satisfies Record<RetentionKind, (before: Date, limit: number) => Promise<string[]>>
}

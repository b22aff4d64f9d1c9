/**
 * Every thread that was looked at since the page was opened, so that going back and forth costs nothing and loses no
 * pending words. Of those that nobody looks at the newest turns are kept, and of the oldest looks nothing: a day's
 * conversations must not fill the browser.
 */
import { reactive } from 'vue'
import type { Drafts } from './drafts.ts'
import { trimmed, type Thread } from './thread.ts'

const turnsKept = 80
const threadsKept = 60

export type Threads = ReturnType<typeof useThreads>

export function useThreads(kept: Drafts, changed: () => void) {
  // In the order of the last look; each thread is replaced whole, so nothing inside needs watching.
  const threads = reactive(new Map<string, Thread>())

  return {
    all: threads,

    of(id: string): Thread {
      return threads.get(id) ?? { turns: [], pending: kept.pendingOf(id) }
    },

    keep(id: string, thread: Thread): void {
      threads.set(id, Object.freeze(thread))
      kept.keepPending(id, thread.pending)
      changed()
    },

    /** Nobody looks at this one any more. */
    leave(id: string): void {
      const left = threads.get(id)
      if (left) {
        threads.delete(id)
        threads.set(id, trimmed(left, turnsKept))
      }
      for (const [oldest, { pending }] of threads) {
        if (threads.size <= threadsKept) break
        if (oldest !== id && pending.length === 0) threads.delete(oldest)
      }
    },

    forget(id: string): void {
      threads.delete(id)
    },
  }
}

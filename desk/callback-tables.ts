/** The table of what was tried with a callback, as its store sees it; the callback itself stands in tables.ts. */
import type { Generated } from 'kysely'
import type { AttemptOutcome } from '../contract/callback.ts'

export type CallbackTables = {
  callback_attempt: {
    id: Generated<string>
    callback_id: string
    staff_id: string
    at: Date
    outcome: AttemptOutcome
    conversation_id: string | null
    note: string | null
  }
}

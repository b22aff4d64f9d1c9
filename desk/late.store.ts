/** Who waits too long for a person's words is told of once a level and wait, for ever; in PostgreSQL. */
import type { Lateness } from '../contract/wait.ts'
import type { AlertTables } from './alert-tables.ts'
import type { Db } from './tables.ts'

export function lateStore(db: Db) {
  return {
    /** @returns whether this level is new. Red has amber in it: whoever is told of red is not told of amber afterwards. */
    async tell(wait: { conversationId: string; since: Date }, level: Lateness, now: Date): Promise<boolean> {
      const d = db.withTables<AlertTables>()
      const levels = level === 'red' ? (['red', 'amber'] as const) : (['amber'] as const)
      const { conversationId: conversation_id, since } = wait
      const told = await d
        .insertInto('late_alert')
        .values(levels.map((one) => ({ conversation_id, since, level: one, at: now })))
        .onConflict((known) => known.doNothing())
        .returning('level')
        .execute()
      return told.some((one) => one.level === level)
    },
  }
}

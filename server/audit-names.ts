/**
 * Whom and what the rows of the audit log are about, in words: a colleague's name, a case's number, the citizen by their
 * pseudonym. The auditor sees neither the staff list nor the cases, and still reads whose role was changed.
 */
import { conversationsStore } from '../bot/conversations.store.ts'
import { pseudonym } from '../bot/desk-view.ts'
import { auditSubjectsStore } from '../desk/audit-subjects.store.ts'
import type { AuditRow } from '../desk/audit.store.ts'
import type { Db } from './db/database.ts'

const id = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/

export function auditNames(db: Db) {
  const subjects = auditSubjectsStore(db)
  const conversations = conversationsStore(db)

  return {
    /** @returns words by id, for every id that these rows name and somebody knows. */
    async of(rows: readonly AuditRow[]): Promise<Record<string, string>> {
      const named = rows.flatMap(({ subject, detail }) => [subject, ...Object.values(detail)])
      const ids = [...new Set(named.filter((one): one is string => typeof one === 'string' && id.test(one)))]
      const callbacks = await subjects.conversationsOfCallbacks(ids)
      const talks = await conversations.withIds([...new Set([...ids, ...callbacks.values()])])
      const whose = new Map(talks.map(({ id: talk, contactId }) => [talk, pseudonym(contactId)]))
      return Object.fromEntries([
        ...(await subjects.people(ids)),
        ...(await subjects.cases(ids)),
        ...[...callbacks].map(([callback, talk]) => [callback, `${whose.get(talk) ?? '访客'} 的回电`]),
        ...ids.flatMap((talk) => (whose.has(talk) ? [[talk, `${whose.get(talk)} 的会话`]] : [])),
      ]) as Record<string, string>
    },

    /**
     * What a filter means: a colleague by name or work number, a case by number, or an id. What is about a citizen means all
     * that is about them: every conversation, case and callback.
     *
     * @returns the subjects to look for; what was asked for itself where nothing is known of it.
     */
    async meant(asked: string): Promise<string[]> {
      const found = id.test(asked) ? asked : await subjects.named(asked)
      if (found === undefined) return [asked]
      const talk =
        (await subjects.conversationsOfCallbacks([found])).get(found) ?? (await subjects.conversationOfCase(found))
      const [conversation] = await conversations.withIds([talk ?? found])
      if (!conversation) return [found]
      const theirs = await conversations.idsOfContact(conversation.contactId)
      return [...new Set([found, ...theirs, ...(await subjects.of(theirs))])]
    },
  }
}

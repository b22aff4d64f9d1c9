/** What one citizen came with before, on any channel, as staff may see it: the newest, how many in all, and the rest by pages. */
import type { ConversationView } from '../contract/agent-events.ts'
import type { EarlierConversation } from '../contract/person.ts'
import { Problem } from '../contract/problem.ts'
import { conversationsStore } from './conversations.store.ts'
import { personView } from './person-view.ts'
import { summariesOf } from './summary-views.ts'
import type { Db } from './tables.ts'

const shownAtOnce = 20

/** @param lastWords of each of these, as they may stand in a list. */
export function historyViews(db: Db, lastWords: (ids: readonly string[]) => Promise<Map<string, string>>) {
  const conversations = conversationsStore(db)

  async function page(contacts: readonly string[], except: string, offset: number): Promise<EarlierConversation[]> {
    const earlier = await conversations.historyOf(contacts, except, shownAtOnce, offset)
    const ids = earlier.map((one) => one.id)
    const [summaries, last] = [await summariesOf(db, ids), await lastWords(ids)]
    return earlier.map((one) => ({
      conversationId: one.id,
      channel: one.channel,
      startedAt: one.startedAt.toISOString(),
      lastText: last.get(one.id) ?? '',
      state: one.state,
      summaries: summaries.get(one.id) ?? [],
    }))
  }

  return {
    newest: async (
      contacts: readonly string[],
      conversationId: string,
    ): Promise<Pick<ConversationView, 'history' | 'historyTotal'>> => ({
      history: await page(contacts, conversationId, 0),
      historyTotal: await conversations.historyTotal(contacts, conversationId),
    }),

    /** @throws Problem not_found */
    async more(conversationId: string, offset: number): Promise<EarlierConversation[]> {
      const conversation = await conversations.find(conversationId)
      if (!conversation) throw new Problem('not_found', `no conversation ${conversationId}`)
      const { contacts } = await personView(db, conversation.contactId)
      return page(contacts, conversationId, offset)
    },
  }
}

/** Past conversations as the desk lists them: masked, with what agents wrote of them. Read only. */
import type { ConversationsView } from '../contract/conversation-list.ts'
import { conversationListsStore, type ListFilter } from './conversation-lists.store.ts'
import { conversationsStore } from './conversations.store.ts'
import type { DeskViews } from './desk-view.ts'
import { summariesOf } from './summary-views.ts'
import type { Db } from './tables.ts'

type Page = { limit: number; offset: number }

export async function conversationList(
  { db, views }: { db: Db; views: Pick<DeskViews, 'rowsOf'> },
  filter: ListFilter,
  page: Page,
): Promise<ConversationsView> {
  const { rows, total } = await conversationListsStore(db).list(filter, page)
  const ids = rows.map(({ id }) => id)
  const shown = new Map(
    (await views.rowsOf(await conversationsStore(db).withIds(ids))).map((row) => [row.conversationId, row]),
  )
  const summaries = await summariesOf(db, ids)
  const conversations = rows.flatMap(({ id, startedAt, closedAt, agentNumbers, caseNumbers }) => {
    const row = shown.get(id)
    if (!row) return []
    const { conversationId, channel, state, who, region, lastText } = row
    return [
      {
        ...{ conversationId, channel, state, who, region, lastText, agentNumbers, caseNumbers },
        ...{ startedAt: startedAt.toISOString(), summaries: summaries.get(id) ?? [] },
        ...(closedAt && { closedAt: closedAt.toISOString() }),
      },
    ]
  })
  return { conversations, total }
}

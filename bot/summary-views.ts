/** 小结 as colleagues read them: by conversation, numbers masked; and who has not written theirs. */
import type { SummaryView } from '../contract/summary.ts'
import { maskText } from '../desk/masking.ts'
import { staffStore } from '../desk/staff.store.ts'
import { episodesStore } from './episodes.store.ts'
import { summariesStore } from './summaries.store.ts'
import type { Db } from './tables.ts'

/** Of these conversations, oldest first. */
export async function summariesOf(db: Db, conversationIds: readonly string[]): Promise<Map<string, SummaryView[]>> {
  const kept = await summariesStore(db).of(conversationIds)
  const numbers = await staffStore(db).workNumbers([...new Set(kept.map(({ staffId }) => staffId))])
  const shown = new Map<string, SummaryView[]>()
  for (const { conversationId, staffId, text, writtenAt, tags, solved, afterSeq } of kept) {
    const one = { tags, solved, afterSeq, byNumber: numbers.get(staffId) ?? '', writtenAt: writtenAt.toISOString() }
    shown.set(conversationId, [...(shown.get(conversationId) ?? []), { text: maskText(text), ...one }])
  }
  return shown
}

/** Work numbers of those whose part the citizen ended before they had summed it up. */
export async function unsummedBy(db: Db, conversationId: string): Promise<string[]> {
  const staffIds = (await episodesStore(db).withoutSummary(conversationId)).map(({ staffId }) => staffId)
  return [...(await staffStore(db).workNumbers([...new Set(staffIds)])).values()]
}

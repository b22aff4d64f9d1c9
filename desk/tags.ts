/** 小结标签: one is always in use, because nobody may close a conversation without one. */
import { Problem } from '../contract/problem.ts'
import type { SummaryTag } from '../contract/tag.ts'
import { tagsStore } from './tags.store.ts'
import type { Db } from './tables.ts'

/** Pure. Whether the list still has one to choose after this change. */
export function leavesOne(list: readonly SummaryTag[], change: SummaryTag): boolean {
  return change.isUsed || list.some(({ name, isUsed }) => isUsed && name !== change.name)
}

export function tags(db: Db) {
  const store = tagsStore(db)
  return {
    list: () => store.list(),

    /** @throws Problem conflict, naming `isUsed`, for the last one; not_found for one to take away that is not there. */
    async set(change: SummaryTag, staffId: string, now: Date): Promise<void> {
      const list = await store.list()
      const isThere = list.some(({ name }) => name === change.name)
      if (!isThere && !change.isUsed) throw new Problem('not_found', `no tag ${change.name}`)
      if (!leavesOne(list, change)) {
        const fields = [{ path: 'isUsed', message: '至少要留一个标签，请先添加别的' }]
        throw new Problem('conflict', 'the last tag', { fields })
      }
      await store.set(change, staffId, now)
    },
  }
}

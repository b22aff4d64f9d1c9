/** What proves that a telling reached the citizen where no page tells of its reading: the delivery of what carried it. */
import { tellingsStore } from '../bot/tellings.store.ts'
import { proofsStore } from '../wechat/proofs.store.ts'
import type { Db } from './db/database.ts'
import type { Round } from './rounds.ts'

/** What WeChat held up is told with the citizen's next words; after so long nobody waits for them. */
const lookBackMs = 30 * 24 * 3_600_000
const atOnce = 500

export function tellingProofs({ db, now }: { db: Db; now: () => Date }) {
  async function proveWechat(): Promise<void> {
    const since = new Date(now().getTime() - lookBackMs)
    const unproved = await tellingsStore(db).unproved('wechat', since, atOnce)
    for (const { conversationId, seq, at } of await proofsStore(db).delivered(unproved))
      await tellingsStore(db).delivered({ conversationId, seq }, at)
  }
  return { rounds: [{ everyMs: 5_000, work: proveWechat }] satisfies Round[] }
}

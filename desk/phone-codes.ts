/** Sends codes that prove a number, and judges the answers. What was sent is in the outbox and in no page. */
import { randomInt, randomUUID, timingSafeEqual } from 'node:crypto'
import { Problem } from '../contract/problem.ts'
import { auditStore } from './audit.store.ts'
import type { Outbox } from './outbox.ts'
import { codeDigits, codeMinutes, codeText, judge, lookBackMs, maySend, type Verdict } from './phone-code.ts'
import { phoneCodesStore } from './phone-codes.store.ts'
import type { Db } from './tables.ts'
import { inTransaction } from './transaction.ts'

type Keys = { lookupHash(identifier: string): Buffer }
/** `phoneHash` as the telephone channel looks callers up. */
type Whose = { conversationId: string; phoneHash: Buffer }

/** What a message of the outbox with a code is about: its words are shown to nobody. */
export const codeLetterKind = 'verify_code'

export function phoneCodes(db: Db, keys: Keys) {
  const hashOf = (id: string, code: string) => keys.lookupHash(`phone code ${id} ${code}`)
  return {
    /** @throws Problem too_many_requests */
    async send(
      { conversationId, phoneHash }: Whose,
      { to, bureau, staffId, post }: { to: string; bureau: string; staffId: string; post: Outbox['post'] },
      now: Date,
    ): Promise<{ until: Date }> {
      return inTransaction(db, async (tx) => {
        const store = phoneCodesStore(tx)
        const since = new Date(now.getTime() - lookBackMs)
        const may = maySend(await store.sent(conversationId, phoneHash, since), now)
        if (may !== 'yes') throw new Problem('too_many_requests', `a code for ${conversationId}: ${may}`)
        await store.forgetBefore(since)
        const [id, code] = [randomUUID(), String(randomInt(10 ** codeDigits)).padStart(codeDigits, '0')]
        const until = new Date(now.getTime() + codeMinutes * 60_000)
        const row = { id, conversationId, staffId, phoneHash, codeHash: hashOf(id, code), expiresAt: until }
        await store.add(row, now)
        const text = codeText(bureau, code)
        await post(tx, { channel: 'sms', to, kind: codeLetterKind, text, key: `code:${id}` }, now)
        await auditStore(tx).record({ staffId, act: 'person.code', subject: conversationId }, now)
        return { until }
      })
    },

    /** Counts the try whatever comes of it, so not in the transaction of what it is for. */
    async check({ conversationId, phoneHash }: Whose, code: string, now: Date): Promise<Verdict> {
      return db.transaction().execute(async (tx) => {
        const store = phoneCodesStore(tx)
        const sent = await store.lockNewest(conversationId, phoneHash)
        if (!sent) return 'over'
        const verdict = judge(sent, timingSafeEqual(hashOf(sent.id, code), sent.codeHash), now)
        if (verdict === 'right') await store.use(sent.id, now)
        if (verdict === 'wrong') await store.addTry(sent.id, sent.tries + 1)
        return verdict
      })
    },
  }
}

/**
 * How far each customer service account was read, and what was read.
 *
 * Invariant: the cursor moves in the transaction that keeps the page it leads past, and only from where that page
 * began; of two who read the same page one keeps it.
 */
import { sql, type Selectable } from 'kysely'
import type { Db, WechatTables } from '../tables.ts'
import type { Failed } from '../trying-again.ts'

/** `token`: of the newest announcement, sealed. `calls`: how many announcements there have been. */
export type Reading = { cursor?: string; tokenSealed?: string; tokenAt?: Date; calls: number }
/** `personHash`: whom it is about, where it is about anybody. */
export type KeptKfMessage = { keyHash: Buffer; openKfid: string; personHash?: Buffer; rawSealed: string; tries: number }
export type NewKfMessage = { keyHash: Buffer; personHash: Buffer | undefined; rawSealed: string; isOld: boolean }

export function kfAccountsStore(db: Db) {
  const tables = db.withTables<WechatTables>()
  return {
    /** The platform announced that there is something to read. */
    async announced(openKfid: string, tokenSealed: string, now: Date): Promise<void> {
      const row = { token_sealed: tokenSealed, token_at: now, heard_at: now }
      await tables
        .insertInto('wechat_kf_account')
        .values({ open_kfid: openKfid, ...row, calls: 1 })
        .onConflict((on) =>
          on.column('open_kfid').doUpdateSet({ ...row, calls: sql<number>`wechat_kf_account.calls + 1` }),
        )
        .execute()
    },

    async reading(openKfid: string): Promise<Reading | undefined> {
      const row = await tables
        .selectFrom('wechat_kf_account')
        .selectAll()
        .where('open_kfid', '=', openKfid)
        .executeTakeFirst()
      return (
        row && {
          calls: row.calls,
          ...(row.cursor !== null && { cursor: row.cursor }),
          ...(row.token_sealed !== null && { tokenSealed: row.token_sealed }),
          ...(row.token_at !== null && { tokenAt: row.token_at }),
        }
      )
    },

    /** @returns false where somebody else has moved it meanwhile. */
    async move(openKfid: string, from: string | undefined, to: string): Promise<boolean> {
      const { numUpdatedRows } = await tables
        .updateTable('wechat_kf_account')
        .set({ cursor: to })
        .where('open_kfid', '=', openKfid)
        .where(sql<boolean>`cursor is not distinct from ${from ?? null}`)
        .executeTakeFirst()
      return numUpdatedRows === 1n
    },

    /** Everything of the first `calls` announcements was read. */
    async pulled(openKfid: string, calls: number): Promise<void> {
      await tables
        .updateTable('wechat_kf_account')
        .set({ pulled: sql<number>`greatest(pulled, ${calls}::int)` })
        .where('open_kfid', '=', openKfid)
        .execute()
    },

    /** As if each had been announced. */
    async wake(): Promise<void> {
      await tables
        .updateTable('wechat_kf_account')
        .set({ calls: sql<number>`calls + 1` })
        .execute()
    },

    /** Announced, and not read to the end. */
    async behind(): Promise<string[]> {
      const rows = await tables
        .selectFrom('wechat_kf_account')
        .select('open_kfid')
        .whereRef('pulled', '<', 'calls')
        .execute()
      return rows.map((row) => row.open_kfid)
    },

    async lastHeard(): Promise<Date | undefined> {
      const row = await tables
        .selectFrom('wechat_kf_account')
        .select((e) => e.fn.max('heard_at').as('at'))
        .executeTakeFirst()
      return row?.at ?? undefined
    },

    /** In the platform's order. @returns those that were not there before, and are to be worked on. */
    async keep(openKfid: string, page: readonly NewKfMessage[], now: Date): Promise<KeptKfMessage[]> {
      if (page.length === 0) return []
      const rows = await tables
        .insertInto('wechat_kf_message')
        .values(
          page.map(({ keyHash, personHash, rawSealed, isOld }) => ({
            ...{ key_hash: keyHash, open_kfid: openKfid, person_hash: personHash ?? null, raw_sealed: rawSealed },
            ...{ received_at: now, done_at: isOld ? now : null },
          })),
        )
        .onConflict((on) => on.column('key_hash').doNothing())
        .returningAll()
        .execute()
      return rows.sort((one, other) => one.seq - other.seq).flatMap((row) => (row.done_at ? [] : [fromRow(row)]))
    },

    async done(keyHash: Buffer, now: Date): Promise<void> {
      await tables.updateTable('wechat_kf_message').set({ done_at: now }).where('key_hash', '=', keyHash).execute()
    },

    /** Once more it was not worked on, unless somebody else has seen to it. @returns whether it is given up by that */
    async failed({ keyHash, tries }: KeptKfMessage, { againAt, cause }: Failed, now: Date): Promise<boolean> {
      const ends = againAt ? {} : { done_at: now, given_up_at: now }
      const { numUpdatedRows } = await tables
        .updateTable('wechat_kf_message')
        .set({ tries: tries + 1, cause, again_at: againAt ?? null, ...ends })
        .where('key_hash', '=', keyHash)
        .where('tries', '=', tries)
        .where('done_at', 'is', null)
        .executeTakeFirst()
      return numUpdatedRows > 0n && againAt === undefined
    },

    /** @returns false where their citizen was told before. */
    async sorry(keyHash: Buffer, now: Date): Promise<boolean> {
      const { numUpdatedRows } = await tables
        .updateTable('wechat_kf_message')
        .set({ sorry_at: now })
        .where('key_hash', '=', keyHash)
        .where('sorry_at', 'is', null)
        .executeTakeFirst()
      return numUpdatedRows > 0n
    },

    /** Read, and never seen to the end, oldest first: a process died over it, or it failed and is due again. */
    async leftOver(before: Date, now: Date, limit: number): Promise<KeptKfMessage[]> {
      const rows = await tables
        .selectFrom('wechat_kf_message')
        .selectAll()
        .where('done_at', 'is', null)
        .where('received_at', '<', before)
        .where((e) => e.or([e('again_at', 'is', null), e('again_at', '<=', now)]))
        .orderBy('seq')
        .limit(limit)
        .execute()
      return rows.map(fromRow)
    },
  }
}

const fromRow = (row: Selectable<WechatTables['wechat_kf_message']>): KeptKfMessage => ({
  ...{ keyHash: row.key_hash, openKfid: row.open_kfid, rawSealed: row.raw_sealed, tries: row.tries },
  ...(row.person_hash && { personHash: row.person_hash }),
})

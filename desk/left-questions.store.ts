/** Questions that were spoken for the desk when nothing could recognise them: kept sealed, with their callback. */
import type { Sealer } from './sealer.ts'
import type { Db, DeskTables } from './tables.ts'

export function leftQuestionsStore(db: Db, sealer: Sealer) {
  const d = db.withTables<DeskTables>()
  return {
    /** The last one counts: whoever speaks twice has thought again. @param alaw A-law at 8 kHz. */
    async keep(callbackId: string, alaw: Uint8Array, now: Date): Promise<void> {
      const kept = { sealed: sealer.seal(Buffer.from(alaw).toString('base64')), left_at: now }
      await d
        .insertInto('left_question')
        .values({ callback_id: callbackId, ...kept })
        .onConflict((known) => known.column('callback_id').doUpdateSet(kept))
        .execute()
    },

    /** Two callbacks became one: what was spoken for the one is with the other, unless something is there already. */
    async moveTo(callbackId: string, from: string): Promise<void> {
      const there = await d
        .selectFrom('left_question')
        .select('callback_id')
        .where('callback_id', '=', callbackId)
        .execute()
      if (there.length > 0) return
      await d.updateTable('left_question').set({ callback_id: callbackId }).where('callback_id', '=', from).execute()
    },

    /** Its reading is to be audited. */
    async find(callbackId: string): Promise<Buffer | undefined> {
      const row = await d
        .selectFrom('left_question')
        .select('sealed')
        .where('callback_id', '=', callbackId)
        .executeTakeFirst()
      return row && Buffer.from(sealer.open(row.sealed), 'base64')
    },
  }
}

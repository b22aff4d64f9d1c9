/**
 * A table of notices goes out: looked at first, then put into the outbox in one piece. The same file goes out once, and so
 * do the same words to the same number, whatever file they come in.
 */
import type { NoticeCounts, NoticeKind, NoticeView } from '../contract/notice.ts'
import { maskPhone, maskText } from './masking.ts'
import type { NoticeRow } from './notice.ts'
import { noticeStore } from './notice.store.ts'
import { outboxOptOutsStore } from './outbox-opt-outs.store.ts'
import { heldUntil, type QuietHours } from './outbox-rules.ts'
import { outboxStore } from './outbox.store.ts'
import type { Keys, Outbox } from './outbox.ts'
import type { Db } from './tables.ts'

const shownSamples = 3

export type NoticeFile = { kind: NoticeKind; fileHash: Buffer; rows: readonly NoticeRow[] }
type Parts = { keys: Keys; outbox: Pick<Outbox, 'postAll' | 'hashOf'>; quiet: QuietHours | undefined }

export function notices({ keys, outbox, quiet }: Parts) {
  /** One a key; a table may well name somebody twice with the same words. */
  const byKey = ({ kind, rows }: NoticeFile) =>
    new Map(
      rows.map((row) => [`notice:${kind}:${keys.lookupHash(`${kind} ${row.phone} ${row.text}`).toString('hex')}`, row]),
    )

  async function counted(tx: Db, file: NoticeFile): Promise<NoticeCounts> {
    const all = byKey(file)
    const before = await outboxStore(tx, keys).known([...all.keys()])
    const fresh = [...all].filter(([key]) => !before.has(key))
    const out = await outboxOptOutsStore(tx).among(fresh.map(([, { phone }]) => outbox.hashOf(phone)))
    const optedOut = fresh.filter(([, { phone }]) => out.has(outbox.hashOf(phone).toString('hex'))).length
    return { fresh: fresh.length - optedOut, repeated: file.rows.length - fresh.length, optedOut }
  }

  function viewed(file: NoticeFile, now: Date): Pick<NoticeView, 'samples' | 'heldUntil'> {
    const samples = file.rows
      .slice(0, shownSamples)
      .map(({ phone, text }) => ({ to: maskPhone(phone), text: maskText(text) }))
    const until = quiet && heldUntil(quiet, now)
    return { samples, ...(until && { heldUntil: until.toISOString() }) }
  }

  return {
    async look(db: Db, file: NoticeFile, now: Date): Promise<NoticeView> {
      const known = await noticeStore(db).isKnown(file.kind, file.fileHash)
      return { ...(await counted(db, file)), ...viewed(file, now), checked: true, known }
    },

    /** Joins the caller's transaction. */
    async send(tx: Db, file: NoticeFile, staffId: string, now: Date): Promise<NoticeView> {
      const counts = await counted(tx, file)
      const { kind, fileHash, rows } = file
      const batch = { kind, fileHash, staffId, total: rows.length, repeated: counts.repeated }
      const batchId = await noticeStore(tx).add(batch, now)
      if (!batchId)
        return { fresh: 0, repeated: rows.length, optedOut: 0, ...viewed(file, now), checked: false, known: true }
      const about = { channel: 'sms', kind: `notice.${kind}`, proactive: true, batchId } as const
      const all = [...byKey(file)].map(([key, { phone, text }]) => ({ ...about, key, to: phone, text }))
      await outbox.postAll(tx, all, now)
      return { ...counts, ...viewed(file, now), checked: false, known: false }
    },
  }
}

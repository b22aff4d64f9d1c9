/**
 * A table of notices goes out: looked at first, then put into the outbox piece by piece. The same words go to the same
 * number once, whatever file they come in; what never went out goes when it comes again.
 */
import type { NoticeCounts, NoticeKind, NoticeView } from '../contract/notice.ts'
import { maskPhone, maskText } from './masking.ts'
import type { NoticeRow } from './notice.ts'
import { noticePiecesStore, rowsLeft } from './notice-pieces.store.ts'
import { noticeStore } from './notice.store.ts'
import { outboxOptOutsStore } from './outbox-opt-outs.store.ts'
import { heldUntil, type QuietHours } from './outbox-rules.ts'
import { outboxStore, rowsAtOnce } from './outbox.store.ts'
import type { Keys, Outbox, Outgoing } from './outbox.ts'
import type { Db } from './tables.ts'

const shownSamples = 3

export type NoticeFile = { kind: NoticeKind; fileHash: Buffer; rows: readonly NoticeRow[] }
export type NoticePiece = { batchId: string; number: number }
type Parts = {
  keys: Keys
  outbox: Pick<Outbox, 'postAll' | 'hashesOf'>
  quiet: QuietHours | undefined
  /** Whose numbers these are in WeChat, of those who agreed to be sent notices there: number to address. */
  inWechat: (tx: Db, phones: readonly string[]) => Promise<Map<string, string>>
  /** Has `putIn` called for each piece, once the transaction is through. */
  putLater: (tx: Db, pieces: readonly NoticePiece[]) => Promise<void>
}

export function notices({ keys, outbox, quiet, inWechat, putLater }: Parts) {
  const keyOf = (kind: NoticeKind, { phone, text }: NoticeRow) =>
    `notice:${kind}:${keys.lookupHash(`${kind} ${phone} ${text}`).toString('hex')}`
  /** One a key; a table may well name somebody twice with the same words. */
  const byKey = (kind: NoticeKind, rows: readonly NoticeRow[]) => new Map(rows.map((row) => [keyOf(kind, row), row]))

  async function counted(db: Db, { kind, rows }: NoticeFile): Promise<NoticeCounts> {
    const seen = new Set<string>()
    const counts = { fresh: 0, optedOut: 0 }
    for (const some of pieces(rows)) {
      const all = [...byKey(kind, some)].filter(([key]) => !seen.has(key))
      const before = await outboxStore(db, keys).known(all.map(([key]) => key))
      const fresh = all.filter(([key]) => !before.has(key))
      const hashes = fresh.map(([, { phone }]) => outbox.hashesOf('sms', phone))
      const out = await outboxOptOutsStore(db).among(hashes.flat())
      const optedOut = hashes.filter((known) => known.some((hash) => out.has(hash.toString('hex')))).length
      counts.fresh += fresh.length - optedOut
      counts.optedOut += optedOut
      for (const [key] of all) seen.add(key)
      await others()
    }
    return { ...counts, repeated: rows.length - counts.fresh - counts.optedOut }
  }

  function viewed(file: NoticeFile, now: Date): Pick<NoticeView, 'samples' | 'heldUntil'> {
    const samples = file.rows
      .slice(0, shownSamples)
      .map(({ phone, text }) => ({ to: maskPhone(phone), text: maskText(text) }))
    const until = quiet && heldUntil(quiet, now)
    return { samples, ...(until && { heldUntil: until.toISOString() }) }
  }

  /** Whether this very file was taken before and nothing of it is left to send. */
  async function isKnown(db: Db, { kind, fileHash }: NoticeFile, { fresh }: NoticeCounts): Promise<boolean> {
    const before = await noticeStore(db).ofFile(kind, fileHash)
    const isUnderWay = (await rowsLeft(db, before)).size > 0
    return before.length > 0 && (fresh === 0 || isUnderWay)
  }

  /** Whoever opted out of either is left to the way by which they would be told that they did. */
  async function followersOf(tx: Db, rows: readonly NoticeRow[]): Promise<Map<string, string>> {
    const followers = [...(await inWechat(tx, [...new Set(rows.map(({ phone }) => phone))]))]
    const hashes = ([phone, openId]: [string, string]) => [
      ...outbox.hashesOf('sms', phone),
      ...outbox.hashesOf('wechat', openId),
    ]
    const out = await outboxOptOutsStore(tx).among(followers.flatMap(hashes))
    return new Map(followers.filter((one) => !hashes(one).some((hash) => out.has(hash.toString('hex')))))
  }

  return {
    async look(db: Db, file: NoticeFile, now: Date): Promise<NoticeView> {
      const counts = await counted(db, file)
      return { ...counts, ...viewed(file, now), checked: true, known: await isKnown(db, file, counts) }
    },

    /** Joins the caller's transaction. */
    async send(tx: Db, file: NoticeFile, staffId: string, now: Date): Promise<NoticeView> {
      const { kind, fileHash, rows } = file
      await noticeStore(tx).lockFile(fileHash)
      const counts = await counted(tx, file)
      if (await isKnown(tx, file, counts))
        return { fresh: 0, repeated: rows.length, optedOut: 0, ...viewed(file, now), checked: false, known: true }
      const batchId = await noticeStore(tx).add({ kind, fileHash, staffId, total: rows.length }, now)
      const made: NoticePiece[] = []
      for (const some of pieces(rows)) {
        const piece = { batchId, number: made.length }
        await noticePiecesStore(tx, keys).add(piece.batchId, piece.number, some)
        made.push(piece)
        await others()
      }
      await putLater(tx, made)
      return { ...counts, ...viewed(file, now), checked: false, known: false }
    },

    /** A piece becomes messages; nothing happens where it was taken or stopped before. */
    async putIn(tx: Db, { batchId, number }: NoticePiece, now: Date): Promise<void> {
      const kind = await noticeStore(tx).lockKind(batchId)
      const rows = kind && (await noticePiecesStore(tx, keys).take(batchId, number))
      if (!rows) return
      const about = { kind: `notice.${kind}`, proactive: true } as const
      const followers = await followersOf(tx, rows)
      const all = [...byKey(kind, rows)].map(([key, { phone, text }]): Outgoing => {
        const sms = { ...about, channel: 'sms', key, to: phone, text } as const
        const follower = followers.get(phone)
        return { ...sms, batchId, ...(follower && { channel: 'wechat', to: follower, otherwise: sms }) }
      })
      const sent = await outbox.postAll(tx, all, now, true)
      await noticeStore(tx).repeated(batchId, rows.length - sent)
    },

    /** What still waits of that table goes to nobody. @returns how many. */
    async cancel(tx: Db, batchId: string, staffId: string, now: Date): Promise<number> {
      if (!(await noticeStore(tx).lockKind(batchId))) return 0
      const dropped = await noticePiecesStore(tx, keys).drop(batchId)
      const cancelled = dropped + (await outboxStore(tx, keys).cancelBatch(batchId))
      if (cancelled > 0) await noticeStore(tx).cancel(batchId, dropped, staffId, now)
      return cancelled
    },
  }
}

function* pieces<T>(rows: readonly T[]): Generator<readonly T[]> {
  for (let at = 0; at < rows.length; at += rowsAtOnce) yield rows.slice(at, at + rowsAtOnce)
}

/** A table of many thousand rows lets everybody else come in between. */
const others = () => new Promise<void>((resolve) => setImmediate(resolve))

/**
 * Reads what the platform announced: kf/sync_msg, page by page, to the end.
 *
 * Invariant: a page and the cursor behind it are kept in one transaction, so that whoever dies between two pages leaves
 * what was read and the place to read on from, and nobody reads the same thing into the hotline twice. One reads an
 * account at a time in a process; of two processes the slower finds the cursor moved and reads on from there.
 */
import { createHash } from 'node:crypto'
import { z } from 'zod'
import { WechatRefusal, type WechatApi } from '../api.ts'
import type { Db } from '../tables.ts'
import { kfAccountsStore, type KeptKfMessage, type NewKfMessage, type Reading } from './accounts.store.ts'
import { readKfItem } from './inbound.ts'
import { kfPerson } from './who.ts'

type Log = { warn(facts: object, message: string): void }
type Sealer = { seal(plain: string): string; open(sealed: string): string; lookupHash(identifier: string): Buffer }
type Parts = {
  db: Db
  api: Pick<WechatApi, 'call'>
  sealer: Sealer
  /** Works on what was kept; not waited for. */
  take: (kept: readonly KeptKfMessage[]) => void
  log: Log
  now: () => Date
}
export type KfPuller = ReturnType<typeof kfPuller>

/** An announcement's token is good for ten minutes; without one the platform soon says that it is asked too often. */
const tokenLastsMs = 9.5 * 60_000
const badToken = 95007
const mostAtOnce = 1_000
/** An account that was never read gives what was said these three days: somebody else has answered that. */
const freshMs = 10 * 60_000

const pageSchema = z.looseObject({
  next_cursor: z.string().max(200).default(''),
  has_more: z.number().default(0),
  msg_list: z.array(z.looseObject({ msgid: z.string(), send_time: z.number().default(0) })).default([]),
})
type Page = z.output<typeof pageSchema>

export function kfPuller({ db, api, sealer, take, log, now }: Parts) {
  const underWay = new Map<string, Promise<void>>()
  const accounts = kfAccountsStore(db)

  async function page(openKfid: string, { cursor, tokenSealed, tokenAt }: Reading): Promise<Page> {
    const isGood = tokenAt !== undefined && now().getTime() - tokenAt.getTime() < tokenLastsMs
    const asked = { ...(cursor !== undefined && { cursor }), limit: mostAtOnce, voice_format: 0, open_kfid: openKfid }
    const ask = (token: object) => api.call('/cgi-bin/kf/sync_msg', { ...asked, ...token })
    if (!isGood || tokenSealed === undefined) return pageSchema.parse(await ask({}))
    try {
      return pageSchema.parse(await ask({ token: sealer.open(tokenSealed) }))
    } catch (error) {
      if (!(error instanceof WechatRefusal) || error.code !== badToken) throw error
      return pageSchema.parse(await ask({}))
    }
  }

  function kept(openKfid: string, { msg_list }: Page, isFirst: boolean): NewKfMessage[] {
    const seen = new Set<string>()
    return msg_list.flatMap((raw): NewKfMessage[] => {
      const item = readKfItem(raw, openKfid)
      if (!item) log.warn({ openKfid }, 'a message of the customer service could not be read')
      const key = item?.key ?? `kf:${openKfid}:${raw.msgid}`
      if (seen.has(key)) return []
      seen.add(key)
      const person = item?.session && sealer.lookupHash(kfPerson(item.session.externalUserId))
      const isOld = isFirst && now().getTime() - raw.send_time * 1_000 > freshMs
      return [{ keyHash: keyHashOf(key), personHash: person, rawSealed: sealer.seal(JSON.stringify(raw)), isOld }]
    })
  }

  /** @returns whether there is more. */
  async function readPage(openKfid: string, reading: Reading): Promise<boolean> {
    const told = await page(openKfid, reading)
    const next = told.next_cursor || reading.cursor
    const messages = kept(openKfid, told, reading.cursor === undefined)
    const toWorkOn = await db.transaction().execute(async (tx) => {
      const store = kfAccountsStore(tx)
      if (next !== undefined && !(await store.move(openKfid, reading.cursor, next))) return undefined
      return store.keep(openKfid, messages, now())
    })
    // Somebody else has kept it: on from where they are.
    if (toWorkOn === undefined) return true
    take(toWorkOn)
    if (told.has_more === 1 && next === reading.cursor) {
      log.warn({ openKfid }, 'the platform has more and does not say where')
      return false
    }
    return told.has_more === 1
  }

  async function readToTheEnd(openKfid: string): Promise<void> {
    for (;;) {
      const began = await accounts.reading(openKfid)
      if (!began) return
      for (let at: Reading | undefined = began; at && (await readPage(openKfid, at)); )
        at = await accounts.reading(openKfid)
      await accounts.pulled(openKfid, began.calls)
      // Announced while the last page was on its way: it may be in it, or not.
      if ((await accounts.reading(openKfid))?.calls === began.calls) return
    }
  }

  function pull(openKfid: string): Promise<void> {
    const mine = underWay.get(openKfid) ?? readToTheEnd(openKfid).finally(() => void underWay.delete(openKfid))
    underWay.set(openKfid, mine)
    return mine
  }

  return {
    /** Kept before the platform is told so: whoever dies now is followed by somebody who reads. */
    async announced(openKfid: string, token: string): Promise<void> {
      await accounts.announced(openKfid, sealer.seal(token), now())
      void pull(openKfid).catch((error: unknown) => log.warn({ err: error, openKfid }, 'an account was not read'))
    },
    pull,
    /** What was announced and not read; at the start also whatever was announced while nobody was there to hear it. */
    async pullBehind(isFirst = false): Promise<void> {
      if (isFirst) await accounts.wake()
      for (const openKfid of await accounts.behind())
        await pull(openKfid).catch((error: unknown) => log.warn({ err: error, openKfid }, 'an account was not read'))
    },
    settled: async (): Promise<void> => void (await Promise.allSettled([...underWay.values()])),
  }
}

export const keyHashOf = (key: string): Buffer => createHash('sha256').update(key).digest()

/**
 * The outbox: whatever leaves the house is put in here within the transaction of the business that causes it, and is sent
 * afterwards, once in effect: a key that was used before puts nothing in, and each try carries the same key.
 *
 * `post` is for everybody; the rest is for whoever sends (server/outbox.ts).
 */
import { z } from 'zod'
import { outboxChannels, type OutboxChannel, type OutboxNarrowed } from '../contract/outbox.ts'
import { maskPhone } from './masking.ts'
import { outboxAgainStore } from './outbox-again.store.ts'
import { outboxOptOutsStore } from './outbox-opt-outs.store.ts'
import { ending, heldUntil, start, tryWithinMs, type Outcome, type QuietHours } from './outbox-rules.ts'
import { outboxStore, rowsAtOnce, type KeptMessage, type Recipient } from './outbox.store.ts'
import type { Sealer } from './sealer.ts'
import type { Db } from './tables.ts'

export type Keys = Sealer & { lookupHash(identifier: string): Buffer }
/** Has these messages sent at that time, or at once; joins the transaction. */
export type Wake = (tx: Db, messageIds: readonly string[], at?: Date) => Promise<void>

const otherwiseSchema = z.object({
  channel: z.enum(outboxChannels),
  to: z.string(),
  kind: z.string(),
  text: z.string(),
  key: z.string(),
  proactive: z.boolean().optional(),
})

export type Outgoing = {
  channel: OutboxChannel
  /** A mobile number, an e-mail address, a WeChat openid. */
  to: string
  /** One of outboxKindNames, or a new name there. */
  kind: string
  /** E-mail alone. */
  subject?: string
  text: string
  /** The same key is the same message, for ever: name the fact that is told, such as "gap:ID:CONTACT". */
  key: string
  /** Nobody asked for it: quiet hours and opting out count. */
  proactive?: boolean
  batchId?: string
  /**
   * Another way, for when this one finds none: put in by itself once this is a dead letter. Under the same key it takes the
   * place of this one, and only where this one cannot have arrived: one message, never both.
   */
  otherwise?: z.infer<typeof otherwiseSchema>
}

export type Outbox = ReturnType<typeof outbox>

export function outbox({ keys, wake, quiet }: { keys: Keys; wake: Wake; quiet: QuietHours | undefined }) {
  const recipient = (to: string): Recipient => ({ sealed: keys.seal(to), masked: maskRecipient(to), hash: hashOf(to) })
  const hashOf = (to: string) => recipientHash(keys, to)
  const hashesOf = (channel: OutboxChannel, to: string) => recipientHashes(keys, channel, to)

  async function postAll(tx: Db, all: readonly Outgoing[], now: Date, revives = false): Promise<number> {
    const messages = all.map(({ to, proactive = false, otherwise, ...message }) => ({
      ...{ ...message, proactive, to: recipient(to) },
      ...(otherwise && { otherwise: JSON.stringify(otherwise) }),
    }))
    // At night nobody is woken for what waits for the morning anyway.
    const until = quiet && all.every(({ proactive }) => proactive) ? heldUntil(quiet, now) : undefined
    const ids = await outboxStore(tx, keys).add(messages, now, { revives, at: until ?? now })
    if (ids.length > 0) await wake(tx, ids, until)
    return ids.length
  }

  /** The other way that was given: a message of its own, or under the same key the same one. */
  async function goOtherwise(
    tx: Db,
    { id, key }: Pick<Try, 'id' | 'key'>,
    otherwise: string,
    now: Date,
  ): Promise<void> {
    const { to, ...other } = otherwiseSchema.parse(JSON.parse(otherwise))
    if (other.key !== key) return void (await postAll(tx, [{ to, ...other }], now))
    await outboxStore(tx, keys).goOtherwise(id, other.channel, recipient(to), now)
    await wake(tx, [id])
  }

  return {
    recipient,
    hashOf,
    hashesOf,

    /** Whether this key would put nothing in. */
    has: (tx: Db, key: string): Promise<boolean> => outboxStore(tx, keys).has(key),
    /** Joins the caller's transaction. @returns whether the key is new. */
    post: async (tx: Db, message: Outgoing, now: Date): Promise<boolean> => (await postAll(tx, [message], now)) > 0,
    /** @param revives whether what never went out under its key goes now. @returns how many are to be sent. */
    postAll,

    /** @returns what is to be sent now, marked as under way; undefined when there is nothing to send. */
    async begin(tx: Db, id: string, driverOf: (channel: OutboxChannel) => string, now: Date): Promise<Try | undefined> {
      const store = outboxStore(tx, keys)
      const message = await store.lock(id)
      if (!message) return undefined
      const hashes = hashesOf(message.channel, message.to)
      const optedOut = message.proactive && (await outboxOptOutsStore(tx).hasAny(hashes))
      const next = start(message, optedOut, quiet, now)
      if (next.act === 'later') await wake(tx, [id], next.at)
      else if (next.act === 'opt_out') await store.leaveOut(id)
      else if (next.act === 'hold') {
        await store.hold(id, next.until)
        await wake(tx, [id], next.until)
      } else if (next.act === 'try') {
        const tries = message.tries + 1
        const until = new Date(now.getTime() + tryWithinMs)
        await store.trying(id, tries, driverOf(message.channel), until)
        return { ...message, tries }
      }
      return undefined
    },

    /**
     * All that did not go out and is narrowed down to this, some hundred a transaction.
     * @param note joins the first of them. @returns how many.
     */
    async againAll(
      db: Db,
      narrowed: OutboxNarrowed & { state: 'dead' | 'opted_out' },
      now: Date,
      note: (tx: Db) => Promise<void>,
    ): Promise<number> {
      // Each has its turn once, whatever becomes of it meanwhile.
      for (let sent = 0, after: string | undefined; ; ) {
        const ids = await db.transaction().execute(async (tx) => {
          const some = await outboxAgainStore(tx).againSome(narrowed, after, now)
          if (some.length > 0) await wake(tx, some)
          if (some.length > 0 && after === undefined) await note(tx)
          return some
        })
        sent += ids.length
        after = ids.at(-1)
        if (ids.length < rowsAtOnce) return sent
      }
    },

    /** What did not go out is sent anew. @returns false when it is none of these. */
    async again(tx: Db, id: string, now: Date): Promise<boolean> {
      const goesAgain = await outboxAgainStore(tx).again(id, now)
      if (goesAgain) await wake(tx, [id])
      return goesAgain
    },

    /**
     * What a service had taken did not arrive: it goes the other way that was given, once.
     * @returns the letter where nobody tries any more, in any way. @throws where its try has not ended yet: come again
     */
    async bounced(tx: Db, key: string, why: string, now: Date): Promise<KeptMessage | undefined> {
      const store = outboxStore(tx, keys)
      const letter = await store.lockKey(key)
      if (letter?.state === 'sending') throw new Error('a letter came back before its try had ended')
      if (letter?.state !== 'delivered') return undefined
      await store.bounce(letter.id, why)
      if (letter.otherwise === undefined) return letter
      await goOtherwise(tx, letter, letter.otherwise, now)
      return undefined
    },

    /**
     * What became of that try; the next one is arranged when there is to be one.
     * @returns whether nobody tries any more, in any way: a dead letter.
     */
    async end(tx: Db, { id, key, tries, otherwise }: Try, outcome: Outcome, now: Date): Promise<boolean> {
      const ended = ending(tries, outcome, now)
      if (!(await outboxStore(tx, keys).end(id, tries, ended, now))) return false
      if (ended.state === 'waiting') await wake(tx, [id], ended.nextTryAt)
      if (ended.state !== 'dead') return false
      if (!otherwise) return true
      const isSame = otherwiseSchema.parse(JSON.parse(otherwise)).key === key
      if (isSame && outcome.kind === 'refused' && outcome.mayHaveArrived) return true
      await goOtherwise(tx, { id, key }, otherwise, now)
      return false
    },
  }
}

export type Try = KeptMessage

/** By which all that went to one address is found. */
export const recipientHash = (keys: Pick<Keys, 'lookupHash'>, to: string): Buffer => keys.lookupHash(`outbox ${to}`)

/** And those under which a citizen of that address is known to us, by whom they may have opted out in a chat. */
export function recipientHashes(keys: Pick<Keys, 'lookupHash'>, channel: OutboxChannel, to: string): Buffer[] {
  const known = channel === 'sms' ? [`phone:${to}`] : channel === 'wechat' ? [to] : []
  return [recipientHash(keys, to), ...known.map((one) => keys.lookupHash(one))]
}

/** 138****8000, z***@example.gov.cn; of anything else only the ends. */
export function maskRecipient(to: string): string {
  const at = to.lastIndexOf('@')
  return at > 0 ? `${to.slice(0, 1)}***${to.slice(at)}` : maskPhone(to)
}

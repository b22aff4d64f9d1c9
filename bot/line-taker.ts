/**
 * Who takes a citizen that writes, by the hours that supervisors keep for the web and for WeChat: the same modes as for a
 * called number. The phone asks the same table by itself, before there is anything to say.
 *
 * Invariant: a person is promised only where one is at a desk; whatever the table says, the bot is there.
 */
import { takerOf, type Taker } from '../contract/line-mode.ts'
import { chatLineOf, type LineTable } from '../contract/phone-events.ts'
import { handoversStore } from '../desk/handovers.store.ts'
import type { Talk } from './open-lines.ts'
import { queuePace } from './queue-pace.ts'
import type { Db } from './tables.ts'

/** Read within the talk's transaction: nobody waits for a second connection while holding one. */
export type ChatLines = { table: (tx: Db, now: Date) => Promise<LineTable> }

/** Undefined where the channel has decided before. */
export async function lineTakerOf(lines: ChatLines, talk: Talk): Promise<Taker | undefined> {
  const { tx, now, conversation } = talk
  const line = chatLineOf(conversation.channel)
  if (!line) return undefined
  const table = await lines.table(tx, now)
  const alone = takerOf(table, line, now, { free: 0, longestWaitSeconds: 0 })
  // Whoever is free is only asked for where it decides.
  if (alone.mode !== 'overflow') return alone
  const { room } = await queuePace(tx, now)
  const since = (await handoversStore(tx).waitingList()).map(({ askedAt }) => askedAt.getTime())
  const longestWaitSeconds = since.length === 0 ? 0 : (now.getTime() - Math.min(...since)) / 1_000
  return takerOf(table, line, now, { free: room[conversation.channel], longestWaitSeconds })
}

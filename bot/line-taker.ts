/**
 * Who takes a citizen that writes, by the hours that supervisors keep for the web and for WeChat: the same modes as for a
 * called number. The phone asks the same table by itself, before there is anything to say.
 *
 * Invariant: a person is promised only where one is at a desk; whatever the table says, the bot is there.
 */
import { lineModeAt, takerOf, type Taker } from '../contract/line-mode.ts'
import { chatLineOf, type DeskNow, type LineTable } from '../contract/phone-events.ts'
import type { Talk } from './open-lines.ts'
import { deskNow } from './staffing.ts'
import type { Db } from './tables.ts'

/** Read within the talk's transaction: nobody waits for a second connection while holding one. */
export type ChatLines = { table: (tx: Db, now: Date) => Promise<LineTable> }

/** Undefined where the channel has decided before. */
export async function lineTakerOf(lines: ChatLines, talk: Talk): Promise<Taker | undefined> {
  const { tx, now, conversation } = talk
  const line = chatLineOf(conversation.channel)
  if (!line) return undefined
  const table = await lines.table(tx, now)
  const mode = lineModeAt(table, line, now)
  // The desk is only looked at where it decides.
  const asksDesk = mode === 'person-first' || mode === 'overflow'
  return takerOf(table, line, now, asksDesk ? await deskNow(tx, conversation.channel, now) : nobody)
}

const nobody: DeskNow = { takers: 0, free: 0, longestWaitSeconds: 0 }

/** Which words of a conversation WeChat took as a whole, and when: read from what became of each message. Writes nothing. */
import { sql } from 'kysely'
import type { Db } from './tables.ts'

export type SaidTurn = { conversationId: string; seq: number }
type Row = { conversation_id: string; seq: number; at: Date }

export function proofsStore(db: Db) {
  return {
    /** Of these turns those of which every message was sent, or taken on the spot. */
    async delivered(turns: readonly SaidTurn[]): Promise<(SaidTurn & { at: Date })[]> {
      if (turns.length === 0) return []
      const [ids, seqs] = [turns.map(({ conversationId }) => conversationId), turns.map(({ seq }) => seq)]
      const { rows } = await sql<Row>`
        select said.conversation_id, said.seq, max(d.at) as at
        from unnest(${ids}::uuid[], ${seqs}::integer[]) as said (conversation_id, seq)
        join wechat_delivery d
          on d.conversation_id = said.conversation_id and said.seq between d.from_seq and d.to_seq
        group by said.conversation_id, said.seq
        having bool_and(d.state in ('sent', 'passive'))`.execute(db)
      return rows.map(({ conversation_id: conversationId, seq, at }) => ({ conversationId, seq, at }))
    },
  }
}

/**
 * What must hold of the desk at every moment, read in one statement and so at one moment: nobody in two hands, nobody
 * forgotten, no seat over its room, every bad rating a case and every case with an owner and a deadline; and of the
 * conversation that was touched, that what was acknowledged is there once, under its number, without a gap.
 */
import type { Pool } from 'pg'
import type { Faults } from './faults.ts'
import type { Ledger } from './ledger.ts'

export type Standing = { live: number; waiting: number; withAgent: number }
type Row = Standing & {
  broken: { what: string; id: string }[]
  turns: [number, string | null][] | null
  lastSeq: number | null
}

const broken = `
  with part as (
    select conversation_id, count(*) as n, max(kind) as kind, max(staff_id::text) as staff
      from episode where ended_at is null and kind in ('bot', 'agent') group by 1),
  waits as (
    select conversation_id, count(*) as n from handover where claimed_at is null and left_at is null group by 1),
  held as (
    select agent_id, count(*) as n from conversation where state = 'agent' and channel = 'web' group by 1),
  now as (
    select c.id, c.state, c.agent_id, p.n as parts, p.kind, p.staff, coalesce(w.n, 0) as waits
      from conversation c
      left join part p on p.conversation_id = c.id
      left join waits w on w.conversation_id = c.id)
  select 'in two hands' as what, id from now where parts > 1
  union all
  select 'held, and not a part of the one who holds it', id from now
   where state = 'agent' and (agent_id is null or kind is distinct from 'agent' or staff is distinct from agent_id::text)
  union all
  select 'an agent where none belongs', id from now where state <> 'agent' and (agent_id is not null or kind = 'agent')
  union all
  select 'forgotten: waits, and stands in no queue', id from now where state = 'waiting' and waits <> 1
  union all
  select 'stands in the queue, and does not wait', id from now where state <> 'waiting' and waits <> 0
  union all
  select 'open, and nobody talks there', id from now where state = 'bot' and kind is distinct from 'bot'
  union all
  select 'closed with an open part', id from now where state = 'closed' and parts > 0
  union all
  select 'negative room', held.agent_id from held
    left join seat_capacity own on own.staff_id = held.agent_id
    join seat_capacity everybody on everybody.staff_id is null
   where held.n > coalesce(own.web, everybody.web)
  union all
  select 'asked of a colleague by somebody who has it not', c.id from transfer t join conversation c on c.id = t.conversation_id
   where t.state = 'asked' and (c.state <> 'agent' or c.agent_id <> t.from_staff_id)
  union all
  select 'asked of two colleagues', conversation_id from transfer where state = 'asked' group by 2 having count(*) > 1
  union all
  select 'a case without owner or deadline', f.id from case_file f left join staff s on s.id = f.owner_id
   where f.closed_at is null
     and (s.id is null or s.disabled_at is not null or f.due_on is null or f.first_contact_due_on is null
          or f.first_contact_due_on > f.due_on)
  union all
  select 'a bad rating without a case', r.id from rating r left join case_file f on f.rating_id = r.id
   where r.level <= 2 and f.id is null`

const look = `
  select (select coalesce(jsonb_agg(b), '[]') from (${broken}) b) as broken,
         (select count(*) from conversation where state <> 'closed') as live,
         (select count(*) from conversation where state = 'waiting') as waiting,
         (select count(*) from conversation where state = 'agent') as "withAgent",
         (select jsonb_agg(jsonb_build_array(seq, client_id) order by seq) from turn where conversation_id = $1) as turns,
         (select last_seq from conversation where id = $1) as "lastSeq"`

/** @returns looks once; to be called after every step. */
export function invariants({ pool, ledger, faults }: { pool: Pool; ledger: Ledger; faults: Faults }) {
  /** @param touched the conversation of the step. */
  return async (touched?: string): Promise<Standing> => {
    const due = touched ? [...ledger.of(touched)] : []
    const { rows } = await pool.query<Row>({ name: 'invariants', text: look, values: [touched ?? null] })
    const [row] = rows
    if (!row) throw new Error('a select without from gave no row')
    for (const { what, id } of row.broken) faults.add(what, id)
    const turns = row.turns ?? []
    if (touched) {
      if (turns.some(([seq], at) => seq !== at + 1) || turns.length !== (row.lastSeq ?? 0))
        faults.add('a gap in the numbers', touched, `${turns.length} turns, the last is ${row.lastSeq}`)
      for (const { seq, clientId } of due)
        if (turns[seq - 1]?.[1] !== clientId) faults.add('acknowledged and not there', touched, `${clientId} as ${seq}`)
    }
    const { live, waiting, withAgent } = row
    return { live, waiting, withAgent }
  }
}

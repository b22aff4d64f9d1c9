/** When all is quiet: what stands on every screen, against what the database holds. */
import type { Pool } from 'pg'
import { pause } from './pause.ts'
import type { Town } from './town.ts'

type Turn = { conversationId: string; seq: number; clientId: string | null; text: string; aboutRating: string | null }
const wallTries = 10
const queueTries = 20

export async function lookAtScreens(pool: Pool, { citizens, agents, notebook }: Town): Promise<void> {
  const { faults, ledger } = notebook
  const { rows } = await pool.query<Turn>(
    `select conversation_id as "conversationId", seq, client_id as "clientId", text, extras->>'aboutRating' as "aboutRating"
       from turn order by conversation_id, seq`,
  )
  // Who rates is not shown to the person rated: of what was said in a rating's dialog the desk has the number alone.
  const isRating = (id: string, seq: number) => kept.get(id)?.[seq]?.aboutRating === 'words'
  const kept = new Map<string, Turn[]>()
  for (const turn of rows) kept.set(turn.conversationId, [...(kept.get(turn.conversationId) ?? []), turn])
  for (const [id, turns] of kept)
    if (turns.some((turn, at) => turn.seq !== at + 1)) faults.add('a gap in the numbers', id)

  for (const id of ledger.conversations())
    for (const { seq, clientId } of ledger.of(id))
      if (kept.get(id)?.[seq - 1]?.clientId !== clientId) faults.add('acknowledged and not there', id, clientId)

  const owned = new Set<string>()
  for (const citizen of citizens) {
    const id = citizen.conversationId() ?? ''
    const turns = kept.get(id) ?? []
    const missing = turns.filter(({ seq, text }) => citizen.screen.turns.get(seq)?.text !== text)
    if (missing.length > 0) faults.add('not on the citizen’s screen', id, missing.map(({ seq }) => seq).join())
    if (citizen.screen.turns.size > turns.length) faults.add('on the citizen’s screen alone', id)
    owned.add(id)
  }
  for (const id of kept.keys()) if (!owned.has(id)) faults.add('a conversation of nobody', id)

  const { rows: held } = await pool.query<{ id: string; agentId: string }>(
    `select id, agent_id as "agentId" from conversation where state = 'agent'`,
  )
  for (const agent of agents.filter((one) => one.isThere())) {
    const mine = held.filter(({ agentId }) => agentId === agent.staffId).map(({ id }) => id)
    const shown = agent.queue().mine.map(({ conversationId }) => conversationId)
    if (mine.toSorted().join() !== shown.toSorted().join())
      faults.add('another list than the agent holds', agent.workNumber, `${shown.length} for ${mine.length}`)
    for (const id of mine) {
      const screen = agent.screens.get(id)?.turns
      if (!screen) faults.add('nothing on the agent’s screen', id)
      const since = Math.min(...(screen?.keys() ?? []))
      for (const { seq, clientId } of ledger.of(id)) {
        const shown = screen?.get(seq)
        const isRight = isRating(id, seq) ? shown && !shown.clientId : shown?.clientId === clientId
        if (seq >= since && !isRight)
          faults.add('not on the agent’s screen', id, `${seq} of ${clientId}: ${JSON.stringify(shown)}`)
      }
    }
  }
}

/** Where the queue gives, nobody waits beside a free seat. */
export async function lookAtQueue(pool: Pool, { agents, notebook }: Town): Promise<void> {
  const online = agents.filter((one) => one.isOnline()).map(({ staffId }) => staffId)
  let left: { waiting: number; free: number } | undefined
  for (let tries = 0; tries < queueTries; tries++) {
    const { rows } = await pool.query<{ waiting: number; free: number }>(
      `select (select count(*)::int from conversation where state = 'waiting') as waiting,
              (select count(*)::int from unnest($1::uuid[]) as agent (id)
                 left join seat_capacity own on own.staff_id = agent.id
                 join seat_capacity everybody on everybody.staff_id is null
                where coalesce(own.web, everybody.web) > (select count(*) from conversation c
                  where c.agent_id = agent.id and c.state = 'agent' and c.channel = 'web')) as free`,
      [online],
    )
    left = rows[0]
    if (!left?.waiting || !left.free) return
    await pause(500)
  }
  notebook.faults.add('waits beside a free seat', 'queue', `${left?.waiting} wait, ${left?.free} are free`)
}

/** The wall, once nobody does anything, tells what is. */
export async function lookAtWall(pool: Pool, { notebook }: Town): Promise<void> {
  let last = ''
  for (let tries = 0; tries < wallTries; tries++) {
    await pause(1_000)
    const { rows } = await pool.query<{ now: string }>(
      `select concat_ws(' ', (select count(*) from conversation where state = 'waiting'),
         (select count(*) from conversation where state = 'agent'), (select count(*) from conversation where state = 'bot'),
         (select count(*) from case_file where closed_at is null)) as now`,
    )
    const wall = notebook.wall()
    last = `${wall?.waiting} ${wall?.withAgent} ${wall?.withBot} ${wall?.casesOpen} for ${rows[0]?.now}`
    if (last.endsWith(` for ${last.split(' for ')[0]}`)) return
  }
  notebook.faults.add('the wall tells something else', 'wall', last)
}

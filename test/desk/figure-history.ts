/** A random history of a hotline, in memory and in the database: the same rows, so that both can be counted. */
import { randomUUID } from 'node:crypto'
import type pg from 'pg'
import { seeded } from '../support/seeded.ts'
import { aWording } from '../support/wording.ts'

export type History = ReturnType<typeof aHistory>
type Draw = (below: number) => number

const hourMs = 3_600_000
export const historyBegins = new Date('2026-11-01T00:00:00+08:00')
/** The hotline is looked at from here: some deadlines lie before, some after. */
export const lookedAt = new Date('2026-11-22T12:00:00+08:00')
const days = 21

const pick = <T>(draw: Draw, from: readonly T[]): T => {
  const one = from[draw(from.length)]
  if (one === undefined) throw new Error('picked from nothing')
  return one
}
const dayOf = (moment: Date) => new Date(moment.getTime() + 8 * hourMs).toISOString().slice(0, 10)
const dayLater = (day: string, count: number) =>
  new Date(Date.parse(day) + count * 24 * hourMs).toISOString().slice(0, 10)

export function aHistory(seed: number, conversations = 120) {
  const draw = seeded(seed)
  const maybe = <T>(oneIn: number, make: () => T): T | null => (draw(oneIn) === 0 ? make() : null)
  const moment = () => new Date(historyBegins.getTime() + draw(days * 24 * 3_600) * 1_000)
  const after = (from: Date, seconds: number) => new Date(from.getTime() + draw(seconds) * 1_000)

  const staff = ['9101', '9102', '9103'].map((work_number) => ({
    id: randomUUID(),
    name: `agent${work_number}`,
    display_name: `坐席${work_number}`,
    work_number,
    roles: ['agent'],
    created_at: historyBegins,
    failed_tries: 0,
  }))
  const contacts = Array.from({ length: 20 }, () => ({ id: randomUUID(), created_at: historyBegins }))
  const wording = aWording({ question: '新生儿怎么参保' })
  const entry = { id: 'made-for-figures', created_at: historyBegins }
  const revision = {
    id: randomUUID(),
    entry_id: entry.id,
    number: 1,
    state: 'published',
    origin: 'pack',
    wording,
    question: wording.question,
    topic: wording.topic,
    valid_from: wording.validFrom,
    created_at: historyBegins,
    published_at: historyBegins,
  }
  const window = {
    id: randomUUID(),
    code: randomUUID(),
    name: '三号窗口',
    made_at: historyBegins,
    made_by: pick(draw, staff).id,
  }

  const talks = Array.from({ length: conversations }, () => {
    const started_at = moment()
    const isClosed = draw(4) > 0
    return {
      id: randomUUID(),
      contact_id: pick(draw, contacts).id,
      channel: pick(draw, ['web', 'wechat', 'phone'] as const),
      state: isClosed ? 'closed' : 'bot',
      started_at,
      last_turn_at: started_at,
      closed_at: isClosed ? after(started_at, 7_200) : null,
      misses: 0,
      last_seq: 9,
    }
  })

  const turns = talks.flatMap((talk) => {
    const spoken = draw(5) > 0
    const said = spoken
      ? [{ seq: 1, speaker: 'customer', staff_id: null as string | null, said_at: talk.started_at }]
      : []
    return said.map((turn) => ({ conversation_id: talk.id, text: '怎么参保', extras: {}, ...turn }))
  })
  const questions = turns
    .filter(() => draw(4) > 0)
    .map((turn) => ({
      conversation_id: turn.conversation_id,
      seq: turn.seq,
      question: '怎么参保',
      ...pick(draw, [
        { outcome: 'answer', revision_id: revision.id },
        { outcome: 'ask-back', revision_id: null },
        { outcome: 'unknown', revision_id: null },
      ]),
      score: 0.5,
      solved: pick(draw, [true, false, null]),
      served_at: turn.said_at,
    }))

  const waits = talks.flatMap((talk) => {
    if (draw(2) === 0) return []
    const asked_at = after(talk.started_at, 600)
    const fate = draw(3)
    return [
      {
        id: randomUUID(),
        conversation_id: talk.id,
        reason: pick(draw, ['asked', 'bot_stuck', 'urgent', 'transfer'] as const),
        priority: 5,
        asked_at,
        claimed_by: fate === 0 ? pick(draw, staff).id : null,
        claimed_at: fate === 0 ? after(asked_at, 300) : null,
        left_at: fate === 1 ? after(asked_at, 400) : null,
        flags: [],
        assigned: false,
        escalated: 0,
      },
    ]
  })
  for (const wait of waits)
    if (wait.claimed_at && draw(4) > 0)
      turns.push({
        conversation_id: wait.conversation_id,
        seq: 2,
        speaker: 'agent',
        staff_id: wait.claimed_by,
        text: '您好',
        extras: {},
        said_at: after(wait.claimed_at, 200),
      })

  const parts = talks.flatMap((talk) => {
    const made = []
    let from = talk.started_at
    for (let left = 1 + draw(3); left > 0; left--) {
      const kind = pick(draw, ['bot', 'agent'] as const)
      const isOpen = left === 1 && draw(3) === 0
      const ended_at = isOpen ? null : after(from, 1_800)
      made.push({
        id: randomUUID(),
        conversation_id: talk.id,
        kind: kind as 'bot' | 'agent' | 'window',
        staff_id: kind === 'agent' ? pick(draw, staff).id : null,
        started_at: from,
        ended_at,
        ended_by: isOpen
          ? null
          : pick(draw, ['goodbye', 'citizen', 'silence', 'agent', 'handover', 'transfer'] as const),
      })
      if (ended_at) from = draw(2) === 0 ? ended_at : after(ended_at, 3_600)
    }
    return made
  })
  for (const part of parts) if (part.kind === 'bot' && part.ended_at && draw(12) === 0) part.kind = 'window'

  const summaries = parts.flatMap((part) => {
    if (part.kind !== 'agent' || !part.staff_id || !part.ended_at || draw(3) === 0) return []
    const all = ['政策咨询', '办事指引', '其他']
    return [
      {
        episode_id: part.id,
        conversation_id: part.conversation_id,
        staff_id: part.staff_id,
        after_seq: 1,
        text: '小结',
        tags: all.slice(draw(2), 2 + draw(2)),
        solved: draw(2) === 0,
        written_at: part.ended_at,
      },
    ]
  })

  const ratings = parts.flatMap((part) => {
    if (!part.ended_at || draw(3) === 0) return []
    const level = maybe(2, () => pick(draw, [1, 2, 3, 4, 5] as const))
    return [
      {
        id: randomUUID(),
        episode_id: part.id,
        conversation_id: part.conversation_id,
        asked_at: part.ended_at,
        closes_at: new Date(part.ended_at.getTime() + 7 * 24 * hourMs),
        level,
        reasons: [],
        reasons_version: level === null ? null : 1,
        given_at: level === null ? null : after(part.ended_at, 100_000),
        excluded: level !== null && draw(8) === 0,
        window_id: part.kind === 'window' ? window.id : null,
      },
    ]
  })

  const cases = ratings
    .filter((rating) => rating.level !== null && rating.level <= 2)
    .map((rating, at) => {
      const opened_at = rating.given_at ?? rating.asked_at
      const day = dayOf(opened_at)
      const state = pick(draw, ['to_verify', 'contacted', 'closed', 'closed', 'excluded'] as const)
      const isOver = state === 'closed' || state === 'excluded'
      return {
        id: randomUUID(),
        number: `ZG-${at}`,
        kind: 'bad_rating',
        state,
        conversation_id: rating.conversation_id,
        rating_id: rating.id,
        owner_id: pick(draw, staff).id,
        text: '不满意',
        opened_at,
        first_contact_due_on: dayLater(day, 1),
        contact_from: day,
        contact_days: 1,
        due_on: dayLater(day, 5),
        source: 'own',
        extended: 0,
        counted_from: day,
        counted_days: 5,
        provisional: false,
        reopened: 0,
        closed_at: isOver ? after(opened_at, 8 * 24 * 3_600) : null,
        contact_masked: at % 3 === 0 ? null : '138****8000',
      }
    })
  const events = cases.flatMap((file) => {
    const made: { at: Date; by_whom: string; kind: string; to_state: string; data: object; staff_id: string | null }[] =
      []
    const officer = { by_whom: 'officer', staff_id: file.owner_id, kind: 'moved' }
    if (file.state !== 'to_verify')
      made.push({ ...officer, at: after(file.opened_at, 3 * 24 * 3_600), to_state: 'contacted', data: {} })
    if (draw(2) === 0)
      made.push({
        ...officer,
        at: after(file.opened_at, 9 * 24 * 3_600),
        to_state: 'followed_up',
        data: { followUp: 'satisfied' },
      })
    if (draw(3) === 0)
      made.push({
        at: after(file.opened_at, 9 * 24 * 3_600),
        by_whom: 'citizen',
        staff_id: null,
        kind: 're-rated',
        to_state: 'followed_up',
        data: { level: pick(draw, [1, 2, 3, 4, 5] as const) },
      })
    return made.map((event, at) => ({ case_id: file.id, seq: at + 1, note: '记录', ...event }))
  })

  const callbacks = talks
    .filter(() => draw(9) === 0)
    .map((talk) => ({
      id: randomUUID(),
      conversation_id: talk.id,
      phone_sealed: 'x',
      phone_masked: '138****0000',
      asked_at: talk.started_at,
      due_at: talk.started_at,
      state: 'waiting',
      priority: 0,
    }))

  const missed = talks
    .filter(() => draw(8) === 0)
    .map((talk) => ({ conversation_id: talk.id, at: talk.started_at, reason: 'asked' }))

  const calls = Array.from({ length: 80 }, () => {
    const offered_at = moment()
    const picked_up_at = draw(5) === 0 ? null : after(offered_at, 25)
    return {
      id: randomUUID(),
      node: 'phone-1',
      sip_call_id: randomUUID(),
      line: pick(draw, ['12393', '12393', 'callback']),
      offered_at,
      picked_up_at,
      ended_at: after(offered_at, 600),
      ended_by: picked_up_at ? 'caller' : 'cancelled',
    }
  })

  const tables = {
    staff,
    contact: contacts,
    entry: [entry],
    revision: [revision],
    service_window: [window],
    conversation: talks,
    turn: turns,
    served_answer: questions,
    handover: waits,
    episode: parts,
    summary: summaries,
    rating: ratings,
    case_file: cases,
    case_event: events,
    callback: callbacks,
    person_missed: missed,
    call: calls,
  }
  return { ...tables, window }
}

/** In the order in which the tables point at each other. */
const order = [
  'staff',
  'contact',
  'entry',
  'revision',
  'service_window',
  'conversation',
  'turn',
  'served_answer',
  'handover',
  'episode',
  'summary',
  'rating',
  'case_file',
  'case_event',
  'callback',
  'person_missed',
  'call',
] as const

export async function keepHistory(pool: pg.Pool, history: History): Promise<void> {
  for (const table of order) {
    const rows: readonly object[] = history[table]
    const columns = [...new Set(rows.flatMap((row) => Object.keys(row)))].join(', ')
    if (rows.length > 0)
      await pool.query(
        `insert into ${table} (${columns}) select ${columns} from jsonb_populate_recordset(null::${table}, $1)`,
        [JSON.stringify(rows)],
      )
  }
}

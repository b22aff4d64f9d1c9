/** Every figure beside a plain count of the same rows, written a second time on purpose. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { figureIds, figures, splits, type FigureId, type FigureView } from '../../contract/figure.ts'
import { figuresStore, type FiguresStore, type Stretch } from '../../desk/figures.store.ts'
import { shownRow } from '../../desk/figure-rows.ts'
import { aDatabase, type TestDatabase } from '../support/postgres.ts'
import { aHistory, historyBegins, keepHistory, lookedAt, type History } from './figure-history.ts'

const seed = 20_261_122
const limits = { pickupSeconds: 15, replySeconds: 180, leastCalls: 5, targets: {} }
const given = { ...limits, now: lookedAt }
const history = aHistory(seed)
let database: TestDatabase
let store: FiguresStore
beforeAll(async () => {
  database = await aDatabase()
  await keepHistory(database.pool, history)
  store = figuresStore(database.db)
})
afterAll(() => database.drop())

const day = (moment: Date | null) => moment && new Date(moment.getTime() + 8 * 3_600_000).toISOString().slice(0, 10)
const midnight = (of: string) => new Date(`${of}T00:00:00+08:00`)
const secondsBetween = (from: Date, to: Date) => (to.getTime() - from.getTime()) / 1_000
const today = day(lookedAt) ?? ''

type Fact = {
  at: Date
  channel: string
  agent?: string | null
  level?: number | null
  unit?: string
  tag?: string
  claim?: boolean
  seconds?: number
}

/** Of each figure the rows that count, by walking through what was made. */
function factsOf(id: FigureId, h: History): Fact[] {
  const talkOf = (conversationId: string) =>
    h.conversation.find((talk) => talk.id === conversationId) ?? expect.unreachable('no such conversation')
  const calls = h.call
    .filter((call) => call.line !== 'callback')
    .map((call) => ({ ...call, at: call.offered_at, channel: 'phone' }))
  const talks = h.conversation
    .map((talk) => {
      const waits = h.handover.filter((wait) => wait.conversation_id === talk.id)
      const parts = h.episode.filter((part) => part.conversation_id === talk.id && part.kind !== 'window')
      const over = parts.filter(
        (part) => part.ended_at && ['goodbye', 'citizen', 'silence', 'agent'].includes(part.ended_by ?? ''),
      )
      return {
        ...talk,
        at: talk.started_at,
        waits,
        wanted: waits.some((wait) => wait.reason !== 'transfer'),
        wantedPerson: waits.length > 0 || h.person_missed.some((one) => one.conversation_id === talk.id),
        missed:
          waits.some((wait) => wait.reason !== 'transfer' && !wait.claimed_at && wait.left_at) ||
          h.person_missed.some((one) => one.conversation_id === talk.id),
        agents: new Set(parts.filter((part) => part.kind === 'agent').map((part) => part.staff_id)).size,
        calledBack: h.callback.some((callback) => callback.conversation_id === talk.id),
        leftOpen: h.summary.some((one) => one.conversation_id === talk.id && !one.solved),
        hasCase: h.case_file.some((file) => file.conversation_id === talk.id),
        wasOver: over.length > 0,
        reopened: over.some((part) => parts.some((later) => part.ended_at && later.started_at > part.ended_at)),
        spoke: h.turn.some((turn) => turn.conversation_id === talk.id && turn.speaker === 'customer'),
      }
    })
    .filter((talk) => talk.spoke || talk.wantedPerson)
  const closed = talks.filter((talk) => talk.state === 'closed')
  const questions = h.served_answer.map((one) => ({
    ...one,
    at: one.served_at,
    channel: talkOf(one.conversation_id).channel,
  }))
  const waits = h.handover.map((wait) => {
    const said = h.turn.filter((turn) => turn.conversation_id === wait.conversation_id && turn.speaker === 'agent')
    const replies = said
      .filter((turn) => wait.claimed_at && turn.said_at >= wait.claimed_at)
      .map((turn) => turn.said_at.getTime())
    const replied = replies.length > 0 ? (Math.min(...replies) - wait.asked_at.getTime()) / 1_000 : undefined
    return {
      ...wait,
      at: wait.asked_at,
      channel: talkOf(wait.conversation_id).channel,
      agent: wait.claimed_by,
      replied,
    }
  })
  const parts = h.episode
    .filter((part) => part.kind === 'agent')
    .map((part) => ({
      ...part,
      at: part.started_at,
      channel: talkOf(part.conversation_id).channel,
      agent: part.staff_id,
    }))
  const asked = h.rating.map((rating) => {
    const part = h.episode.find((one) => one.id === rating.episode_id) ?? expect.unreachable('no such part')
    const channel = part.kind === 'window' ? 'window' : talkOf(rating.conversation_id).channel
    return { ...rating, at: rating.asked_at, channel, unit: part.kind, agent: part.staff_id }
  })
  const rated = asked.flatMap((rating) =>
    rating.given_at && !rating.excluded ? [{ ...rating, at: rating.given_at }] : [],
  )
  const level = (least: number, most = 5) =>
    rated.map((one) => ({ ...one, claim: (one.level ?? 0) >= least && (one.level ?? 9) <= most }))
  const cases = h.case_file.map((file) => {
    const rating = asked.find((one) => one.id === file.rating_id) ?? expect.unreachable('no rating')
    const events = h.case_event.filter((event) => event.case_id === file.id)
    const contacts = events.filter((event) => event.to_state === 'contacted').map((event) => event.at.getTime())
    return {
      ...file,
      channel: rating.channel,
      closedOn: day(file.closed_at),
      contactedOn: contacts.length > 0 ? day(new Date(Math.min(...contacts))) : null,
      followedUp: events.some((event) => 'followUp' in event.data || 'level' in event.data),
    }
  })
  const live = cases.filter((file) => file.state !== 'excluded')
  const settled = live.filter((file) => file.closedOn || file.due_on < today)

  const all: Record<FigureId, () => Fact[]> = {
    calls: () => calls,
    'answered-share': () => calls.map((call) => ({ ...call, claim: call.picked_up_at !== null })),
    'worst-answered-share': () => all['answered-share'](),
    'pickup-share': () =>
      calls.map((call) => ({
        ...call,
        claim: call.picked_up_at !== null && secondsBetween(call.at, call.picked_up_at) <= 15,
      })),
    conversations: () => talks,
    'bot-share': () => closed.map((talk) => ({ ...talk, claim: !talk.wantedPerson && !talk.calledBack })),
    'handover-share': () => talks.map((talk) => ({ ...talk, claim: talk.wanted })),
    'reopened-share': () => talks.filter((talk) => talk.wasOver).map((talk) => ({ ...talk, claim: talk.reopened })),
    'one-touch-share': () =>
      closed.map((talk) => ({
        ...talk,
        claim:
          !talk.reopened && talk.agents <= 1 && !talk.missed && !talk.calledBack && !talk.hasCase && !talk.leftOpen,
      })),
    questions: () => questions,
    'answer-share': () => questions.map((one) => ({ ...one, claim: one.outcome === 'answer' })),
    'solved-share': () =>
      questions.filter((one) => one.solved !== null).map((one) => ({ ...one, claim: one.solved === true })),
    waits: () => waits,
    'wait-seconds': () =>
      waits.flatMap((wait) =>
        wait.claimed_at ? [{ ...wait, seconds: secondsBetween(wait.at, wait.claimed_at) }] : [],
      ),
    'reply-share': () =>
      waits
        .filter((wait) => wait.channel !== 'phone')
        .filter((wait) => wait.left_at === null || secondsBetween(wait.at, wait.left_at) > 180)
        .map((wait) => ({ ...wait, claim: wait.replied !== undefined && wait.replied <= 180 }))
        .filter((wait) => wait.claim || secondsBetween(wait.at, lookedAt) > 180),
    'left-share': () =>
      waits
        .filter((wait) => wait.claimed_at ?? wait.left_at)
        .map((wait) => ({ ...wait, claim: wait.left_at !== null })),
    'agent-parts': () => parts,
    'handling-seconds': () =>
      parts.flatMap((part) => (part.ended_at ? [{ ...part, seconds: secondsBetween(part.at, part.ended_at) }] : [])),
    tagged: () =>
      h.summary.flatMap((one) => {
        const { channel } = talkOf(one.conversation_id)
        return one.tags.map((tag) => ({ at: one.written_at, channel, agent: one.staff_id, tag }))
      }),
    ratings: () => rated,
    'satisfied-share': () => level(3),
    'very-satisfied-share': () => level(5),
    'bad-share': () => level(1, 2),
    'rated-share': () => asked.map((one) => ({ ...one, claim: one.given_at !== null })),
    cases: () => cases.map((file) => ({ ...file, at: file.opened_at })),
    'contact-share': () =>
      live
        .filter((file) => file.contactedOn ?? file.first_contact_due_on < today)
        .map((file) => ({
          at: midnight(file.first_contact_due_on),
          channel: file.channel,
          claim: Boolean(file.contactedOn && file.contactedOn <= file.first_contact_due_on),
        })),
    'on-time-share': () =>
      settled.map((file) => ({
        at: midnight(file.due_on),
        channel: file.channel,
        claim: Boolean(file.closedOn && file.closedOn <= file.due_on),
      })),
    'follow-up-share': () =>
      settled.map((file) => ({ at: file.opened_at, channel: file.channel, claim: file.followedUp })),
    'named-follow-up-share': () =>
      settled
        .filter((file) => file.kind === 'bad_rating' && file.contact_masked !== null)
        .map((file) => ({ at: file.opened_at, channel: file.channel, claim: file.followedUp })),
    'fixed-share': () =>
      h.case_event.flatMap((event) => {
        const file = cases.find((one) => one.id === event.case_id)
        if (!file || !('level' in event.data) || typeof event.data.level !== 'number') return []
        return [{ at: event.at, channel: file.channel, level: event.data.level, claim: event.data.level >= 3 }]
      }),
  }
  return all[id]()
}

function counted(id: FigureId, facts: readonly Fact[]): FigureView {
  const whole = facts.length
  const { unit } = figures[id]
  if (unit === 'seconds') {
    const sum = facts.reduce((total, fact) => total + (fact.seconds ?? 0), 0)
    return { id, whole, part: whole, value: whole > 0 ? sum / whole : null }
  }
  if (unit === 'count') return { id, whole, part: whole, value: whole }
  const part = facts.filter((fact) => fact.claim).length
  return { id, whole, part, value: whole > 0 ? part / whole : null }
}
const within = (facts: readonly Fact[], { from, to, channel }: Stretch) =>
  facts.filter((fact) => fact.at >= from && fact.at < to && (!channel || fact.channel === channel))

/** Every set of neighbours that some run of 24 hours holds and no other row beside them; of these the worst. */
function worstOf(facts: readonly Fact[], stretch: Stretch): Fact[] {
  const dayMs = 86_400_000
  const to = Math.min(stretch.to.getTime(), lookedAt.getTime())
  const from = Math.min(stretch.from.getTime(), to - dayMs)
  const sorted = within(facts, { ...stretch, from: new Date(from), to: new Date(to) })
  sorted.sort((one, other) => one.at.getTime() - other.at.getTime())
  const at = (n: number) => sorted[n]?.at.getTime()
  const sets = sorted.flatMap((first, begin) =>
    sorted.slice(begin).flatMap((last, more) => {
      const end = begin + more
      const earliest = Math.max(from, (at(begin - 1) ?? -Infinity) + 1, last.at.getTime() - dayMs + 1)
      const latest = Math.min(to - dayMs, first.at.getTime(), (at(end + 1) ?? Infinity) - dayMs)
      return earliest <= latest && more + 1 >= limits.leastCalls ? [sorted.slice(begin, end + 1)] : []
    }),
  )
  const share = (set: Fact[]) => set.filter((fact) => fact.claim).length / set.length
  return sets.sort((one, other) => share(one) - share(other) || other.length - one.length)[0] ?? []
}
const factsIn = (id: FigureId, stretch: Stretch) =>
  figures[id].isWorstDay ? worstOf(factsOf(id, history), stretch) : within(factsOf(id, history), stretch)
const close = (view: FigureView): object => ({
  ...view,
  value: view.value === null ? null : (expect.closeTo(view.value, 6) as unknown),
})

const stretches: Record<string, Stretch> = {
  'the whole history': { from: historyBegins, to: midnight('2026-12-01') },
  'one week': { from: midnight('2026-11-09'), to: midnight('2026-11-16') },
  'the last 24 hours': { from: new Date(lookedAt.getTime() - 86_400_000), to: lookedAt },
  'one channel': { from: historyBegins, to: midnight('2026-12-01'), channel: 'web' },
  'the window': { from: historyBegins, to: midnight('2026-12-01'), channel: 'window' },
  'a time before anything': { from: midnight('2020-01-01'), to: midnight('2020-01-08') },
}

describe.each(Object.entries(stretches))('over %s', (_name, stretch) => {
  it.each(figureIds)('%s is what a plain count finds', async (id) => {
    const { within: _, ...view } = await store.count(id, stretch, given)
    expect(view).toEqual(close(counted(id, factsIn(id, stretch))))
  })
})

it('is tried on a history in which every figure has something to count', async () => {
  const whole = await store.all(stretches['the whole history'] ?? expect.unreachable('no stretch'), given)
  expect(whole.filter((view) => view.whole < 5).map((view) => view.id)).toEqual([])
  const shares = whole.filter(({ id }) => figures[id].unit === 'share')
  expect(shares.filter(({ part, whole: of }) => part === 0 || part === of).map(({ id }) => id)).toEqual([])
})

describe.each(figureIds)('the rows behind %s', (id) => {
  const stretch = stretches['one channel'] ?? expect.unreachable('no stretch')
  const page = { limit: 1_000, offset: 0 }

  it('are as many as the figure counts, of which as many meet the claim', async () => {
    const { figure, rows, total, of } = await store.rows(id, stretch, given, page)
    expect(figure).toEqual(await store.count(id, stretch, given))
    expect({ rows: rows.length, total }).toEqual({ rows: figure.whole, total: figure.whole })
    if (figures[id].unit === 'share') expect(rows.filter((row) => row.claimed)).toHaveLength(figure.part)
    const viewerId = '00000000-0000-4000-8000-000000000000'
    for (const [place, row] of rows.entries())
      expect(shownRow(of, row, { figure: id, place, viewerId }).cells.every((cell) => typeof cell === 'string')).toBe(
        true,
      )
    expect(new Set(rows.map((row) => row.key)).size).toBe(rows.length)
  })

  it('can be read claim by claim and page by page', async () => {
    if (figures[id].unit !== 'share') return expect(figures[id].unit).not.toBe('share')
    const { figure } = await store.rows(id, stretch, given, page)
    const met = await store.rows(id, stretch, given, { ...page, counted: true })
    const missed = await store.rows(id, stretch, given, { ...page, counted: false, limit: 2 })
    expect([met.total, missed.total]).toEqual([figure.part, figure.whole - figure.part])
    expect(missed.rows).toHaveLength(Math.min(2, missed.total))
    expect(met.figure).toEqual(figure)
  })
})

describe.each(splits)('split by %s', (by) => {
  const stretch = stretches['the whole history'] ?? expect.unreachable('no stretch')
  const keyOf = (fact: Fact): string | undefined | null =>
    ({
      day: day(fact.at),
      channel: fact.channel,
      unit: fact.unit,
      level: fact.level === undefined || fact.level === null ? undefined : String(fact.level),
      agent: fact.agent,
      window: fact.unit === 'window' ? history.window.id : undefined,
      tag: fact.tag,
    })[by]

  it('gives every key what a plain count of its rows finds', async () => {
    const found = await store.split(by, stretch, given)
    expect(found.length).toBeGreaterThan(0)
    for (const id of new Set(found.map(({ figure }) => figure.id))) {
      const facts = within(factsOf(id, history), stretch)
      const keys = [...new Set(facts.flatMap((fact) => keyOf(fact) ?? []))].sort()
      expect(found.filter(({ figure }) => figure.id === id)).toEqual(
        keys.map((key) => ({
          key,
          figure: close(
            counted(
              id,
              facts.filter((fact) => keyOf(fact) === key),
            ),
          ),
        })),
      )
    }
  })

  it('counts of the rows of a part alone what the split says', async () => {
    for (const { key, figure } of await store.split(by, stretch, given)) {
      if (by === 'day') continue
      const part = by === 'level' ? { level: Number(key) } : { [by]: key }
      const ofChannel = by === 'channel' ? { ...stretch, channel: key } : stretch
      const narrowed = by === 'channel' ? {} : part
      expect(await store.count(figure.id, ofChannel, given, narrowed)).toEqual(figure)
    }
  })
})

it('opens behind the worst 24 hours the calls of these 24 hours, which lie in the stretch and not ahead of now', async () => {
  const stretch = stretches['the whole history'] ?? expect.unreachable('no stretch')
  const { figure, rows } = await store.rows('worst-answered-share', stretch, given, { limit: 1_000, offset: 0 })
  const { from, to } = figure.within ?? expect.unreachable('no worst day')
  expect(Date.parse(to) - Date.parse(from)).toBe(86_400_000)
  expect(Date.parse(to)).toBeLessThanOrEqual(lookedAt.getTime())
  expect(Date.parse(from)).toBeGreaterThanOrEqual(historyBegins.getTime())
  const calls = within(factsOf('calls', history), { from: new Date(from), to: new Date(to) })
  expect(rows.map((row) => row.at.getTime()).sort()).toEqual(calls.map(({ at }) => at.getTime()).sort())
  expect(figure.value).toBeLessThan((await store.count('answered-share', stretch, given)).value ?? 0)
})

it('shows of a rating neither the conversation nor the time of day', async () => {
  const stretch = stretches['the whole history'] ?? expect.unreachable('no stretch')
  for (const id of ['ratings', 'rated-share'] as const) {
    const { rows, of } = await store.rows(id, stretch, given, { limit: 1_000, offset: 0 })
    const shown = JSON.stringify(rows.map((row, place) => shownRow(of, row, { figure: id, place, viewerId: '' })))
    expect(shown).not.toMatch(/\d\d:\d\d/)
    for (const rating of history.rating) expect(shown).not.toContain(rating.conversation_id)
  }
})

/**
 * Calls that end in every way there is, in the order that a seed gives, against a whole phone and server in this
 * process; and what must be as it was before when the last of them is over.
 */
import { isDeepStrictEqual } from 'node:util'
import { expect } from 'vitest'
import type { CallEnd } from '../../contract/phone-events.ts'
import { phone, type Phone } from '../../telephony/phone.ts'
import { readPhoneSettings } from '../../telephony/settings.ts'
import { systemClock, type Clock } from '../../telephony/sip/clock.ts'
import type { TestHotline } from '../support/hotline.ts'
import { aCaller, phoneToken, quietLog, speechOf } from '../support/phone-peers.ts'
import { seeded } from '../support/seeded.ts'
import { until } from '../support/socket-clients.ts'
import { aRawCaller } from './raw-caller.ts'
import { pause, ways, within, type Told, type ToldEnd } from './ways-to-end.ts'
import { aWillingAgent, type Deed } from './willing-agents.ts'

type WayName = keyof typeof ways
type Rung = Told & { way: WayName }

const host = '127.0.0.1'
const timings = { t1: 50, t2: 200, t4: 250 }
/** Later than an ACK is waited for (64 T1), or it would be the silence that ends such a call. */
const silentAfterMs = 5_000
const hurried = (fromMs: number): Clock => ({
  now: () => systemClock.now(),
  after: (ms, run) => systemClock.after(ms > fromMs ? ms / 40 : ms, run),
})
/** A session of a minute and a half ends before the silence does; nobody rings so long that it would be noticed. */
const phonesClock = hurried(5_000)
/** Who refreshes sessions that are in a hurry. Nothing else of a caller's takes so long. */
const callersClock = hurried(300_000)
const names = Object.keys(ways) as WayName[]

async function aHurriedPhone(url: string, folder: string, env: NodeJS.ProcessEnv): Promise<Phone & { uri: string }> {
  const shared = { SIP_PORT: '0', SIP_HOST: host, RTP_PORTS: '0', HOTLINE_URL: url, PHONE_TOKEN: phoneToken }
  const read = readPhoneSettings({ ...shared, ...env })
  if ('refused' in read) throw new Error(read.refused.join())
  const { settings } = read
  const made = await phone({
    ...{ settings, speech: speechOf(folder), log: quietLog, timings, silentAfterMs },
    sipClock: phonesClock,
  })
  return { ...made, uri: `sip:hotline@${host}:${made.sipPort()}` }
}

type Order = {
  hotline: TestHotline
  folder: string
  calls: number
  atOnce: number
  seed: number
}

/** Runs the calls, then looks whether anything of them is left. @returns how many ended how, for who reads the log. */
export async function endInEveryWay({ hotline, folder, calls, atOnce, seed }: Order): Promise<Record<string, number>> {
  const draw = seeded(seed)
  const main = await aHurriedPhone(hotline.url, folder, { PHONE_NODE: 'main', MAX_CALLS: '1000' })
  const lonely = await aHurriedPhone('http://127.0.0.1:9', folder, {})
  await until(() => main.isLinked(), 'the link')
  const deeds: Deed[] = []
  const agents = await Promise.all(Array.from({ length: 3 }, () => aWillingAgent(hotline, draw, deeds)))
  const raw = await aRawCaller(main.sipPort() ?? 0)
  const callers = await Promise.all(
    Array.from({ length: atOnce }, (_, at) => aCaller(`139${String(at).padStart(8, '0')}`, callersClock)),
  )
  const held = () => [main.held(), lonely.held()]
  const heldBefore = held()
  const openBefore = openNow()

  const rung: Rung[] = []
  const broken: unknown[] = []
  let left = calls
  for (const agent of agents) agent.begin()
  await Promise.all(
    callers.map(async (caller) => {
      while (left > 0) {
        left--
        const way = names[draw(names.length)] ?? 'the caller says goodbye'
        try {
          rung.push({ way, ...(await ways[way]({ caller, raw, uri: main.uri, lonelyUri: lonely.uri, draw })) })
        } catch (error) {
          broken.push([way, error])
        }
        if (rung.length % 1_000 === 0) console.log(`${rung.length} calls have ended`)
      }
    }),
  )
  await Promise.all(agents.map((agent) => agent.rest()))
  await within(60_000, () => isDeepStrictEqual(held(), heldBefore), 'everything given back').catch(() => undefined)
  const heldAfter = held()
  // Connections to the database and to the server's pages stay a while for who may come.
  await within(60_000, () => more(openNow(), openBefore).length === 0, 'all closed').catch(() => undefined)
  const openAfter = more(openNow(), openBefore)

  await Promise.all(agents.map((agent) => agent.leave()))
  await Promise.all(callers.map((caller) => caller.close()))
  await raw.close()
  await Promise.all([main.stop(5_000), lonely.stop(5_000)])
  const bugs = callers.flatMap((caller) => caller.bugs)
  const kept = await keptAfterAll(hotline)
  const { tally, faults } = await recordOf(hotline, rung, deeds)
  console.log(tally)
  expect({ broken, heldAfter, openAfter, bugs, kept, faults }).toEqual({
    ...{ broken: [], heldAfter: heldBefore, openAfter: [], bugs: [], faults: [] },
    kept: { callsUnended: 0, conversationsOpen: 0, queued: 0 },
  })
  return tally
}

/** Timers, sockets and whatever else keeps this process alive, by kind. */
function openNow(): Map<string, number> {
  const counts = new Map<string, number>()
  for (const kind of process.getActiveResourcesInfo()) counts.set(kind, (counts.get(kind) ?? 0) + 1)
  return counts
}
const more = (now: Map<string, number>, before: Map<string, number>) =>
  [...now].filter(([kind, count]) => count > (before.get(kind) ?? 0))

/** No call without its end, and no conversation or queue place of a call that is over. */
async function keptAfterAll({ database }: TestHotline) {
  const count = async (sql: string) => (await database.pool.query<{ n: number }>(sql)).rows[0]?.n
  const left = async () => ({
    callsUnended: await count('select count(*)::int n from call where ended_at is null'),
    conversationsOpen: await count("select count(*)::int n from conversation where state <> 'closed'"),
    queued: await count('select count(*)::int n from handover where claimed_at is null and left_at is null'),
  })
  const isSome = (what: object) => Object.values(what).some((n) => n !== 0)
  for (let tries = 0; tries < 300 && isSome(await left()); tries++) await pause(100)
  return left()
}

type Row = { sip_call_id: string; ended_by: CallEnd; conversation_id: string; offered_at: Date; ended_at: Date }

/** The record has each call once, and of each how it ended. */
async function recordOf({ database }: TestHotline, rung: readonly Rung[], deeds: readonly Deed[]) {
  const { rows } = await database.pool.query<Row>(
    'select sip_call_id, ended_by, conversation_id, offered_at, ended_at from call',
  )
  const rowOf = new Map(rows.map((row) => [row.sip_call_id, row]))
  const ofDesk = deedsByConversation(deeds)
  const faults: unknown[] = rows.length === rowOf.size ? [] : ['a call is written down twice']
  const tally: Record<string, number> = { rung: rung.length }
  const count = (what: string) => (tally[what] = (tally[what] ?? 0) + 1)
  for (const { callId, way, as } of rung) {
    const row = rowOf.get(callId)
    rowOf.delete(callId)
    const may = mayBe(as, row ? ofDesk(row) : [])
    if (!may.includes(row?.ended_by ?? 'none')) faults.push({ callId, way, as, may, row })
    count(as === 'not-taken' ? 'not taken for want of time' : (row?.ended_by ?? 'no record, as it should be'))
  }
  return { tally, faults: [...faults, ...rowOf.values()] }
}

function mayBe(as: ToldEnd, desk: readonly CallEnd[]): readonly (CallEnd | 'none')[] {
  if (as === 'by-desk') return desk
  if (as === 'caller-or-desk') return ['caller', ...desk]
  // Begun too late, or not at all.
  return as === 'not-taken' ? ['failed', 'none'] : [as]
}

/** What agents were doing to the conversation while that call was up. Whoever rings again at once meets the end of before. */
function deedsByConversation(deeds: readonly Deed[]) {
  const all = new Map<string, Deed[]>()
  for (const deed of deeds) all.set(deed.conversationId, [...(all.get(deed.conversationId) ?? []), deed])
  return ({ conversation_id: id, offered_at, ended_at }: Row): CallEnd[] =>
    (all.get(id) ?? []).filter(({ from, until }) => from <= ended_at && until >= offered_at).map(({ as }) => as)
}

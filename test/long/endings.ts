/**
 * Calls that end in every way there is, in the order that a seed gives, against a whole phone and server in this
 * process; and what must be as it was before when the last of them is over.
 */
import { isDeepStrictEqual } from 'node:util'
import { expect } from 'vitest'
import type { CallEnd } from '../../contract/phone-events.ts'
import { phone, type Phone } from '../../telephony/phone.ts'
import { readPhoneSettings } from '../../telephony/settings.ts'
import type { Key } from '../../telephony/rtp/key-press.ts'
import type { TestHotline } from '../support/hotline.ts'
import { aCaller, phoneToken, quietLog, speechOf, type Caller } from '../support/phone-peers.ts'
import { seeded } from '../support/seeded.ts'
import { anAgent, until } from '../support/socket-clients.ts'
import { systemClock, type Clock } from '../../telephony/sip/clock.ts'
import { anOffer } from '../telephony/sip/peers.ts'
import { aRawCaller, type RawCall, type RawCaller } from './raw-caller.ts'

type Draw = (below: number) => number
type Peers = { caller: Caller; raw: RawCaller; uri: string; lonelyUri: string; draw: Draw }
type Way = { ends: readonly CallEnd[]; run: (peers: Peers) => Promise<void> }

const host = '127.0.0.1'
const timings = { t1: 50, t2: 200, t4: 250 }
/** Later than an ACK is waited for (64 T1), or it would be the silence that ends such a call. */
const silentAfterMs = 5_000
/** A session of a minute and a half ends before the silence does; nobody rings so long that it would be noticed. */
const hurriedClock: Clock = {
  now: () => systemClock.now(),
  after: (ms, run) => systemClock.after(ms > 5_000 ? ms / 40 : ms, run),
}
const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms))
const withoutCodec = anOffer().replace(/m=audio.*\r\n(a=(rtpmap|fmtp).*\r\n)*/, 'm=audio 40000 RTP/AVP 18\r\n')
const expires = (refresher: 'uac' | 'uas') => ['Supported: timer', `Session-Expires: 90;refresher=${refresher}`]

async function talks({ caller, uri, draw }: Peers, meanwhile?: (call: Ring) => Promise<void> | void): Promise<void> {
  const call = await caller.ring(uri)
  if (!wasTaken(call)) return
  await meanwhile?.(call)
  await pause(draw(400))
  call.hangUp()
  await call.media.close()
}
/** A machine that is busy elsewhere may leave no time for a call: then its caller hears so, and that is an end too. */
function wasTaken({ outcome }: Ring): boolean {
  if (!outcome.answered) expect([480, 503]).toContain(outcome.ending.status)
  return outcome.answered
}

async function taken(call: RawCall): Promise<boolean> {
  const status = await call.final()
  if (status === 200) call.ack()
  else expect([480, 503]).toContain(status)
  return status === 200
}

async function within(ms: number, isSo: () => boolean, what: string): Promise<void> {
  const end = Date.now() + ms
  while (!isSo()) {
    if (Date.now() > end) throw new Error(`not within ${ms} ms: ${what}`)
    await pause(20)
  }
}
type Ring = Awaited<ReturnType<Caller['ring']>>

/** An agent who takes everybody takes this caller too; whether he hangs up or closes is his to say. */
async function waitsForPerson({ caller, uri }: Peers): Promise<void> {
  const call = await caller.ring(uri)
  if (!wasTaken(call)) return
  call.press('0')
  // Once the agent has closed, the rating is asked for.
  const rating = setInterval(() => call.press('1'), 500)
  await within(90_000, () => call.ending() !== undefined, 'the end by an agent').finally(() => clearInterval(rating))
  await call.media.close()
}

const ways = {
  'the caller says goodbye': { ends: ['caller'], run: (peers) => talks(peers) },
  'keys, then goodbye': {
    ends: ['caller'],
    run: (peers) => talks(peers, (call) => call.press(...(['9', '3', '5', '9', '#'] as Key[]).slice(peers.draw(5)))),
  },
  'in the middle of a word': {
    ends: ['caller'],
    run: (peers) => talks(peers, (call) => void call.speak(600)),
  },
  'held, taken up, then goodbye': {
    ends: ['caller'],
    run: (peers) =>
      talks(peers, async (call) => {
        await call.hold(true)
        if (peers.draw(2) === 0) await call.hold(false)
      }),
  },
  'out of the queue': { ends: ['caller', 'agent', 'hotline'], run: (peers) => talks(peers, (call) => call.press('0')) },
  // Who waits for long here, waits longer than a session of hurried minutes.
  'by an agent': { ends: ['agent', 'hotline', 'session-expired'], run: waitsForPerson },
  'goodbye with the ACK': {
    ends: ['caller'],
    async run({ raw }) {
      const call = raw.invite({ body: anOffer() })
      if (await taken(call)) call.bye()
      call.forget()
    },
  },
  'taken back': {
    ends: ['cancelled', 'caller'],
    async run({ raw, draw }) {
      const call = raw.invite({ body: anOffer() })
      await pause(draw(25))
      call.cancel()
      if ((await call.final()) === 200) {
        call.ack()
        call.bye()
      }
      call.forget()
    },
  },
  'never acknowledged': {
    ends: ['no-ack'],
    async run({ raw }) {
      const call = raw.invite({ body: anOffer() })
      if ((await call.final()) === 200) await call.over()
      call.forget()
    },
  },
  'never a sound': {
    ends: ['no-audio'],
    async run({ raw }) {
      const call = raw.invite({ body: anOffer() })
      if (await taken(call)) await call.over()
      call.forget()
    },
  },
  'never refreshed': {
    ends: ['session-expired'],
    async run({ raw }) {
      const call = raw.invite({ body: anOffer(), headers: expires('uac') })
      if (await taken(call)) await call.over()
      call.forget()
    },
  },
  'forgotten by the peer': {
    ends: ['session-expired'],
    async run({ raw }) {
      const call = raw.invite({ body: anOffer(), headers: expires('uas'), manners: () => 481 })
      if (await taken(call)) await call.over()
      call.forget()
    },
  },
  'the peer is gone': {
    ends: ['no-audio'],
    async run({ raw }) {
      const call = raw.invite({ body: anOffer(), manners: () => undefined })
      if (await taken(call)) await call.over()
      call.forget()
    },
  },
  // Refused below the call: there is no record of it.
  'nothing in common': {
    ends: [],
    async run({ raw }) {
      const call = raw.invite({ body: withoutCodec })
      expect([488, 480, 503]).toContain(await call.final())
      call.forget()
    },
  },
  // By a phone that has no server, and so no record.
  'nobody there to talk to': {
    ends: [],
    async run({ caller, lonelyUri }) {
      const { outcome } = await caller.ring(lonelyUri)
      expect(outcome).toMatchObject({ answered: false, ending: { status: 503 } })
    },
  },
} satisfies Record<string, Way>
const names = Object.keys(ways) as (keyof typeof ways)[]

async function aHurriedPhone(url: string, folder: string, env: NodeJS.ProcessEnv): Promise<Phone & { uri: string }> {
  const shared = { SIP_PORT: '0', SIP_HOST: host, RTP_PORTS: '0', HOTLINE_URL: url, PHONE_TOKEN: phoneToken }
  const read = readPhoneSettings({ ...shared, ...env })
  if ('refused' in read) throw new Error(read.refused.join())
  const { settings } = read
  const made = await phone({
    ...{ settings, speech: speechOf(folder), log: quietLog, timings, silentAfterMs },
    sipClock: hurriedClock,
  })
  return { ...made, uri: `sip:hotline@${host}:${made.sipPort()}` }
}

/** Takes whoever waits, and lets go of them by the telephone or by closing. */
async function aWillingAgent(hotline: TestHotline, draw: Draw) {
  const agent = await anAgent(hotline.url, await hotline.aMember('agent'))
  await agent.must('presence:set', { state: 'online' })
  let isDone = false
  async function take(conversationId: string): Promise<void> {
    const claimed = await agent.ask('conversation:claim', { conversationId })
    if (!claimed.ok) return // the caller was quicker
    if (draw(2) === 0) await agent.ask('call:hang-up', { conversationId })
    await pause(100)
    await agent.ask('conversation:close', { conversationId, summary: { text: '已答复' } })
  }
  const working = (async () => {
    while (!isDone) {
      const waiting = agent.queue()?.waiting ?? []
      const anyone = waiting[draw(Math.max(1, waiting.length))]
      if (anyone) await take(anyone.conversationId)
      await pause(anyone ? 5 : 30)
    }
  })()
  return {
    async leave(): Promise<void> {
      isDone = true
      await working
      await agent.must('presence:set', { state: 'offline' })
      agent.close()
    },
  }
}

type Order = { hotline: TestHotline; folder: string; calls: number; atOnce: number; seed: number }

/** Runs the calls, then looks whether anything of them is left. @returns how many ended how, for who reads the log. */
export async function endInEveryWay({ hotline, folder, calls, atOnce, seed }: Order): Promise<Record<string, number>> {
  const draw = seeded(seed)
  const main = await aHurriedPhone(hotline.url, folder, { PHONE_NODE: 'main', MAX_CALLS: '1000' })
  const lonely = await aHurriedPhone('http://127.0.0.1:9', folder, {})
  await until(() => main.isLinked(), 'the link')
  const agents = await Promise.all(Array.from({ length: 3 }, () => aWillingAgent(hotline, draw)))
  const raw = await aRawCaller(main.sipPort() ?? 0)
  const callers = await Promise.all(
    Array.from({ length: atOnce }, (_, at) => aCaller(`139${String(at).padStart(8, '0')}`)),
  )
  const held = () => [main.held(), lonely.held()]
  const socketsBefore = socketsOpen()
  const before = held()

  let left = calls
  const expected: Record<string, number> = {}
  await Promise.all(
    callers.map(async (caller) => {
      while (left > 0) {
        left--
        const name = names[draw(names.length)] ?? 'the caller says goodbye'
        expected[name] = (expected[name] ?? 0) + 1
        await ways[name].run({ caller, raw, uri: main.uri, lonelyUri: lonely.uri, draw })
      }
    }),
  )
  const isGivenBack = () => isDeepStrictEqual(held(), before) && socketsOpen() <= socketsBefore
  await within(30_000, isGivenBack, 'everything given back').catch(() => undefined)
  expect(held()).toEqual(before)
  expect(socketsOpen()).toBeLessThanOrEqual(socketsBefore)

  await Promise.all(agents.map((agent) => agent.leave()))
  await Promise.all(callers.map((caller) => caller.close()))
  await raw.close()
  await Promise.all([main.stop(5_000), lonely.stop(5_000)])
  expect(callers.flatMap(({ bugs }) => bugs)).toEqual([])
  return checked(hotline, expected)
}

const socketsOpen = () => process.getActiveResourcesInfo().filter((kind) => kind.startsWith('UDP')).length

/** Every row has its end, and no conversation, queue place or agent is kept by a call that is over. */
async function checked({ database }: TestHotline, expected: Record<string, number>): Promise<Record<string, number>> {
  const count = async (sql: string) => (await database.pool.query<{ n: number }>(sql)).rows[0]?.n
  const left = async () => ({
    callsUnended: await count('select count(*)::int n from call where ended_at is null'),
    conversationsOpen: await count("select count(*)::int n from conversation where state <> 'closed'"),
    queued: await count('select count(*)::int n from handover where claimed_at is null and left_at is null'),
  })
  const nothing = { callsUnended: 0, conversationsOpen: 0, queued: 0 }
  // A call that was begun too late for its caller is ended by the server when the phone goes, one after the other.
  for (let tries = 0; tries < 300 && !isDeepStrictEqual(await left(), nothing); tries++) await pause(100)
  expect(await left()).toEqual(nothing)
  const { rows } = await database.pool.query<{ ended_by: CallEnd; n: number }>(
    'select ended_by, count(*)::int n from call group by 1 order by 1',
  )
  const ended = Object.fromEntries(rows.map(({ ended_by, n }) => [ended_by, n]))
  // No call has an end that none of those who rang gave it; fewer are those for whom there was no time.
  const most: Record<string, number> = {}
  for (const [name, n] of Object.entries(expected))
    for (const end of ways[name as keyof typeof ways].ends) most[end] = (most[end] ?? 0) + n
  for (const [end, n] of Object.entries(ended))
    if (end !== 'failed') expect([end, Math.min(n, most[end] ?? 0)]).toEqual([end, n])
  return { ...ended, rung: Object.values(expected).reduce((sum, n) => sum + n, 0) }
}

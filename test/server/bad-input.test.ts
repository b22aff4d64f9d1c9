/** Whatever comes in wrong is refused by the name of its field, in words a person understands, and changes nothing. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { agentAsks, type AgentAsk } from '../../contract/agent-events.ts'
import { phoneAsks, type PhoneAsk } from '../../contract/phone-events.ts'
import { visitorAsks, type VisitorAsk } from '../../contract/visitor-events.ts'
import type { HttpDoor } from '../../server/door.ts'
import { httpPolicy, type HttpDoorName } from '../../server/policy.ts'
import { aHotline, type TestHotline } from '../support/hotline.ts'
import { everybody, type Everybody } from '../support/everybody.ts'
import { ask as knock } from '../support/http-client.ts'
import { aPhoneClient, type PhoneClient } from '../support/phone-client.ts'
import { phoneToken } from '../support/phone-peers.ts'
import { rowCounts } from '../support/row-counts.ts'
import { anAgent, aVisitor, type Agent, type Visitor } from '../support/socket-clients.ts'
import { faultsOf, type Fault } from './faults.ts'
import { queryFaultsOf } from './query-faults.ts'
import { addressOf, soundAgentAsks, soundBodies, soundPhoneAsks, soundQueries, soundVisitorAsks } from './sound-asks.ts'

let hotline: TestHotline
let staff: Everybody
let visitor: Visitor
let agent: Agent
let phone: PhoneClient
let conversationId: string
let before: Record<string, number>
let lastAct: number

beforeAll(async () => {
  hotline = await aHotline({ env: { PHONE_TOKEN: phoneToken } })
  phone = await aPhoneClient(hotline.url, phoneToken)
  staff = await everybody(hotline)
  agent = await anAgent(hotline.url, staff.member)
  visitor = await aVisitor(hotline.url)
  conversationId = (await visitor.must('turn:say', { clientId: 'first-words', text: '你好' })).conversationId
  const { rows } = await hotline.database.pool.query<{ id: number }>('select max(id)::int as id from audit')
  lastAct = rows[0]?.id ?? 0
  before = await rowCounts(hotline.database.pool)
})
afterAll(async () => {
  visitor.close()
  phone.close()
  agent.close()
  await hotline.close()
})

type Refusal = { status?: number; code?: unknown; message?: unknown; fields?: unknown }

/** @returns what is wrong with the refusal itself; undefined for a good one. */
function complaint({ what, path }: Fault, refusal: Refusal): string | undefined {
  const { status = 400, code, message, fields } = refusal
  const told = Array.isArray(fields) ? fields.map((field: { path: string; message: string }) => field) : []
  const isNamed = told.some((field) => field.path === path)
  const isChinese = [message, ...told.map((field) => field.message)].every((text) =>
    /\p{Script=Han}/u.test(String(text)),
  )
  if (status === 400 && code === 'invalid_input' && isNamed && isChinese) return undefined
  return `${what}: ${JSON.stringify(refusal).slice(0, 300)}`
}

const all: [HttpDoorName, HttpDoor][] = Object.entries(httpPolicy).map(([name, door]) => [name as HttpDoorName, door])

describe('over HTTP', () => {
  const withBody = Object.entries(soundBodies).map(([name, sound]) => [name as HttpDoorName, sound] as const)
  it.each(withBody)('%s refuses every fault of its body', async (name, sound) => {
    const { body }: HttpDoor = httpPolicy[name]
    if (!body) return expect.unreachable('a door without a body')
    expect(body.safeParse(sound).error).toBeUndefined()
    const { method, path } = addressOf(name)
    const faults = faultsOf(body, sound)
    expect(faults.length).toBeGreaterThan(7)
    const answers = await Promise.all(
      faults.map(async (fault) => {
        const { status, body: told } = await staff.clientFor(name).send(method, path, fault.value)
        return complaint(fault, { status, ...told })
      }),
    )
    expect(answers.filter(Boolean)).toEqual([])
  })

  const withQuery = Object.entries(soundQueries).map(([name, sound]) => [name as HttpDoorName, sound] as const)
  it.each(withQuery)('%s refuses every fault of its query', async (name, sound) => {
    const { query }: HttpDoor = httpPolicy[name]
    if (!query) return expect.unreachable('a door without a query')
    expect(query.safeParse(sound).error).toBeUndefined()
    const { method, path } = addressOf(name)
    const answers = await Promise.all(
      queryFaultsOf(query, sound).map(async (fault) => {
        const { status, body: told } = await staff.clientFor(name).send(method, `${path}?${fault.query}`)
        return complaint({ ...fault, value: fault.query }, { status, ...told })
      }),
    )
    expect(answers.filter(Boolean)).toEqual([])
  })

  const strangeIds = ['x', '1%27%20or%201=1', '%00', '__proto__', '..%2f..', '%F0%9F%98%80', 'A'.repeat(2_000)]
  it.each(all.filter(([, door]) => door.params).map(([name]) => name))('%s refuses a strange id', async (name) => {
    for (const id of strangeIds) {
      const { method, path } = addressOf(name, { id })
      const sound = Object.entries(soundBodies).find(([door]) => door === name)?.[1]
      const { status, body } = await staff.clientFor(name).send(method, path, sound)
      // An entry's id is a word, and a word that nobody has used is not found.
      if (/\/(entries|policy)\//.test(name) && id === 'x') expect(status, path).toBe(404)
      else expect(complaint({ what: path, path: 'id', value: id }, { status, ...body })).toBeUndefined()
    }
  })

  it('refuses a move that there is not', async () => {
    for (const move of ['delete', '__proto__', 'constructor', 'SUBMIT']) {
      const { path } = addressOf('POST /api/revisions/:id/:move', { move })
      const { status, body } = await staff.worker.post(path)
      expect(complaint({ what: path, path: 'move', value: move }, { status, ...body })).toBeUndefined()
    }
  })

  it('knows what every door takes', () => {
    const named = (part: 'body' | 'query') => all.filter(([, door]) => door[part]).map(([name]) => name)
    expect(Object.keys(soundBodies).sort()).toEqual(named('body').sort())
    expect(Object.keys(soundQueries).sort()).toEqual(named('query').sort())
  })
})

describe('on the citizen’s socket', () => {
  it.each(Object.keys(visitorAsks) as VisitorAsk[])('%s refuses every fault', async (name) => {
    const sound = soundVisitorAsks[name]
    expect(visitorAsks[name].safeParse(sound).error).toBeUndefined()
    await refusesAll(visitor, name, faultsOf(visitorAsks[name], sound))
  })
})

describe('on the desk’s socket', () => {
  it.each(Object.keys(agentAsks) as AgentAsk[])('%s refuses every fault', async (name) => {
    const sound = soundAgentAsks[name]
    expect(agentAsks[name].safeParse(sound).error).toBeUndefined()
    // 小结 may be given as bare words, so words are no fault there.
    const faults = faultsOf(agentAsks[name], sound).filter(({ what }) => what !== 'summary is text')
    await refusesAll(agent, name, faults)
  })
})

describe('on the phone’s socket', () => {
  /** What a stranger's SIP header says is tidied up, not refused: the call would be. */
  const tidied = /^(callId|caller|line) holds/
  /** Bytes travel apart from their message, and the library that puts them back leaves such a field out. */
  const lost = /^__proto__/
  it.each(Object.keys(phoneAsks) as PhoneAsk[])('%s refuses every fault', async (name) => {
    const sound = soundPhoneAsks[name]
    expect(phoneAsks[name].safeParse(sound).error).toBeUndefined()
    const isFault = ({ what }: Fault) => !tidied.test(what) && !(name === 'question:part' && lost.test(what))
    await refusesAll(phone, name, faultsOf(phoneAsks[name], sound).filter(isFault))
  })

  it.each(Object.keys(phoneAsks) as PhoneAsk[])('%s is about the calls of that very phone alone', async (name) => {
    if (name === 'call:begin') return // about no call yet
    if (!('conversationId' in soundPhoneAsks[name]) && !('callRowId' in soundPhoneAsks[name])) return
    const stranger = { ...soundPhoneAsks[name], ...('conversationId' in soundPhoneAsks[name] && { conversationId }) }
    const reply = (await phone.socket.timeout(8_000).emitWithAck(name, stranger)) as { ok: boolean }
    // The end of a call that nobody has is the end of nothing.
    expect(reply.ok).toBe(name === 'call:end')
  })
})

async function refusesAll(
  { socket }: Pick<Visitor | Agent | PhoneClient, 'socket'>,
  name: string,
  faults: readonly Fault[],
): Promise<void> {
  expect(faults.length).toBeGreaterThan(6)
  const answers = await Promise.all(
    // Nothing at all is taken as an ask without fields.
    faults
      .filter(({ value }) => value !== null)
      .map(async (fault) => complaint(fault, (await socket.timeout(8_000).emitWithAck(name, fault.value)) as Refusal)),
  )
  expect(answers.filter(Boolean)).toEqual([])
}

it('has changed no row of any table', async () => {
  const acts = await hotline.database.pool.query('select act, subject, at from audit where id > $1', [lastAct])
  expect(acts.rows).toEqual([])
  expect(await rowCounts(hotline.database.pool)).toEqual(before)
  expect((await knock(hotline.url, 'GET', '/readyz')).body).toMatchObject({ ready: true })
})

/** The phone process as a whole: what it refuses, what it survives, and that nothing is left of calls that are over. */
import { createServer } from 'node:http'
import { Server } from 'socket.io'
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest'
import { readPhoneSettings } from '../../telephony/settings.ts'
import { aHotline, type TestHotline } from '../support/hotline.ts'
import { aCaller, aPhone, phoneToken, quietLog, voiceHertz, type TestPhone } from '../support/phone-peers.ts'
import { until } from '../support/socket-clients.ts'
import { aPeer, aRequest, headerIn } from './sip/peers.ts'

const closing: (() => unknown)[] = []
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close()
})
const nothing = { calls: 0, detectors: 0, beats: 0, ports: 0, followed: 0, dialogs: 0, transactions: 0 }

async function linked(url: string, env: NodeJS.ProcessEnv = {}): Promise<TestPhone> {
  const phone = await aPhone(url, { env })
  closing.push(() => phone.close())
  await until(() => phone.isLinked(), 'the link')
  return phone
}
async function someone(number?: string) {
  const caller = await aCaller(number)
  closing.push(() => caller.close())
  return caller
}

/** What a proxy learns that asks whether to send us calls. */
async function presence(port: number): Promise<{ status: number; retryAfter?: string }> {
  const proxy = await aPeer()
  closing.push(() => proxy.close())
  proxy.send(aRequest({ method: 'OPTIONS', to: port, from: proxy.port }), port)
  const answer = await proxy.next('SIP/2.0')
  return { status: Number(answer.slice(8, 11)), retryAfter: headerIn(answer, 'Retry-After') }
}
async function refusedAt({ database }: TestHotline): Promise<number> {
  const { rows } = await database.pool.query("select 1 from call where ended_by = 'refused'")
  return rows.length
}

describe('beside a server', () => {
  let hotline: TestHotline
  beforeAll(async () => {
    hotline = await aHotline({ env: { PHONE_TOKEN: phoneToken } })
  })
  afterAll(() => hotline.close())

  it('refuses a call when it is full, says when to try again, and has it in the record', async () => {
    const phone = await linked(hotline.url, { MAX_CALLS: '1' })
    const first = await (await someone('13500135001')).ring(phone.uri)
    expect(first.outcome.answered).toBe(true)
    const second = await (await someone('13500135002')).ring(phone.uri)
    expect(second.outcome).toMatchObject({ answered: false, ending: { reason: 'rejected', status: 503 } })
    expect(await presence(phone.port)).toEqual({ status: 503, retryAfter: '30' })
    first.hangUp()
    await until(() => phone.calls() === 0, 'the end')
    expect((await presence(phone.port)).status).toBe(200)
    await until(() => phone.refused().untold === 0, 'the record')
    expect(await refusedAt(hotline)).toBe(1)
  })

  it('lets callers finish when it is to stop, and takes no new ones', async () => {
    const phone = await linked(hotline.url)
    const before = await refusedAt(hotline)
    const call = await (await someone('13500135003')).ring(phone.uri)
    const stopped = phone.stop(10_000)
    const late = await (await someone('13500135004')).ring(phone.uri)
    expect(late.outcome).toMatchObject({ answered: false, ending: { status: 503 } })
    expect((await presence(phone.port)).status).toBe(503)
    expect(call.ending()).toBeUndefined()
    call.hangUp()
    await stopped
    expect(await refusedAt(hotline)).toBe(before + 1)
    expect(phone.held()).toEqual(nothing)
  })

  it('ends a call whose beginning took the server too long, with its conversation', async () => {
    const phone = await linked(hotline.url)
    const { pool } = hotline.database
    const writer = await pool.connect()
    await writer.query('begin; lock table call in exclusive mode') // nobody else can write a call down
    const caller = await someone('13500135005')
    const late = await caller.ring(phone.uri).finally(() => writer.query('rollback'))
    writer.release()
    expect(late.outcome).toMatchObject({ answered: false, ending: { status: 503 } })
    await until(() => phone.calls() === 0, 'the end')
    const { rows } = await pool.query(
      'select ended_by, picked_up_at, state from call join conversation c on c.id = conversation_id order by offered_at desc limit 1',
    )
    expect(rows).toEqual([{ ended_by: 'failed', picked_up_at: null, state: 'closed' }])
    // A refused call's transaction stays for its copies.
    await until(() => phone.held().transactions === 0, 'the end of the transaction')
    expect(phone.held()).toEqual(nothing)
  }, 30_000)

  it('stays alive when its port is taken, and the server knows that no call can come in', async () => {
    const first = await linked(hotline.url)
    const second = await linked(hotline.url, { SIP_PORT: String(first.port), PHONE_NODE: 'other' })
    expect([second.sipPort(), second.whyNot]).toEqual([null, 'taken'])
    await first.close()
    await vi.waitFor(async () => {
      const ready = await fetch(`${hotline.url}/readyz`)
      expect(await ready.json()).toMatchObject({ phone: 'down' })
    })
  })
})

it('tells callers that something is wrong when the server goes, refuses new ones, and comes back by itself', async () => {
  const first = await aHotline({ env: { PHONE_TOKEN: phoneToken } })
  const phone = await linked(first.url)
  const call = await (await someone('13500135005')).ring(phone.uri)
  await until(() => call.hears(voiceHertz), 'the greeting')
  await first.stop()
  await until(() => phone.said.some((words) => words.includes('稍后再打来')), 'the apology')
  await until(() => call.ending(), 'the end')
  expect(call.ending()).toBe('remote-bye')
  const refused = await (await someone('13500135006')).ring(phone.uri)
  expect(refused.outcome).toMatchObject({ answered: false, ending: { status: 503 } })
  expect(phone.refused()).toEqual({ calls: 1, untold: 1 })

  const again = await aHotline({ env: { PHONE_TOKEN: phoneToken, PORT: String(first.port) } })
  closing.push(() => again.close())
  await first.database.drop()
  await until(() => phone.isLinked(), 'the link again')
  await until(() => phone.refused().untold === 0, 'the record')
  expect(await refusedAt(again)).toBe(1)
  const next = await (await someone('13500135007')).ring(phone.uri)
  expect(next.outcome.answered).toBe(true)
  next.hangUp()
  await until(() => phone.calls() === 0, 'the end')
}, 40_000)

it('takes no call before the titles that callers look for are read', async () => {
  const server = createServer()
  const io = new Server(server)
  closing.push(() => io.close())
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const titles = Array.from({ length: 60_000 }, (_, at) => ({
    ...{ entryId: `entry-${at}`, code: String(at).padStart(4, '1'), question: `第${at}种情形怎么报销`, similar: [] },
  }))
  const lineTable = { lines: {}, otherLines: [], moved: {}, overflowAfterSeconds: 60 }
  io.of('/phone').on('connection', (socket) => {
    socket.on('phone:hello', (_, answer: (reply: unknown) => void) =>
      answer({ ok: true, value: { bureau: '医保局', titles, lineTable } }),
    )
  })
  let isLinkedNow = false
  const address = server.address()
  const port = typeof address === 'object' && address ? address.port : 0
  const phone = await aPhone(`http://127.0.0.1:${port}`, {
    log: { ...quietLog, info: (_, what) => void (isLinkedNow ||= what === 'linked to the server') },
  })
  closing.push(() => phone.close())
  await until(() => isLinkedNow, 'the link')
  expect(phone.isLinked()).toBe(false)
  expect((await presence(phone.port)).status).toBe(503)
  await until(() => phone.isLinked(), 'the titles')
  expect((await presence(phone.port)).status).toBe(200)
}, 30_000)

describe('its settings', () => {
  it('are usable with a token alone', () => {
    expect(readPhoneSettings({ PHONE_TOKEN: phoneToken })).toMatchObject({
      settings: {
        SIP_PORT: 5_060,
        SIP_HOST: '0.0.0.0',
        SIP_ANONYMOUS: 'private',
        MAX_CALLS: 200,
        RTP_PORTS: { from: 10_000, to: 19_999 },
      },
    })
  })
  it('take users, trunks and ports apart', () => {
    const env = {
      PHONE_TOKEN: phoneToken,
      SIP_USERS: '101:pa:ss, 102:word',
      SIP_TRUNKS: '10.0.0.1,10.1.0.0/16',
      RTP_PORTS: '0',
    }
    const read = readPhoneSettings(env)
    if ('refused' in read) throw new Error(read.refused.join())
    expect([...read.settings.SIP_USERS]).toEqual([
      ['101', 'pa:ss'],
      ['102', 'word'],
    ])
    expect(read.settings.SIP_TRUNKS).toEqual(['10.0.0.1', '10.1.0.0/16'])
    expect(read.settings.RTP_PORTS).toBeUndefined()
  })
  it('let nobody be rung back until somebody says who', () => {
    expect(readPhoneSettings({ PHONE_TOKEN: phoneToken })).toMatchObject({ settings: { SIP_CALLBACK_ALLOW: [] } })
    const env = { PHONE_TOKEN: phoneToken, SIP_CALLBACK_TRUNK: '10.0.0.1:5080', SIP_CALLBACK_ALLOW: '1, 0556' }
    expect(readPhoneSettings(env)).toMatchObject({
      settings: { SIP_CALLBACK_TRUNK: { host: '10.0.0.1', port: 5_080 }, SIP_CALLBACK_ALLOW: ['1', '0556'] },
    })
  })
  it.each([
    ['SIP_PORT', '70000'],
    ['RTP_PORTS', '9000'],
    ['RTP_PORTS', '20000-10000'],
    ['SIP_USERS', 'nobody'],
    ['SIP_ANONYMOUS', 'some'],
    ['HOTLINE_URL', 'ftp://x'],
    ['MAX_CALLS', '0'],
    ['SIP_CALLBACK_TRUNK', 'sip:10.0.0.1'],
    ['SIP_CALLBACK_ALLOW', '+86'],
    ['PHONE_TOKEN', 'short'],
  ])('name %s when it cannot be %s', (name, value) => {
    const read = readPhoneSettings({ PHONE_TOKEN: phoneToken, [name]: value })
    expect('refused' in read && read.refused[0]).toContain(`配置 ${name}`)
  })
})

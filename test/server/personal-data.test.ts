/**
 * One citizen's numbers, from every place where they can be typed: none reaches a log line, a list or a desk whole,
 * and what was given in a form lies sealed in the database. Reading one is an act with a name.
 */
import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { isIdNumber } from '../../desk/masking.ts'
import { makeLog } from '../../server/log.ts'
import { httpPolicy, type HttpDoorName } from '../../server/policy.ts'
import { aHotline, aPassword, type TestHotline } from '../support/hotline.ts'
import { everybody, type Everybody } from '../support/everybody.ts'
import { ask, signedIn } from '../support/http-client.ts'
import { anAgent, aVisitor, until, type Agent, type Visitor } from '../support/socket-clients.ts'
import { addressOf, soundQueries } from './sound-asks.ts'

/** Nobody's: the check digit is right, the place and day are made up. */
function anIdNumber(serial: number): string {
  const first = `11010519491231${String(serial).padStart(3, '0')}`
  const found = [...'0123456789X'].map((last) => first + last).find(isIdNumber)
  return found ?? expect.unreachable('no check digit fits')
}

const typed = {
  idInTurn: anIdNumber(1),
  phoneInTurn: '13912345601',
  cardInTurn: '6222021234567890128',
  idInReason: anIdNumber(2),
  phoneInComplaint: '13912345602',
  idInComplaint: anIdNumber(3),
  idInWords: anIdNumber(4),
  phoneToAgent: '13912345603',
  idInFailure: anIdNumber(5),
  phoneInFailure: '13912345604',
  idInQuestion: anIdNumber(6),
  phoneInSearch: '13912345605',
}
const inForms = {
  callback: '13912345606',
  contact: '13912345607',
  landline: '055761234567',
  callbackInFailure: '13912345608',
}
const seeds = [...Object.values(typed), ...Object.values(inForms)]

/** As a machine would look for them: however they are spaced, and in full-width digits too. */
const plain = (text: string) => text.normalize('NFKC').replace(/[\s\-·.\u200b]/g, '')
const found = (text: string, wanted: readonly string[] = seeds) => wanted.filter((seed) => plain(text).includes(seed))

/** Of lists: what they would leave out is to be seen as well. */
const filters = ['q', 'state', 'kind', 'topic', 'region', 'mine', 'overdue', 'batch', 'channel', 'day', 'to']
const lines: string[] = []
const shown: string[] = []
let hotline: TestHotline
let agent: Agent
let citizen: Visitor
let staff: Everybody
let conversationId: string
let caseId: string
let callbackId: string

beforeAll(async () => {
  const log = makeLog({ LOG_LEVEL: 'trace', PII_LOGS: false }, { write: (line) => void lines.push(line) })
  hotline = await aHotline({ log, env: { QUEUE_MODE: 'claim', PUBLIC_URL: 'https://hotline.example.gov.cn' } })
  staff = await everybody(hotline)
  agent = await anAgent(hotline.url, staff.member)
  agent.socket.onAny((...news: unknown[]) => shown.push(JSON.stringify(news)))
  await agent.must('presence:set', { state: 'online' })
  citizen = await aVisitor(hotline.url)
  await story()
})
afterAll(async () => {
  citizen.close()
  agent.close()
  await hotline.close()
})

async function story(): Promise<void> {
  const say = (text: string) => citizen.must('turn:say', { clientId: randomUUID(), text })
  const spaced = typed.idInTurn.replace(/(.{4})/g, '$1 ')
  const wide = [...typed.phoneInTurn].map((digit) => String.fromCharCode(digit.charCodeAt(0) + 0xfee0)).join('')
  await say(`我的身份证是${typed.idInTurn}，新生儿怎么参保`)
  await say(`写错了，是 ${spaced}`)
  await say(`电话${wide}，卡号 ${typed.cardInTurn}`)
  ;({ conversationId } = await citizen.must('person:ask', { reason: `帮${typed.idInReason}问` }))
  await until(() => agent.queue()?.waiting[0], 'somebody waiting')
  shown.push(JSON.stringify(await agent.must('conversation:claim', { conversationId })))
  await say(`您打我${typed.phoneToAgent.replace(/(\d{3})(\d{4})/, '$1-$2-')}`)
  shown.push(JSON.stringify(await agent.must('conversation:open', { conversationId })))
  shown.push(JSON.stringify(await agent.must('queue:list', {})))
  await agent.must('conversation:close', { conversationId, summary: '新生儿参保' })
  const rating = await until(() => citizen.ratings.find((one) => !one.quiet), 'a rating asked for')
  const words = `说好给${typed.idInWords}办的`
  await citizen.must('rating:give', { token: rating.token, level: 1, reasons: ['推诿扯皮'], words })

  const text = `窗口不给${typed.idInComplaint}办，电话${typed.phoneInComplaint}`
  const { caseNumber } = await citizen.must('complaint:file', { text, contact: inForms.contact })
  await citizen.must('complaint:file', { text: '还有一件', contact: inForms.landline })
  ;({ callbackId } = await citizen.must('callback:book', { phone: inForms.callback }))
  const cases = (await staff.worker.get('/api/cases')).body.cases as { id: string; number: string }[]
  caseId = cases.find((one) => one.number === caseNumber)?.id ?? expect.unreachable('no case')
  for (const to of ['contacted', 'rectifying', 'to_review', 'reported_back']) {
    const move = { to, note: `办理：${to}`, ...(to === 'to_review' && { remedy: '已补办。', evidence: '台账' }) }
    expect((await staff.worker.post(`/api/cases/${caseId}/moves`, move)).status).toBe(200)
  }

  await ask(hotline.url, 'POST', '/api/ask', { question: `${typed.idInQuestion}怎么参保` })
  await staff.worker.get(`/api/search?question=${typed.phoneInSearch}`)
  await failures()
}

/** The database refuses rows and quotes them in its error; a value that is no uuid is quoted as well. */
async function failures(): Promise<void> {
  const { pool } = hotline.database
  const refuse = (table: string) => pool.query(`alter table ${table} add constraint refused check (false) not valid`)
  const takeBack = (table: string) => pool.query(`alter table ${table} drop constraint refused`)
  const other = await aVisitor(hotline.url)
  for (const table of ['turn', 'case_file', 'callback', 'staff_session']) await refuse(table)
  const told = [
    await other.say(`${typed.idInFailure}的电话是${typed.phoneInFailure}`),
    await other.ask('complaint:file', { text: `${typed.idInFailure}不满意`, contact: inForms.callbackInFailure }),
    await other.ask('callback:book', { phone: inForms.callbackInFailure }),
  ]
  const door = await ask(hotline.url, 'POST', '/api/session', { name: 'admin', password: aPassword })
  for (const table of ['turn', 'case_file', 'callback', 'staff_session']) await takeBack(table)
  expect(told.map((reply) => reply.ok || reply.code)).toEqual(['internal', 'internal', 'internal'])
  expect(door).toMatchObject({ status: 500, body: { code: 'internal' } })
  shown.push(JSON.stringify(told), JSON.stringify(door))
  other.close()
}

describe('the log', () => {
  it('tells of the failures, and of what failed', () => {
    const errors = lines
      .filter((line) => line.includes('"level":50'))
      .map((line) => JSON.parse(line) as { err?: object })
    expect(errors.length).toBeGreaterThanOrEqual(4)
    expect(errors.map(({ err }) => err)).toContainEqual(
      expect.objectContaining({ code: '23514', constraint: 'refused', table: 'turn' }),
    )
  })

  it('holds none of the numbers', () => {
    expect(lines.length).toBeGreaterThan(5)
    expect(lines.filter((line) => found(line).length > 0)).toEqual([])
  })

  it('holds no password, no session and no pass', () => {
    const secrets = [aPassword, agent.http.cookie.split('=')[1] ?? '', staff.worker.csrf, citizen.token]
    expect(secrets.every((secret) => secret.length > 10)).toBe(true)
    expect(lines.filter((line) => secrets.some((secret) => line.includes(secret)))).toEqual([])
  })
})

describe('staff', () => {
  it('see none of the numbers on the desk', () => {
    const desk = shown.join('\n')
    expect(desk).toContain('新生儿怎么参保')
    expect(desk).toContain('110105********')
    expect(found(desk)).toEqual([])
  })

  it('see none of them through any door that only shows', async () => {
    const doors = Object.keys(httpPolicy).filter((name) => name.startsWith('GET ')) as HttpDoorName[]
    const seen: string[] = []
    for (const name of doors) {
      const ids = [caseId, conversationId, callbackId, 'nat-newborn-enrol']
      const query = new URLSearchParams(Object.entries(soundQueries).find(([door]) => door === name)?.[1])
      for (const key of [...filters, 'act', 'who', 'about', 'subject', 'from', 'until']) query.delete(key)
      for (const id of name.includes(':id') ? ids : [''])
        seen.push(
          JSON.stringify(await staff.clientFor(name).get(`${addressOf(name, { id }).path}?${query.toString()}`)),
        )
    }
    const all = seen.join('\n')
    for (const sign of [
      '窗口不给110105********',
      '139****5606',
      '139****5607',
      '推诿扯皮',
      'conversation.look',
      'budayang_',
      '/rate/（凭证不显示）',
    ])
      expect(all).toContain(sign)
    expect(found(all)).toEqual([])
    // Whoever has the citizen's own address would rate in their place.
    expect(/\/(rate|wechat\/go)\/[\w-]{16,}/.exec(all)).toBeNull()
  })

  it('read one whole by an act that is on record, without the number', async () => {
    const [phone, contact] = [`/api/callbacks/${callbackId}/phone`, `/api/cases/${caseId}/contact`]
    for (const door of [phone, contact])
      for (const reason of [undefined, '', '  没 ', '三个字', 'x'.repeat(201)])
        expect((await staff.worker.post(door, { reason })).status).toBe(400)
    const reason = `回${inForms.callback}办理诉求`
    expect((await staff.worker.post(phone, { reason })).body).toEqual({ phone: inForms.callback })
    expect((await staff.worker.post(contact, { reason: '核实投诉内容' })).body).toEqual({ phone: inForms.contact })
    const trail = (await staff.clientFor('GET /api/audit').get('/api/audit')).body
    const { rows, chain } = trail as { rows: object[]; chain: object }
    expect(rows.slice(0, 2)).toMatchObject([
      { act: 'case.contact', subject: caseId, who: 'agent1', detail: { reason: '核实投诉内容' } },
      { act: 'callback.phone', subject: callbackId, who: 'agent1', detail: { reason: '回139****5606办理诉求' } },
    ])
    expect(chain).toMatchObject({ ok: true })

    const typedDoor = `/api/conversations/${conversationId}/unmask`
    const { body } = await staff.worker.post(typedDoor, { reason: '市民本人要求核对' })
    const whole = plain(JSON.stringify(body))
    for (const number of [typed.idInTurn, typed.phoneInTurn, typed.cardInTurn, typed.phoneToAgent])
      expect(whole).toContain(number)
    expect(whole).not.toContain(typed.idInWords)
    const stranger = await signedIn(hotline.url, await hotline.aMember('agent'))
    expect(await stranger.post(typedDoor, { reason: '市民本人要求核对' })).toMatchObject({
      status: 403,
      body: { code: 'not_your_conversation' },
    })
    const { rows: kept } = await hotline.database.pool.query<{ row: string }>('select audit::text as row from audit')
    expect(found(kept.map(({ row }) => row).join('\n'))).toEqual([])
  })
})

describe('the database', () => {
  it('holds no number from a form in the plain, in any table, nor in hex or base64', async () => {
    const { pool } = hotline.database
    const tables = await pool.query<{ name: string }>(
      `select table_name as name from information_schema.tables where table_schema = 'public'`,
    )
    const rows: string[] = []
    for (const { name } of tables.rows)
      rows.push(
        ...(await pool.query<{ row: string }>(`select t::text as row from ${name} t`)).rows.map(({ row }) => row),
      )
    const dump = rows.join('\n')
    const forms = Object.values(inForms).flatMap((number) => {
      const bytes = Buffer.from(number)
      return [number, bytes.toString('hex'), bytes.toString('base64url').slice(0, -2)]
    })
    expect(dump).toContain('139****5606')
    expect(forms.filter((form) => dump.includes(form))).toEqual([])
  })

  it('holds them sealed, each under its key', async () => {
    const { rows } = await hotline.database.pool.query<{ sealed: string }>(
      `select phone_sealed as sealed from callback
       union all select contact_sealed from case_file where contact_sealed is not null`,
    )
    expect(rows.length).toBe(3)
    for (const { sealed } of rows) expect(sealed).toMatch(/^k1\.[\w-]{16}\.[\w-]{15,16}\.[\w-]{22}$/)
  })

  it('knows a visitor by a keyed hash alone', async () => {
    const visitorId = citizen.token.split('.')[0] ?? ''
    const { rows } = await hotline.database.pool.query<{ row: string }>('select i::text as row from identity i')
    expect(rows.length).toBeGreaterThan(0)
    const dump = rows.map(({ row }) => row).join('\n')
    expect(dump).not.toContain(visitorId)
    expect(dump).not.toContain(Buffer.from(visitorId).toString('hex'))
  })
})

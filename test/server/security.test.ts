/** Three administrators in three hands, the second factor at the door, the audit log and its check: over HTTP and sockets. */
import { appendFile } from 'node:fs/promises'
import { join } from 'node:path'
import { Secret, TOTP } from 'otpauth'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { agentAsks, type AgentAsk } from '../../contract/agent-events.ts'
import type { TotpBegun } from '../../contract/security.ts'
import type { Role } from '../../contract/staff.ts'
import { auditStore } from '../../desk/audit.store.ts'
import { readCsv } from '../../knowledge/sheet/csv.ts'
import { readXlsx } from '../../knowledge/sheet/xlsx.ts'
import { aHotline, aPassword, type TestHotline } from '../support/hotline.ts'
import { ask, setUp, signedIn, type HttpClient } from '../support/http-client.ts'
import { anAgent, aVisitor, until } from '../support/socket-clients.ts'
import { soundAgentAsks } from './sound-asks.ts'

let hotline: TestHotline
let admin: HttpClient
/** The hotline's clock stands still but for what a test moves it. */
let now = new Date('2026-11-23T02:00:00Z')
const secondsLater = (seconds: number) => (now = new Date(now.getTime() + seconds * 1_000))

beforeAll(async () => {
  hotline = await aHotline({ now: () => now })
  admin = await signedIn(hotline.url, { name: 'admin', password: aPassword })
})
afterAll(() => hotline.close())

const make = async (name: string, ...roles: Role[]) => {
  const { status, body } = await admin.post('/api/staff', { name, roles })
  if (status === 200) await setUp(hotline.url, body, aPassword)
  return { status, id: String(body.id), who: { name, password: aPassword }, body }
}
const signIn = (who: { name: string; password: string }, otp?: string) =>
  ask(hotline.url, 'POST', '/api/session', { ...who, ...(otp !== undefined && { otp }) })

describe('the system administrator of a new installation', () => {
  it('stands in for the offices that nobody holds, and is told so', async () => {
    expect((await admin.get('/api/session')).body).toMatchObject({
      roles: ['administrator'],
      standsIn: ['security', 'auditor'],
    })
    expect((await admin.get('/api/audit')).status).toBe(200)
    expect((await admin.get('/api/security')).body).toMatchObject({ vacant: ['security', 'auditor'] })
  })

  it('loses an office with the next request after somebody holds it', async () => {
    expect((await make('审计甲', 'auditor')).status).toBe(200)
    expect((await admin.get('/api/audit')).status).toBe(403)
    const { id } = await make('临时', 'agent')
    expect((await admin.post(`/api/staff/${id}/roles`, { roles: ['officer'] })).status).toBe(200)
    expect((await make('安全甲', 'security')).status).toBe(200)
    expect((await admin.post(`/api/staff/${id}/roles`, { roles: ['agent'] })).status).toBe(403)
    expect((await admin.get('/api/session')).body).toMatchObject({ standsIn: [] })
  })

  it('makes no further administrator alone: another office confirms whoever opened the link', async () => {
    const security = await signedIn(hotline.url, { name: '安全甲', password: aPassword })
    expect((await security.get('/api/session')).body).toMatchObject({ isUnconfirmed: true })
    expect(await security.get('/api/staff')).toMatchObject({ status: 403, body: { code: 'confirmation_required' } })
    const auditor = await signedIn(hotline.url, { name: '审计甲', password: aPassword })
    const waiting = async () => (await auditor.get('/api/staff-unconfirmed')).body['staff'] as { id: string }[]
    expect(await waiting()).toMatchObject([
      { name: '安全甲', offices: ['security'], givenBy: '系统管理员', ready: true },
    ])
    const id = (await waiting())[0]?.id
    for (const self of [admin, security])
      expect([403, 404]).toContain((await self.post(`/api/staff/${id}/confirm`)).status)
    expect((await auditor.post(`/api/staff/${id}/confirm`)).status).toBe(200)
    expect((await auditor.post(`/api/staff/${id}/confirm`)).status).toBe(404)
    expect((await security.get('/api/staff')).status).toBe(200)
    expect(await waiting()).toEqual([])
  })

  it('has nobody confirmed who has not opened the link yet', async () => {
    const { body } = await admin.post('/api/staff', { name: '未开', roles: ['auditor'] })
    const security = await signedIn(hotline.url, { name: '安全甲', password: aPassword })
    expect(body).toMatchObject({ isUnconfirmed: true, ready: false })
    expect((await security.post(`/api/staff/${String(body['id'])}/confirm`)).status).toBe(409)
    await security.post(`/api/staff/${String(body['id'])}/disable`, { reason: '开错了' })
  })

  it('makes accounts of every role still, but no further security administrator and no two offices in one', async () => {
    for (const role of ['agent', 'supervisor', 'editor', 'reviewer', 'officer', 'auditor', 'administrator'] as const)
      expect((await make(`又一位${role}`, role)).status, role).toBe(200)
    expect(await make('安全乙', 'security')).toMatchObject({ status: 403, body: { code: 'not_allowed' } })
    expect(await make('兼任', 'administrator', 'auditor')).toMatchObject({
      status: 400,
      body: { code: 'invalid_input', fields: [{ path: 'roles' }] },
    })
    const both = hotline.database.pool.query(`update staff set roles = '{auditor,security}' where name = 'admin'`)
    await expect(both).rejects.toThrow('staff_one_office')
  })
})

describe('an account', () => {
  let security: HttpClient
  beforeAll(async () => {
    security = await signedIn(hotline.url, { name: '安全甲', password: aPassword })
  })
  const idOf = async (name: string) => {
    const { staff } = (await security.get('/api/staff')).body as { staff: { id: string; name: string }[] }
    return staff.find((one) => one.name === name)?.id ?? expect.unreachable(`nobody is ${name}`)
  }

  it('gets its roles from the security administrator, and loses its desk at once', async () => {
    const { id, who } = await make('坐席甲', 'agent', 'officer')
    const desk = await anAgent(hotline.url, who)
    expect((await admin.post(`/api/staff/${id}/roles`, { roles: ['officer'] })).status).toBe(403)
    expect(await security.post(`/api/staff/${id}/roles`, { roles: ['officer'] })).toMatchObject({
      status: 200,
      body: { roles: ['officer'] },
    })
    await until(() => desk.socket.disconnected, 'the desk closed')
    expect((await desk.http.get('/api/session')).status).toBe(401)
    const again = await signedIn(hotline.url, who)
    expect((await again.get('/api/callbacks')).status).toBe(403)
  })

  it('is changed by nobody who holds it', async () => {
    const own = [
      [security, await idOf('安全甲')],
      [admin, await idOf('admin')],
    ] as const
    for (const [client, id] of own)
      for (const [act, body] of [
        ['roles', { roles: ['agent'] }],
        ['disable', { reason: '试试' }],
        ['enable', {}],
        ['password-reset', {}],
        ['unlock', {}],
        ['totp-reset', {}],
      ] as const)
        expect((await client.post(`/api/staff/${id}/${act}`, body)).status, act).toBe(403)
  })

  it('that holds an office is out of the system administrator’s hands', async () => {
    for (const name of ['安全甲', '审计甲', '又一位administrator'])
      for (const [act, body] of [
        ['disable', { reason: '试试' }],
        ['password-reset', {}],
      ] as const)
        expect((await admin.post(`/api/staff/${await idOf(name)}/${act}`, body)).status, name).toBe(403)
  })

  it('that is the last of an office stays', async () => {
    const [first, second] = [await idOf('审计甲'), await idOf('又一位auditor')]
    expect((await security.post(`/api/staff/${first}/disable`, { reason: '调离' })).status).toBe(200)
    expect(await security.post(`/api/staff/${second}/roles`, { roles: ['agent'] })).toMatchObject({
      status: 409,
      body: { code: 'conflict', fields: [{ path: 'roles' }] },
    })
    expect((await security.post(`/api/staff/${second}/disable`, { reason: '调离' })).status).toBe(409)
    expect((await security.post(`/api/staff/${first}/enable`)).status).toBe(200)
  })

  it('that is stopped is out at once, everywhere, and comes back with the same password', async () => {
    const { id, who } = await make('坐席乙', 'agent')
    const desk = await anAgent(hotline.url, who)
    expect((await admin.post(`/api/staff/${id}/disable`, { reason: '离岗' })).body).toMatchObject({ disabled: true })
    await until(() => desk.socket.disconnected, 'the desk closed')
    expect((await desk.http.get('/api/session')).status).toBe(401)
    expect((await signIn(who)).body).toMatchObject({ code: 'wrong_credentials' })
    expect((await admin.post(`/api/staff/${id}/enable`)).status).toBe(200)
    expect((await signIn(who)).status).toBe(200)
  })

  it('gets a new password by a link that works once, and the old one is void at once', async () => {
    const { id, who } = await make('坐席丙', 'agent')
    const before = await signedIn(hotline.url, who)
    const { token } = (await admin.post(`/api/staff/${id}/password-reset`)).body
    expect((await before.get('/api/session')).status).toBe(401)
    expect((await signIn(who)).status).toBe(401)
    const password = 'Brand-New-Horse-1'
    expect((await ask(hotline.url, 'POST', '/api/setup', { token, password })).status).toBe(200)
    expect((await ask(hotline.url, 'POST', '/api/setup', { token, password })).status).toBe(400)
    expect((await signIn({ ...who, password })).status).toBe(200)
  })

  it('that wrong passwords locked is unlocked by the security administrator', async () => {
    const { id, who } = await make('坐席丁', 'agent')
    for (let i = 0; i < 5; i++) await signIn({ ...who, password: 'Wrong-Horse-9' })
    expect((await signIn(who)).status).toBe(429)
    expect((await admin.post(`/api/staff/${id}/unlock`)).status).toBe(403)
    const unlocked = (await security.post(`/api/staff/${id}/unlock`)).body
    expect(unlocked).toMatchObject({ id })
    expect(unlocked).not.toHaveProperty('lockedUntil')
    expect((await signIn(who)).status).toBe(200)
  })

  it('changes its own password by the one in force, and is signed out elsewhere', async () => {
    const { who } = await make('坐席戊', 'agent')
    const [here, elsewhere] = [await signedIn(hotline.url, who), await signedIn(hotline.url, who)]
    const newPassword = 'Brand-New-Horse-2'
    const change = (password: string, to: string) => here.post('/api/password', { password, newPassword: to })
    expect((await change('Wrong-Horse-9', newPassword)).body).toMatchObject({ code: 'wrong_credentials' })
    expect((await change(aPassword, aPassword)).body).toMatchObject({ fields: [{ path: 'newPassword' }] })
    expect((await change(aPassword, newPassword)).status).toBe(200)
    expect((await here.get('/api/session')).status).toBe(200)
    expect((await elsewhere.get('/api/session')).status).toBe(401)
    expect((await signIn(who)).status).toBe(401)
    expect((await signIn({ ...who, password: newPassword })).status).toBe(200)
  })
})

describe('an account with an office that is given out of hand again', () => {
  it('is confirmed again, by another office than the one that voided its password', async () => {
    const security = await signedIn(hotline.url, { name: '安全甲', password: aPassword })
    const { body } = await admin.post('/api/staff', { name: '审计丁', roles: ['auditor'] })
    const id = String(body['id'])
    await setUp(hotline.url, body, 'Linden-Grove-7')
    expect((await security.post(`/api/staff/${id}/confirm`)).status).toBe(200)
    const link = (await security.post(`/api/staff/${id}/password-reset`)).body
    await setUp(hotline.url, { link }, 'Poplar-Grove-7')
    expect((await security.post(`/api/staff/${id}/confirm`)).status).toBe(403)
    expect((await admin.post(`/api/staff/${id}/confirm`)).status).toBe(200)
    const auditor = await signedIn(hotline.url, { name: '审计丁', password: 'Poplar-Grove-7' })
    expect((await auditor.get('/api/audit')).status).toBe(200)
  })

  it('is confirmed when the security administrator gives the office to somebody who works here', async () => {
    const security = await signedIn(hotline.url, { name: '安全甲', password: aPassword })
    const { id } = await make('升任', 'agent')
    expect((await security.post(`/api/staff/${id}/roles`, { roles: ['auditor'] })).body).toMatchObject({
      isUnconfirmed: true,
    })
    expect((await security.post(`/api/staff/${id}/confirm`)).status).toBe(403)
    expect((await security.post(`/api/staff/${id}/roles`, { roles: ['agent'] })).body).toMatchObject({
      isUnconfirmed: false,
    })
  })
})

describe('the second factor', () => {
  const codeOf = (secret: string) =>
    new TOTP({ secret: Secret.fromBase32(secret), algorithm: 'SHA1', digits: 6, period: 30 }).generate({
      timestamp: now.getTime(),
    })

  async function enrolled(name: string) {
    const { id, who } = await make(name, 'officer')
    const client = await signedIn(hotline.url, who)
    expect((await client.post('/api/totp', { password: 'Wrong-Horse-9' })).status).toBe(401)
    const { secret } = (await client.post('/api/totp', { password: aPassword })).body as TotpBegun
    const confirmed = await client.post('/api/totp/confirm', { code: codeOf(secret) })
    return { id, who, client, secret, codes: confirmed.body.recoveryCodes as string[] }
  }

  it('is asked for once the password was right, by a code of its own', async () => {
    const { who, secret, client } = await enrolled('专员甲')
    expect((await client.get('/api/totp')).body).toEqual({ enrolled: true, required: false, recoveryCodesLeft: 10 })
    expect((await signIn({ ...who, password: 'Wrong-Horse-9' })).body).toMatchObject({ code: 'wrong_credentials' })
    expect(await signIn(who)).toMatchObject({ status: 401, body: { code: 'otp_required' } })
    secondsLater(30)
    const code = codeOf(secret)
    expect(await signIn(who, code)).toMatchObject({ status: 200, body: { name: '专员甲' } })
    expect(await signIn(who, code)).toMatchObject({
      status: 401,
      body: { code: 'otp_required', fields: [{ path: 'otp' }] },
    })
  })

  it('locks after five wrong codes, the right one or not', async () => {
    const { who, secret } = await enrolled('专员乙')
    secondsLater(60)
    const right = codeOf(secret)
    const wrong = right === '000000' ? '000001' : '000000'
    for (let i = 0; i < 5; i++) expect((await signIn(who, wrong)).status).toBe(401)
    for (const otp of [right, wrong, undefined]) expect((await signIn(who, otp)).status).toBe(429)
    secondsLater(15 * 60 + 1)
    expect((await signIn(who, codeOf(secret))).status).toBe(200)
    admin = await signedIn(hotline.url, { name: 'admin', password: aPassword }) // who has been idle as long
  })

  it('lets none of thirty guesses at once in', async () => {
    const { who } = await enrolled('专员丙')
    const guesses = Array.from({ length: 30 }, (_, i) => signIn(who, String(100_000 + i * 7)))
    const statuses = (await Promise.all(guesses)).map(({ status }) => status)
    expect(statuses.filter((status) => status === 401).length).toBeLessThanOrEqual(5)
    expect(statuses.every((status) => status === 401 || status === 429)).toBe(true)
  })

  it('is replaced once by a recovery code, which stands in the log', async () => {
    const { id, who, codes } = await enrolled('专员丁')
    expect((await signIn(who, codes[0])).status).toBe(200)
    expect((await signIn(who, codes[0])).status).toBe(401)
    const { rows } = await auditStore(hotline.db).list(5, 0, { act: 'totp.recovery' })
    expect(rows[0]).toMatchObject({ subject: id })
  })

  it('outlives a password reset, and is taken off by the security administrator', async () => {
    const { id, who } = await enrolled('专员戊')
    const security = await signedIn(hotline.url, { name: '安全甲', password: aPassword })
    const { token } = (await admin.post(`/api/staff/${id}/password-reset`)).body
    const password = 'Brand-New-Horse-3'
    expect((await ask(hotline.url, 'POST', '/api/setup', { token, password })).body).toMatchObject({
      code: 'otp_required',
    })
    expect((await signIn({ ...who, password })).body).toMatchObject({ code: 'otp_required' })
    expect((await security.post(`/api/staff/${id}/totp-reset`)).body).toMatchObject({ totp: false })
    expect((await signIn({ ...who, password })).status).toBe(200)
  })

  it('is all that an office holder may see to where it is required and missing', async () => {
    const strict = await aHotline({ env: { REQUIRE_TOTP: 'privileged' }, now: () => now })
    const first = await signedIn(strict.url, { name: 'admin', password: aPassword })
    expect((await first.get('/api/session')).body).toMatchObject({ mustEnrol: true })
    expect(await first.get('/api/staff')).toMatchObject({ status: 403, body: { code: 'enrolment_required' } })
    const { secret } = (await first.post('/api/totp', { password: aPassword })).body as TotpBegun
    expect((await first.post('/api/totp/confirm', { code: codeOf(secret) })).status).toBe(200)
    expect((await first.get('/api/staff')).status).toBe(200)
    const agent = await signedIn(strict.url, await strict.aMember('agent'))
    expect((await agent.get('/api/callbacks')).status).toBe(200)
    await strict.close()
  })
})

describe('the audit log', () => {
  let auditor: HttpClient
  beforeAll(async () => {
    auditor = await signedIn(hotline.url, { name: '审计甲', password: aPassword })
  })
  const acts = async (query: string) =>
    ((await auditor.get(`/api/audit?limit=200&${query}`)).body.rows as { act: string; who: string }[]).map(
      ({ act, who }) => `${who} ${act}`,
    )

  it('names who, what and why, and is found by act, name and day', async () => {
    expect(await acts('act=staff.disable')).toContain('admin staff.disable')
    expect(new Set(await acts(`who=${encodeURIComponent('安全甲')}`))).toContain('安全甲 staff.roles')
    expect(await acts('until=2026-11-22')).toEqual([])
    expect((await acts('from=2026-11-23')).length).toBeGreaterThan(20)
    const { rows } = (await auditor.get('/api/audit?act=staff.disable&limit=1')).body as { rows: object[] }
    expect(rows[0]).toMatchObject({ detail: { reason: '离岗' } })
  })

  it('keeps who was tried at the door, from which network, and what locked', async () => {
    const tried = async (name: string, password: string) => signIn({ name, password })
    await tried('坐席戊', 'Wrong-Horse-9')
    await tried('root', 'Wrong-Horse-9')
    await tried('My-Pass-Word-1', 'Wrong-Horse-9')
    const { rows, names } = (await auditor.get('/api/audit?act=session.refused&limit=3')).body as {
      rows: { subject: string; detail: object; address: string }[]
      names: Record<string, string>
    }
    expect(rows.map(({ detail }) => detail)).toEqual([{ tried: 'My…' }, { tried: 'root' }, {}])
    expect(names[rows[2]?.subject ?? '']).toMatch(/^坐席戊（工号 \d+）$/)
    for (const { address } of rows) expect(address).toBe('127.0.0.*')
    const locked = (await auditor.get('/api/audit?act=session.locked&limit=9')).body as {
      rows: { subject: string }[]
      names: Record<string, string>
    }
    expect(locked.rows.map(({ subject }) => locked.names[subject]).join()).toContain('坐席丁')
  })

  it('says whose roles were changed by name, and is found by whom it is about', async () => {
    const found = await acts(`subject=${encodeURIComponent('坐席甲')}`)
    expect(found).toEqual(expect.arrayContaining(['安全甲 staff.roles', 'admin staff.create', '坐席甲 session.begin']))
    expect(await acts('subject=nobody-knows')).toEqual([])
  })

  it('finds who looked at a citizen, over all that is about them, by any of it', async () => {
    const agent = await hotline.aMember('agent')
    const desk = await anAgent(hotline.url, agent)
    const citizen = await aVisitor(hotline.url)
    const { conversationId } = await citizen.must('turn:say', {
      clientId: 'audit-look-1',
      text: '我的电话是13912345678',
    })
    await citizen.must('complaint:file', { text: '窗口没有人', contact: '13912345678' })
    citizen.close()
    expect((await desk.http.get(`/api/conversations/${conversationId}`)).status).toBe(200)
    await desk.must('conversation:open', { conversationId })
    const officer = await signedIn(hotline.url, await hotline.aMember('officer'))
    const { cases } = (await officer.get('/api/cases')).body as { cases: { id: string; number: string }[] }
    await officer.post(`/api/cases/${cases[0]?.id}/contact`, { reason: '核实投诉内容' })
    desk.close()
    for (const asked of [conversationId, cases[0]?.id, cases[0]?.number]) {
      const { rows, names } = (await auditor.get(`/api/audit?limit=50&subject=${asked}`)).body as {
        rows: { act: string; who: string; subject: string }[]
        names: Record<string, string>
      }
      const told = rows.map(({ act, who, subject }) => `${who} ${act} ${names[subject]}`)
      expect(told.filter((one) => one.startsWith(`${agent.name} conversation.look 访客`))).toHaveLength(2)
      expect(told.join()).toContain(`case.contact 整改单 ${cases[0]?.number}`)
    }
  })

  it('is checked in slices to its end', async () => {
    const { total } = (await auditor.get('/api/audit?limit=1')).body as { total: number }
    expect((await auditor.get('/api/audit-check?after=0')).body).toMatchObject({ from: 1, rows: total })
    const half = Math.floor(total / 2)
    const rest = (await auditor.get(`/api/audit-check?after=${half}`)).body as { from: number; rows: number }
    expect(rest).toMatchObject({ from: half + 1, rows: total - half })
    expect(rest).not.toHaveProperty('broken')
  })

  it('leaves as a table that no spreadsheet runs, and says so', async () => {
    const formulas = ['=1+1', '+cmd|x', '-2', '@SUM(1)', '\t=1', '＝1']
    for (const subject of formulas) await auditStore(hotline.db).record({ act: 'session.refused', subject }, now)
    const phone = { act: 'session.refused', subject: 'x', detail: { reason: '电话13912345678' } } as const
    await auditStore(hotline.db).record(phone, now)
    for (const format of ['csv', 'xlsx']) {
      const response = await fetch(`${hotline.url}/api/audit-table?format=${format}`, {
        headers: { cookie: auditor.cookie },
      })
      const file = Buffer.from(await response.arrayBuffer())
      const cells = (format === 'csv' ? readCsv(file) : readXlsx(file)).rows.flatMap((row) => row.cells)
      for (const subject of formulas) expect(cells, format).toContain(`'${subject}`)
      expect(cells.filter((cell) => /^[=+\-@\t\r＝＋－＠]/.test(cell))).toEqual([])
      expect(cells.join()).toContain('139****5678')
      expect(cells).toEqual(expect.arrayContaining(['登录被拒', '更改角色', '从哪里', '127.0.0.*', '角色：整改专员']))
      expect(cells.join()).not.toMatch(/session\.|staff\.|\{"/)
      expect(cells.join()).not.toContain('13912345678')
    }
    const { rows } = await auditStore(hotline.db).list(1, 0)
    expect(rows[0]).toMatchObject({ by: '审计甲', act: 'audit.export', detail: { format: 'xlsx' } })
  })

  it('tells the security administrator of a colleague who opens numbers by the dozen', async () => {
    const agent = await hotline.aMember('agent')
    const opened = { staffId: agent.staffId, act: 'conversation.unmask', subject: 'x' } as const
    for (let i = 0; i < 20; i++) await auditStore(hotline.db).record(opened, now)
    await hotline.guards.look()
    await hotline.guards.look()
    const security = await signedIn(hotline.url, { name: '安全甲', password: aPassword })
    const { alerts } = (await security.get('/api/alerts')).body as { alerts: { kind: string; text: string }[] }
    const strange = alerts.filter(({ kind, text }) => kind === 'security.anomaly' && text.includes(agent.workNumber))
    expect(strange).toHaveLength(1)
    expect(strange[0]?.text).toContain('在 10 分钟内查看完整号码或文件 20 次')
  })

  it('keeps its head outside of the database once a day, and shows when the end was cut off', async () => {
    await hotline.guards.anchor()
    await hotline.guards.anchor()
    type Anchors = { anchors: { day: string; id: number; isKept: boolean }[] }
    const anchors = async () => ((await auditor.get('/api/audit-anchors')).body as Anchors).anchors
    const [kept, ...more] = await anchors()
    expect(more).toEqual([])
    expect(kept).toMatchObject({ isKept: true })
    const { alerts } = (await auditor.get('/api/alerts')).body as { alerts: { kind: string; text: string }[] }
    expect(alerts.filter(({ kind }) => kind === 'audit.anchor')[0]?.text).toContain(`到第 ${kept?.id} 行，校验值`)
    await appendFile(join(hotline.config.DATA_DIR, 'audit-anchors.jsonl'), '{"day":"2026-')
    expect((await auditor.get('/api/audit-anchors')).body).toMatchObject({ anchors: [{ isKept: true }], torn: 1 })
    const { pool } = hotline.database
    await pool.query('alter table audit disable trigger audit_append_only')
    await pool.query('delete from audit where id >= $1', [kept?.id])
    await pool.query('alter table audit enable trigger audit_append_only')
    expect((await auditor.get('/api/audit-check?after=0')).body).not.toHaveProperty('broken')
    expect(await anchors()).toMatchObject([{ id: kept?.id, isKept: false }])
  })

  it('names the first row that was changed, or is missing', async () => {
    const { pool } = hotline.database
    await expect(pool.query('truncate audit')).rejects.toThrow('append-only')
    await expect(pool.query(`set budayang.erasing = 'on'; update audit set act = 'x'`)).rejects.toThrow('append-only')
    await pool.query('alter table audit disable trigger audit_append_only')
    await pool.query(`update audit set subject = 'nobody' where id = 7`)
    const changed = (await auditor.get('/api/audit-check?after=0')).body
    expect(changed).toMatchObject({ to: 7, broken: { id: 7, why: 'changed' } })
    await pool.query('delete from audit where id = 7')
    expect((await auditor.get('/api/audit-check?after=0')).body).toMatchObject({ broken: { id: 8, why: 'missing' } })
    expect((await auditor.get('/api/audit-check?after=8')).body).not.toHaveProperty('broken')
  })
})

describe('a whole number', () => {
  it('is shown to the agent of a conversation until its end, then to a supervisor alone', async () => {
    const [agent, supervisor] = [await hotline.aMember('agent'), await hotline.aMember('supervisor')]
    const citizen = await aVisitor(hotline.url)
    const { conversationId } = await citizen.must('turn:say', { clientId: 'unmask-late', text: '我的电话13912345678' })
    citizen.close()
    const become = (set: string, given: unknown) =>
      hotline.database.pool.query(`update conversation set ${set} where id = $1`, [conversationId, given])
    const [hers, theirs] = [await signedIn(hotline.url, agent), await signedIn(hotline.url, supervisor)]
    const unmask = (client: HttpClient) =>
      client.post(`/api/conversations/${conversationId}/unmask`, { reason: '市民本人要求核对' })
    await become(`state = 'agent', agent_id = $2`, agent.staffId)
    expect((await unmask(hers)).body).toMatchObject({ typed: [{ text: '我的电话13912345678' }] })
    await become(`state = 'closed', agent_id = null, closed_at = $2`, now)
    expect(await unmask(hers)).toMatchObject({ body: { code: 'not_your_conversation' } })
    expect((await unmask(theirs)).status).toBe(200)
  })
})

describe('a desk that was open when the roles went', () => {
  it('takes not one ask any more', async () => {
    const who = await hotline.aMember('agent', 'editor')
    for (const name of Object.keys(agentAsks) as AgentAsk[]) {
      await hotline.database.pool.query(`update staff set roles = '{agent,editor}' where id = $1`, [who.staffId])
      const desk = await anAgent(hotline.url, who)
      await hotline.database.pool.query(`update staff set roles = '{editor}' where id = $1`, [who.staffId])
      expect(await desk.ask(name, soundAgentAsks[name]), name).toMatchObject({ ok: false, code: 'not_allowed' })
      desk.close()
    }
  })
})

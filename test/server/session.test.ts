/** Who gets in, how, and until when: the sign-in door, the first administrator, the staff door, and their trail. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { auditStore } from '../../desk/audit.store.ts'
import { staff } from '../../desk/staff.ts'
import { aHotline, aPassword, type TestHotline } from '../support/hotline.ts'
import { ask, setUp as openLink, signedIn } from '../support/http-client.ts'
import { rowCounts } from '../support/row-counts.ts'
import { anAgent, aVisitor, until } from '../support/socket-clients.ts'

let hotline: TestHotline
/** The hotline's clock stands still but for what a test moves it. */
let now = new Date('2026-11-23T02:00:00Z')
const hoursLater = (hours: number) => (now = new Date(now.getTime() + hours * 3_600_000))

beforeAll(async () => {
  hotline = await aHotline({ now: () => now })
})
afterAll(() => hotline.close())

const signIn = (name: string, password: string, cookie = '') =>
  fetch(`${hotline.url}/api/session`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', cookie },
    body: JSON.stringify({ name, password }),
  })
const cookieOf = (response: Response) => response.headers.getSetCookie()[0] ?? ''
const statusWith = async (cookie: string) =>
  (await ask(hotline.url, 'GET', '/api/session', undefined, { cookie })).status

describe('signing in', () => {
  it('tells a stranger the same of a wrong password and of a name that nobody has', async () => {
    const { name } = await hotline.aMember('agent')
    const told = []
    for (const answer of [await signIn(name, 'Wrong-Horse-9'), await signIn('nobody', 'Wrong-Horse-9')])
      told.push({ status: answer.status, body: await answer.text(), cookie: cookieOf(answer) })
    expect(told[0]).toEqual(told[1])
    expect(told[0]).toEqual({
      status: 401,
      body: '{"code":"wrong_credentials","message":"登录名或密码不对"}',
      cookie: '',
    })
  })

  it('locks after five wrong passwords for a quarter of an hour, the right one or not', async () => {
    const { name, password } = await hotline.aMember('agent')
    for (let i = 0; i < 5; i++) expect((await signIn(name, 'Wrong-Horse-9')).status).toBe(401)
    const locked = await signIn(name, password)
    expect(locked.status).toBe(429)
    expect(await locked.json()).toMatchObject({ code: 'too_many_requests' })
    hoursLater(0.24)
    expect((await signIn(name, password)).status).toBe(429)
    hoursLater(0.02)
    expect((await signIn(name, password)).status).toBe(200)
  })

  it('lets none of fifty guesses at once learn more than five one after the other', async () => {
    const { name, password } = await hotline.aMember('agent')
    const guesses = Array.from({ length: 50 }, (_, i) => signIn(name, i === 40 ? password : `Wrong-Horse-${i}`))
    const statuses = (await Promise.all(guesses)).map((answer) => answer.status)
    expect(statuses.filter((status) => status === 401).length).toBeLessThanOrEqual(5)
    expect(statuses.every((status) => [200, 401, 429].includes(status))).toBe(true)
  })

  it('sets a cookie that no script reads and no other site sends', async () => {
    const { name, password } = await hotline.aMember('agent')
    const cookie = cookieOf(await signIn(name, password))
    expect(cookie).toMatch(/^budayang=[\w-]{43}; Path=\/; HttpOnly; SameSite=Lax$/)
  })

  it('begins a new session and ends the one that came along', async () => {
    const { name, password } = await hotline.aMember('agent')
    const first = cookieOf(await signIn(name, password)).split(';')[0] ?? ''
    const second = cookieOf(await signIn(name, password, first)).split(';')[0] ?? ''
    expect(second).not.toBe(first)
    expect(await statusWith(first)).toBe(401)
    expect(await statusWith(second)).toBe(200)
  })

  it('takes no session from whoever brings one along', async () => {
    const { name, password } = await hotline.aMember('agent')
    const planted = `budayang=${'A'.repeat(43)}`
    expect(cookieOf(await signIn(name, password, planted))).not.toContain(planted)
    expect(await statusWith(planted)).toBe(401)
  })

  it('ends a session that nobody uses after half an hour, though its page asks all the time', async () => {
    const { cookie, csrf, get } = await signedIn(hotline.url, await hotline.aMember('agent', 'supervisor'))
    for (let minutes = 1; minutes < 30; minutes += 4) {
      expect((await get('/api/alerts')).status).toBe(200)
      hoursLater(4 / 60)
    }
    expect(await statusWith(cookie)).toBe(401)
    const headers = { cookie, 'x-csrf-token': csrf }
    expect(await ask(hotline.url, 'POST', '/api/session/use', {}, headers)).toMatchObject({ status: 401 })
  })

  it('keeps a session for whoever does something, up to twelve hours, and tells how long', async () => {
    const worker = await signedIn(hotline.url, await hotline.aMember('agent'))
    for (let turn = 0; turn < 30; turn++) {
      hoursLater(0.3)
      const used = await worker.post('/api/session/use')
      expect(used).toMatchObject({ status: 200, body: { idleLeftSeconds: 1_800 } })
      hoursLater(0.1)
      if (turn < 29) expect((await worker.get('/api/session')).body).toMatchObject({ idleLeftSeconds: 1_440 })
    }
    expect(await statusWith(worker.cookie)).toBe(401)
  })

  it('counts what an agent does at the desk, and not what the desk asks by itself', async () => {
    const member = await hotline.aMember('agent')
    const desk = await anAgent(hotline.url, member)
    const idleLeft = async () => (await desk.http.get('/api/session')).body['idleLeftSeconds']
    hoursLater(0.25)
    for (const ask of ['handset:look', 'queue:list', 'mentions:list', 'team:list', 'figures:watch'] as const)
      await desk.ask(ask, ask === 'figures:watch' ? { on: true } : {})
    await desk.ask('viewing:set', {})
    expect(await idleLeft()).toBe(900)
    await desk.ask('typing:tell', { conversationId: crypto.randomUUID(), what: 'reply' })
    expect(await idleLeft()).toBe(1_800)
    desk.close()
  })
})

describe('signing out', () => {
  it('ends the session and takes the cookie away', async () => {
    const client = await signedIn(hotline.url, await hotline.aMember('agent'))
    const answer = await fetch(`${hotline.url}/api/session`, {
      method: 'DELETE',
      headers: { cookie: client.cookie, 'x-csrf-token': client.csrf },
    })
    expect(answer.status).toBe(200)
    expect(cookieOf(answer)).toMatch(/^budayang=; Path=\/; Expires=Thu, 01 Jan 1970/)
    expect(await client.get('/api/session')).toMatchObject({ status: 401, body: { code: 'not_signed_in' } })
  })

  it('closes the desk that was open with it, and no other', async () => {
    const member = await hotline.aMember('agent')
    const [leaving, staying] = [await anAgent(hotline.url, member), await anAgent(hotline.url, member)]
    await leaving.http.delete('/api/session')
    await until(() => leaving.socket.disconnected, 'the desk closed')
    expect(staying.socket.connected).toBe(true)
    expect(await staying.ask('queue:list', {})).toMatchObject({ ok: true })
    staying.close()
  })

  it('closes the desk too when somebody else signs in on the same browser', async () => {
    const [first, second] = [await hotline.aMember('agent'), await hotline.aMember('agent')]
    const desk = await anAgent(hotline.url, first)
    await signIn(second.name, second.password, desk.http.cookie)
    await until(() => desk.socket.disconnected, 'the desk closed')
  })

  it('is done for whoever is taken off the staff, at once and everywhere', async () => {
    const member = await hotline.aMember('agent', 'officer')
    const agent = await anAgent(hotline.url, member)
    const set = (change: string) =>
      hotline.database.pool.query(`update staff set ${change} where id = $1`, [member.staffId])
    await set(`roles = '{agent}'`)
    expect(await agent.http.get('/api/cases')).toMatchObject({ status: 403, body: { code: 'not_allowed' } })
    await set(`roles = '{officer}'`)
    expect(await agent.ask('queue:list', {})).toMatchObject({ ok: false, code: 'not_allowed' })
    await until(() => agent.socket.disconnected, 'the desk closed')
    await set('disabled_at = created_at')
    expect(await agent.http.get('/api/cases')).toMatchObject({ status: 401, body: { code: 'not_signed_in' } })
    expect((await signIn(member.name, member.password)).status).toBe(401)
  })

  it('lets a desk whose session ran out ask for nothing more', async () => {
    const agent = await anAgent(hotline.url, await hotline.aMember('agent'))
    hoursLater(1.1)
    expect(await agent.ask('queue:list', {})).toMatchObject({ ok: false, code: 'not_signed_in' })
    await until(() => agent.socket.disconnected, 'the desk closed')
  })

  it('closes a desk that nobody uses, though it asks for nothing', async () => {
    const [left, used] = [
      await anAgent(hotline.url, await hotline.aMember('agent')),
      await anAgent(hotline.url, await hotline.aMember('agent')),
    ]
    hoursLater(0.4)
    await used.http.post('/api/session/use')
    hoursLater(0.2)
    await hotline.closeEndedDesks()
    await until(() => left.socket.disconnected, 'the desk closed')
    expect(used.socket.connected).toBe(true)
    used.close()
  })
})

describe('the first administrator', () => {
  /** What server/main.ts does at every start. */
  const start = (password?: string) => staff(fresh.db).ensureAdmin({ password }, now)
  const setUp = (token: string | undefined, password = 'Brand-New-Horse-1') =>
    ask(fresh.url, 'POST', '/api/setup', { token, password })

  let fresh: TestHotline
  beforeAll(async () => {
    fresh = await aHotline({ now: () => now, administrator: false })
  })
  afterAll(() => fresh.close())

  it('does not exist before somebody has chosen a password', async () => {
    const { setUpToken } = await start()
    expect(setUpToken).toMatch(/^[\w-]{32}$/)
    for (const password of ['admin', 'password', '', String(setUpToken)]) {
      const { status } = await ask(fresh.url, 'POST', '/api/session', { name: 'admin', password })
      expect([400, 401]).toContain(status)
    }
  })

  it('chooses a password by a link that works once', async () => {
    const [first, second] = [await start(), await start()]
    expect(await setUp(first.setUpToken)).toMatchObject({ status: 400, body: { fields: [{ path: 'token' }] } })
    expect(await setUp(second.setUpToken, 'weak')).toMatchObject({
      status: 400,
      body: { fields: [{ path: 'password' }, {}] },
    })

    const twice = await Promise.all([setUp(second.setUpToken), setUp(second.setUpToken)])
    expect(twice.map((answer) => answer.status).sort()).toEqual([200, 400])
    expect(twice.find(({ status }) => status === 200)?.body).toMatchObject({ name: 'admin', roles: ['administrator'] })
    expect(await setUp(second.setUpToken, 'Another-Horse-2')).toMatchObject({
      status: 400,
      body: { code: 'invalid_input' },
    })
    await signedIn(fresh.url, { name: 'admin', password: 'Brand-New-Horse-1' })
  })

  it('keeps that password whatever a later start says', async () => {
    expect(await start('Environment-Horse-3')).toEqual({})
    const old = await ask(fresh.url, 'POST', '/api/session', { name: 'admin', password: 'Environment-Horse-3' })
    expect(old.status).toBe(401)
  })

  it('may have a password from the environment from the start', async () => {
    const client = await signedIn(hotline.url, { name: 'admin', password: aPassword })
    expect((await client.get('/api/session')).body).toMatchObject({ name: 'admin', roles: ['administrator'] })
  })

  it('finds a link of yesterday too old', async () => {
    const late = await aHotline({ now: () => now, administrator: false })
    const { setUpToken } = await staff(late.db).ensureAdmin({}, now)
    hoursLater(24.1)
    const answer = await ask(late.url, 'POST', '/api/setup', { token: setUpToken, password: 'Brand-New-Horse-1' })
    expect(answer).toMatchObject({ status: 400, body: { fields: [{ path: 'token' }] } })
    await late.close()
  })
})

describe('the staff door', () => {
  const colleague = { name: '王芳', roles: ['agent', 'editor'], displayName: '王芳', workNumber: '8001' }

  it('makes a member who chooses their own password by a link, and tells it to nobody', async () => {
    const admin = await signedIn(hotline.url, { name: 'admin', password: aPassword })
    const made = await admin.post('/api/staff', colleague)
    expect(made).toMatchObject({
      status: 200,
      body: { name: '王芳', workNumber: '8001', roles: ['agent', 'editor'], ready: false, link: {} },
    })
    expect((await signIn('王芳', aPassword)).status).toBe(401)
    expect(await openLink(hotline.url, made.body, 'Aa12345678')).toMatchObject({
      status: 400,
      body: { fields: [{ path: 'password', message: expect.stringContaining('太容易猜') as string }] },
    })
    expect((await openLink(hotline.url, made.body, aPassword)).status).toBe(200)
    expect(await openLink(hotline.url, made.body, aPassword)).toMatchObject({ status: 400 })
    expect(JSON.stringify(await admin.get('/api/staff'))).not.toMatch(/argon|hash|token|Correct-Horse/)
    await signedIn(hotline.url, { name: '王芳', password: aPassword })
    const { rows } = await auditStore(hotline.db).list(5, 0, { act: 'password.set' })
    expect(rows).toMatchObject([{ by: '王芳', subject: made.body['id'] }])
  })

  it('takes a password from nobody but the scripts of an installation that was set up by them', async () => {
    const admin = await signedIn(hotline.url, { name: 'admin', password: aPassword })
    const before = await rowCounts(hotline.database.pool)
    const given = { name: '脚本', password: aPassword, roles: ['agent'] }
    expect(await admin.post('/api/staff', given)).toMatchObject({
      status: 400,
      body: { fields: [{ path: 'password' }] },
    })
    expect(await rowCounts(hotline.database.pool)).toEqual(before)

    const scripted = await aHotline({ now: () => now, env: { BUDAYANG_ADMIN_PASSWORD: aPassword } })
    const script = await signedIn(scripted.url, { name: 'admin', password: aPassword })
    const made = await script.post('/api/staff', given)
    expect(made).toMatchObject({ status: 200, body: { ready: true } })
    expect(made.body).not.toHaveProperty('link')
    await signedIn(scripted.url, given)
    await scripted.close()
  })

  it('names the field that somebody else has', async () => {
    const admin = await signedIn(hotline.url, { name: 'admin', password: aPassword })
    const before = await rowCounts(hotline.database.pool)
    expect(await admin.post('/api/staff', { ...colleague, workNumber: '8002' })).toMatchObject({
      status: 409,
      body: { code: 'conflict', fields: [{ path: 'name', message: '登录名已有人使用' }] },
    })
    expect(await admin.post('/api/staff', { ...colleague, name: '李雷' })).toMatchObject({
      status: 409,
      body: { code: 'conflict', fields: [{ path: 'workNumber', message: '工号已有人使用' }] },
    })
    expect(await rowCounts(hotline.database.pool)).toEqual(before)
  })

  it('gives a desk phone to one member, and keeps who gave it', async () => {
    const admin = await signedIn(hotline.url, { name: 'admin', password: aPassword })
    const { staff } = (await admin.get('/api/staff')).body as { staff: { id: string; extension?: string }[] }
    const [first, second] = staff.map(({ id }) => id)
    expect(await admin.post(`/api/staff/${first}/extension`, { extension: '8001' })).toMatchObject({ status: 200 })
    expect(await admin.post(`/api/staff/${second}/extension`, { extension: '8001' })).toMatchObject({
      status: 409,
      body: { code: 'conflict', fields: [{ path: 'extension', message: '这个分机已分给其他同事' }] },
    })
    const listed = (await admin.get('/api/staff')).body as { staff: { id: string; extension?: string }[] }
    expect(listed.staff.filter(({ extension }) => extension === '8001').map(({ id }) => id)).toEqual([first])
    const { rows } = await auditStore(hotline.db).list(5, 0)
    expect(rows[0]).toMatchObject({ act: 'staff.extension', subject: first, detail: { extension: '8001' } })
  })

  it('makes one of two who want the same name at the same moment', async () => {
    const admin = await signedIn(hotline.url, { name: 'admin', password: aPassword })
    const made = await Promise.all([1, 2, 3].map(() => admin.post('/api/staff', { name: '韩梅梅', roles: ['agent'] })))
    expect(made.map(({ status }) => status).sort()).toEqual([200, 409, 409])
  })
})

it('has left an audit trail whose chain holds, without a password or a token in it', async () => {
  const audit = auditStore(hotline.db)
  const { rows, total } = await audit.list(200, 0)
  expect(await audit.verify()).toEqual({ ok: true, rows: total })
  const acts = new Set(rows.map(({ act }) => act))
  expect([...acts]).toEqual(expect.arrayContaining(['session.begin', 'session.end', 'session.refused', 'staff.create']))
  expect(JSON.stringify(rows)).not.toMatch(/Horse|"token"/)
})

it('gives a citizen nothing to sign in with', async () => {
  const visitor = await aVisitor(hotline.url)
  expect(await statusWith(`budayang=${visitor.token}`)).toBe(401)
  visitor.close()
})

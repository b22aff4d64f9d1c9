/** How often one may knock, with the limits on: by address for strangers, by visitor on a socket. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { aHotline, aPassword, type TestHotline } from '../support/hotline.ts'
import { ask } from '../support/http-client.ts'
import { aPass, aVisitor } from '../support/socket-clients.ts'

let hotline: TestHotline
let passes: string[]
beforeAll(async () => {
  hotline = await aHotline({ env: { RATE_LIMIT: 'on' } })
  // Before the budget for passes is spent.
  passes = await Promise.all([1, 2, 3].map(() => aPass(hotline.url)))
})
afterAll(() => hotline.close())

const tooMany = { status: 429, body: { code: 'too_many_requests', message: '操作太频繁，请稍后再试' } }
const nobody = { name: 'nobody', password: aPassword }

/** Knocks `times` times and hands back how often each status came. */
async function knock(times: number, once: (i: number) => Promise<{ status: number }>): Promise<Record<number, number>> {
  const statuses: Record<number, number> = {}
  for (let i = 0; i < times; i++) {
    const { status } = await once(i)
    statuses[status] = (statuses[status] ?? 0) + 1
  }
  return statuses
}

describe('one address', () => {
  it('tries to sign in twenty times a minute, whatever address it claims to have', async () => {
    const claim = (i: number) => ({ 'x-forwarded-for': `10.0.0.${i}`, 'x-real-ip': `10.0.0.${i}` })
    const statuses = await knock(20, (i) => ask(hotline.url, 'POST', '/api/session', nobody, claim(i)))
    expect(statuses).toEqual({ 401: 20 })
    expect(await ask(hotline.url, 'POST', '/api/session', nobody, claim(21))).toMatchObject(tooMany)
  })

  it('finds the set-up link behind the same brake', async () => {
    const body = { token: 'x'.repeat(32), password: aPassword }
    expect(await ask(hotline.url, 'POST', '/api/setup', body)).toMatchObject(tooMany)
  })

  it('asks three hundred times a minute, and gets two passes a second', async () => {
    expect(await knock(300, () => ask(hotline.url, 'POST', '/api/ask', {}))).toEqual({ 400: 300 })
    expect(await ask(hotline.url, 'POST', '/api/ask', { question: '新生儿' })).toMatchObject(tooMany)
    expect(await knock(117, () => ask(hotline.url, 'POST', '/api/visitors', {}))).toEqual({ 200: 117 })
    expect(await ask(hotline.url, 'POST', '/api/visitors', {})).toMatchObject(tooMany)
  })

  it('still sees the pages when its questions are used up', async () => {
    expect((await ask(hotline.url, 'GET', '/api/widget/settings')).status).toBe(200)
    expect((await ask(hotline.url, 'GET', '/healthz')).status).toBe(200)
  })
})

describe('one visitor', () => {
  it('says twenty things in ten seconds; the next is refused and not kept, and others are not held up', async () => {
    const [pass] = passes
    const [eager, same] = [await aVisitor(hotline.url, { token: pass }), await aVisitor(hotline.url, { token: pass })]
    for (let i = 0; i < 20; i++) expect(await eager.say('你好')).toMatchObject({ ok: true })
    const refused = { ok: false, code: 'too_many_requests', message: tooMany.body.message }
    expect(await eager.say('再来一句')).toEqual(refused)
    // A second tab is the same visitor.
    expect(await same.say('再来一句')).toEqual(refused)
    const { rows } = await hotline.database.pool.query("select from turn where text = '再来一句'")
    expect(rows).toEqual([])

    const other = await aVisitor(hotline.url, { token: passes[1] })
    expect(await other.say('你好')).toMatchObject({ ok: true })
    for (const visitor of [eager, same, other]) visitor.close()
  })

  it('sends twenty forms a minute', async () => {
    const visitor = await aVisitor(hotline.url, { token: passes[2] })
    for (let i = 0; i < 20; i++)
      expect(await visitor.ask('complaint:file', {})).toMatchObject({ code: 'invalid_input' })
    expect(await visitor.ask('complaint:file', { text: '没有人接' })).toMatchObject({
      ok: false,
      code: 'too_many_requests',
    })
    visitor.close()
  })
})

describe('behind a trusted proxy', () => {
  let proxied: TestHotline
  beforeAll(async () => {
    proxied = await aHotline({
      env: { RATE_LIMIT: 'on', TRUST_PROXY: 'on', PUBLIC_URL: 'https://hotline.example.gov.cn' },
    })
  })
  afterAll(() => proxied.close())
  const from = (address: string) => ({ 'x-forwarded-for': address })

  it('everybody has a budget of their own, and a claimed address before the real one buys none', async () => {
    const tried = await knock(20, (i) =>
      ask(proxied.url, 'POST', '/api/session', nobody, from(`10.0.0.${i}, 203.0.113.7`)),
    )
    expect(tried).toEqual({ 401: 20 })
    expect(await ask(proxied.url, 'POST', '/api/session', nobody, from('10.9.9.9, 203.0.113.7'))).toMatchObject(tooMany)
    expect((await ask(proxied.url, 'POST', '/api/session', nobody, from('203.0.113.8'))).status).toBe(401)
  })

  it('the metrics are for this machine alone', async () => {
    expect((await ask(proxied.url, 'GET', '/metrics')).status).toBe(200)
    for (const address of ['203.0.113.7', '127.0.0.1, 203.0.113.7', '::ffff:203.0.113.7'])
      expect(await ask(proxied.url, 'GET', '/metrics', undefined, from(address))).toMatchObject({
        status: 403,
        body: { code: 'not_allowed' },
      })
  })

  it('the cookie goes over HTTPS to this host alone', async () => {
    const response = await fetch(`${proxied.url}/api/session`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', origin: 'https://hotline.example.gov.cn', ...from('203.0.113.9') },
      body: JSON.stringify({ name: 'admin', password: aPassword }),
    })
    expect(response.headers.getSetCookie()[0]).toMatch(
      /^__Host-budayang=[\w-]{43}; Path=\/; HttpOnly; Secure; SameSite=Lax$/,
    )
    expect(response.headers.get('strict-transport-security')).toMatch(/max-age=\d{8}/)
  })
})

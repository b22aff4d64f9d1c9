/**
 * What a citizen may ask about their own data: a copy that holds all of it, and an erasure after which nothing they said
 * is found in any table, while a complaint stays as long as the law wants it. And how long things are kept at all.
 */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { dataSubject } from '../../desk/data-subject.ts'
import { retention } from '../../desk/retention.ts'
import { openKeyRing } from '../../server/key-ring.ts'
import { aHotline, type TestHotline } from '../support/hotline.ts'
import { ask, signedIn, type HttpClient } from '../support/http-client.ts'
import { aPhoneClient } from '../support/phone-client.ts'
import { phoneToken } from '../support/phone-peers.ts'
import { anAgent, aPass, aVisitor, until } from '../support/socket-clients.ts'

let hotline: TestHotline
let security: HttpClient
let admin: HttpClient
let now = new Date('2026-11-23T02:00:00Z')
const daysLater = (days: number) => (now = new Date(now.getTime() + days * 86_400_000))

beforeAll(async () => {
  hotline = await aHotline({ now: () => now, env: { PHONE_TOKEN: phoneToken } })
  security = await signedIn(hotline.url, await hotline.aMember('security'))
  admin = await signedIn(hotline.url, await hotline.aMember('administrator'))
})
afterAll(() => hotline.close())

const keys = () => openKeyRing(hotline.config)
const records = (token: string, format: 'json' | 'html' = 'json') =>
  ask(hotline.url, 'POST', '/api/visitors/records', { token, format })
const erase = (token: string) => ask(hotline.url, 'POST', '/api/visitors/erasure', { token })

/** Every table, row by row, as text. */
async function dump(): Promise<string> {
  const { pool } = hotline.database
  const tables = await pool.query<{ name: string }>(
    `select table_name as name from information_schema.tables where table_schema = 'public'`,
  )
  const rows: string[] = []
  for (const { name } of tables.rows)
    for (const { row } of (await pool.query<{ row: string }>(`select t::text as row from ${name} t`)).rows)
      rows.push(row)
  return rows.join('\n')
}

let told = 0
/** Somebody with a story of words and numbers that nobody else has. */
async function aStory() {
  const mark = `记号${++told}`
  const phone = `1391234570${told}`
  const visitor = await aVisitor(hotline.url)
  await visitor.must('turn:say', { clientId: `story-${told}-1`, text: `我住在${mark}胡同，新生儿怎么参保` })
  await visitor.must('callback:book', { phone })
  const { caseNumber } = await visitor.must('complaint:file', { text: `窗口${mark}不给办`, contact: phone })
  return { visitor, mark, phone, caseNumber }
}

describe('by the pass of the widget', () => {
  it('a citizen gets all that is kept of them, whole, and of nobody else', async () => {
    const [mine, other] = [await aStory(), await aStory()]
    const { status, body } = await records(mine.visitor.token)
    expect(status).toBe(200)
    expect(body).toMatchObject({
      conversations: [{ channel: 'web' }],
      callbacks: [{ phone: mine.phone, state: 'waiting' }],
      cases: [{ number: mine.caseNumber, text: `窗口${mine.mark}不给办`, contact: mine.phone }],
    })
    expect(JSON.stringify(body)).toContain(`我住在${mine.mark}胡同`)
    expect(JSON.stringify(body)).not.toContain(other.mark)
    for (const { visitor } of [mine, other]) visitor.close()
  })

  it('nobody reads what was sent to a number by writing it down, nor a code by proving it', async () => {
    const { visitor, phone } = await aStory()
    await hotline.db.transaction().execute(async (tx) => {
      for (const [kind, text] of [
        ['case_notice', '只给号码主人看的话'],
        ['verify_code', '验证码 482913'],
      ] as const)
        await hotline.outbox.post(tx, { channel: 'sms', to: phone, kind, text, key: `${kind}:${phone}` }, now)
    })
    const byPass = JSON.stringify((await records(visitor.token)).body)
    expect(byPass).toContain(phone)
    expect(byPass).not.toContain('只给号码主人看的话')
    const proved = { phone, proof: 'call_back', note: '回拨核对了姓名', format: 'json' }
    const byNumber = JSON.stringify((await security.post('/api/data-requests/copy', proved)).body)
    expect(byNumber).toContain('只给号码主人看的话')
    for (const copy of [byPass, byNumber]) expect(copy).not.toContain('482913')
    visitor.close()
  })

  it('a copy that prints holds their words as text', async () => {
    const visitor = await aVisitor(hotline.url)
    await visitor.must('turn:say', { clientId: 'a-script-1', text: '<script>alert(1)</script>"怎么参保"' })
    const page = String((await records(visitor.token, 'html')).body.text)
    expect(page).toContain('&#60;script&#62;alert(1)&#60;/script&#62;&#34;怎么参保&#34;')
    expect(page).not.toContain('<script')
    visitor.close()
  })

  it('nothing is given, and nothing erased, for a pass that is not ours', async () => {
    const pass = await aPass(hotline.url)
    for (const token of [`${pass.slice(0, -2)}xx`, 'x'.repeat(80)]) {
      expect(await records(token)).toMatchObject({ status: 404, body: { code: 'not_found' } })
      expect((await erase(token)).status).toBe(404)
    }
    expect((await records(pass)).status).toBe(404)
  })

  it('what they said is gone everywhere, the complaint stays and is named, and the pass is void', async () => {
    const { visitor, mark, phone, caseNumber } = await aStory()
    await hotline.database.pool.query(
      `insert into caller_number (conversation_id, number_sealed, kept_at)
       select conversation_id, $1, now() from case_file where number = $2`,
      [mark, caseNumber],
    )
    const { body } = await erase(visitor.token)
    expect(body).toMatchObject({
      state: 'done',
      held: [caseNumber],
      found: { conversations: 1, callbacks: 1, cases: 1 },
    })
    await until(() => visitor.socket.disconnected, 'the panel was closed')
    expect(await records(visitor.token)).toMatchObject({ status: 404, body: { code: 'not_found' } })
    expect((await erase(visitor.token)).status).toBe(404)
    await expect(aVisitor(hotline.url, { token: visitor.token })).rejects.toThrow('not_signed_in')

    const left = (await dump()).split('\n').filter((row) => row.includes(mark) || row.includes(phone))
    expect(left).toHaveLength(1)
    expect(left[0]).toContain(caseNumber)
    const { rows } = await hotline.database.pool.query<{ sealed: string }>(
      'select phone_sealed as sealed from callback',
    )
    expect(rows.map(({ sealed }) => keys().open(sealed))).not.toContain(phone)
  })

  it('a pass that was never used is void too', async () => {
    const token = await aPass(hotline.url)
    expect((await erase(token)).body).toMatchObject({ state: 'done', held: [] })
    await expect(aVisitor(hotline.url, { token })).rejects.toThrow('not_signed_in')
  })

  it('it waits for the agent who is still talking, and is done after that', async () => {
    const agent = await anAgent(hotline.url, await hotline.aMember('agent'))
    await agent.must('presence:set', { state: 'online' })
    const visitor = await aVisitor(hotline.url)
    const text = '我住在等候胡同，请转人工'
    await visitor.must('turn:say', { clientId: 'waits-for-1', text })
    const { conversationId } = await visitor.must('person:ask', {})
    await agent.must('conversation:claim', { conversationId })
    expect((await erase(visitor.token)).body).toMatchObject({ state: 'waiting' })
    const subjects = dataSubject(hotline.db, keys())
    expect(await subjects.finishWaiting(now)).toBe(0)
    expect(await dump()).toContain('等候胡同')
    await agent.must('conversation:close', { conversationId, summary: '等候胡同的事' })
    const twoNodes = await Promise.all([subjects.finishWaiting(now), subjects.finishWaiting(now)])
    expect(twoNodes.sort()).toEqual([0, 1])
    expect(await dump()).not.toContain('等候胡同')
    agent.close()
  })
})

describe('by a number that a security administrator verified', () => {
  const asked = (phone: string) => ({ phone, proof: 'call_back', note: '回拨核对了姓名' })

  it('a copy joins the calls of that number and what was left with it elsewhere', async () => {
    const { visitor, mark, phone } = await aStory()
    const line = await aPhoneClient(hotline.url, phoneToken)
    const { conversationId } = await line.ring(phone)
    await line.must('turn:say', {
      conversationId,
      clientId: 'spoken-by-phone',
      text: '电话里说的怎么参保',
      heardBy: 'speech',
      confidence: 1,
    })
    const { body } = await security.post('/api/data-requests/copy', { ...asked(phone), format: 'json' })
    const copy = JSON.stringify(body)
    for (const words of [mark, '电话里说的']) expect(copy).toContain(words)
    expect((await admin.post('/api/data-requests/copy', { ...asked(phone), format: 'json' })).status).toBe(403)
    line.close()
    visitor.close()
  })

  it('an erasure says how it was verified and by whom, without the number', async () => {
    const { visitor, mark, phone } = await aStory()
    daysLater(0.01)
    expect((await security.post('/api/data-requests/erase', { ...asked(phone), note: '没有' })).status).toBe(400)
    expect((await security.post('/api/data-requests/erase', asked(phone))).body).toMatchObject({ state: 'done' })
    expect((await dump()).split('\n').filter((row) => row.includes(mark))).toHaveLength(1)
    expect((await records(visitor.token)).status).toBe(404)
    const { requests } = (await security.get('/api/data-requests?limit=1')).body as { requests: object[] }
    expect(requests[0]).toMatchObject({ kind: 'erase', proof: 'call_back', note: '回拨核对了姓名', state: 'done' })
    expect(JSON.stringify(requests)).not.toContain(phone)
    visitor.close()
  })

  it('whoever is known by an order of 12345, or by messages alone, is found and forgotten too', async () => {
    const [ordered, written] = ['13912340001', '13912340002']
    const officer = await signedIn(hotline.url, await hotline.aMember('officer'))
    const order = {
      number: '340600-7',
      type: 'complaint',
      title: '电梯',
      text: '住在老巷子',
      receivedAt: now.toISOString(),
    }
    expect((await officer.post('/api/work-orders', { orders: [{ ...order, phone: ordered }] })).status).toBe(200)
    await hotline.db.transaction().execute(async (tx) => {
      const told = { channel: 'sms', kind: 'notice', text: '零星报销已办结', key: 'told-once' } as const
      await hotline.outbox.post(tx, { ...told, to: written }, now)
    })

    const orders = (await security.post('/api/data-requests/copy', { ...asked(ordered), format: 'json' })).body
    expect(orders).toMatchObject({ cases: [{ contact: ordered }] })
    expect(JSON.stringify(orders)).toContain('住在老巷子')
    const { held } = (await security.post('/api/data-requests/erase', asked(ordered))).body as { held: string[] }
    expect(held).toHaveLength(1)

    const messages = (await security.post('/api/data-requests/copy', { ...asked(written), format: 'json' })).body
    expect(messages).toMatchObject({ conversations: [], messages: [{ text: '零星报销已办结' }] })
    expect((await security.post('/api/data-requests/erase', asked(written))).body).toMatchObject({
      state: 'done',
      found: { messages: 1 },
    })
    expect((await security.post('/api/data-requests/erase', asked(written))).status).toBe(404)
  })

  it('nobody is found by a number that nobody left', async () => {
    expect((await security.post('/api/data-requests/erase', asked('13800000000'))).status).toBe(404)
  })
})

describe('how long things are kept', () => {
  const set = (kind: string, days: number) => admin.post('/api/retention', { kind, days })

  it('is set above the floors of the law alone, and who did it is on record', async () => {
    for (const [kind, days] of [
      ['conversations', 179],
      ['callbacks', 179],
      ['cases', 1_094],
      ['audit', 30],
    ] as const)
      expect((await set(kind, days)).status, kind).toBe(400)
    expect((await security.post('/api/retention', { kind: 'conversations', days: 200 })).status).toBe(403)
    expect((await set('conversations', 200)).status).toBe(200)
    const { retention: kinds } = (await security.get('/api/retention')).body as { retention: object[] }
    expect(kinds[0]).toMatchObject({ kind: 'conversations', days: 200, floor: 180 })
    const below = hotline.database.pool.query(`update retention set days = 10 where kind = 'conversations'`)
    await expect(below).rejects.toThrow('retention')
  })

  it('takes out what is older, and nothing that is younger or has an open case', async () => {
    const visitor = await aVisitor(hotline.url)
    await visitor.must('turn:say', { clientId: 'old-words-1', text: '我住在旧事胡同，怎么参保' })
    await visitor.must('conversation:end', {})
    const open = await aStory()
    await open.visitor.must('conversation:end', {})
    const round = () => retention(hotline.db, keys()).round(now)
    daysLater(199)
    await round()
    expect(await dump()).toContain('旧事胡同')
    daysLater(2)
    const atOnce = (await Promise.all([round(), round()])).map(({ conversations }) => conversations)
    const { rows } = await hotline.database.pool.query<{ n: number }>(
      'select count(*) as n from conversation where erased_at = $1',
      [now],
    )
    expect(atOnce.reduce((sum, one) => sum + one)).toBe(rows[0]?.n)
    expect(rows[0]?.n).toBeGreaterThan(0)
    const left = await dump()
    expect(left).not.toContain('旧事胡同')
    expect(left).toContain(`我住在${open.mark}胡同`)
    expect((await round()).conversations).toBe(0)
    for (const one of [visitor, open.visitor]) one.close()
  })

  it('takes out messages that have come to their end, and none that is still to go', async () => {
    const { pool } = hotline.database
    const sent = async () =>
      (await pool.query<{ state: string }>('select state from outbox_message order by queued_at')).rows
    const post = (key: string, to: string) =>
      hotline.db
        .transaction()
        .execute((tx) => hotline.outbox.post(tx, { channel: 'sms', to, kind: 'notice', text: '提醒', key }, now))
    await pool.query('delete from outbox_message')
    await post('to-its-end', '13912349991')
    await pool.query(`update outbox_message set state = 'delivered', delivered_at = queued_at, next_try_at = null`)
    await post('still-to-go', '13912349992')
    daysLater(179)
    expect((await retention(hotline.db, keys()).round(now)).messages).toBe(0)
    daysLater(2)
    expect((await retention(hotline.db, keys()).round(now)).messages).toBe(1)
    expect(await sent()).not.toContainEqual({ state: 'delivered' })
    expect(await sent()).toHaveLength(1)
  })

  it('lets nobody change a turn who does not say that it is erased, nor more of it than the words', async () => {
    const { pool } = hotline.database
    await expect(pool.query(`update turn set text = 'x'`)).rejects.toThrow('append-only')
    const client = await pool.connect()
    await client.query('begin')
    await client.query(`select set_config('budayang.erasing', 'on', true)`)
    await expect(client.query(`update turn set speaker = 'bot'`)).rejects.toThrow('append-only')
    await client.query('rollback')
    client.release()
    await expect(pool.query(`update turn set text = 'x'`)).rejects.toThrow('append-only')
  })
})

/** The outbox of a running hotline, with a real SMS platform on the other side: once, at the right time, to the right people. */
import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { OutboxRow, OutboxView } from '../../contract/outbox.ts'
import type { Outgoing } from '../../desk/outbox.ts'
import { samePerson } from '../../bot/same-person.ts'
import { openKeyRing } from '../../server/key-ring.ts'
import { signature, signatureHeader } from '../../server/outgoing/signature.ts'
import { aHotline, type TestHotline } from '../support/hotline.ts'
import { ask, signedIn, type HttpClient } from '../support/http-client.ts'
import { anAgent, aVisitor } from '../support/socket-clients.ts'
import { anSmsPlatform } from './outbox-peers.ts'

const secret = 'a-secret-of-the-tests'
const minuteMs = 60_000
let hotline: TestHotline
let platform: Awaited<ReturnType<typeof anSmsPlatform>>
let administrator: HttpClient
/** Noon, and whatever a test adds to it: the test of a session's age is somebody else's. */
const noon = new Date(`${new Date(Date.now() + 8 * 3_600_000).toISOString().slice(0, 10)}T12:00:00+08:00`)
let now = noon
/** Of two messages the one of the later test is the newer. */
let tests = 0
let began = noon

beforeAll(async () => {
  platform = await anSmsPlatform()
  const env = { SMS_WEBHOOK_URL: platform.url, SMS_WEBHOOK_SECRET: secret }
  hotline = await aHotline({ env, now: () => now })
})
beforeEach(async () => {
  began = now = new Date(noon.getTime() + ++tests * minuteMs)
  platform.got.length = 0
  platform.answer(200)
  administrator = await signedIn(hotline.url, await hotline.aMember('administrator'))
})
afterAll(async () => {
  await hotline.close()
  platform.close()
})

const tick = () => hotline.jobs.tick()
const post = (message: Partial<Outgoing>) =>
  hotline.db.transaction().execute((tx) =>
    hotline.outbox.post(
      tx,
      {
        channel: 'sms',
        to: '13800138000',
        kind: 'gap_answer',
        text: '您问的有了答复。',
        key: randomUUID(),
        ...message,
      },
      now,
    ),
  )
const listed = async (query = ''): Promise<OutboxView> =>
  (await administrator.get(`/api/outbox${query}`)).body as unknown as OutboxView
const newest = async (): Promise<OutboxRow> =>
  (await listed('?limit=1')).messages[0] ?? expect.unreachable('the outbox is empty')
const sentTo = () => platform.got.map(({ body }) => body.to)

describe('a message', () => {
  it('goes out once when its cause is kept, and not at all when it is not', async () => {
    const key = randomUUID()
    expect(await post({ key })).toBe(true)
    expect(await post({ key, text: '换了一句' })).toBe(false)
    const lost = hotline.db.transaction().execute(async (tx) => {
      const message = {
        channel: 'sms',
        to: '13900139000',
        kind: 'gap_answer',
        text: '不发',
        key: randomUUID(),
      } as const
      await hotline.outbox.post(tx, message, now)
      throw new Error('the business failed')
    })
    await expect(lost).rejects.toThrow('the business failed')
    await tick()
    await tick()
    expect(platform.got.map(({ body }) => [body.to, body.text])).toEqual([['13800138000', '您问的有了答复。']])
    expect(await newest()).toMatchObject({ to: '138****8000', state: 'delivered', tries: 1, driver: 'webhook' })
  })

  it('is tried again with the same key, after the wait that the rule sets and not before', async () => {
    platform.answer(503, 200)
    await post({})
    await tick()
    expect(await newest()).toMatchObject({ state: 'waiting', tries: 1, lastError: 'failed: status 503' })
    now = new Date(now.getTime() + minuteMs - 1)
    await tick()
    expect(platform.got).toHaveLength(1)
    now = new Date(now.getTime() + 1)
    await tick()
    expect(platform.got).toHaveLength(2)
    expect(new Set(platform.got.map(({ headers }) => headers['idempotency-key'])).size).toBe(1)
    expect(await newest()).toMatchObject({ state: 'delivered', tries: 2 })
  })

  it('that the platform refuses is a dead letter at once, and goes out when somebody sends it again', async () => {
    platform.answer(400)
    await post({})
    await tick()
    now = new Date(now.getTime() + 24 * 60 * minuteMs)
    await tick()
    expect(platform.got).toHaveLength(1)
    now = began
    const dead = await newest()
    expect(dead).toMatchObject({ state: 'dead', lastError: 'refused: status 400' })

    platform.answer(200)
    expect((await administrator.post(`/api/outbox/${dead.id}/again`)).status).toBe(200)
    await tick()
    expect(await newest()).toMatchObject({ id: dead.id, state: 'delivered' })
    expect((await administrator.post(`/api/outbox/${dead.id}/again`)).body.code).toBe('conflict')
    const { rows } = await hotline.database.pool.query(
      "select 1 from audit where act = 'outbox.again' and subject = $1",
      [dead.id],
    )
    expect(rows).toHaveLength(1)
  })

  it('whose sender died in the middle of a try goes out with the same key', async () => {
    const key = randomUUID()
    await post({ key })
    // As a process leaves it that is killed after it asked the platform and before it knew the answer.
    await hotline.database.pool.query(
      "update outbox_message set state = 'sending', tries = 1, next_try_at = $2 where idempotency_key = $1",
      [key, new Date(now.getTime() + minuteMs)],
    )
    await tick()
    expect(platform.got).toEqual([])
    now = new Date(now.getTime() + minuteMs)
    await tick()
    expect(platform.got.map(({ headers }) => headers['idempotency-key'])).toEqual([key])
    expect(await newest()).toMatchObject({ state: 'delivered', tries: 2 })
  })

  it('lies in the database without its number and its words', async () => {
    await post({ to: '13712345678', text: '只有您自己知道的事' })
    const { rows } = await hotline.database.pool.query<{ row: string }>(
      'select to_jsonb(m)::text as row from outbox_message m union all select to_jsonb(j)::text from jobs.job j',
    )
    const all = rows.map(({ row }) => row).join('\n')
    expect(all).toContain('137****5678')
    expect(all).not.toContain('13712345678')
    expect(all).not.toContain('只有您自己知道的事')
    await tick()
  })
})

describe('a message that nobody asked for', () => {
  const night = new Date(noon.getTime() + 10 * 60 * minuteMs)
  const morning = new Date(noon.getTime() + 20 * 60 * minuteMs)

  it('waits at night for the morning, while what was asked for goes out', async () => {
    now = night
    await post({ to: '13800000001', proactive: true })
    await post({ to: '13800000002' })
    await tick()
    expect(sentTo()).toEqual(['13800000002'])
    now = morning
    await tick()
    expect(sentTo()).toEqual(['13800000002', '13800000001'])
  })

  it('does not reach whoever answered TD, until that is lifted', async () => {
    const reply = async (text: string, header?: string) => {
      const raw = JSON.stringify({ from: '13800000003', text })
      const headers = { 'content-type': 'application/json', [signatureHeader]: header ?? signature(secret, raw, now) }
      return (await fetch(`${hotline.url}/api/sms-replies`, { method: 'POST', headers, body: raw })).status
    }
    expect(await reply('TD', 't=1,v1=00')).toBe(403)
    expect(await reply('TD', signature('another secret', '{}', now))).toBe(403)
    expect(await reply('怎么报销')).toBe(200)
    await post({ to: '13800000003', proactive: true })
    await tick()
    expect(sentTo()).toEqual(['13800000003'])

    expect(await reply(' td ')).toBe(200)
    await post({ to: '13800000003', proactive: true })
    await post({ to: '13800000003', text: '您要的答复' })
    await tick()
    expect(platform.got.map(({ body }) => body.text)).toEqual(['您问的有了答复。', '您要的答复'])
    expect((await listed('?state=opted_out')).messages.map(({ to }) => to)).toContain('138****0003')

    const { optOuts } = (await administrator.get('/api/opt-outs')).body as { optOuts: { id: string; phone: string }[] }
    expect(optOuts).toMatchObject([{ phone: '138****0003' }])
    expect((await administrator.post(`/api/opt-outs/${optOuts[0]?.id}/lift`)).status).toBe(200)
    expect(await reply('TD')).toBe(200)
    expect(await reply(' hf。')).toBe(200)
    await post({ to: '13800000003', proactive: true, text: '又可以通知了' })
    await tick()
    expect(platform.got.at(-1)?.body.text).toBe('又可以通知了')
  })

  it('is kept from whoever said so at the desk', async () => {
    expect((await administrator.post('/api/opt-outs', { phone: '138 0000 0004' })).status).toBe(200)
    expect((await administrator.post('/api/opt-outs', { phone: '021-1234' })).body.code).toBe('invalid_input')
    await post({ to: '13800000004', proactive: true })
    await tick()
    expect(platform.got).toEqual([])
  })

  it('does not reach whoever wrote 退订 in a chat, on the ways that are known to be theirs, until they write 恢复', async () => {
    const keys = openKeyRing(hotline.config)
    const { staffId, ...agent } = await hotline.aMember('agent')
    const desk = await anAgent(hotline.url, agent)
    const citizen = await aVisitor(hotline.url)
    const first = await citizen.say('我的电话是 13800000005，新生儿怎么参保')
    const { conversationId } = first.ok ? first.value : expect.unreachable(first.code)
    const lastSaid = async () => {
      const { rows } = await hotline.database.pool.query<{ text: string }>(
        'select text from turn where conversation_id = $1 order by seq desc limit 1',
        [conversationId],
      )
      return rows[0]?.text
    }
    const optedOut = async () => (await desk.must('conversation:open', { conversationId })).optedOutAt
    await citizen.say('TD')
    expect(await lastSaid()).toMatch(/^网页上不会主动给您发通知/)
    expect(await optedOut()).toBeUndefined()

    const actor = { staffId, name: '坐席', roles: ['agent'] as const, workNumber: '1' }
    await samePerson(hotline.db).verify(conversationId, keys.lookupHash('phone:13800000005'), 'sms_code', actor, now)
    await citizen.say('退订')
    expect(await lastSaid()).toMatch(/^好的，以后不再主动给您发通知（您核对过的手机号）/)
    expect(await optedOut()).toBe(now.toISOString())
    await post({ to: '13800000005', proactive: true })
    await post({ to: '13800000005', text: '您要的答复' })
    await tick()
    expect(platform.got.map(({ body }) => body.text)).toEqual(['您要的答复'])

    await citizen.say('恢复')
    expect(await lastSaid()).toMatch(/^好的，已恢复接收通知/)
    expect(await optedOut()).toBeUndefined()
    await post({ to: '13800000005', proactive: true, text: '又可以通知了' })
    await tick()
    expect(platform.got.at(-1)?.body.text).toBe('又可以通知了')
    const { rows } = await hotline.database.pool.query(
      `select act, staff_id from audit where act like 'outbox.opt-%' order by id desc limit 2`,
    )
    expect(rows).toEqual([
      { act: 'outbox.opt-in', staff_id: null },
      { act: 'outbox.opt-out', staff_id: null },
    ])
    citizen.close()
    desk.close()
  })
})

describe('a table of notices', () => {
  const head = '手机号,称呼,年度,截止日期,金额'
  const row = (phone: string, name = '张先生') => `${phone},${name},2027,2026-12-31,400`
  const upload = async (lines: readonly string[], check = '') => {
    const response = await fetch(`${hotline.url}/api/notices?kind=payment_due${check}`, {
      method: 'POST',
      headers: { cookie: administrator.cookie, 'x-csrf-token': administrator.csrf },
      body: lines.join('\n'),
    })
    return { status: response.status, body: (await response.json()) as Record<string, unknown> }
  }

  it('is looked at, goes out whole, and a second time sends nothing', async () => {
    const table = [head, row('13700000001'), row('13700000002', '李女士')]
    const looked = await upload(table, '&check=1')
    expect(looked.body).toMatchObject({ fresh: 2, repeated: 0, optedOut: 0, checked: true, known: false })
    expect(looked.body.samples).toMatchObject([{ to: '137****0001' }, { to: '137****0002' }])
    await tick()
    expect(platform.got).toEqual([])

    expect((await upload(table)).body).toMatchObject({ fresh: 2, checked: false, known: false })
    await tick()
    expect(sentTo().sort()).toEqual(['13700000001', '13700000002'])
    expect(platform.got[0]?.body.text).toMatch(/^..?.?您好，2027年度.*个人缴费400元.*回复TD退订$/)

    now = new Date(now.getTime() + minuteMs)
    expect((await upload(table)).body).toMatchObject({ fresh: 0, known: true })
    expect((await upload(table, '&check=1')).body).toMatchObject({ fresh: 0, known: true })
    expect((await upload([...table, row('13700000003')])).body).toMatchObject({ fresh: 1, repeated: 2, known: false })
    await tick()
    expect(sentTo()).toHaveLength(3)

    const { batches } = (await administrator.get('/api/notices')).body as { batches: object[] }
    expect(batches).toMatchObject([
      { kind: 'payment_due', total: 3, repeated: 2, counts: { delivered: 1 } },
      { kind: 'payment_due', total: 2, repeated: 0, counts: { delivered: 2 } },
    ])
  })

  it('with one faulty row sends none, and names the cell', async () => {
    const { status, body } = await upload([head, row('13700000009'), row('1370000', '')])
    expect(status).toBe(400)
    expect(body.fields).toEqual([
      { path: '3.手机号', message: '第 3 行“手机号”：不是 11 位手机号' },
      { path: '3.称呼', message: '第 3 行“称呼”：没有填写' },
    ])
    await tick()
    expect(platform.got).toEqual([])
  })

  const batches = async () =>
    (await administrator.get('/api/notices?limit=1')).body.batches as {
      id: string
      pending: number
      counts: Record<string, number>
      cancelled?: object
    }[]

  it('goes again, whole or one by one, where it did not go out the first time', async () => {
    const table = [head, row('13700000021'), row('13700000022')]
    platform.answer(400)
    await upload(table)
    await tick()
    expect((await batches())[0]?.counts).toMatchObject({ dead: 2, delivered: 0 })
    const [batch] = await batches()
    const narrowed = { state: 'dead', batch: batch?.id, kind: 'notice.payment_due', to: '0021' }
    expect((await administrator.post('/api/outbox/again', narrowed)).body).toEqual({ sent: 1 })
    expect((await administrator.post('/api/outbox/again', { ...narrowed, day: '2020-01-01' })).body).toEqual({
      sent: 0,
    })
    platform.answer(200)
    await tick()
    // The one that is left is not "sent before": the same file takes it along.
    now = new Date(now.getTime() + minuteMs)
    expect((await upload(table, '&check=1')).body).toMatchObject({ fresh: 1, repeated: 1, known: false })
    expect((await upload(table)).body).toMatchObject({ fresh: 1, repeated: 1, known: false })
    await tick()
    expect((await batches())[0]?.counts).toMatchObject({ delivered: 1, dead: 0 })
    expect(sentTo().sort()).toEqual(['13700000021', '13700000021', '13700000022', '13700000022'])
    expect((await listed('?to=137****0021&kind=notice.payment_due')).messages.map(({ state }) => state)).toEqual([
      'delivered',
    ])
    expect((await administrator.get('/api/outbox?to=13700000021')).status).toBe(400)
  })

  it('of thousands of rows is put in piece by piece at night, and stopped before the morning', async () => {
    now = new Date(noon.getTime() + 10 * 60 * minuteMs)
    administrator = await signedIn(hotline.url, await hotline.aMember('administrator'))
    const many = Array.from({ length: 3_000 }, (_, i) => row(`135${String(i).padStart(8, '0')}`))
    expect((await upload([head, ...many])).body).toMatchObject({ fresh: 3_000, known: false })
    const { rows: pieces } = await hotline.database.pool.query<{ number: number; rows_sealed: string }>(
      'select number, rows_sealed from notice_piece',
    )
    expect(pieces.length).toBeLessThanOrEqual(40)
    expect(pieces.some(({ rows_sealed }) => rows_sealed.includes('135'.padEnd(11, '0')))).toBe(false)
    expect((await upload([head, ...many])).body).toMatchObject({ fresh: 0, known: true })
    // Some of it is in, some may not be: both are stopped, counted, and nothing of it goes out.
    await expect.poll(async () => (await batches())[0]?.counts['waiting'] ?? 0, { timeout: 60_000 }).toBeGreaterThan(0)
    const [before] = await batches()
    const agent = await signedIn(hotline.url, await hotline.aMember('agent'))
    expect((await agent.post(`/api/notices/${before?.id}/cancel`)).status).toBe(403)
    expect((await administrator.post(`/api/notices/${before?.id}/cancel`)).body).toEqual({ cancelled: 3_000 })
    expect((await administrator.post(`/api/notices/${before?.id}/cancel`)).body.code).toBe('conflict')
    expect((await batches())[0]).toMatchObject({ pending: 0, counts: { cancelled: 3_000, waiting: 0 } })
    now = new Date(noon.getTime() + 20 * 60 * minuteMs)
    await tick()
    expect(sentTo()).toEqual([])
    const { rows } = await hotline.database.pool.query("select 1 from audit where act = 'notice.cancel'")
    expect(rows).toHaveLength(1)
  }, 60_000)

  it('says what the template says, which an administrator may change and nobody else', async () => {
    const supervisor = await signedIn(hotline.url, await hotline.aMember('supervisor'))
    const change = { kind: 'payment_due', text: '{称呼}，{年度}年的医保费还没有缴。' }
    expect((await supervisor.post('/api/notice-templates', change)).status).toBe(403)
    expect(
      (await administrator.post('/api/notice-templates', { ...change, text: '{姓名}，请缴费' })).body,
    ).toMatchObject({
      code: 'invalid_input',
      fields: [{ path: 'text' }],
    })
    expect((await administrator.post('/api/notice-templates', change)).status).toBe(200)
    await upload([head, row('13700000010')])
    await tick()
    expect(platform.got.map(({ body }) => body.text)).toEqual(['张先生，2027年的医保费还没有缴。回复TD退订'])
  })
})

describe('what was sent', () => {
  it('is forgotten with the citizen who wants to be', async () => {
    const visitor = await aVisitor(hotline.url)
    await visitor.must('turn:say', { clientId: 'forget-me-1', text: '新生儿怎么参保' })
    await visitor.must('callback:book', { phone: '13600000001' })
    await post({ to: '13600000001' })
    await post({ to: '13600000002' })
    await tick()
    const to = async () => {
      const kept = 'select recipient_masked as masked from outbox_message where recipient_masked like $1'
      return (await hotline.database.pool.query<{ masked: string }>(kept, ['136%'])).rows.map(({ masked }) => masked)
    }
    expect((await to()).sort()).toEqual(['136****0001', '136****0002'])
    expect((await ask(hotline.url, 'POST', '/api/visitors/erasure', { token: visitor.token })).status).toBe(200)
    expect(await to()).not.toContain('136****0001')
    expect(await to()).toContain('136****0002')
    visitor.close()
  })
})

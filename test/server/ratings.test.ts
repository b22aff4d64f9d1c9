/** 好差评 by link and at a window, the lists of reasons, what is published and what is handed on. */
import { afterAll, beforeAll, expect, it } from 'vitest'
import { reasonsByLevel, type RatingsExport, type ReasonsView, type RatingWindow } from '../../contract/rating.ts'
import type { WidgetSettings } from '../../contract/http.ts'
import { aHotline, type TestHotline } from '../support/hotline.ts'
import { ask, signedIn, type HttpClient } from '../support/http-client.ts'
import { aVisitor, until } from '../support/socket-clients.ts'

let hotline: TestHotline
let supervisor: HttpClient
let today = new Date('2026-11-25T10:00:00+08:00')
beforeAll(async () => {
  hotline = await aHotline({ now: () => today })
  await hotline.aMember('officer')
  supervisor = await signedIn(hotline.url, await hotline.aMember('supervisor'))
})
afterAll(() => hotline.close())

const page = async (path: string, init: RequestInit = {}) => {
  const response = await fetch(`${hotline.url}${path}`, { redirect: 'manual', ...init })
  return { status: response.status, text: await response.text(), location: response.headers.get('location') ?? '' }
}
/** As a browser sends the form of its own page. */
const sent = (path: string, fields: [string, string][]) =>
  page(path, { method: 'POST', headers: { origin: hotline.url }, body: new URLSearchParams(fields) })

async function aLink(): Promise<string> {
  const citizen = await aVisitor(hotline.url)
  await citizen.say('新生儿怎么参保')
  await citizen.must('conversation:end', {})
  const { token } = await until(() => citizen.ratings[0], 'a rating asked for')
  citizen.close()
  return `/rate/${token}`
}
async function aWindow(name: string): Promise<RatingWindow> {
  const { id } = (await supervisor.post('/api/windows', { name })).body
  const { windows } = (await supervisor.get('/api/windows')).body as { windows: RatingWindow[] }
  return windows.find((window) => window.id === id) ?? expect.unreachable('no window')
}
const counted = async (sql: string) => (await hotline.database.pool.query<Record<string, unknown>>(sql)).rows

it('takes a rating by link once, without a script', async () => {
  const link = await aLink()
  const form = await page(link)
  expect(form).toMatchObject({ status: 200 })
  expect(form.text).toContain('非常不满意')
  expect(form.text).not.toMatch(/<script| on\w+=| checked/)

  expect(await sent(link, [])).toMatchObject({
    status: 400,
    text: expect.stringContaining('请先选一档评价') as unknown,
  })
  const given: [string, string][] = [
    ['level', '1'],
    ['reason-1', '答复错误'],
    ['reason-1', '等候太久'],
    ['reason-5', '答复准确'],
    ['words', '<b>说错了</b>'],
  ]
  const thanks = await sent(link, given)
  expect(thanks.status).toBe(200)
  expect(thanks.text).toMatch(/ZG\d{8}-\d{4}/)
  expect(await sent(link, given)).toMatchObject({
    status: 409,
    text: expect.stringContaining('已经评价过了') as unknown,
  })
  expect((await page(link)).status).toBe(409)
  expect(await counted(`select level, reasons, reasons_version from rating where given_at is not null`)).toEqual([
    { level: 1, reasons: ['答复错误', '等候太久'], reasons_version: 1 },
  ])
})

it('knows no token that it did not make', async () => {
  const link = await aLink()
  for (const path of [
    '/rate/x',
    `${link.slice(0, -2)}AA`,
    `/rate/${'x'.repeat(43)}`,
    `/rate/${'x'.repeat(72)}`,
    '/rate/%00',
    '/rate/window/x',
    '/rate/window/%00',
  ])
    expect(await page(path)).toMatchObject({ status: 404 })
})

it('gives whoever scans a window’s code a rating of their own, once each, and a case to a bad one', async () => {
  const window = await aWindow('三号<b>窗口</b>')
  const code = await fetch(`${hotline.url}/api/windows/${window.id}/code`, { headers: { cookie: supervisor.cookie } })
  expect(code.headers.get('content-type')).toContain('image/svg+xml')
  expect(code.headers.get('x-rating-address')).toBe(`${hotline.url}/rate/window/${window.code}`)

  const [one, other] = [await page(`/rate/window/${window.code}`), await page(`/rate/window/${window.code}`)]
  expect(one.location).not.toBe(other.location)
  expect((await page(one.location)).text).toContain('三号&lt;b&gt;窗口&lt;/b&gt;')
  const both = await Promise.all([1, 2].map(() => sent(one.location, [['level', '2']])))
  expect(both.map(({ status }) => status).sort()).toEqual([200, 409])
  expect((await sent(other.location, [['level', '5']])).status).toBe(200)
  expect(
    await counted(`select e.kind, r.level, c.kind as case from rating r join episode e on e.id = r.episode_id
      left join case_file c on c.rating_id = r.id where r.window_id is not null order by level`),
  ).toEqual([
    { kind: 'window', level: 2, case: 'bad_rating' },
    { kind: 'window', level: 5, case: null },
  ])

  const late = await page(`/rate/window/${window.code}`)
  today = new Date(today.getTime() + 31 * 60_000)
  expect((await page(late.location)).status).toBe(410)
  // Half an hour without a word signs out.
  supervisor = await signedIn(hotline.url, await hotline.aMember('supervisor'))
  await supervisor.post(`/api/windows/${window.id}/open`, { isOpen: false })
  expect((await page(`/rate/window/${window.code}`)).status).toBe(404)
  expect((await supervisor.post('/api/windows', { name: window.name })).status).toBe(409)
})

it('ships the lists of the contract, and keeps an old rating by the version that it was given by', async () => {
  const before = (await supervisor.get('/api/reasons')).body as ReasonsView
  expect(before.versions.map(({ version, lists }) => ({ version, lists }))).toEqual([
    { version: 1, lists: reasonsByLevel },
  ])
  const lists = { ...reasonsByLevel, 1: ['等了一个小时', '答复错误'] }
  expect(await supervisor.post('/api/reasons', { ...lists, 2: ['推诿', '推诿'] })).toMatchObject({
    status: 400,
    body: { fields: [{ path: '2.1' }] },
  })
  expect((await supervisor.post('/api/reasons', lists)).body).toEqual({ version: 2 })
  const settings = (await ask(hotline.url, 'GET', '/api/widget/settings')).body as Partial<WidgetSettings>
  expect(settings.ratingReasons).toEqual(lists)

  const [fresh, opened, stray] = [await aLink(), await aLink(), await aLink()]
  expect((await page(fresh)).text).toContain('等了一个小时')
  await sent(fresh, [
    ['level', '1'],
    ['reason-1', '等了一个小时'],
  ])
  // A page that was opened before the change sends what it showed.
  await sent(opened, [
    ['level', '1'],
    ['reason-1', '态度恶劣'],
  ])
  expect(
    (
      await sent(stray, [
        ['level', '1'],
        ['reason-1', '没有这一条'],
      ])
    ).status,
  ).toBe(400)
  expect(
    await counted(`select reasons_version, reasons from rating where reasons && '{等了一个小时,态度恶劣}' order by 1`),
  ).toEqual([
    { reasons_version: 1, reasons: ['态度恶劣'] },
    { reasons_version: 2, reasons: ['等了一个小时'] },
  ])
  await expect(hotline.database.pool.query(`delete from reason_list`)).rejects.toThrow('append-only')
})

it('hands on what a provincial system takes, named by nothing of ours, and notes it', async () => {
  const { status, body } = await supervisor.get('/api/ratings-export?from=2026-11-01&to=2026-11-30')
  expect(status).toBe(200)
  const told = body as RatingsExport
  expect(told).toMatchObject({ format: 'budayang-ratings-1', count: told.ratings.length })
  expect(told.count).toBe((await counted(`select 1 from rating where given_at is not null and not excluded`)).length)
  expect(told.ratings.some(({ object }) => object.window === '三号<b>窗口</b>')).toBe(true)
  const ids = (await counted(`select id, conversation_id from rating`)).flatMap((row) => Object.values(row))
  for (const id of ids) expect(JSON.stringify(told)).not.toContain(id)
  expect(await counted(`select detail from audit where act = 'ratings.export'`)).toEqual([
    { detail: { from: '2026-11-01', to: '2026-11-30', rows: told.count } },
  ])
})

it('publishes the last whole month, small numbers left out, and nobody in it', async () => {
  expect(await page('/public')).toMatchObject({
    status: 200,
    text: expect.stringContaining('现在还没有公示') as unknown,
  })
  today = new Date('2026-12-03T10:00:00+08:00')
  const published = await page('/public')
  expect(published.status).toBe(200)
  expect(published.text).toContain('2026年11月1日至2026年11月30日')
  expect(published.text).toContain('<td>不公布</td>')
  expect(published.text).not.toMatch(/<script|ZG2026|说错了|<b>窗口/)
})

it('keeps a month as it was published whatever becomes of its ratings, and tells of an address that is none', async () => {
  const before = await page('/public?month=2026-11')
  expect(before.text).toBe((await page('/public')).text)
  await hotline.database.pool.query('update rating set excluded = true where given_at is not null and not excluded')
  today = new Date('2027-01-03T10:00:00+08:00')
  const months = (text: string) => [...text.matchAll(/month=([\d-]+)"/g)].map(([, month]) => month)
  const newest = await page('/public')
  expect(newest.text).toContain('2026年12月1日至2026年12月31日')
  expect(months(newest.text)).toEqual(['2026-12', '2026-11'])
  const withoutMonths = (text: string) => text.replace(/<nav[^]*<\/nav>/, '')
  expect(withoutMonths((await page('/public?month=2026-11')).text)).toBe(withoutMonths(before.text))
  await expect(hotline.database.pool.query('delete from published_month')).rejects.toThrow('append-only')

  for (const [address, status, told] of [
    ['month=2026-13', 400, '应写成 2026-10 这样'],
    ['month=<b>', 400, '应写成 2026-10 这样'],
    ['month=2026-11&month=2026-12', 400, '应写成 2026-10 这样'],
    ['month=2020-01', 404, '这个月没有公示'],
    ['month=0000-01', 400, '应写成 2026-10 这样'],
  ] as const) {
    const wrong = await page(`/public?${address}`)
    expect({ address, status: wrong.status }).toEqual({ address, status })
    expect(wrong.text).toContain(told)
    expect(wrong.text).not.toContain('<b>')
    expect(months(wrong.text)).toEqual(['2026-12', '2026-11'])
  }
  await hotline.database.pool.query('update rating set excluded = false where given_at is not null')
  today = new Date('2026-12-03T10:00:00+08:00')
})

it('knows of a bad rating at a window whom it means and where to ring, and of a good one no number', async () => {
  // The day of another test has gone by: yesterday's session is over.
  supervisor = await signedIn(hotline.url, await hotline.aMember('supervisor'))
  const clerk = await hotline.aMember('officer')
  const window = await aWindow('五号窗口')
  const aTicket = async () => (await page(`/rate/window/${window.code}`)).location
  const bad: [string, string][] = [
    ...([
      ['level', '1'],
      ['reason-1', '态度恶劣'],
    ] as [string, string][]),
    ...([
      ['clerk', ` ${clerk.workNumber} `],
      ['phone', '138 0013 8000'],
    ] as [string, string][]),
  ]
  const ticket = await aTicket()
  expect((await page(ticket)).text).toContain('工牌')
  expect(
    (
      await sent(ticket, [
        ['level', '1'],
        ['clerk', '<b>'],
      ])
    ).text,
  ).toContain('工号为 1 到 12 位')
  expect(
    (
      await sent(ticket, [
        ['level', '1'],
        ['phone', '12'],
      ])
    ).text,
  ).toContain('请填写 11 位手机号')
  expect((await sent(ticket, bad)).status).toBe(200)
  const [kept] = await counted(
    `select r.clerk, c.text, c.contact_masked, c.rated_staff_id, c.owner_id from rating r join case_file c on c.rating_id = r.id
     where r.clerk is not null`,
  )
  expect(kept).toMatchObject({ clerk: clerk.workNumber, contact_masked: '138****8000', rated_staff_id: clerk.staffId })
  expect(kept?.['owner_id']).not.toBe(clerk.staffId)
  expect(kept?.['text']).toBe(`非常不满意。五号窗口，工号 ${clerk.workNumber}。态度恶劣`)

  const good: [string, string][] = [
    ['level', '5'],
    ['phone', '13900139000'],
  ]
  expect((await sent(await aTicket(), good)).status).toBe(200)
  expect((await page(await aLink())).text).not.toContain('工牌')
})

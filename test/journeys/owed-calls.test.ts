/** Calls that we owe: a question spoken for the desk, a caller who hung up while waiting, whoever is rung in vain. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Browser } from 'playwright-core'
import type { AlertsView } from '../../contract/alert.ts'
import type { CallbackDetail, CallbacksView } from '../../contract/callback.ts'
import { questionBytes, questionPartBytes } from '../../contract/phone-events.ts'
import { presenceStore } from '../../desk/presence.store.ts'
import { aHotline, type TestHotline } from '../support/hotline.ts'
import { signedIn } from '../support/http-client.ts'
import { aColleague, noChromium, openBrowser, picture } from '../support/pages.ts'
import { aPhoneClient, type PhoneClient } from '../support/phone-client.ts'
import { phoneToken } from '../support/phone-peers.ts'
import { anAgent, aVisitor, type Agent } from '../support/socket-clients.ts'

const mondayMorning = Date.parse('2026-11-23T10:00:00+08:00')
const minuteMs = 60_000
let hotline: TestHotline
let phone: PhoneClient
let agent: Agent
/** Signed in anew whenever time has passed. */
let desk: Agent['http']
let member: { name: string; password: string; staffId: string; workNumber: string }
let shiftMs = mondayMorning - Date.now()

beforeAll(async () => {
  hotline = await aHotline({
    env: { PHONE_TOKEN: phoneToken, HOTLINE_NUMBER: '12393', QUEUE_MODE: 'claim' },
    now: () => new Date(Date.now() + shiftMs),
  })
  phone = await aPhoneClient(hotline.url, phoneToken)
  member = await hotline.aMember('agent')
  agent = await anAgent(hotline.url, member)
  desk = agent.http
})
afterAll(async () => {
  agent.close()
  phone.close()
  await hotline.close()
})

async function later(minutes: number): Promise<void> {
  shiftMs += minutes * minuteMs
  desk = await signedIn(hotline.url, member)
}
const spoken = (bytes: number) => Uint8Array.from({ length: bytes }, (_, at) => (at * 7) % 251)
const owed = async (list = 'waiting') =>
  (await desk.get(`/api/callbacks?list=${list}`)).body as unknown as CallbacksView
const ticket = async (id: string) => (await desk.get(`/api/callbacks/${id}`)).body as unknown as CallbackDetail
const to = async (masked: string) => (await owed()).callbacks.filter((one) => one.phone === masked)

async function speak(conversationId: string, alaw: Uint8Array): Promise<void> {
  for (let from = 0; from < alaw.length; from += questionPartBytes)
    await phone.must('question:part', { conversationId, alaw: alaw.slice(from, from + questionPartBytes) })
}

describe('a question that is spoken for the desk', () => {
  it('is kept to the byte, up to a minute, and the line to the phone stays', async () => {
    const { conversationId } = await phone.ring('13700138001')
    const whole = spoken(questionBytes)
    await speak(conversationId, whole)
    const { callbackId } = await phone.must('question:leave', { conversationId })
    expect((await owed()).callbacks.find(({ id }) => id === callbackId)).toMatchObject({ hasRecording: true })
    const { cookie, csrf } = desk
    const response = await fetch(`${hotline.url}/api/callbacks/${callbackId}/recording`, {
      method: 'POST',
      headers: { cookie, 'x-csrf-token': csrf, 'content-type': 'application/json' },
      body: JSON.stringify({ reason: '回电办理诉求' }),
    })
    const wav = new Uint8Array(await response.arrayBuffer())
    expect(Buffer.from(wav).indexOf(Buffer.from(whole))).toBeGreaterThan(0)
    expect(phone.socket.connected).toBe(true)
  })

  it('is refused beyond a minute, and where nothing was heard', async () => {
    const { conversationId } = await phone.ring('13700138002')
    expect(await phone.ask('question:leave', { conversationId })).toMatchObject({ code: 'invalid_input' })
    await speak(conversationId, spoken(questionBytes))
    expect(await phone.ask('question:part', { conversationId, alaw: spoken(1) })).toMatchObject({
      code: 'invalid_input',
    })
  })
})

describe('a caller who hangs up while they wait for a person', () => {
  const waits = async () => {
    const call = await phone.ring('13700137001')
    await phone.must('person:ask', { conversationId: call.conversationId, reason: 'asked' })
    return call
  }

  it('is owed a call, once, until they ring again and are taken', async () => {
    await agent.must('presence:set', { state: 'online' })
    const first = await waits()
    await phone.hangUp(first.callRowId)
    const missed = await to('137****7001')
    expect(missed).toMatchObject([{ origin: 'missed', dueAt: expect.any(String) as string, tries: 0 }])
    const { turns } = await agent.must('conversation:open', { conversationId: first.conversationId })
    expect(turns.map(({ text }) => text)).toContain('市民等候人工时挂断，已列入待回电（未接来电）。')

    await phone.hangUp((await waits()).callRowId)
    expect((await to('137****7001')).map(({ id }) => id)).toEqual(missed.map(({ id }) => id))

    const last = await waits()
    await agent.must('conversation:claim', { conversationId: last.conversationId })
    await hotline.ringBacks.lookAfter()
    expect(await to('137****7001')).toEqual([])
    expect(await ticket(String(missed[0]?.id))).toMatchObject({ result: 'served', doneBy: member.workNumber })
    await agent.must('conversation:close', { conversationId: last.conversationId, summary: '已答复' })
  })

  it('is owed none when they withheld their number', async () => {
    const before = (await owed()).total
    const call = await phone.ring('anonymous')
    await phone.must('person:ask', { conversationId: call.conversationId, reason: 'asked' })
    await phone.hangUp(call.callRowId)
    expect((await owed()).total).toBe(before)
  })
})

describe('whoever is rung in vain', () => {
  it('is rung three times, then told how to reach us, here and by SMS, with every try on record', async () => {
    await presenceStore(hotline.db).offlineAll(new Date(mondayMorning))
    const citizen = await aVisitor(hotline.url)
    const { callbackId } = await citizen.must('callback:book', { phone: '13700137002' })
    const inVain = () => desk.post(`/api/callbacks/${callbackId}/done`, { result: 'not_reached', note: '无人接听' })
    expect((await inVain()).body).toMatchObject({ dueAt: expect.any(String) as string })
    await later(31)
    await inVain()
    expect((await ticket(callbackId)).tries).toBe(2)
    await later(150)
    expect((await inVain()).body).toEqual({ ok: true })
    await citizen.hears(/在不同时段拨打了 3 次都没有接通.*拨打 12393/)
    const { rows } = await hotline.database.pool.query<{ masked: string }>(
      "select recipient_masked as masked from outbox_message where kind = 'callback_notice'",
    )
    expect(rows).toEqual([{ masked: '137****7002' }])
    expect(await ticket(callbackId)).toMatchObject({ state: 'done', result: 'not_reached', mostTries: 3 })
    expect((await ticket(callbackId)).attempts).toHaveLength(3)
    expect((await owed('closed')).callbacks.map(({ id }) => id)).toContain(callbackId)
    expect((await inVain()).status).toBe(409)
    citizen.close()
  })

  it('is late for all to see: told to who has it, to who is on duty, and to the supervisors', async () => {
    const lead = await hotline.aMember('supervisor')
    const citizen = await aVisitor(hotline.url)
    const { callbackId } = await citizen.must('callback:book', { phone: '13700137003' })
    await desk.post(`/api/callbacks/${callbackId}/claim`, {})
    const told = async (who: typeof member) => {
      const { alerts } = (await (await signedIn(hotline.url, who)).get('/api/alerts')).body as unknown as AlertsView
      return alerts.map(({ kind, subject, text }) => ({ kind, subject, text }))
    }
    await later(160)
    await hotline.ringBacks.tellLate()
    await hotline.ringBacks.tellLate()
    expect(await told(member)).toMatchObject([{ kind: 'callback.late', subject: callbackId }])
    const summed = (await told(lead)).map(({ text }) => text)
    expect(summed).toContainEqual(expect.stringContaining('还没有人接下'))
    expect(summed).toContainEqual(expect.stringContaining('超时半小时以上'))
    expect(summed).toHaveLength(2)
    citizen.close()
  })
})

describe.skipIf(noChromium)('an agent at the desk', () => {
  let browser: Browser
  beforeAll(async () => {
    browser = await openBrowser()
  })
  afterAll(() => browser.close())

  it('takes a call up, listens to what was left, and notes a try; a colleague is told who has it', async () => {
    const { conversationId } = await phone.ring('13700137004')
    await speak(conversationId, spoken(8_000))
    const { callbackId } = await phone.must('question:leave', { conversationId })
    const other = await hotline.aMember('agent')
    const { page, close } = await aColleague(browser, hotline.url, other)
    await page.goto(`${hotline.url}/console/`)
    const row = page.getByTestId('callback-row').filter({ hasText: '137****7004' })
    await row.getByText('有留言').waitFor()
    await row.click()
    await page.getByTestId('listen').click()
    await page.getByText('回电办理诉求').click()
    await page.getByTestId('confirm-unmask').click()
    const sound = page.getByTestId('left-question')
    await expect.poll(() => sound.evaluate((audio) => Reflect.get(audio, 'duration') as number)).toBeCloseTo(1)
    const audit = await hotline.database.pool.query(
      "select 1 from audit where act = 'callback.recording' and subject = $1 and staff_id = $2",
      [callbackId, other.staffId],
    )
    expect(audit.rows).toHaveLength(1)
    await picture(page, 'console-callback')

    await page.getByTestId('claim-callback').click()
    await page.getByTestId('release-callback').waitFor()
    expect((await desk.post(`/api/callbacks/${callbackId}/claim`, {})).body).toMatchObject({
      code: 'already_claimed',
      fields: [{ path: '', message: `这个回电已由工号 ${other.workNumber} 接下` }],
    })
    await page.getByText('没有接通', { exact: true }).click()
    await page.getByLabel('说明').fill('响铃无人接')
    await page.getByTestId('note-callback').click()
    await row.getByText('已拨 1 次').waitFor()
    expect((await ticket(callbackId)).attempts).toMatchObject([{ by: other.workNumber, note: '响铃无人接' }])

    await desk.post(`/api/callbacks/${callbackId}/claim`, {})
    await row.getByText(`工号 ${member.workNumber} 已接下`).waitFor()
    await close()
  }, 60_000)
})

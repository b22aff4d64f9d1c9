/** An agent speaks with a caller: the console in a real Chromium, the real hotline, and a phone process played by us. */
import { randomBytes } from 'node:crypto'
import type { Browser, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { frameSamples, loudnessOf } from '../../admin/call/g711.ts'
import { presenceStore } from '../../desk/presence.store.ts'
import { skillsStore } from '../../desk/skills.store.ts'
import { aHotline, type TestHotline } from '../support/hotline.ts'
import { aColleague, noChromium, openBrowser, picture } from '../support/pages.ts'
import { aPhoneWithCall } from './phone-with-call.ts'

const phoneToken = randomBytes(12).toString('hex')
const microphone = ['--use-fake-ui-for-media-stream', '--use-fake-device-for-media-stream']
/** Names the hotline as a colleague's computer would: http, and not this very machine. */
const otherName = ['--host-resolver-rules=MAP hotline.test 127.0.0.1']
/** As at a proxy that lets none through: every one is begun and fails. */
const webSocketsThatFail = `window.WebSocket = class extends WebSocket {
  constructor(url) { super(url.replace(location.host, location.hostname + ':9')) }
}`
const audible = 0.01
/** Of a machine that has other things to do. */
const patience = { timeout: 15_000 }

let hotline: TestHotline
const open: { close: () => Promise<unknown> | void }[] = []

function opened<T extends { close: () => Promise<unknown> | void }>(one: T): T {
  open.push(one)
  return one
}

describe.skipIf(noChromium)('an agent and a caller', () => {
  beforeAll(async () => {
    hotline = await aHotline({ env: { PHONE_TOKEN: phoneToken, QUEUE_MODE: 'claim' } })
  })
  afterEach(async () => {
    for (const one of open.splice(0).reverse()) await one.close()
    await presenceStore(hotline.db).offlineAll(new Date())
  })
  afterAll(() => hotline.close())

  it('hear each other, and nothing passes while the agent is muted or the caller on hold', async () => {
    const { page, phone } = await aTalk()
    const meters = {
      citizen: page.getByRole('meter', { name: '市民的声音' }),
      own: page.getByRole('meter', { name: '您的声音' }),
    }

    const perSecond = async () => (await phone.framesWithin(2_000)).length / 2
    await expect.poll(perSecond, patience).toSatisfy((frames: number) => frames > 45 && frames < 55)
    expect(phone.frames.every((frame) => frame.length === frameSamples)).toBe(true)
    expect(loudest(phone.frames)).toBeGreaterThan(audible)
    await expect.poll(() => level(meters.own), patience).toBeGreaterThan(0)

    expect(await level(meters.citizen)).toBe(0)
    phone.says(400)
    await expect.poll(() => level(meters.citizen), patience).toBeGreaterThan(50)
    await picture(page, 'console-call')

    await press(page, '静音')
    await says(page, '通话中，您已静音')
    // Silence, and not a hole: the frames go on.
    const silence = async () => {
      const frames = await phone.framesWithin(1_000)
      return frames.length > 30 && loudest(frames) < 0.001
    }
    await expect.poll(silence, patience).toBe(true)
    await press(page, '取消静音')
    await expect.poll(async () => loudest(await phone.framesWithin(300)), patience).toBeGreaterThan(audible)

    await press(page, '保持')
    await says(page, '保持中')
    await expect
      .poll(() => phone.heard('call:hold'), patience)
      .toEqual([{ conversationId: phone.conversationId, on: true }])
    await expect.poll(() => phone.framesWithin(500), patience).toEqual([])
    await expect.poll(() => level(meters.citizen), patience).toBe(0)

    await press(page, '恢复通话')
    await expect.poll(() => phone.heard('call:hold').at(-1), patience).toMatchObject({ on: false })
    await expect.poll(() => level(meters.citizen), patience).toBeGreaterThan(50)
    phone.says('silence')
    await expect.poll(() => level(meters.citizen), patience).toBe(0)
    phone.says('nothing')
    await page.getByText('没有收到市民的声音').waitFor()
    phone.says(400)
    await page.getByText('没有收到市民的声音').waitFor({ state: 'detached' })
  }, 60_000)

  it('part when the caller hangs up, and the thread stays for the summary', async () => {
    const { page, phone } = await aTalk()
    await phone.end('caller')
    await says(page, '市民已挂断')
    expect(await page.getByRole('meter').count()).toBe(0)
    expect(await page.getByRole('button', { name: '挂断' }).count()).toBe(0)
    expect(await isMicrophoneOn(page)).toBe(false)
    await page.getByText('请写小结，结束会话').waitFor()
    await picture(page, 'console-call-ended')

    await page.getByTestId('close-conversation').click()
    await page.getByLabel('小结').fill('询问参保，已答复')
    await page.getByTestId('summary-tags').getByText('政策咨询').click()
    await page.getByTestId('confirm-close').click()
    await page.getByText('会话已结束，小结已保存').waitFor()
  }, 60_000)

  it('part when the agent hangs up, after one question', async () => {
    const { page, phone } = await aTalk()
    await press(page, '挂断')
    await page.getByText('市民的电话会立即断开').waitFor()
    expect(phone.heard('call:hang-up')).toEqual([])
    await page.getByRole('button', { name: '取消' }).click()
    await says(page, '通话中')

    await press(page, '挂断')
    await page.getByRole('dialog').getByRole('button', { name: '挂断' }).click()
    await expect.poll(() => phone.heard('call:hang-up'), patience).toEqual([{ conversationId: phone.conversationId }])
    await phone.end('agent')
    await says(page, '您已挂断')
    expect(await isMicrophoneOn(page)).toBe(false)
  }, 60_000)

  it('part when the agent gives the caller back to the bot', async () => {
    const { page, phone } = await aTalk()
    await press(page, '转回智能客服')
    await page.getByLabel('小结').fill('由智能客服接着答')
    await page.getByTestId('summary-tags').getByText('政策咨询').click()
    await page.getByRole('button', { name: '保存小结并转回' }).click()
    await expect.poll(() => phone.heard('audio:closed').length, patience).toBeGreaterThan(0)
    await expect.poll(() => phone.heard('conversation:standing').at(-1), patience).toMatchObject({ state: 'bot' })
    await page.getByTestId('call-bar').waitFor({ state: 'detached' })
    expect(await isMicrophoneOn(page)).toBe(false)
    expect(await phone.framesWithin(300)).toEqual([])
  }, 60_000)

  it('hear each other again after the connection was lost', async () => {
    const { page, phone } = await aTalk()
    await page.context().setOffline(true)
    await says(page, '连接断开')
    await expect.poll(() => phone.heard('audio:closed').length, patience).toBe(1)
    await page.context().setOffline(false)
    await expect.poll(() => phone.heard('audio:opened').length, patience).toBe(2)
    await expect.poll(async () => (await phone.framesWithin(500)).length, patience).toBeGreaterThan(10)
    phone.says(400)
    await expect.poll(() => level(page.getByRole('meter', { name: '市民的声音' })), patience).toBeGreaterThan(50)
    await says(page, '通话中')
  }, 60_000)

  it('talk on after a reload and a new click, and while another conversation is shown the agent is told of it', async () => {
    const { page, phone } = await aTalk()
    await page.goto(`${hotline.url}/console/`)
    await expect.poll(() => phone.heard('audio:closed').length, patience).toBe(1)
    await page.getByTestId('my-row').getByRole('link').click()
    await press(page, '接听语音')
    await says(page, '通话中')

    // By default nobody is given a second call.
    await skillsStore(hotline.db).keepEverybodys({ phone: 2, web: 8, wechat: 8 })
    const other = await aPhone()
    await other.must('person:ask', { conversationId: other.conversationId })
    await page.getByTestId('waiting-row').getByRole('link').click()
    await page.getByTestId('call-elsewhere').getByText('市民听得到您说话').waitFor()
    await page.getByTestId('claim-open').click()
    await says(page, '您正在另一通电话里')
    expect(await page.getByRole('button', { name: '接听语音' }).isDisabled()).toBe(true)
    await picture(page, 'console-call-elsewhere')
    await page.getByRole('link', { name: '回到通话' }).click()
    await says(page, '通话中')
  }, 60_000)

  it('write when there is no microphone, and the agent is told why', async () => {
    const { page, phone } = await aClaimedCall(await aBrowser('--use-fake-ui-for-media-stream'))
    await press(page, '接听语音')
    await page.getByText('没有找到麦克风').waitFor()
    await page.getByText('您写的话会读给市民听').waitFor()
    await picture(page, 'console-call-no-microphone')
    expect(phone.heard('audio:opened')).toEqual([])
    await page.getByTestId('composer').fill('您好，请说。')
    await page.getByTestId('composer').press('Enter')
    await expect
      .poll(() => phone.heard('turn:said'), patience)
      .toContainEqual(expect.objectContaining({ text: '您好，请说。' }))
  }, 60_000)

  it('write when the network lets no WebSocket through, and all else works there', async () => {
    const { page, phone } = await aClaimedCall(await aBrowser(...microphone), { hasWebSocket: false })
    await press(page, '接听语音')
    await page.getByText('这个网络传不了通话的声音').waitFor()
    await press(page, '改用文字')
    await says(page, '语音未接听')
    await expect.poll(() => phone.heard('audio:closed'), patience).toHaveLength(1)
    expect(await isMicrophoneOn(page)).toBe(false)
    expect(phone.frames).toEqual([])
  }, 60_000)

  it('write likewise when the browser was refused the microphone', async () => {
    const { page } = await aClaimedCall(await aBrowser('--use-fake-device-for-media-stream'))
    await press(page, '接听语音')
    await page.getByText('浏览器没有允许使用麦克风').waitFor()
    await page.getByRole('button', { name: '再试一次' }).waitFor()
  }, 60_000)

  it('write likewise at an address without HTTPS, and the agent is told so before any click', async () => {
    const { page } = await aClaimedCall(await aBrowser(...microphone, ...otherName), { origin: 'http://hotline.test' })
    await page.getByText('这个网址不是 HTTPS').waitFor()
    await page.getByText('您写的话会读给市民听').waitFor()
    expect(await page.getByRole('button', { name: '接听语音' }).count()).toBe(0)
    expect(await page.getByRole('button', { name: '挂断' }).isEnabled()).toBe(true)
  }, 60_000)
})

const aBrowser = async (...switches: string[]) => opened(await openBrowser(...switches))

/** A caller whom an agent has taken over by a click, and who is now heard. */
async function aTalk() {
  const call = await aClaimedCall(await aBrowser(...microphone))
  await press(call.page, '接听语音')
  await expect.poll(() => call.phone.heard('audio:opened'), patience).toHaveLength(1)
  await says(call.page, '通话中')
  await expect.poll(() => call.phone.frames.length, patience).toBeGreaterThan(10)
  expect(await isMicrophoneOn(call.page)).toBe(true)
  return call
}

async function aClaimedCall(browser: Browser, { origin = 'http://127.0.0.1', hasWebSocket = true } = {}) {
  const member = await hotline.aMember('agent')
  const { page } = await aColleague(browser, `${origin}:${hotline.port}`, member)
  if (!hasWebSocket) {
    await page.addInitScript(webSocketsThatFail)
    await page.reload()
  }
  await page.getByText('在线', { exact: true }).first().click()
  await page.getByText(/[1-9]\d* 位坐席在线/).waitFor()
  const phone = await aPhone()
  await phone.must('person:ask', { conversationId: phone.conversationId })
  await page.getByRole('button', { name: /^接待/ }).click()
  await page.getByTestId('call-bar').waitFor()
  await watchMicrophone(page)
  return { page, phone, member }
}

const aPhone = async () => opened(await aPhoneWithCall(hotline.url, phoneToken))

/** Keeps hold of every microphone that the page will be given. */
const watchMicrophone = (page: Page) =>
  page.evaluate(`
    const devices = navigator.mediaDevices
    const give = devices?.getUserMedia.bind(devices)
    window.tracks = []
    if (give) devices.getUserMedia = async (wanted) => {
      const stream = await give(wanted)
      window.tracks.push(...stream.getTracks())
      return stream
    }
  `)
const isMicrophoneOn = (page: Page) => page.evaluate<boolean>(`window.tracks.some((one) => one.readyState === 'live')`)

const loudest = (frames: readonly Uint8Array[]) => Math.max(0, ...frames.map(loudnessOf))
const says = (page: Page, words: string) => page.getByTestId('call-standing').getByText(words).waitFor()
const press = (page: Page, name: string) =>
  page.getByTestId('call-bar').getByRole('button', { name, exact: true }).click()
const level = async (meter: ReturnType<Page['getByRole']>) => Number(await meter.getAttribute('aria-valuenow'))

/** An agent at the console takes a call up with the telephone on the desk: Chromium, real SIP and RTP, the real hotline. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Browser, Page } from 'playwright-core'
import { staff } from '../../desk/staff.ts'
import { aHotline, aPassword, type TestHotline } from '../support/hotline.ts'
import { aColleague, noChromium, openBrowser, picture } from '../support/pages.ts'
import { aCaller, aPhone, phoneToken, voiceHertz, type TestPhone } from '../support/phone-peers.ts'
import { aVisitor, until } from '../support/socket-clients.ts'
import { aDeskPhone, type DeskPhone } from '../telephony/agent-sound/a-desk-phone.ts'

const [secret, nowhere] = ['secret-of-8001', 9]
let hotline: TestHotline
let phone: TestPhone
let browser: Browser
let trunk: DeskPhone
const closing: (() => unknown)[] = []

describe.skipIf(noChromium)('an agent with a desk phone', () => {
  beforeAll(async () => {
    hotline = await aHotline({ env: { PHONE_TOKEN: phoneToken, QUEUE_MODE: 'claim' } })
    trunk = await aDeskPhone(nowhere, 'trunk', secret)
    const allowed = { SIP_CALLBACK_TRUNK: `127.0.0.1:${trunk.port}`, SIP_CALLBACK_ALLOW: '13' }
    phone = await aPhone(hotline.url, { env: { SIP_USERS: `8001:${secret},8002:${secret}`, ...allowed } })
    browser = await openBrowser()
    await until(() => phone.isLinked(), 'the link')
  })
  afterAll(async () => {
    for (const close of closing.splice(0).reverse()) await close()
    await browser.close()
    await phone.close()
    await trunk.close()
    await hotline.close()
  })

  it('is given one by the administrator, chooses it, answers it, holds, and takes the call up again', async () => {
    const member = await hotline.aMember('agent')
    const admin = await aColleague(browser, hotline.url, { name: 'admin', password: aPassword })
    closing.push(() => admin.close())
    await admin.page.goto(`${hotline.url}/console/staff`)
    await admin.page.getByRole('button', { name: `设置 ${member.name} 的桌面话机` }).click()
    await admin.page.getByLabel(/^分机/).fill('8')
    await admin.page.getByTestId('confirm-extension').click()
    await admin.page.getByText('分机为 2 到 6 位数字').waitFor()
    await admin.page.getByLabel(/^分机/).fill('8001')
    await picture(admin.page, 'console-extension')
    await admin.page.getByTestId('confirm-extension').click()
    await admin.page.getByText('的桌面话机是 8001').waitFor()
    await admin.page.getByRole('cell', { name: '8001' }).waitFor()

    const { page, close } = await aColleague(browser, hotline.url, member)
    closing.push(close)
    await page.goto(`${hotline.url}/console/`)
    await page.getByText('在线', { exact: true }).first().click()
    const caller = await aCaller('13600138001')
    closing.push(() => caller.close())
    const call = await caller.ring(phone.uri)
    await until(() => call.hears(voiceHertz), 'the greeting')
    call.press('0')
    await page.getByRole('button', { name: /^接待/ }).click()
    await page.getByTestId('device-registered').getByText('话机未登记').waitFor()
    await choose(page, '桌面话机 8001')
    await picture(page, 'console-handset-away')
    await press(page, '用话机接听')
    await page.getByText('话机没有登记').waitFor()

    const desk = await aDeskPhone(phone.port, '8001', secret)
    closing.push(() => desk.close())
    await page.getByTestId('device-registered').getByText('话机已登记').waitFor()
    await press(page, '用话机接听')
    await says(page, '话机通话中')
    void call.tone(1_000, 3_000)
    await until(() => desk.hears(1_000), 'the caller at the desk phone')
    await picture(page, 'console-handset')

    await press(page, '保持')
    await says(page, '保持中，市民在听等候音')
    await press(page, '恢复通话')
    await says(page, '话机通话中')
    await desk.hold('sendonly')
    await says(page, '话机已保持')
    await page.getByText('请在话机上恢复').waitFor()
    await desk.hold('sendrecv')
    await says(page, '话机通话中')

    await page.reload()
    await says(page, '话机通话中')
    await desk.hangUp()
    await page.getByText('话机已挂断，市民在听等候音').waitFor()
    expect(call.ending()).toBeUndefined()
    await press(page, '用话机接听')
    await says(page, '话机通话中')
    await press(page, '放下话机')
    await says(page, '语音未接听')
    call.hangUp()
    await says(page, '市民已挂断')
  }, 90_000)

  it('rings a citizen back from the ticket and is put through to the desk phone', async () => {
    const member = await hotline.aMember('agent')
    await staff(hotline.db).setExtension(member.staffId, '8002')
    const desk = await aDeskPhone(phone.port, '8002', secret)
    closing.push(() => desk.close())
    const visitor = await aVisitor(hotline.url)
    closing.push(() => visitor.close())
    await visitor.must('callback:book', { phone: '15800158000' })

    const { page, close } = await aColleague(browser, hotline.url, member)
    closing.push(close)
    await page.evaluate(`localStorage.setItem('budayang.call.device', 'handset')`)
    await page.goto(`${hotline.url}/console/`)
    await page.getByTestId('callback-list').getByRole('button').click()
    await page.getByTestId('ring-back').click()
    await page.getByText('这个号码不在允许回拨的范围内').waitFor()
    await page.getByRole('button', { name: '取消' }).click()

    await visitor.must('callback:book', { phone: '13800138000' })
    await page.reload()
    await page.getByTestId('callback-list').getByText('138****8000').click()
    await picture(page, 'console-ring-back')
    await page.getByTestId('ring-back').click()
    await says(page, '话机通话中')
    expect(trunk.calls.at(-1)?.called).toBe('13800138000')
    void trunk.speak(1_000, 4_000)
    await until(() => desk.hears(1_000), 'the citizen at the desk phone')
    await trunk.hangUp()
    await says(page, '市民已挂断')
  }, 90_000)
})

const says = (page: Page, words: string) => page.getByTestId('call-standing').getByText(words).waitFor()
const press = (page: Page, name: string) =>
  page.getByTestId('call-bar').getByRole('button', { name, exact: true }).click()
const choose = (page: Page, name: string) => page.getByTestId('device-choice').getByText(name).click()

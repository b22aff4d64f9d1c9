/** Two colleagues before their consoles, in a real Chromium: one gives a citizen away, the other is asked and answers. */
import type { Browser, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { presenceStore } from '../../desk/presence.store.ts'
import { aHotline, type TestHotline } from '../support/hotline.ts'
import { signedIn } from '../support/http-client.ts'
import { aCitizen, aColleague, noChromium, openBrowser, picture } from '../support/pages.ts'
import { aPhoneClient } from '../support/phone-client.ts'
import { phoneToken } from '../support/phone-peers.ts'

const reason = '涉及异地住院费用，您更熟悉'
const patience = { timeout: 15_000 }
/** Counts the notes that a page plays, which nobody hears here. */
const counting = `{
  const make = AudioContext.prototype.createOscillator
  window.notesPlayed = 0
  AudioContext.prototype.createOscillator = function () { window.notesPlayed++; return make.call(this) }
}`

let hotline: TestHotline
let browser: Browser
const open: { close: () => unknown }[] = []

function opened<T extends { close: () => unknown }>(one: T): T {
  open.push(one)
  return one
}

async function anAgent() {
  const member = await hotline.aMember('agent')
  const { page } = opened(await aColleague(browser, hotline.url, member))
  await page.addInitScript(counting)
  await page.goto(`${hotline.url}/console/desk`)
  await page.getByTestId('presence').getByText('在线', { exact: true }).click()
  await expect.poll(() => presenceOf(member.staffId), patience).toBe('online')
  return { page, member }
}
const presenceOf = async (staffId: string) =>
  (await presenceStore(hotline.db).list()).find((one) => one.staffId === staffId)?.state

const claim = (page: Page, channel = '网页') =>
  page.getByTestId('waiting-row').filter({ hasText: channel }).getByRole('button', { name: /接待/ }).click()
const standing = (page: Page) => page.getByTestId('standing').textContent()
const notes = (page: Page) => page.evaluate<number>('window.notesPlayed')

async function give(page: Page, to: { workNumber: string }): Promise<void> {
  await page.getByTestId('transfer').click()
  const dialog = page.getByRole('dialog', { name: '转接' })
  await dialog.getByText(`工号 ${to.workNumber}`).click()
  await dialog.getByLabel('原因').fill(reason)
  await picture(page, 'console-transfer')
  await dialog.getByTestId('confirm-transfer').click()
  await dialog.waitFor({ state: 'hidden' })
}

async function aTalk() {
  const [giver, colleague] = [await anAgent(), await anAgent()]
  const citizen = opened(await aCitizen(browser, hotline.url))
  await citizen.ask('转人工')
  await claim(giver.page)
  await expect.poll(() => standing(giver.page), patience).toBe('我在接待')
  return { giver, colleague, citizen }
}

describe.skipIf(noChromium)('a transfer between two consoles', () => {
  beforeAll(async () => {
    hotline = await aHotline({ env: { PHONE_TOKEN: phoneToken, QUEUE_MODE: 'claim' } })
    browser = await openBrowser('--use-fake-ui-for-media-stream', '--use-fake-device-for-media-stream')
  })
  afterEach(async () => {
    for (const one of open.splice(0).reverse()) await one.close()
    await presenceStore(hotline.db).offlineAll(new Date())
  })
  afterAll(async () => {
    await browser.close()
    await hotline.close()
  })

  it('is asked with a reason and a sound, accepted, and goes on at the colleague', async () => {
    const { giver, colleague, citizen } = await aTalk()
    await give(giver.page, colleague.member)
    const note = giver.page.getByTestId('transfer-note')
    await expect.poll(() => note.textContent(), patience).toContain(`已请工号 ${colleague.member.workNumber} 接手`)

    const request = colleague.page.getByTestId('asked-transfer')
    await request.getByText(reason).waitFor()
    expect(await request.textContent()).toContain(`工号 ${giver.member.workNumber} 请您接手`)
    expect(await notes(colleague.page)).toBeGreaterThan(0)
    await picture(colleague.page, 'console-asked')
    await request.getByRole('button', { name: '接手' }).waitFor()
    await colleague.page.keyboard.press('Alt+A')

    await expect.poll(() => standing(colleague.page), patience).toBe('我在接待')
    expect(await colleague.page.getByTestId('transfer-note').textContent()).toContain(reason)
    await request.waitFor({ state: 'detached' })
    const number = colleague.member.workNumber
    await expect.poll(() => standing(giver.page), patience).toBe(`工号 ${number} 接待中`)
    await citizen.panel.getByText(`工号 ${number} 继续为您服务`).waitFor()
    expect(await citizen.panel.getByText(reason).count()).toBe(0)
    await picture(colleague.page, 'console-taken-over')
  }, 60_000)

  it('stays with its giver, who reads why, when the colleague declines', async () => {
    const { giver, colleague } = await aTalk()
    await give(giver.page, colleague.member)
    await colleague.page.getByTestId('asked-transfer').getByRole('button', { name: '谢绝' }).waitFor()
    await colleague.page.keyboard.press('Alt+X')
    const note = giver.page.getByTestId('transfer-note')
    await expect.poll(() => note.textContent(), patience).toContain(`工号 ${colleague.member.workNumber} 没有接手`)
    expect(await standing(giver.page)).toBe('我在接待')
    expect(await giver.page.getByTestId('transfer').isEnabled()).toBe(true)
  }, 60_000)

  it('is taken back by its giver before anybody answers', async () => {
    const { giver, colleague } = await aTalk()
    await give(giver.page, colleague.member)
    const request = colleague.page.getByTestId('asked-transfer')
    await request.waitFor()
    await giver.page.getByTestId('transfer-note').getByRole('button', { name: '收回' }).click()
    await request.waitFor({ state: 'detached' })
    expect(await standing(giver.page)).toBe('我在接待')
  }, 60_000)

  it('names what is missing before anything is asked, and offers the queue where nobody is free', async () => {
    const giver = await anAgent()
    const lead = await signedIn(hotline.url, await hotline.aMember('supervisor'))
    expect((await lead.post('/api/skills', { name: '异地就医', words: [] })).status).toBe(200)
    const citizen = opened(await aCitizen(browser, hotline.url))
    await citizen.ask('转人工')
    await claim(giver.page)
    await giver.page.getByTestId('transfer').click()
    const dialog = giver.page.getByRole('dialog', { name: '转接' })
    await dialog.getByText('现在没有其他同事在线且能接待。').waitFor()
    await dialog.getByTestId('confirm-transfer').click()
    await dialog.getByText('请选择一位同事，或者转回队伍', { exact: true }).waitFor()
    await dialog.getByText('请写明原因').waitFor()
    await dialog.getByText('转回队伍', { exact: true }).click()
    await dialog.getByText('按市民说的话判断').click()
    await giver.page.getByRole('option', { name: '异地就医（0 人在线）' }).click()
    await dialog.getByLabel('原因').fill(reason)
    await picture(giver.page, 'console-transfer-group')
    await dialog.getByTestId('confirm-transfer').click()
    const row = giver.page.getByTestId('waiting-row')
    await row.getByText('异地就医').waitFor()
    await row.getByText('同事转来').waitFor()
    expect(await row.textContent()).toContain(reason)
    await picture(giver.page, 'console-back-in-queue')
  }, 60_000)

  it('tells an agent by bar and sound that their caller rings again, and takes the call up there', async () => {
    const agent = await anAgent()
    const phone = opened(await aPhoneClient(hotline.url, phoneToken))
    const first = await phone.ring('13700136001')
    const { conversationId } = first
    await phone.must('person:ask', { conversationId, reason: 'asked' })
    await claim(agent.page, '电话')
    const callStanding = agent.page.getByTestId('call-standing')
    await callStanding.getByText('电话在线').waitFor()
    await phone.hangUp(first.callRowId)
    await callStanding.getByText('市民已挂断').waitFor()

    await agent.page.reload()
    await callStanding.getByText('市民已挂断').waitFor()
    expect(await notes(agent.page)).toBe(0)

    await phone.ring('13700136001')
    const bar = agent.page.getByTestId('ringing-again')
    await bar.getByText('市民再次来电').waitFor()
    expect(await notes(agent.page)).toBeGreaterThan(0)
    await picture(agent.page, 'console-rings-again')
    await bar.getByRole('button', { name: '接听' }).click()
    await expect.poll(() => phone.heard('audio:opened').length, patience).toBe(1)
    await callStanding.getByText('通话中').waitFor()
    await bar.waitFor({ state: 'detached' })
  }, 60_000)
})

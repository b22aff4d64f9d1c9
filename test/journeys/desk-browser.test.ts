/** An agent's desk by keyboard, in a real Chromium, with a supervisor at a console beside and a citizen on the page. */
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { aHotline, type TestHotline } from '../support/hotline.ts'
import { aCitizen, aColleague, noChromium, openBrowser, picture } from '../support/pages.ts'
import { aPhoneClient } from '../support/phone-client.ts'
import { phoneToken } from '../support/phone-peers.ts'

const patience = { timeout: 15_000 }
const secret = '先核实参保地再答复'
/** Counts the notes that a page plays, which nobody hears here. */
const counting = `{
  const make = AudioContext.prototype.createOscillator
  window.notesPlayed = 0
  AudioContext.prototype.createOscillator = function () { window.notesPlayed++; return make.call(this) }
}`

let hotline: TestHotline
let browser: Browser

describe.skipIf(noChromium)('the desk', () => {
  beforeAll(async () => {
    hotline = await aHotline({
      env: {
        QUEUE_MODE: 'claim',
        PHONE_TOKEN: phoneToken,
        BUREAU_NAME: '淮北市医疗保障局',
        BUREAU_CITY: '340600',
      },
    })
    browser = await openBrowser()
  })
  afterAll(async () => {
    await browser.close()
    await hotline.close()
  })

  it('is worked by keyboard: a canned reply, the bot’s draft, a note to a colleague, words that were too late, the 小结', async () => {
    const [agent, boss] = [await hotline.aMember('agent'), await hotline.aMember('supervisor')]
    const { page } = await aColleague(browser, hotline.url, agent)
    await page.addInitScript(counting)
    await page.reload()
    const { page: beside } = await aColleague(browser, hotline.url, boss)

    await beside.getByRole('link', { name: '常用语' }).click()
    await beside.getByTestId('new-shared').click()
    const form = beside.getByTestId('canned-dialog')
    await form.getByLabel('名称').fill('问候')
    await form.getByLabel('内容', { exact: true }).fill('{{称呼}}好，我是工号 {{工号}}，{{身份证}}')
    await form.getByTestId('keep-canned').click()
    await form.getByText('有不认识的变量').waitFor()
    await form.getByLabel('内容', { exact: true }).fill('{{称呼}}好，我是工号 {{工号}}，很高兴为您服务。')
    await form.getByTestId('keep-canned').click()
    await beside.getByTestId('shared-replies').getByText('/问候').waitFor()
    await picture(beside, 'console-canned')
    await beside.getByRole('link', { name: '小结标签' }).click()
    await beside.getByLabel('新标签').fill('异地就医')
    await beside.getByTestId('add-tag').click()
    await beside.getByTestId('tags').getByText('异地就医').waitFor()
    await picture(beside, 'console-tags')
    await beside.getByRole('link', { name: '坐席台' }).click()

    const phone = await aPhoneClient(hotline.url, phoneToken)
    await phone.ring('13700137021')
    await page.getByTestId('presence').getByText('在线', { exact: true }).click()
    await page.getByText('1 位坐席在线').waitFor()
    const citizen = await aCitizen(browser, hotline.url)
    await citizen.ask('转人工')
    await page.getByTestId('waiting-row').waitFor()
    expect(await page.title()).toContain('1 人等待')
    await expect.poll(() => page.evaluate<number>('window.notesPlayed'), patience).toBeGreaterThan(0)
    await page.keyboard.press('Alt+J')
    await page.getByTestId('claim-open').waitFor()
    await page.keyboard.press('Alt+L')
    const box = page.getByTestId('composer')
    await expect.poll(() => page.evaluate('document.activeElement?.id'), patience).toBe('composer-text')

    await page.keyboard.type('/问')
    await page.getByRole('option', { name: /问候/ }).waitFor()
    await picture(page, 'console-slash')
    await page.keyboard.press('Enter')
    await page.keyboard.press('Control+Enter')
    await citizen.panel.getByText(`您好，我是工号 ${agent.workNumber}，很高兴为您服务。`).waitFor()

    await citizen.ask('生育津贴怎么领')
    const draft = page.getByTestId('bot-draft')
    await draft.waitFor()
    await picture(page, 'console-draft')
    await page.keyboard.press('Alt+R')
    await expect.poll(() => box.inputValue(), patience).toContain('依据：')
    await box.fill('')
    await page.keyboard.press('Alt+Q')
    await page.keyboard.type('居民医保住院报销')
    await page.getByText('您搜索的：居民医保住院报销').waitFor()
    await page.locator('.hits[aria-busy=false]').waitFor()
    await page.getByTestId('hit-labels').getByText('起施行').first().waitFor()
    await page
      .getByTestId('hit-labels')
      .getByText(/居民医保$/)
      .first()
      .waitFor()
    await picture(page, 'console-knowledge')
    await page.keyboard.press('Enter')
    await expect.poll(() => box.inputValue(), patience).toContain('依据：')
    await box.fill('')
    await citizen.ask('异地就医怎么备案')
    await draft.waitFor()
    await page.keyboard.press('Alt+Z')
    await draft.waitFor({ state: 'detached' })
    await citizen.ask('新生儿怎么参保')
    await draft.waitFor()
    await page.keyboard.press('Alt+S')
    await citizen.panel.getByText('依据', { exact: true }).last().waitFor()
    await draft.waitFor({ state: 'detached' })

    await page.keyboard.press('Alt+P')
    await page.keyboard.type(`@${boss.workNumber}`)
    await page.getByRole('option', { name: new RegExp(boss.workNumber) }).waitFor()
    await page.keyboard.press('Enter')
    await page.keyboard.type(secret)
    await page.keyboard.press('Control+Enter')
    await page.getByTestId('note').getByText(secret).waitFor()
    const mention = beside.getByTestId('mention')
    await mention.getByText(secret).waitFor()
    expect(await beside.title()).toMatch(/^\(1\)/)
    await picture(beside, 'console-mention')
    await mention.getByRole('button', { name: '去看看' }).click()
    await beside.getByTestId('note').getByText(secret).waitFor()
    await mention.waitFor({ state: 'detached' })
    await page.getByTestId('viewing').getByText(`工号 ${boss.workNumber} 也在看`).waitFor()
    await beside.getByTestId('mode-note').click()
    await beside.keyboard.type('我来补一条')
    await page.getByTestId('viewing').getByText(`工号 ${boss.workNumber} 正在写备注`).waitFor()
    await picture(page, 'console-notes')

    await page.getByTestId('verify').click()
    const person = page.getByTestId('person-dialog')
    await person.getByLabel('电话号码').fill('13700137021')
    await person.getByText('回拨这个号码，由本人接听').click()
    await picture(page, 'console-person')
    await person.getByTestId('confirm-person').click()
    await page.getByTestId('verified').getByText(`已由工号 ${agent.workNumber} 回拨核对`).waitFor()
    await page.getByTestId('history').getByText('电话').waitFor()
    await picture(page, 'console-verified')

    await page.keyboard.press('Alt+L')
    await page.context().setOffline(true)
    await page.getByTestId('reconnecting').waitFor()
    await page.keyboard.type('那就这样办')
    await page.keyboard.press('Enter')
    await citizen.ask('等一下，孩子是外地户口')
    await expect.poll(() => citizen.panel.getByText('孩子是外地户口').count(), patience).toBe(1)
    await page.context().setOffline(false)
    await page.getByTestId('moved-on').getByText('孩子是外地户口').waitFor()
    await expect.poll(() => box.inputValue(), patience).toBe('那就这样办')
    await picture(page, 'console-moved-on')
    expect(await citizen.panel.getByText('那就这样办').count()).toBe(0)
    await box.focus()
    await page.keyboard.press('Enter')
    await citizen.panel.getByText('那就这样办').waitFor()

    await page.getByTestId('keys-open').click()
    await page.getByTestId('keys').getByText('Alt + P').waitFor()
    await page.getByTestId('keys').getByText('接手同事转来的会话').waitFor()
    await picture(page, 'console-keys')
    await page.keyboard.press('Escape')
    await page.getByTestId('keys').waitFor({ state: 'detached' })
    await page.keyboard.press('Alt+T')
    await page.getByRole('dialog', { name: '转接' }).waitFor()
    await page.keyboard.press('Escape')
    await page.getByRole('dialog', { name: '转接' }).waitFor({ state: 'detached' })
    await page.keyboard.press('Alt+E')
    await page.getByLabel('小结').fill('新生儿参保')
    await page.getByTestId('confirm-close').click()
    await page.getByText('请至少选一个标签', { exact: true }).waitFor()
    await picture(page, 'console-summary')
    await page.getByTestId('summary-tags').getByText('异地就医').click()
    await page.getByTestId('confirm-close').click()
    await page.getByText('会话已结束，小结已保存').waitFor()

    await page.getByRole('link', { name: '会话', exact: true }).click()
    const row = page.getByTestId('conversations').getByRole('row').filter({ hasText: '新生儿参保' })
    await row.getByText('异地就医').waitFor()
    await picture(page, 'console-conversations')
    await row.getByRole('link').click()
    await page.getByTestId('summary').getByText('新生儿参保').waitFor()
    await picture(page, 'console-conversation')
    expect(await citizen.page.content()).not.toContain(secret)
    expect(await citizen.panel.locator('body').textContent()).not.toContain('参保地再答复')
  }, 120_000)
})

/**
 * The whole journey in WeChat without an account, in a real Chromium: the stand-in's page as `npm run wechat:standin`
 * serves it, and an agent's desk beside it. Question, answer, person, all that may be sent used up, notice, rating, case.
 */
import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { aHotline, root, type TestHotline } from '../support/hotline.ts'
import { aColleague, noChromium, openBrowser, picture } from '../support/pages.ts'
import { aFreePort } from '../support/server-process.ts'

/** As the stand-in has them by itself. */
const account = {
  WECHAT_APP_ID: 'wxstandin00000001',
  WECHAT_APP_SECRET: 'stand-in-secret',
  WECHAT_TOKEN: 'standintoken',
  WECHAT_AES_KEY: 'YWJjZGVmZ2hpamtsbW5vcHFyc3R1dnd4eXowMTIzNDU',
  WECHAT_NOTICE_TEMPLATE_ID: 'stand-in-template-1',
  WECHAT_KF_CORP_ID: 'wwstandin00000001',
  WECHAT_KF_SECRET: 'stand-in-kf-secret',
  WECHAT_KF_TOKEN: 'standinkftoken',
  WECHAT_KF_AES_KEY: 'YWJjZGVmZ2hpamtsbW5vcHFyc3R1dnd4eXowMTIzNDU',
  WECHAT_MINI_APP_ID: 'wxstandinmini0001',
  WECHAT_MINI_APP_SECRET: 'stand-in-mini-secret',
  WECHAT_MINI_TOKEN: 'standinminitoken',
  WECHAT_MINI_AES_KEY: 'YWJjZGVmZ2hpamtsbW5vcHFyc3R1dnd4eXowMTIzNDU',
}
/** Counts the notes that a page plays, which nobody hears here. */
const counting = `{
  const make = AudioContext.prototype.createOscillator
  window.notesPlayed = 0
  AudioContext.prototype.createOscillator = function () { window.notesPlayed++; return make.call(this) }
}`
const notesPlayed = (page: Page) => page.evaluate<number>('window.notesPlayed')

let hotline: TestHotline
let browser: Browser
let standIn: ChildProcess
let address: string

describe.skipIf(noChromium)('somebody in WeChat', () => {
  beforeAll(async () => {
    // Four in a row that the kernel gives to nobody by itself.
    const port = 27_000 + 4 * Math.floor(Math.random() * 750)
    address = `http://127.0.0.1:${port}/`
    const own = String(await aFreePort())
    hotline = await aHotline({
      env: {
        PORT: own,
        PUBLIC_URL: `http://127.0.0.1:${own}`,
        WECHAT_JSSDK_URL: `http://127.0.0.1:${port + 1}/open/js/jweixin-1.6.0.js`,
        QUEUE_MODE: 'claim',
        ...account,
        WECHAT_API_BASE: `http://127.0.0.1:${port + 1}`,
        WECHAT_KF_API_BASE: `http://127.0.0.1:${port + 2}`,
        WECHAT_MINI_API_BASE: `http://127.0.0.1:${port + 3}`,
        WECHAT_PER_MOMENT: '0',
        BUREAU_NAME: '淮北市医疗保障局',
      },
    })
    standIn = spawn(process.execPath, [join(root, 'node_modules/tsx/dist/cli.mjs'), 'wechat/stand-in/main.ts'], {
      cwd: root,
      env: { ...process.env, HOTLINE_URL: hotline.url, STANDIN_PORT: String(port) },
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    await Promise.race([once(standIn.stdout ?? standIn, 'data'), once(standIn, 'exit')])
    browser = await openBrowser()
  })
  afterAll(async () => {
    standIn.kill()
    await browser.close()
    await hotline.close()
  })

  it('asks, is answered, talks to a person until no more may be sent, is called back, and rates', async () => {
    const citizen = await (await browser.newContext({ viewport: { width: 1000, height: 900 } })).newPage()
    await citizen.goto(address)
    const chat = citizen.getByRole('list', { name: '聊天' })
    const says = async (text: string) => {
      await citizen.getByLabel('消息', { exact: true }).fill(text)
      await citizen.getByRole('button', { name: '发送' }).click()
      await chat.getByText(text, { exact: true }).last().waitFor()
    }
    await chat.getByText('我是智能客服').waitFor()
    await says('新生儿怎么参保')
    await chat.getByText(/依据：《/).waitFor()
    // A new agent, who has set nothing: the title counts, and the desk sounds.
    const { page } = await aColleague(browser, hotline.url, await hotline.aMember('agent'))
    await page.addInitScript(counting)
    await page.reload()
    await page.getByTestId('presence').getByText('在线', { exact: true }).click()
    await says('转人工')
    await chat.getByText('正在为您转接人工').waitFor()

    await page.getByRole('button', { name: /^接待/ }).waitFor()
    await expect.poll(() => notesPlayed(page)).toBeGreaterThan(0)
    await page.getByRole('button', { name: /^接待/ }).click()
    const room = page.getByTestId('wechat-room')
    await room.getByText('还能发 4/5 条').waitFor()
    await room.getByText(/47 小时 \d+ 分内有效/).waitFor()
    const send = page.getByTestId('send')
    const write = async (text: string) => {
      await page.getByTestId('composer').fill(text)
      await send.click()
      await page.getByTestId('thread').getByText(text, { exact: true }).waitFor()
    }
    await page.getByRole('link', { name: '常用语' }).click()
    await says('我的药没有报销')
    await expect.poll(() => page.title()).toMatch(/^\(1\)/)
    await page.getByRole('link', { name: '坐席台' }).click()
    await room.getByText('还能发 5/5 条').waitFor()

    for (const [n, text] of ['您好，我来查。', '查到了。', '药店上传晚了。', '明天到账。'].entries()) {
      await write(text)
      await room.getByText(`还能发 ${4 - n}/5 条`).waitFor()
    }
    await chat.getByText('明天到账。').waitFor()
    await write('还有别的吗？')
    await room.getByText('还能发 0/5 条').waitFor()
    await page.getByTestId('composer').fill('这一句先留着')
    await page.getByTestId('composer').press('Enter')
    expect(await send.isDisabled()).toBe(true)
    expect(await page.getByTestId('composer').inputValue()).toBe('这一句先留着')
    const notice = page.getByTestId('send-notice')
    await page.getByText('市民没有同意过').waitFor()
    expect(await notice.isDisabled()).toBe(true)
    await picture(page, 'console-wechat')

    const opening = citizen.context().waitForEvent('page')
    await chat.getByRole('link', { name: /wechat\/notices/ }).click()
    const notices = await opening
    await notices.setViewportSize({ width: 375, height: 667 })
    await notices.getByRole('button', { name: '同意接收一次通知' }).click()
    await picture(notices, 'wechat-notices')
    await notices.getByRole('button', { name: '允许' }).click()
    await notices.getByText('已经同意').waitFor()
    await notices.close()
    await expect.poll(() => notice.isEnabled()).toBe(true)
    await notice.click()
    await page.getByText('订阅通知已发').waitFor()
    await chat.getByText('请在公众号里回复任意一句查看').waitFor()
    await picture(citizen, 'wechat-standin')

    await says('好的')
    await room.getByText('还能发 5/5 条').waitFor()
    await send.click()
    await chat.getByText('这一句先留着').waitFor()
    await page.getByTestId('close-conversation').click()
    const dialog = page.getByTestId('summary-dialog')
    await dialog.getByLabel('小结').fill('药品报销，已答复')
    await dialog.getByText('投诉建议').click()
    await dialog
      .getByRole('button', { name: /结束|确定|提交/ })
      .last()
      .click()

    await chat.getByRole('button', { name: '非常不满意' }).click()
    await chat.getByText('答复错误').waitFor()
    await says('答复错误')
    await chat.getByText(/已立案核实（编号 /).waitFor()
    const { rows } = await hotline.database.pool.query<{ n: number }>('select count(*)::int as n from case_file')
    expect(rows).toEqual([{ n: 1 }])
  }, 120_000)

  it('comes by the customer service and by the mini-program too, each in a window of its own', async () => {
    const citizen = await (await browser.newContext({ viewport: { width: 1000, height: 900 } })).newPage()
    await citizen.goto(address)
    const chat = citizen.getByRole('list', { name: '聊天' })
    for (const road of ['微信客服', '小程序']) {
      await citizen.getByRole('button', { name: road, exact: true }).click()
      await chat.getByText('我是智能客服').waitFor()
      await citizen.getByLabel('消息', { exact: true }).fill('新生儿怎么参保')
      await citizen.getByRole('button', { name: '发送' }).click()
      await chat.getByText(/依据：《/).waitFor()
    }
    await picture(citizen, 'wechat-standin-roads')
    await citizen.getByRole('button', { name: '公众号', exact: true }).click()
    await expect.poll(() => chat.getByText(/依据：《/).count()).toBe(0)
  }, 60_000)

  it('finds an entry by a word of its title, and prints its code with what it says', async () => {
    const { page } = await aColleague(browser, hotline.url, await hotline.aMember('supervisor'))
    await page.goto(`${hotline.url}/console/wechat`)
    await page.getByRole('combobox', { name: '条目', exact: true }).fill('新生儿')
    await page
      .getByRole('option', { name: /新生儿/ })
      .first()
      .click()
    await page.getByRole('button', { name: '做条目的码' }).click()
    const sheet = page.getByTestId('scene-code')
    await sheet.getByText('微信扫一扫，直接看答复').waitFor()
    expect(await sheet.locator('strong').textContent()).toContain('新生儿')
    await page.emulateMedia({ media: 'print' })
    await picture(page, 'console-wechat-code')
    expect(await page.getByRole('heading').count()).toBe(0)
    expect(await sheet.isVisible()).toBe(true)
  }, 60_000)

  it('is refused and retried as the page says', async () => {
    const citizen = await (await browser.newContext({ viewport: { width: 1000, height: 900 } })).newPage()
    await citizen.goto(address)
    const chat = citizen.getByRole('list', { name: '聊天' })
    await chat.getByText('我是智能客服').waitFor()
    await citizen.getByLabel('每条发').selectOption('3')
    await citizen.getByLabel('消息', { exact: true }).fill('异地就医怎么备案')
    await citizen.getByRole('button', { name: '发送' }).click()
    await chat.getByText(/依据：《/).waitFor()
    expect(await chat.getByText(/依据：《/).count()).toBe(1)
    await citizen.getByLabel('每条发').selectOption('1')

    const room = citizen.getByRole('status')
    await room.getByText(/5\/5 条，还有 4[78] 小时/).waitFor()
    await citizen.getByRole('button', { name: '时钟 +48 小时' }).click()
    await room.getByText('市民 48 小时内没有发过消息').waitFor()
  }, 60_000)
})

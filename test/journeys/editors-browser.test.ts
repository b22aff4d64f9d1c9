/** An editor's day, in a real Chromium on the real hotline. */
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { wording } from '../../bot/wording.ts'
import { aHotline, type TestHotline } from '../support/hotline.ts'
import { aColleague, noChromium, openBrowser, picture } from '../support/pages.ts'
import { aVisitor } from '../support/socket-clients.ts'

let hotline: TestHotline
let browser: Browser
let page: Page

describe.skipIf(noChromium)('an editor', () => {
  beforeAll(async () => {
    hotline = await aHotline({ env: { BUREAU_CITY: '340600' } })
    browser = await openBrowser()
    page = (await aColleague(browser, hotline.url, await hotline.aMember('editor'))).page
  })
  afterAll(async () => {
    await browser.close()
    await hotline.close()
  })

  it('writes an entry from what nobody could answer', async () => {
    for (const question of ['直升机转运费怎么结算', '请问直升机转运的费用怎么结算', '租一台制氧机多少钱']) {
      const citizen = await aVisitor(hotline.url)
      await citizen.say(question)
      await citizen.hears(wording.unknown)
      citizen.close()
    }
    await hotline.gapNews.gather()

    await page.getByRole('link', { name: '知识缺口' }).click()
    await page.getByTestId('gaps').getByText('2 次').waitFor()
    await picture(page, 'gaps')
    await page.getByRole('link', { name: /直升机/ }).click()
    await page.getByTestId('gap-examples').getByText('请问直升机转运的费用怎么结算').waitFor()
    await picture(page, 'gap')
    await page.getByTestId('write-draft').click()
    expect(await page.getByLabel('标准问题').inputValue()).toContain('直升机')
    for (const [label, words] of [
      ['答案', '直升机转运费由个人承担。'],
      ['口语答案（电话里念的）', '直升机转运费由个人承担。'],
      ['主题', '报销'],
      ['依据 1 标题', '测试文件'],
    ] as const)
      await page.getByLabel(label, { exact: true }).first().fill(words)
    await page.getByTestId('save-draft').click()
    await page.getByTestId('revision-words').getByText('请问直升机转运的费用怎么结算').waitFor()
    await page.getByRole('link', { name: '知识缺口' }).click()
    await page.getByTestId('gaps').getByText('起草中').waitFor()
  }, 90_000)
})

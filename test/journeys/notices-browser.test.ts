/** An administrator sends a table of notices, sees what became of each, and sends a dead letter again: in a real Chromium. */
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { anSmsPlatform } from '../server/outbox-peers.ts'
import { aHotline, type TestHotline } from '../support/hotline.ts'
import { aColleague, noChromium, openBrowser, picture } from '../support/pages.ts'

const head = '手机号,称呼,年度,截止日期,金额'
const rows = ['13700000001,张先生,2027,2026年12月31日,400', '13700000002,李女士,2027,2026年12月31日,400']
const csv = (...lines: string[]) => ({
  name: '缴费提醒.csv',
  mimeType: 'text/csv',
  buffer: Buffer.from([head, ...lines].join('\n')),
})

describe.skipIf(noChromium)('a table of notices', () => {
  let hotline: TestHotline
  let platform: Awaited<ReturnType<typeof anSmsPlatform>>
  let browser: Browser

  beforeAll(async () => {
    platform = await anSmsPlatform()
    platform.answer(400)
    const noon = new Date('2026-11-23T12:00:00+08:00')
    const env = { SMS_WEBHOOK_URL: platform.url, SMS_WEBHOOK_SECRET: 'a-secret-of-the-tests' }
    hotline = await aHotline({ env, now: () => noon })
    browser = await openBrowser()
  })
  afterAll(async () => {
    await browser.close()
    await hotline.close()
    platform.close()
  })

  it('is looked at, sent, and followed to the dead letter that is sent again', async () => {
    const { page, close } = await aColleague(browser, hotline.url, await hotline.aMember('administrator'))
    await page.getByRole('link', { name: '发件箱' }).click()
    await page.getByRole('link', { name: '发送主动通知' }).click()
    const file = page.getByLabel('选择通知表格')
    await file.setInputFiles(csv(...rows, '137,王女士,2027,,400'))
    await page.getByText('第 4 行“手机号”：不是 11 位手机号').waitFor()
    await file.setInputFiles(csv(...rows))
    const preview = page.getByTestId('notice-counts')
    await preview.getByText('将发 2 条').waitFor()
    await preview.getByText('张先生您好').waitFor()
    expect(await page.content()).not.toContain('13700000001')
    await picture(page, 'notices-preview')
    await preview.getByRole('button', { name: '发送 2 条' }).click()
    await page.getByRole('button', { name: '确认发送' }).click()
    await page.getByTestId('batches').getByText('缴费提醒').waitFor()
    await hotline.jobs.tick()
    await page.reload()
    await picture(page, 'notices')

    await page.getByRole('link', { name: '没发出 2' }).click()
    const dead = page.getByTestId('outbox').getByRole('row').filter({ hasText: '137****0001' })
    await dead.getByText('对方拒收（应答码 400）').waitFor()
    await picture(page, 'outbox')
    platform.answer(200)
    await dead.getByTestId('again').click()
    await page.getByRole('button', { name: '再发一次' }).last().click()
    await page.getByText('已放回待发送').waitFor()
    await hotline.jobs.tick()
    await page.getByRole('button', { name: '清除筛选' }).click()
    await page.getByTestId('outbox').getByRole('row').filter({ hasText: '已发出' }).getByText('137****0001').waitFor()
    expect(platform.got).toHaveLength(3)
    await close()
  })
})

/** Questions tried out at the console, in a real Chromium on the real hotline. */
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { writeXlsx } from '../../knowledge/sheet/xlsx.ts'
import { aHotline, type TestHotline } from '../support/hotline.ts'
import { signedIn } from '../support/http-client.ts'
import { aColleague, noChromium, openBrowser, picture } from '../support/pages.ts'
import { aWording } from '../support/wording.ts'

let hotline: TestHotline
let browser: Browser
let page: Page
const asked = '借轮椅要押金吗'

describe.skipIf(noChromium)('an editor', () => {
  beforeAll(async () => {
    hotline = await aHotline({ env: { BUREAU_CITY: '340600' } })
    const member = await hotline.aMember('editor')
    const editor = await signedIn(hotline.url, member)
    const wording = aWording({ question: asked, similar: [], answer: '押金两百元。', spoken: '押金两百元。' })
    await editor.post('/api/entries', { id: 'wheelchair', wording })
    browser = await openBrowser()
    page = (await aColleague(browser, hotline.url, member)).page
  })
  afterAll(async () => {
    await browser.close()
    await hotline.close()
  })

  it('reads side by side what is said now and what the draft would say', async () => {
    await page.getByRole('link', { name: '知识', exact: true }).click()
    await page.getByRole('link', { name: '试问', exact: true }).click()
    await page.getByLabel('问题', { exact: true }).fill(asked)
    await page.getByTestId('ask-trial').click()
    const draft = page.getByTestId('draft')
    await draft.getByText('押金两百元。').waitFor()
    await draft
      .getByText(/直接答\s*$/)
      .first()
      .waitFor()
    expect(await page.getByTestId('live').getByText('押金两百元。').count()).toBe(0)
    await picture(page, 'trial')
    // The address brings the same trial back.
    await page.reload()
    await page.getByTestId('draft').getByText('押金两百元。').waitFor()
  }, 60_000)

  it('comes there from an entry with its text put in', async () => {
    await page.goto(`${hotline.url}/console/entries/wheelchair`)
    await page.getByRole('link', { name: /放入这一版再试/ }).click()
    await page.getByTestId('draft').getByText('押金两百元。').waitFor()
    await page.getByText('只放入从条目页带来的这一版').waitFor()
  }, 60_000)

  it('finds what runs out by a filter that stays in the address', async () => {
    const reviewer = await signedIn(hotline.url, await hotline.aMember('reviewer'))
    const author = await signedIn(hotline.url, await hotline.aMember('editor'))
    const validUntil = new Date(hotline.now().getTime() + 6 * 86_400_000).toISOString().slice(0, 10)
    const wording = aWording({ question: '拐杖押金退不退', similar: [], validUntil })
    const { id } = (await author.post('/api/entries', { id: 'runs-out', wording })).body.revision as { id: string }
    await author.post(`/api/revisions/${id}/submit`)
    await reviewer.post(`/api/revisions/${id}/approve`)
    const signed = await reviewer.post(`/api/revisions/${id}/publish`, { override: '试验' })
    expect(signed.status).toBe(200)
    await page.goto(`${hotline.url}/console/entries?ending=7`)
    const rows = page.getByTestId('entries')
    await rows.getByRole('link', { name: '拐杖押金退不退' }).waitFor()
    await rows
      .getByText(/天后失效/)
      .first()
      .waitFor()
    await picture(page, 'entries-ending')
    await page.goto(`${hotline.url}/console/golden`)
    await page.getByText('只看从没用上的').click()
    await page.waitForURL(/never=1/)
    await page.reload()
    expect(await page.getByLabel('只看从没用上的').isChecked()).toBe(true)
    await page.goto(`${hotline.url}/console/trials`)
  }, 60_000)

  it('keeps words that mean the same, having seen what they would do', async () => {
    await page.goto(`${hotline.url}/console/entries`)
    await page.getByRole('link', { name: '同义词' }).click()
    await page.getByLabel('一组同义词').fill('拐杖、沙滩摩托')
    await page.getByRole('button', { name: '看看影响' }).click()
    await page.getByTestId('synonym-effect').getByText('变差').first().waitFor()
    await page.getByTestId('keep-synonyms').click()
    await page.getByTestId('synonyms').getByText('拐杖、沙滩摩托').waitFor()
    await picture(page, 'synonyms')
    await page.goto(`${hotline.url}/console/trials`)
  }, 90_000)

  it('tries a table of questions and takes the result away', async () => {
    const rows = [
      ['问题', '期望条目', '地区'],
      [asked, 'nat-no-such', ''],
    ]
    const batch = page.getByTestId('batch')
    const choose = (name: string, table: string[][]) =>
      batch.getByLabel('选择题目表').setInputFiles({
        name,
        mimeType: 'application/octet-stream',
        buffer: writeXlsx([{ name: '题', rows: table }]),
      })
    await choose('有错.xlsx', rows)
    await batch.getByText('没有这个编号的条目在用').waitFor()
    const titles = hotline.knowledge.current().titles(undefined, '2026-11-22').slice(0, 5)
    await choose('题.xlsx', [
      ['问题', '期望条目', '地区'],
      ...titles.map(({ question }) => [question, question, '']),
      ['火星上的苹果甜不甜', titles[0]?.question ?? '', '淮北'],
    ])
    await batch.getByTestId('batch-counts').getByText('通过 5 / 6').waitFor()
    await batch.getByTestId('batch-rows').getByText('火星上的苹果甜不甜').waitFor()
    await batch.scrollIntoViewIfNeeded()
    await picture(page, 'trial-batch')
    const [taken] = await Promise.all([
      page.waitForEvent('download'),
      batch.getByRole('button', { name: '导出 csv' }).click(),
    ])
    expect(taken.suggestedFilename()).toBe('批量试问结果.csv')
  }, 60_000)
})

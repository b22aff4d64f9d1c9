/** An editor's day, in a real Chromium on the real hotline. */
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { wording } from '../../bot/wording.ts'
import { headings } from '../../knowledge/import-columns.ts'
import { writeXlsx } from '../../knowledge/sheet/xlsx.ts'
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
    for (const question of ['救援直升机由谁派出', '请问救援的直升机由谁来派出', '租一台制氧机多少钱']) {
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
    await page.getByTestId('gap-examples').getByText('请问救援的直升机由谁来派出').waitFor()
    await page.getByTestId('merge-box').getByRole('button', { name: '找缺口' }).click()
    await page.getByTestId('merge-box').getByText('租一台制氧机多少钱').waitFor()
    await picture(page, 'gap')
    await mergeAndTakeOut(page)
    await page.getByTestId('write-draft').click()
    expect(await page.getByLabel('标准问题').inputValue()).toContain('直升机')
    for (const [label, words] of [
      ['答案', '直升机由应急管理部门派出。'],
      ['口语答案（电话里念的）', '直升机由应急管理部门派出。'],
      ['主题', '报销'],
      ['依据 1 标题', '测试文件'],
    ] as const)
      await page.getByLabel(label, { exact: true }).first().fill(words)
    await page.getByTestId('save-draft').click()
    await page.getByTestId('revision-words').getByText('请问救援的直升机由谁来派出').waitFor()
    await page.getByRole('link', { name: '知识缺口' }).click()
    await page.getByTestId('gaps').getByText('起草中').waitFor()
  }, 90_000)

  it('takes a table in, submits all of it at once, and a reviewer approves it at once', async () => {
    const cells = (row: Record<string, string>) => headings.map((heading) => row[heading] ?? '')
    const row = {
      答案: '到窗口办理。',
      口语答案: '到窗口办理。',
      依据: '测试文件',
      主题: '批量导入',
      生效日: '2026-01-01',
    }
    const bad = writeXlsx([{ name: '条目', rows: [headings, cells({ ...row, 标准问题: '借拐杖', 答案: '' })] }])
    const rows = ['借拐杖要押金吗', '借轮椅要预约吗', '借床垫怎么消毒'].map((question) =>
      cells({ ...row, 标准问题: question }),
    )
    const good = writeXlsx([{ name: '条目', rows: [headings, ...rows] }])

    await page.getByRole('link', { name: '知识', exact: true }).click()
    await page.getByTestId('import').click()
    const dialog = page.getByTestId('import-dialog')
    const choose = (name: string, buffer: Buffer) =>
      dialog.getByLabel('选择表格').setInputFiles({ name, mimeType: 'application/octet-stream', buffer })
    await choose('有错.xlsx', bad)
    await dialog.getByText('第 2 行“答案”：不能为空').waitFor()
    await picture(page, 'import')
    await choose('三条.xlsx', good)
    await dialog.getByText('新条目 3 条').waitFor()
    await dialog.getByRole('button', { name: '导入为草稿' }).click()
    await dialog.waitFor({ state: 'detached' })

    await moveAll(page, '批量导入', 'submit')
    const reviewer = await aColleague(browser, hotline.url, await hotline.aMember('reviewer'))
    await moveAll(reviewer.page, '批量导入', 'approve')
    await picture(reviewer.page, 'bulk')
    await reviewer.close()
  }, 120_000)

  it('tries the golden questions and reads which were not answered', async () => {
    await page.getByRole('link', { name: '知识体检' }).click()
    await page.getByTestId('run-golden').click()
    await page.getByTestId('runs').getByRole('link').first().waitFor({ timeout: 120_000 })
    await page.getByTestId('pairs').getByText('问法太像').first().waitFor()
    await picture(page, 'golden')
    await page.getByTestId('runs').getByRole('link').first().click()
    await page.getByTestId('missed').waitFor()
    await picture(page, 'golden-run')
  }, 180_000)

  it('sees what a publication would take away, compares two texts and plans one for later', async () => {
    const reviewer = (await aColleague(browser, hotline.url, await hotline.aMember('reviewer'))).page
    await page.goto(`${hotline.url}/console/entries?topic=批量导入`)
    await page.getByRole('link', { name: '借拐杖要押金吗' }).click()
    await page.getByTestId('new-revision').click()
    const [taken] = hotline.knowledge.current().titles(undefined, '2026-11-22')
    await page.getByLabel('相似问（一行一个）').fill(taken?.question ?? '')
    await page
      .getByTestId('confusions')
      .getByText(taken?.question ?? '')
      .last()
      .waitFor()
    await page.getByTestId('save-draft').click()
    await page.locator('[data-move=submit]').click()
    await page.getByTestId('compare').click()
    await page.getByTestId('wording-diff').locator('ins').first().waitFor()
    await picture(page, 'diff')

    await reviewer.goto(page.url())
    await reviewer.locator('[data-move=approve]').click()
    await reviewer.getByLabel('发布日期').fill('2099-01-05')
    await reviewer.getByLabel('发布日期').press('Enter')
    await reviewer.getByRole('button', { name: /到日子发布/ }).click()
    await reviewer.getByTestId('plans').getByText('2099年1月5日').waitFor()
    await reviewer.locator('[data-move=publish]').click()
    await reviewer.getByRole('dialog').getByRole('button', { name: '发布' }).click()
    const gate = reviewer.getByTestId('gate-dialog')
    await gate
      .getByText(taken?.question ?? '')
      .first()
      .waitFor({ timeout: 60_000 })
    await picture(reviewer, 'gate')
    await gate.getByLabel(/确需发布的理由/).fill('两条合并为一条')
    await gate.getByRole('button', { name: /仍要发布/ }).click()
    await gate.waitFor({ state: 'detached', timeout: 60_000 })
    await reviewer.getByTestId('revisions').getByText('已发布').first().waitFor()
  }, 180_000)
})

/** From the gap that is open: the other one comes into it, and is taken out again. */
async function mergeAndTakeOut(page: Page): Promise<void> {
  const confirm = (name: string) => page.getByRole('dialog').getByRole('button', { name }).click()
  const address = page.url()
  await page.goBack()
  await page.getByRole('link', { name: /制氧机/ }).click()
  await page.getByTestId('merge-box').getByRole('button', { name: '找缺口' }).click()
  await page.getByTestId('merge-box').getByRole('button', { name: '并入', exact: true }).click()
  await confirm('并入')
  await page.waitForURL(address)
  await page.getByLabel(/移出“租一台制氧机/).click()
  await confirm('移出')
  await page.getByTestId('gap-examples').getByText('制氧机').waitFor({ state: 'detached' })
}

/** Everything of a topic, by the bar above the list. */
async function moveAll(page: Page, topic: string, move: string): Promise<void> {
  await page.goto(`${hotline.url}/console/entries?topic=${topic}`)
  await page
    .getByTestId('bulk-bar')
    .getByRole('button', { name: /选中全部/ })
    .click()
  await page.getByTestId('bulk-bar').getByText('已选 3 条').waitFor()
  await page.locator(`[data-bulk=${move}]`).click()
  await page.getByRole('dialog').getByRole('button').last().click()
  await page.getByTestId('bulk-bar').getByText('已选 0 条').waitFor({ timeout: 60_000 })
  const state = move === 'submit' ? '待审核' : '已审核'
  await expect.poll(() => page.getByTestId('entries').getByText(state).count(), { timeout: 20_000 }).toBe(3)
}

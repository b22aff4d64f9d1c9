/** An officer's day, in a real Chromium on the real hotline: the worklist, one case to its end, follow-ups, rules, holidays. */
import { randomUUID } from 'node:crypto'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { caseLadders } from '../../desk/case-ladders.ts'
import { aHotline, type TestHotline } from '../support/hotline.ts'
import { aColleague, noChromium, openBrowser, picture } from '../support/pages.ts'
import { orderTable } from '../support/orders.ts'
import { aVisitor, type Visitor } from '../support/socket-clients.ts'

let hotline: TestHotline
let browser: Browser
let page: Page
let citizen: Visitor

describe.skipIf(noChromium)('an officer', () => {
  beforeAll(async () => {
    hotline = await aHotline({ env: { BUREAU_CITY: '340600' } })
    browser = await openBrowser()
    page = (await aColleague(browser, hotline.url, await hotline.aMember('officer', 'supervisor'))).page
    await hotline.aMember('supervisor')
    citizen = await aVisitor(hotline.url)
    await citizen.must('turn:say', { clientId: randomUUID(), text: '你好' })
  })
  afterAll(async () => {
    citizen.close()
    await browser.close()
    await hotline.close()
  })

  it('sees a complaint come in without touching the page, and brings it to its end', async () => {
    await page.goto(`${hotline.url}/console/cases`)
    await page.getByText('还没有整改单').waitFor()
    const filed = await citizen.must('complaint:file', {
      text: '窗口提前下班，电话 13912345678',
      contact: '13800138000',
    })
    const number = String(filed.caseNumber)
    const card = page.getByTestId('cases').getByRole('row', { name: new RegExp(number) })
    await card.getByText('139****5678').waitFor()
    await picture(page, 'cases')

    await page.getByRole('link', { name: number }).click()
    await extend(page)
    await citizen.hears('需要向参保地调取记录')
    await move(page, 'contacted', {})
    await move(page, 'rectifying', {})
    await page.locator('[data-to=to_review]').click()
    await page.getByTestId('move-dialog').getByLabel('说明').fill('请复核')
    await page.getByTestId('confirm-move').click()
    await page.getByText('请写明整改凭据').or(page.getByText('请写明整改措施')).first().waitFor()
    await page.getByTestId('move-dialog').getByRole('button', { name: '取消' }).click()
    await page.getByTestId('move-dialog').waitFor({ state: 'detached' })
    await move(page, 'to_review', { 整改措施: '已调整窗口排班。', 佐证: '排班表 11 号' })
    await move(page, 'reported_back', {})
    await citizen.hears('已调整窗口排班')
    await picture(page, 'case')

    await page.goto(`${hotline.url}/console/follow-ups`)
    for (let tried = 1; tried < 3; tried++) {
      await followUp(page, number, '没有联系上', '没有接通')
      await page.getByTestId('follow-ups').getByText(`${tried} / 3 次`).waitFor()
    }
    await picture(page, 'follow-ups')
    await followUp(page, number, '满意', '市民认可')
    await page.getByText('没有要回访的').waitFor()
    await page.goto(`${hotline.url}/console/cases`)
    await page.getByRole('link', { name: number }).click()
    await move(page, 'closed', {})
    await page.getByText('已了结，没有要做的了').waitFor()
  }, 120_000)

  it('takes orders of 12345 in from a table, one faulty cell keeping all of them out', async () => {
    await page.goto(`${hotline.url}/console/work-orders`)
    await page.getByTestId('take-in').click()
    const dialog = page.getByTestId('orders-dialog')
    const choose = (name: string, buffer: Buffer) =>
      dialog.getByLabel('选择表格').setInputFiles({ name, mimeType: 'application/octet-stream', buffer })
    const order = { 工单编号: 'ORDER-0001', 诉求类型: '咨询', 诉求标题: '异地备案进度', 诉求内容: '三天没有回复' }
    await choose('有错.xlsx', orderTable([{ ...order, 联系电话: '123', 受理时间: '2026-11-22 10:05' }]))
    await dialog.getByText('第 2 行“联系电话”').waitFor()
    const urgent = { ...order, 工单编号: 'ORDER-0002', 是否紧急: '是' }
    const good = [order, urgent].map((one) => ({ ...one, 联系电话: '13800138000', 受理时间: '2026-11-22 10:05' }))
    await choose('两张.xlsx', orderTable(good))
    await dialog.getByText('新工单 2 张').waitFor()
    await dialog.getByRole('button', { name: '接收' }).click()
    await dialog.waitFor({ state: 'detached' })
    await page.getByText('共 2 条').waitFor()
    expect(await page.getByTestId('work-orders').getByRole('link').count()).toBe(2)
    await picture(page, 'work-orders')
  }, 60_000)

  it('finds what is late, how far up the ladder it is, and nothing else behind the count', async () => {
    const month = 30 * 24 * 3_600_000
    await caseLadders(hotline.db).fireAll(new Date(Date.now() + month))
    await page.goto(`${hotline.url}/console/cases`)
    await page.getByTestId('case-counts').getByRole('button', { name: '通报 2' }).click()
    await page.getByText('共 2 条').waitFor()
    expect(await page.getByTestId('cases').getByRole('link').count()).toBe(2)
    await page.getByTestId('cases').getByText('督办：').first().waitFor()
    await picture(page, 'cases-late')
    await page.getByTestId('cases').getByRole('link').first().click()
    await page.getByTestId('timeline').getByText('督办').first().waitFor()
    await picture(page, 'case-late')
  }, 60_000)

  it('finds a case by the number that a citizen quotes, and gives it to somebody else', async () => {
    const filed = await citizen.must('complaint:file', { text: '排队系统坏了', contact: '13800138009' })
    // A case falls to whoever has the fewest; this one comes too late for it.
    const colleague = await hotline.aMember('officer')
    const number = String(filed.caseNumber)
    await page.goto(`${hotline.url}/console/cases`)
    await page.getByLabel('搜索编号、工单号或内容').fill(number.slice(-4))
    await page.getByLabel('搜索编号、工单号或内容').press('Enter')
    await page.getByText('共 1 条').waitFor()
    await picture(page, 'cases-found')
    await page.getByRole('link', { name: number }).click()
    await page.getByTestId('give-case').click()
    const dialog = page.getByTestId('owner-dialog')
    await dialog.getByText('选一位同事').click()
    await page.getByRole('option', { name: new RegExp(colleague.name) }).click()
    await dialog.getByLabel('理由').fill('原负责人休假')
    await picture(page, 'case-owner-dialog')
    await page.getByTestId('confirm-owner').click()
    await dialog.waitFor({ state: 'detached' })
    await page.getByTestId('case-owner').getByText(colleague.name).waitFor()
    await page.getByTestId('timeline').getByText('改派：').waitFor()
    await picture(page, 'case-given')

    await page.goto(`${hotline.url}/console/cases`)
    await page.getByText('全部负责人').click()
    await page.getByRole('option', { name: '未分配' }).click()
    await page.getByText('没有符合条件的整改单').waitFor()
  }, 60_000)

  it('sets the days of a city, and enters a year’s notice', async () => {
    await page.goto(`${hotline.url}/console/case-rules`)
    await page.getByTestId('new-rule').click()
    const dialog = page.getByTestId('rule-dialog')
    await dialog.getByLabel('城市').press('Enter')
    await page.getByRole('option', { name: '淮北市' }).click()
    await dialog.getByLabel('办结', { exact: true }).fill('7')
    await dialog.getByLabel('办结', { exact: true }).press('Tab')
    await picture(page, 'case-rule')
    await page.getByTestId('keep-rule').click()
    await dialog.waitFor({ state: 'detached' })
    const row = page.getByTestId('case-rules').getByRole('row', { name: /淮北市/ })
    await row.getByText('7 个工作日', { exact: true }).waitFor()
    await picture(page, 'case-rules')

    await page.goto(`${hotline.url}/console/holidays?year=2026`)
    await page.getByTestId('holidays').getByText('调休上班').first().waitFor()
    await picture(page, 'holidays')
    await page.goto(`${hotline.url}/console/holidays?year=2027`)
    await page.getByTestId('edit-year').click()
    await page.getByLabel('通知文号').fill('国办发明电〔2026〕7号')
    await fillDay(page, '第 7 行从', '2027-10-01')
    await fillDay(page, '第 7 行到', '2027-10-07')
    await picture(page, 'holidays-entering')
    await page.getByTestId('keep-year').click()
    await page.getByTestId('holidays').getByText('2027年10月1日至2027年10月7日').waitFor()
  }, 60_000)
})

async function move(page: Page, to: string, fields: Record<string, string>): Promise<void> {
  await page.locator(`[data-to=${to}]`).click()
  const dialog = page.getByTestId('move-dialog')
  for (const [label, words] of Object.entries({ ...fields, 说明: `办理：${to}` }))
    await dialog.getByLabel(label).fill(words)
  await page.getByTestId('confirm-move').click()
  await dialog.waitFor({ state: 'detached' })
}

async function extend(page: Page): Promise<void> {
  await page.getByTestId('extend').click()
  const dialog = page.getByTestId('extension-dialog')
  await dialog.getByLabel('理由（写给市民看）').fill('需要向参保地调取记录')
  await picture(page, 'case-extension')
  await page.getByTestId('confirm-extension').click()
  await dialog.waitFor({ state: 'detached' })
}

async function followUp(page: Page, number: string, result: string, note: string): Promise<void> {
  await page.getByRole('button', { name: `登记 ${number} 的回访` }).click()
  const dialog = page.getByTestId('follow-up-dialog')
  await dialog.getByText(result, { exact: true }).click()
  await dialog.getByLabel('回访记录').fill(note)
  await picture(page, `follow-up-${result === '满意' ? 'done' : 'tried'}`)
  await page.getByTestId('confirm-follow-up').click()
  await dialog.waitFor({ state: 'detached' })
}

async function fillDay(page: Page, label: string, day: string): Promise<void> {
  await page.getByLabel(label).fill(day)
  await page.getByLabel(label).press('Enter')
}

/** A supervisor reads the figures, in a real Chromium on a hotline with three weeks behind it. */
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { figureIds } from '../../contract/figure.ts'
import { aHistory, keepHistory, lookedAt } from '../desk/figure-history.ts'
import { aHotline, type TestHotline } from '../support/hotline.ts'
import { aColleague, noChromium, openBrowser, picture } from '../support/pages.ts'

let hotline: TestHotline
let browser: Browser
let page: Page

/** At 1366 pixels nothing has to be pushed sideways. */
const fits = () => page.evaluate('document.documentElement.scrollWidth <= document.documentElement.clientWidth')

describe.skipIf(noChromium)('a supervisor', () => {
  beforeAll(async () => {
    hotline = await aHotline({ now: () => lookedAt, env: { LEAST_CALLS: '4' } })
    await keepHistory(hotline.database.pool, aHistory(7, 400))
    await hotline.reports.writeDue()
    browser = await openBrowser()
    page = (await aColleague(browser, hotline.url, await hotline.aMember('supervisor'))).page
  })
  afterAll(async () => {
    await browser.close()
    await hotline.close()
  })

  it('reads every figure with its definition, opens its rows, and sees charts as tables', async () => {
    await page.goto(`${hotline.url}/console/figures?period=30`)
    await page.getByTestId('figure-conversations').waitFor()
    expect(await page.getByTestId('figures').locator('td.number').count()).toBe(figureIds.length)
    expect(await fits()).toBe(true)
    await picture(page, 'figures')
    await page.getByRole('heading', { name: '走势' }).scrollIntoViewIfNeeded()
    await page.locator('figure.chart svg').first().waitFor()
    await picture(page, 'figure-charts')
    for (const chart of await page.locator('figure.chart').all()) {
      expect(await chart.getAttribute('aria-label')).toBeTruthy()
      await chart.getByRole('button', { name: '看表' }).click()
      expect(await chart.getByRole('table').getByRole('row').count()).toBeGreaterThan(1)
    }

    const value = await page.getByTestId('figure-satisfied-share').innerText()
    await page.getByTestId('figures').getByRole('link', { name: '满意率', exact: true }).click()
    expect(await page.getByTestId('figure-value').innerText()).toBe(value.trim())
    await page.getByTestId('figure-rows').waitFor()
    expect(await fits()).toBe(true)
    await picture(page, 'figure-rows')

    await page.goto(`${hotline.url}/console/figures?period=30`)
    const worst = (await page.getByTestId('figure-worst-answered-share').innerText()).trim()
    const when = await page.getByTestId('worst-day').innerText()
    await page.getByTestId('figures').getByRole('link', { name: '接通率，最差 24 小时' }).click()
    await page.getByTestId('figure-rows').waitFor()
    expect(await page.getByTestId('figure-value').innerText()).toBe(worst)
    expect(await page.getByTestId('worst-day').innerText()).toBe(when)
    await picture(page, 'figure-rows-worst')

    await page.goto(`${hotline.url}/console/figures?period=30`)
    const ofUnit = page.getByTestId('split-unit').getByRole('row', { name: '智能客服' }).getByRole('link').first()
    const ratings = (await ofUnit.innerText()).trim()
    await ofUnit.click()
    await page.getByTestId('narrowed').getByText('只看受评对象：智能客服').waitFor()
    await page.getByText(`共 ${ratings} 条`).waitFor()
    await picture(page, 'figure-rows-of-unit')
  }, 90_000)

  it('watches the wall, and reads a report that was kept', async () => {
    await page.goto(`${hotline.url}/console/figures/wall`)
    await page.getByTestId('wall-figures').waitFor()
    expect(await fits()).toBe(true)
    await picture(page, 'figures-wall')

    await page.goto(`${hotline.url}/console/reports`)
    await page.getByTestId('reports').getByRole('link', { name: '周报' }).first().click()
    await page.getByTestId('report-figures').waitFor()
    expect(await page.getByTestId('report-days').innerText()).toBe('2026-11-09 至 2026-11-15')
    expect(await fits()).toBe(true)
    await picture(page, 'report')
    await page.getByTestId('split-agent').getByRole('link').first().waitFor()
    await page.emulateMedia({ media: 'print' })
    await page.locator('figure.chart table').first().waitFor()
    await picture(page, 'report-print')
    await page.emulateMedia({ media: 'screen' })
  }, 90_000)

  it('changes the reasons, and prints a code for a window', async () => {
    await page.goto(`${hotline.url}/console/reasons`)
    const worst = page.getByLabel('非常不满意', { exact: true })
    await worst.fill(`${await worst.inputValue()}\n等了一个小时`)
    await page.getByTestId('keep-reasons').click()
    await page.getByRole('button', { name: '启用', exact: true }).click()
    await page.getByText('共 2 版').waitFor()
    await page.getByLabel('窗口名称').fill('一楼大厅 3 号窗口')
    await page.getByRole('button', { name: '新增窗口' }).click()
    const code = page.getByRole('img', { name: '一楼大厅 3 号窗口的评价二维码' })
    await code.waitFor()
    await code.scrollIntoViewIfNeeded()
    expect(await fits()).toBe(true)
    await picture(page, 'reasons')

    await page.goto(`${hotline.url}/public`)
    await page.getByRole('heading', { name: '好差评公示' }).waitFor()
    await picture(page, 'public')
    const { windows } = (await page.evaluate(() => fetch('/api/windows').then((answer) => answer.json()))) as {
      windows: { code: string; isOpen: boolean }[]
    }
    await page.goto(`${hotline.url}/rate/window/${windows.find(({ isOpen }) => isOpen)?.code ?? ''}`)
    await page.getByText('非常不满意').click()
    await page.getByLabel('等了一个小时').check()
    await picture(page, 'rate')
    await page.getByRole('button', { name: '提交评价' }).click()
    await page.getByText(/^您评了“非常不满意”。已收到您的评价。.*已立案核实（编号 \S+），将在 .+ 前整改/).waitFor()
    expect(await page.locator('script').count()).toBe(0)
  }, 90_000)
})

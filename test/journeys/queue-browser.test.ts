/** A supervisor at the console: the wall, a conversation taken over, the roster, the hours of a line, who can what. */
import { randomUUID } from 'node:crypto'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { presenceStore } from '../../desk/presence.store.ts'
import { aHotline, type TestHotline } from '../support/hotline.ts'
import { aColleague, noChromium, openBrowser, picture } from '../support/pages.ts'
import { anAgent, aVisitor, until } from '../support/socket-clients.ts'

const patience = { timeout: 15_000 }

describe.skipIf(noChromium)('a supervisor', () => {
  let hotline: TestHotline
  let browser: Browser
  let page: Page
  beforeAll(async () => {
    hotline = await aHotline({ env: { QUEUE_MODE: 'claim' } })
    browser = await openBrowser()
    page = (await aColleague(browser, hotline.url, await hotline.aMember('supervisor'))).page
  })
  afterAll(async () => {
    await browser.close()
    await hotline.close()
  })

  const open = (path: string) => page.goto(`${hotline.url}/console/${path}`)

  it('watches the floor and takes a conversation over', async () => {
    const member = await hotline.aMember('agent')
    const agent = await anAgent(hotline.url, member)
    await agent.must('presence:set', { state: 'online' })
    const citizen = await aVisitor(hotline.url)
    const { conversationId } = await citizen.must('turn:say', { clientId: randomUUID(), text: '我今年72岁了，转人工' })
    await until(() => citizen.standing()?.state === 'waiting', 'the queue')

    await open('wall')
    await page.getByTestId('wall-open').getByText('长者').waitFor()
    await page.getByTestId('longest-wait').getByText('1 人等待').waitFor()
    await agent.must('conversation:claim', { conversationId })
    await page.getByTestId('longest-wait').getByText('没有人在等').waitFor()
    await page.getByTestId('wall-seats').getByText('1 / 8').waitFor()
    await page.getByTestId('wall-open').getByRole('button', { name: '查看' }).click()
    const watch = page.getByTestId('watch')
    await watch.getByText('我今年72岁了').waitFor()
    await citizen.say('您好，在吗')
    await watch.getByText('您好，在吗').waitFor()
    await watch.getByTestId('whisper').fill('请先安抚老人')
    await watch.getByRole('button', { name: '提示' }).click()
    await watch.getByText('请先安抚老人').waitFor()
    const { mentions } = await agent.must('mentions:list', {})
    expect(mentions).toMatchObject([{ conversationId, text: '请先安抚老人' }])
    expect(JSON.stringify(citizen.turns)).not.toContain('安抚')
    await picture(page, 'wall')

    await watch.getByTestId('take-over').click()
    await page.getByLabel('理由').fill('坐席久未回复')
    await page.getByTestId('confirm-take-over').click()
    await citizen.hears('接着为您服务')
    await page.getByTestId('first-asked').getByText(member.workNumber).waitFor()
    await page.getByTestId('standing').getByText('我在接待').waitFor()
    expect(await page.getByTestId('elder').textContent()).toContain('排队时优先')
    citizen.close()
    agent.close()
  })

  it('stays on duty in every tab, sees who waits for words and who has left, and why the system changed anything', async () => {
    const member = await hotline.aMember('agent')
    const { page: first, close } = await aColleague(browser, hotline.url, member)
    await first.getByTestId('presence').getByText('在线', { exact: true }).click()
    const second = await first.context().newPage()
    await second.goto(`${hotline.url}/console/desk`)
    const chosen = (tab: Page) =>
      tab.getByTestId('presence').getByRole('radio', { checked: true }).getAttribute('value')
    await expect.poll(() => chosen(second), patience).toBe('online')
    const presence = presenceStore(hotline.db)
    expect((await presence.of(member.staffId)).state).toBe('online')

    const [other, one] = [await aVisitor(hotline.url), await aVisitor(hotline.url)]
    for (const citizen of [other, one]) {
      const { conversationId } = await citizen.must('person:ask', {})
      const row = first.locator(`[data-conversation="${conversationId}"]`)
      await row.getByRole('button', { name: /^接待/ }).click()
      await first.locator(`[data-testid="my-row"][data-conversation="${conversationId}"] [aria-current]`).waitFor()
    }
    await other.say('在吗')
    const row = first.locator(`[data-testid="my-row"][data-conversation="${other.standing()?.conversationId}"]`)
    await row.getByText('条未读').waitFor({ state: 'attached' })
    await row.getByText('已等候').waitFor({ state: 'attached' })
    await row.getByText('在线').waitFor()
    other.close()
    await row.getByText('已离开').waitFor()
    one.close()
    // Loaded anew on another page, the console is on duty all the same.
    await second.goto(`${hotline.url}/console/conversations`)
    await expect.poll(() => second.title(), patience).toMatch(/^\(\d+\)/)

    await presence.setAside(member.staffId, new Date())
    for (const tab of [first, second]) {
      await tab.goto(`${hotline.url}/console/desk`)
      await tab.getByTestId('presence-bar').getByText('没有人看').waitFor()
    }
    await picture(second, 'presence')
    await second.getByRole('button', { name: '重新上线' }).click()
    await first.getByTestId('presence-bar').waitFor({ state: 'detached' })
    await expect.poll(() => chosen(first), patience).toBe('online')
    await close()
  })

  it('plans a month, says who picks up at which hour and who can what', async () => {
    await open('roster?month=2027-03')
    await page.getByTestId('import-shifts').click()
    await page.getByRole('dialog').getByText('请选择').click()
    await page.getByRole('option', { name: /supervisor1/ }).click()
    // More than one may be chosen, so the list stays open, over the button, until it is left.
    await page.keyboard.press('Escape')
    await page.getByTestId('confirm-import').click()
    const monday = page.locator('[data-day="2027-03-01"]')
    await monday.getByText('1. supervisor1').waitFor()
    expect(await page.locator('[data-day="2027-03-06"]').getByText('supervisor1').count()).toBe(0)
    await page.getByRole('button', { name: '删除 2027-03-01 supervisor1' }).click()
    await page.getByRole('dialog').getByRole('button', { name: '删除' }).click()
    await monday.getByText('1. supervisor1').waitFor({ state: 'detached' })
    await picture(page, 'roster')

    await page.getByRole('link', { name: '线路时段与急切用语' }).click()
    const others = page.locator('[data-line="others"]')
    await others.getByRole('button', { name: '加一行' }).click()
    await others.getByLabel('第 1 行到').fill('08:00')
    await others.getByTestId('keep-hours').click()
    await others.getByRole('alert').getByText('结束应晚于开始').waitFor()
    await others.getByLabel('第 1 行到').fill('12:00')
    await others.getByTestId('keep-hours').click()
    await others.getByText('恢复默认').waitFor()
    const queue = page.getByTestId('queue-settings')
    await queue.getByText('自动分配').click()
    await queue.getByLabel('几分钟后问还在吗').fill('20')
    await queue.getByTestId('keep-queue').click()
    await page.getByText('正在等待的市民马上分给有空位的坐席').waitFor()
    await page.getByRole('button', { name: '马上改' }).click()
    await page.getByText('排队设置已保存').waitFor()
    await page.reload()
    await expect.poll(() => queue.getByLabel('几分钟后问还在吗').inputValue(), patience).toBe('20')
    expect(await queue.getByRole('radio', { name: /自动分配/ }).isChecked()).toBe(true)
    await picture(page, 'lines')

    await open('seats')
    await page.getByLabel('技能名称').fill('异地就医')
    await page.getByLabel('关键词').fill('异地、备案')
    await page.getByRole('button', { name: '新建' }).click()
    await page.getByTestId('skills').getByText('异地就医').waitFor()
    await page.getByRole('button', { name: '设置 supervisor1' }).click()
    await page.getByRole('dialog').getByText('没有', { exact: true }).click()
    await page.getByRole('option', { name: '异地就医' }).click()
    await page.getByRole('dialog').getByText('同时接待').click()
    await page.getByTestId('confirm-seat').click()
    await page.getByTestId('seats').getByText('异地就医').waitFor()
    await picture(page, 'seats')
  })
})

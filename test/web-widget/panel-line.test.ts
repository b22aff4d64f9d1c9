/** What the panel does with words when the line comes and goes. */
import { describe, expect, it } from 'vitest'
import { ask, launcherOf, noChromium, opened, panelOf } from './browser.ts'
import { panelBench, received } from './panel-bench.ts'

describe.skipIf(noChromium)('the panel and its line', () => {
  const bench = panelBench()

  it('brings three messages written without a line to the server, in order and once, over a reload', async () => {
    const { server, page, panel } = await bench.open()
    await ask(panel, '第一句')
    await panel.getByText('请换个说法再问').waitFor()
    server.goDown()
    await panel.getByText('网络断开了').waitFor()
    for (const text of ['第二句', '第三句', '第四句']) await ask(panel, text)
    await panel.getByText('等待网络').nth(2).waitFor()
    await page.reload()
    await panelOf(page).getByText('第四句').waitFor()
    server.comeUp()
    await expect.poll(() => received(server), { timeout: 15_000 }).toEqual(['第一句', '第二句', '第三句', '第四句'])
    await panelOf(page).getByText('等待网络').first().waitFor({ state: 'detached' })
    for (const text of ['第一句', '第二句', '第三句', '第四句'])
      expect(await panelOf(page).locator('.bubble', { hasText: text }).count()).toBe(1)
  })

  it('shows what was said while it was away, in order and once', async () => {
    const { server, panel } = await bench.open()
    await ask(panel, '第一句')
    await panel.getByText('请换个说法再问').waitFor()
    server.goDown()
    await panel.getByText('网络断开了').waitFor()
    const said = ['一', '二', '三', '四', '五'].map((number) => `离线第${number}条`)
    for (const text of said) server.agentSays(server.desk(), text)
    server.comeUp()
    await panel.getByText('离线第五条').waitFor()
    expect(await panel.locator('.turn.agent .bubble').allInnerTexts()).toEqual(said)
  })

  it('takes a new pass once when the server does not know the old one', async () => {
    const { server, page } = await bench.open()
    const token = `JSON.parse(localStorage.getItem('budayang:token'))`
    const before = await page.evaluate(token)
    server.refuseNext('not_signed_in')
    await page.reload()
    await launcherOf(page).waitFor()
    if ((await launcherOf(page).getAttribute('aria-expanded')) !== 'true') await launcherOf(page).click()
    await panelOf(page).locator('.strip.offline').waitFor({ state: 'detached' })
    await ask(panelOf(page), '换了凭证也能问')
    await expect.poll(() => received(server)).toEqual(['换了凭证也能问'])
    expect(await page.evaluate(token)).not.toBe(before)
  })

  it('shows the same conversation in two tabs', async () => {
    const { page, panel, home } = await bench.open()
    await ask(panel, '在第一页问')
    await panel.getByText('请换个说法再问').waitFor()
    const second = await page.context().newPage()
    const other = await opened(second, home)
    await other.getByText('在第一页问').waitFor()
    await ask(other, '在第二页问')
    await panel.getByText('在第二页问').waitFor()
    for (const one of [panel, other]) expect(await one.locator('.turn.customer .bubble').count()).toBe(2)
  })

  it('does not send on the Enter that only picks a word, and breaks the line on Shift+Enter', async () => {
    const { server, panel } = await bench.open()
    const field = panel.getByRole('textbox')
    await field.fill('yibao')
    await field.dispatchEvent('keydown', { key: 'Enter', isComposing: true, bubbles: true })
    await field.press('Shift+Enter')
    await field.pressSequentially('第二行')
    expect(await field.inputValue()).toBe('yibao\n第二行')
    await field.press('Enter')
    await expect.poll(() => received(server)).toEqual(['yibao\n第二行'])
    expect(await field.inputValue()).toBe('')
  })
})

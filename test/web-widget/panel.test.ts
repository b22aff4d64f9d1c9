/** The panel in a real browser, against a server that says what the test tells it. */
import { randomUUID } from 'node:crypto'
import type { BrowserContextOptions, Frame, FrameLocator, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { aBrowser, ask, builtWidget, launcherOf, noChromium, opened, panelOf, seriousFindings } from './browser.ts'
import { answer } from './sayings.ts'
import { standIn, type StandIn } from './stand-in.ts'

describe.skipIf(noChromium)('the panel', () => {
  let dist: Awaited<ReturnType<typeof builtWidget>>
  let browser: Awaited<ReturnType<typeof aBrowser>>
  let server: StandIn
  let page: Page
  let panel: FrameLocator
  const home = () => `http://127.0.0.1:${server.port}/`

  beforeAll(async () => {
    dist = await builtWidget()
    browser = await aBrowser()
  }, 120_000)
  afterAll(async () => {
    await browser.close()
    await dist.remove()
  })
  afterEach(async () => {
    await page.context().close()
    await server.close()
  })

  async function open(options: BrowserContextOptions = {}) {
    server = await standIn({ dist: dist.dist, answer })
    page = await (await browser.context(options)).newPage()
    panel = await opened(page, home())
  }
  function panelFrame(): Frame {
    const frame = page.frames().find((one) => one.url().includes('/widget/panel.html'))
    if (!frame) throw new Error('no panel on this page')
    return frame
  }
  const texts = () =>
    server
      .desk()
      .turns.filter((turn) => turn.speaker === 'customer')
      .map((turn) => turn.text)

  /** Ends the talk with an agent and asks for a rating of it. */
  async function askedToRate() {
    const desk = server.desk()
    const rating = { ratingId: randomUUID(), about: 'agent', agentNumber: '1001' } as const
    server.stand(desk, { state: 'closed' })
    server.keep(desk, { speaker: 'system', text: '本次服务已结束，请评价。', rating })
    server.tell.to(desk.conversationId).emit('rating:asked', { ...rating, token: 'a'.repeat(43) })
    await panel.getByText('请评价工号 1001 的服务').waitFor()
  }

  it('answers a pressed question with a card: what was understood, the guide, what it rests on', async () => {
    await open()
    await panel.getByRole('button', { name: '异地就医怎么备案？' }).click()
    const card = panel.locator('.card')
    await card.getByText('您问的是：').waitFor()
    expect(await card.innerText()).toContain('医保发〔2022〕22号，第三条，2022年6月30日')
    expect(await card.innerText()).toContain('随附示例，待本单位审核')
    expect(await card.getByText('不收费').isVisible()).toBe(false)
    await card.getByText('办理指南').click()
    expect(await card.getByText('不收费').isVisible()).toBe(true)
    await card.getByRole('button', { name: '没解决' }).click()
    await card.getByText('已记下：没解决').waitFor()
    expect(await card.getByRole('button', { name: '转人工' }).isVisible()).toBe(true)
  })

  it('sends the question of a pressed choice', async () => {
    await open()
    await ask(panel, '怎么报销？')
    await panel.getByRole('button', { name: '住院报销比例是多少？' }).click()
    await expect.poll(texts).toEqual(['怎么报销？', '住院报销比例是多少？'])
  })

  it('shows the place in the queue, lets one leave it, and names the agent who comes', async () => {
    await open()
    await ask(panel, '怎么报销？')
    await panel.getByText('您想问的是').waitFor()
    await panel.getByRole('button', { name: '人工', exact: true }).click()
    await panel.getByText('排在第 2 位').waitFor()
    await panel.getByText('约等 3 分钟').waitFor()
    await panel.getByText('可先离开，叫到您会提醒').waitFor()
    await panel.getByRole('button', { name: '取消排队' }).click()
    await panel.getByText('已取消排队').waitFor()
    server.stand(server.desk(), { state: 'agent', agentNumber: '1001' })
    await panel.getByText('工号 1001 为您服务').waitFor()
  })

  it('takes one rating, with nothing chosen beforehand and the reasons of the chosen level', async () => {
    await open()
    await ask(panel, '怎么报销？')
    await panel.getByText('您想问的是').waitFor()
    await askedToRate()
    expect(await panel.locator('input[type=radio]').count()).toBe(5)
    expect(await panel.locator('input[type=radio]:checked').count()).toBe(0)
    expect(await panel.getByRole('button', { name: '提交评价' }).count()).toBe(0)
    await panel.getByText('满意', { exact: true }).click()
    await panel.getByText('态度较好').click()
    await panel.getByText('非常不满意').click()
    expect(await panel.locator('input[type=checkbox]:checked').count()).toBe(0)
    await panel.getByText('多次往返').click()
    await panel.getByRole('button', { name: '提交评价' }).click()
    await panel.getByText('已收到您的评价：非常不满意').waitFor()
    await panel.getByText('CP-20261122-0007').waitFor()
    expect(await panel.getByRole('button', { name: '提交评价' }).count()).toBe(0)
  })

  it('files a complaint, with the refusal of a field beside the field', async () => {
    await open()
    await panel.getByRole('button', { name: '更多服务' }).click()
    await panel.getByRole('button', { name: '投诉' }).click()
    await panel.getByRole('button', { name: '提交投诉' }).click()
    await panel.getByText('请填写这一项').waitFor()
    await panel.getByLabel('投诉内容').fill('窗口让我跑了三趟')
    await panel.getByLabel('联系电话').fill('138')
    await panel.getByRole('button', { name: '提交投诉' }).click()
    await panel.getByText('请先勾选同意').waitFor()
    await panel.getByText('同意仅为办理本次投诉使用这个号码').click()
    await panel.getByRole('button', { name: '提交投诉' }).click()
    await panel.locator('#phone-fault', { hasText: '请填写 11 位手机号' }).waitFor()
    await panel.getByLabel('联系电话').fill('138 0000 1234')
    await panel.getByRole('button', { name: '提交投诉' }).click()
    await panel.getByText('TS-20261122-0003').waitFor()
    await panel.getByText('2026年12月9日前').waitFor()
  })

  it('books a callback', async () => {
    await open()
    await panel.getByRole('button', { name: '更多服务' }).click()
    await panel.getByRole('button', { name: '预约回电' }).click()
    await panel.getByLabel('联系电话').fill('13800001234')
    await panel.getByText('同意仅为本次回电使用这个号码').click()
    await panel.getByRole('button', { name: '预约回电' }).click()
    await panel.getByText('最晚 2026年11月23日 10:00 前给您回电').waitFor()
  })

  it('brings three messages written without a line to the server, in order and once, over a reload', async () => {
    await open()
    await ask(panel, '第一句')
    await panel.getByText('请换个说法再问').waitFor()
    server.goDown()
    await panel.getByText('网络断开了').waitFor()
    for (const text of ['第二句', '第三句', '第四句']) await ask(panel, text)
    await panel.getByText('等待网络').nth(2).waitFor()
    await page.reload()
    await panelOf(page).getByText('第四句').waitFor()
    server.comeUp()
    await expect.poll(texts, { timeout: 15_000 }).toEqual(['第一句', '第二句', '第三句', '第四句'])
    await panelOf(page).getByText('等待网络').first().waitFor({ state: 'detached' })
    for (const text of ['第一句', '第二句', '第三句', '第四句'])
      expect(await panelOf(page).locator('.bubble', { hasText: text }).count()).toBe(1)
  })

  it('shows what was said while it was away, in order and once', async () => {
    await open()
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
    await open()
    const token = `JSON.parse(localStorage.getItem('budayang:token'))`
    const before = await page.evaluate(token)
    server.refuseNext('not_signed_in')
    await page.reload()
    await launcherOf(page).waitFor()
    if ((await launcherOf(page).getAttribute('aria-expanded')) !== 'true') await launcherOf(page).click()
    await panelOf(page).locator('.strip.offline').waitFor({ state: 'detached' })
    await ask(panelOf(page), '换了凭证也能问')
    await expect.poll(texts).toEqual(['换了凭证也能问'])
    expect(await page.evaluate(token)).not.toBe(before)
  })

  it('shows the same conversation in two tabs', async () => {
    await open()
    await ask(panel, '在第一页问')
    await panel.getByText('请换个说法再问').waitFor()
    const second = await page.context().newPage()
    const other = await opened(second, home())
    await other.getByText('在第一页问').waitFor()
    await ask(other, '在第二页问')
    await panel.getByText('在第二页问').waitFor()
    for (const one of [panel, other]) expect(await one.locator('.turn.customer .bubble').count()).toBe(2)
  })

  it('shows tags and links in anybody’s words as words', async () => {
    await open()
    const bad = '<img src=x onerror="window.hacked=1"><script>window.hacked=1</script>[a](javascript:alert(1))'
    await ask(panel, bad)
    await panel.getByText('请换个说法再问').waitFor()
    server.keep(server.desk(), { speaker: 'bot', text: bad, choices: [{ id: 'x', question: bad }] })
    server.agentSays(server.desk(), `${bad} 完`)
    await panel.locator('.turn.agent').waitFor()
    expect(await panel.locator('.bubble', { hasText: '<img src=x' }).count()).toBe(3)
    expect(await panel.locator('img, .thread a, .thread script').count()).toBe(0)
    expect(await panelFrame().evaluate('window.hacked')).toBeUndefined()
  })

  it('hides an ID number and a telephone number in what the citizen wrote', async () => {
    await open()
    await ask(panel, '我的身份证340602199001011234，电话13856781234')
    const bubble = panel.locator('.turn.customer .bubble')
    await bubble.waitFor()
    expect(await bubble.innerText()).toBe('我的身份证340602********1234，电话138****1234')
  })

  it('does not send on the Enter that only picks a word, and breaks the line on Shift+Enter', async () => {
    await open()
    const field = panel.getByRole('textbox')
    await field.fill('yibao')
    await field.dispatchEvent('keydown', { key: 'Enter', isComposing: true, bubbles: true })
    await field.press('Shift+Enter')
    await field.pressSequentially('第二行')
    expect(await field.inputValue()).toBe('yibao\n第二行')
    await field.press('Enter')
    await expect.poll(texts).toEqual(['yibao\n第二行'])
    expect(await field.inputValue()).toBe('')
  })

  for (const [look, options, elder] of [
    ['by day', {}, undefined],
    ['in the dark', { colorScheme: 'dark' }, undefined],
    ['in 长辈版', { viewport: { width: 375, height: 667 } }, 30],
  ] as const)
    it(`has no serious finding of axe ${look}`, async () => {
      await open(options)
      if (elder) {
        await page.evaluate(`localStorage.setItem('budayang:elder', '${elder}')`)
        await page.reload()
        panel = await opened(page, home())
      }
      expect(await seriousFindings(page)).toEqual([])
      await panel.getByRole('button', { name: '异地就医怎么备案？' }).click()
      await panel.locator('summary').click()
      await ask(panel, '怎么报销？')
      await panel.getByText('您想问的是').waitFor()
      server.agentSays(server.desk(), '您好')
      await askedToRate()
      await panel.getByText('非常不满意').click()
      expect(await seriousFindings(page)).toEqual([])
      await panel.getByRole('button', { name: '更多服务' }).click()
      expect(await seriousFindings(page)).toEqual([])
      await panel.getByRole('button', { name: '投诉' }).click()
      await panel.getByRole('button', { name: '提交投诉' }).click()
      expect(await seriousFindings(page)).toEqual([])
    })

  it('grows text and targets in 长辈版, and stays so', async () => {
    await open({ viewport: { width: 375, height: 667 } })
    await panel.getByRole('switch', { name: '长辈版' }).click()
    await panel.getByRole('button', { name: '异地就医怎么备案？' }).click()
    await panel.locator('.judge').waitFor()
    const small = `[...document.querySelectorAll('.panel *')].filter((e) => e.textContent.trim() && !e.children.length && e.checkVisibility() && !e.closest('.only-heard') && parseFloat(getComputedStyle(e).fontSize) < 18).map((e) => e.textContent)`
    const low = `[...document.querySelectorAll('button, select, summary, .composer textarea')].filter((e) => e.checkVisibility() && (e.getBoundingClientRect().height < 60 || e.getBoundingClientRect().width < 44)).map((e) => e.textContent)`
    expect(await panelFrame().evaluate(small)).toEqual([])
    expect(await panelFrame().evaluate(low)).toEqual([])
    for (let press = 0; press < 3; press++) {
      const larger = panel.getByRole('button', { name: '字大' })
      if (await larger.isEnabled()) await larger.click()
    }
    await page.reload()
    panel = await opened(page, home())
    await panel.getByText('跨省异地就医').first().waitFor()
    const size = await panelFrame().evaluate(
      `getComputedStyle(document.querySelector('.card p:nth-of-type(2)')).fontSize`,
    )
    expect(size).toBe('30px')
  })

  it('fills a small screen, keeps the input in sight and its targets large enough', async () => {
    await open({ viewport: { width: 375, height: 667 }, hasTouch: true })
    const box = await page.locator('budayang-widget >> iframe').boundingBox()
    expect(box).toEqual({ x: 0, y: 0, width: 375, height: 667 })
    const field = panel.getByRole('textbox')
    const size = await panelFrame().evaluate<string>(`getComputedStyle(document.querySelector('#write')).fontSize`)
    expect(parseFloat(size)).toBeGreaterThanOrEqual(16)
    await page.setViewportSize({ width: 375, height: 350 })
    const low = await field.boundingBox()
    expect((low?.y ?? 0) + (low?.height ?? 999)).toBeLessThanOrEqual(350)
    const wide = 'document.documentElement.scrollWidth > innerWidth'
    expect(await panelFrame().evaluate(wide)).toBe(false)
    const tooSmall = `[...document.querySelectorAll('button')].filter((e) => e.checkVisibility() && e.getBoundingClientRect().height < 44).map((e) => e.textContent)`
    expect(await panelFrame().evaluate(tooSmall)).toEqual([])
  })
})

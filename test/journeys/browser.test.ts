/** The story as people live it: a citizen's page and the console, in a real Chromium on the real hotline. */
import type { Browser, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { wording as botWording } from '../../bot/wording.ts'
import { presenceStore } from '../../desk/presence.store.ts'
import { aHotline, type TestHotline } from '../support/hotline.ts'
import { aCitizen, aColleague, noChromium, openBrowser, openPanel, picture } from '../support/pages.ts'

let hotline: TestHotline
let browser: Browser
const open: { close: () => Promise<void> }[] = []

const citizen = async (...viewport: [{ width: number; height: number }?]) =>
  opened(await aCitizen(browser, hotline.url, ...viewport))
const colleague = async (...roles: Parameters<TestHotline['aMember']>) => {
  const member = await hotline.aMember(...roles)
  return { ...opened(await aColleague(browser, hotline.url, member)), member }
}

function opened<T extends { close: () => Promise<void> }>(one: T): T {
  open.push(one)
  return one
}

describe.skipIf(noChromium)('in a real browser', () => {
  beforeAll(async () => {
    hotline = await aHotline({ env: { QUEUE_MODE: 'claim', BUREAU_NAME: '淮北市医疗保障局', BUREAU_CITY: '340600' } })
    browser = await openBrowser()
  })
  afterEach(async () => {
    for (const one of open.splice(0)) await one.close()
    await presenceStore(hotline.db).offlineAll(new Date())
  })
  afterAll(async () => {
    await browser.close()
    await hotline.close()
  })

  it('answers a question with its source, also after a reload and in a second tab', async () => {
    const { page, panel, ask, context } = await citizen()
    await ask('新生儿怎么参保')
    await panel.getByText('您问的是：').waitFor()
    await panel.getByText('依据', { exact: true }).waitFor()
    await picture(page, 'widget')

    const again = await openPanel(page, hotline.url)
    await again.getByText('您问的是：').waitFor()
    expect(await again.getByText('新生儿怎么参保', { exact: true }).count()).toBe(1)

    const second = await openPanel(await context.newPage(), hotline.url)
    await second.getByRole('textbox').fill('生育津贴怎么领')
    await second.getByRole('textbox').press('Enter')
    await again.getByText('生育津贴怎么领', { exact: true }).waitFor()
    await expect.poll(() => again.getByText('您问的是：').count()).toBe(2)
  }, 60_000)

  it('hands a stuck citizen to an agent, takes a bad rating, and follows it until the citizen confirms', async () => {
    const desk = await colleague('agent')
    // Whoever is rated has no hand in the case.
    const officer = await colleague('officer')
    await goOnline(desk.page)
    const { panel, ask } = await citizen()
    await ask('今天晚上吃什么菜比较好')
    await panel.getByText('没有经过审核的答复').waitFor()
    await ask('哪支球队拿了冠军')
    await panel.getByText('排在第 1 位').waitFor()

    await desk.page.getByRole('button', { name: /^接待/ }).click()
    await desk.page.getByText('哪支球队拿了冠军').first().waitFor()
    await panel.getByText(`工号 ${desk.member.workNumber} 为您服务`).first().waitFor()
    const reply = desk.page.getByRole('textbox', { name: /回复/ })
    await reply.fill('您好，医保方面有什么可以帮您？')
    await picture(desk.page, 'console')
    await reply.press('Enter')
    await panel.getByText('您好，医保方面有什么可以帮您？').waitFor()
    await ask('窗口让我跑了三次')
    await desk.page.getByText('窗口让我跑了三次').first().waitFor()

    await desk.page.getByRole('button', { name: '结束会话' }).click()
    await desk.page.getByLabel('小结').fill('反映窗口多次往返')
    await desk.page.getByTestId('summary-tags').getByText('投诉建议').click()
    await desk.page
      .getByRole('dialog')
      .getByRole('button', { name: /结束|确定|提交/ })
      .last()
      .click()

    await panel.getByText('非常不满意', { exact: true }).click()
    await panel.getByText('多次往返', { exact: true }).click()
    await panel.getByRole('button', { name: '提交评价' }).click()
    await panel.getByText('已立案核实').waitFor()

    await officer.page.getByRole('link', { name: '整改', exact: true }).first().click()
    await officer.page
      .getByText(/ZG\d{8}-\d+/)
      .first()
      .click()
    const move = async (button: RegExp, fill: Record<string, string> = {}) => {
      await officer.page.getByRole('button', { name: button }).first().click()
      const dialog = officer.page.getByTestId('move-dialog')
      for (const [label, value] of Object.entries({ 说明: '按规定办理', ...fill }))
        await dialog.getByLabel(label).fill(value)
      await dialog.getByRole('button').last().click()
      await dialog.waitFor({ state: 'detached' })
    }
    await move(/联系/)
    await move(/整改/)
    await picture(officer.page, 'case')
    await move(/复核/, { 整改措施: '已为您补办，窗口人员已重新培训。', 佐证: '办结单 7 号' })
    await move(/反馈/)

    await panel.getByText('已为您补办，窗口人员已重新培训。').waitFor()
    await panel.getByText('请评价这件事的办理结果').waitFor()
    await panel.getByText('满意', { exact: true }).last().click()
    await panel.getByRole('button', { name: '提交评价' }).last().click()
    await panel.getByText('感谢您的确认').waitFor()
    await officer.page.reload()
    await officer.page.getByText('办结').first().waitFor()
  }, 90_000)

  it('lets an editor change an answer and a reviewer publish it, and the bot says the new text', async () => {
    const editor = await colleague('editor')
    const found = await fetch(`${hotline.url}/api/ask`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ question: '医保码怎么激活' }),
    })
    const { entry, choices } = (await found.json()) as {
      entry?: { id: string; question: string }
      choices?: { id: string; question: string }[]
    }
    const target = entry ?? choices?.[0]
    if (!target) throw new Error('no entry to edit')

    await editor.page.goto(`${hotline.url}/console/entries/${target.id}`)
    await editor.page.getByTestId('new-revision').click()
    await editor.page.getByLabel('答案', { exact: true }).fill('打开手机就能激活，这是新的说法。')
    await picture(editor.page, 'entry')
    await editor.page.getByTestId('save-draft').click()
    await moveRevision(editor.page, 'submit')

    const reviewer = await colleague('reviewer')
    await reviewer.page.goto(`${hotline.url}/console/entries/${target.id}`)
    await moveRevision(reviewer.page, 'approve')
    await moveRevision(reviewer.page, 'publish')

    const { panel, ask } = await citizen()
    await ask(target.question)
    await panel.getByText('打开手机就能激活，这是新的说法。').waitFor()
  }, 90_000)

  it('gives a waiting citizen to one of two agents and tells the other who has it', async () => {
    const [one, two] = [await colleague('agent'), await colleague('agent')]
    for (const desk of [one, two]) await goOnline(desk.page)
    const { panel } = await citizen()
    await panel.getByRole('button', { name: /人工/ }).first().click()
    const claims = [one, two].map((desk) => desk.page.getByRole('button', { name: /^接待/ }))
    for (const claim of claims) await claim.waitFor()
    await Promise.allSettled(claims.map((claim) => claim.click({ timeout: 5_000 })))
    await expect
      .poll(
        async () =>
          (await Promise.all([one, two].map((desk) => desk.page.getByText('我在接待').count()))).filter(Boolean).length,
      )
      .toBe(1)
    await panel
      .getByText(/工号 \d+ 为您服务/)
      .first()
      .waitFor()
  }, 60_000)

  it('takes a complaint by form and tells its number and its day', async () => {
    const { panel } = await citizen({ width: 375, height: 667 })
    await panel.getByRole('button', { name: '更多' }).click()
    await panel.getByText('投诉', { exact: true }).click()
    await panel.getByLabel('投诉内容').fill('昨天在窗口排队两个小时没有人处理')
    await panel.getByRole('button', { name: '提交投诉' }).click()
    await panel
      .getByText(/ZG\d{8}-\d+/)
      .first()
      .waitFor()
  }, 60_000)

  it('lets an officer read a case on a telephone', async () => {
    const { ask } = await citizen()
    for (const words of ['我要投诉', '窗口中午提前关门', '不留电话', '确认提交']) await ask(words)
    const { page } = await colleague('officer')
    await page.setViewportSize({ width: 390, height: 844 })
    await page.goto(`${hotline.url}/console/cases`)
    await page.getByTestId('cases').getByRole('link').first().click()
    const next = page.getByRole('heading', { name: '下一步' })
    await next.waitFor()
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(390)
    const [story, nextBox] = [
      await page.getByRole('heading', { name: '办理经过' }).boundingBox(),
      await next.boundingBox(),
    ]
    expect(nextBox?.y).toBeGreaterThan(story?.y ?? 0)
  }, 60_000)

  it('shows markup in any text as text', async () => {
    const desk = await colleague('agent')
    await goOnline(desk.page)
    const { page, panel, ask } = await citizen()
    const payload = '<img src=x onerror="document.title=1"><b>粗</b>'
    await ask(payload)
    await panel.getByText(payload).waitFor()
    await panel.getByRole('button', { name: /人工/ }).first().click()
    await desk.page.getByRole('button', { name: /^接待/ }).click()
    await desk.page.getByText(payload).first().waitFor()
    expect(await desk.page.title()).not.toBe('1')
    expect(await page.title()).not.toBe('1')
    expect(await desk.page.locator('img[src="x"]').count()).toBe(0)
  }, 60_000)
})

/** Pressed and told by the server: before that, whoever asks for a person finds nobody there. */
async function goOnline(page: Page): Promise<void> {
  await page.getByText('在线', { exact: true }).first().click()
  await page.getByText(/[1-9]\d* 位坐席在线/).waitFor()
}

/** Presses a move of a revision, and says yes where it asks once more. */
async function moveRevision(page: Page, move: string): Promise<void> {
  const button = page.locator(`[data-move="${move}"]`).first()
  await button.click()
  const sure = page.locator('.el-message-box__btns button.el-button--primary')
  await Promise.race([sure.click({ timeout: 5_000 }), button.waitFor({ state: 'detached', timeout: 5_000 })]).catch(
    () => {},
  )
  await button.waitFor({ state: 'detached' })
}

it('knows the words that the journeys wait for', () => {
  expect(botWording.unknown).toContain('没有经过审核的答复')
  expect(botWording.ratedBad('ZG1', '2026-11-30')).toContain('已立案核实')
})

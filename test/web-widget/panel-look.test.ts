/** How the panel looks and reads: for everybody, on small screens, in large text. */
import { describe, expect, it } from 'vitest'
import { ask, noChromium, opened, seriousFindings } from './browser.ts'
import { askToRate, frameOf, panelBench } from './panel-bench.ts'

describe.skipIf(noChromium)('the look of the panel', () => {
  const bench = panelBench()

  it('shows a long answer from its first line, and keeps the end in sight when the queue strip comes', async () => {
    const { server, page, panel } = await bench.open({ viewport: { width: 375, height: 560 } })
    const fromTop = `document.querySelector('[role=log] > ol > li:last-child').getBoundingClientRect().top - document.querySelector('.thread').getBoundingClientRect().top`
    const fromEnd = `(({ scrollHeight, scrollTop, clientHeight }) => scrollHeight - scrollTop - clientHeight)(document.querySelector('.thread'))`
    await panel.getByRole('button', { name: '异地就医怎么备案？' }).click()
    await panel.locator('.card').waitFor()
    await expect.poll(() => frameOf(page).evaluate<number>(`Math.round(${fromTop})`)).toBe(16)
    await panel.locator('summary').click()
    await ask(panel, '怎么报销？')
    await panel.getByText('您想问的是哪一种').waitFor()
    await expect.poll(() => frameOf(page).evaluate(fromEnd)).toBe(0)
    await panel.getByRole('button', { name: '人工', exact: true }).click()
    await panel.getByText('排在第 2 位').waitFor()
    await expect.poll(() => frameOf(page).evaluate(fromEnd)).toBe(0)
    server.agentSays(server.desk(), '您好，我来为您解答。')
    await panel.getByText('我来为您解答').waitFor()
    expect(await panel.getByRole('button', { name: '有新消息' }).count()).toBe(0)
  })

  for (const [look, options, elder] of [
    ['by day', {}, undefined],
    ['in the dark', { colorScheme: 'dark' }, undefined],
    ['in 长辈版', { viewport: { width: 375, height: 667 } }, 30],
  ] as const)
    it(`has no serious finding of axe ${look}`, async () => {
      const { server, page, home, ...rest } = await bench.open(options)
      let { panel } = rest
      if (elder) {
        await page.evaluate(`localStorage.setItem('budayang:elder', '${elder}')`)
        await page.reload()
        panel = await opened(page, home)
      }
      expect(await seriousFindings(page)).toEqual([])
      await panel.getByRole('button', { name: '异地就医怎么备案？' }).click()
      await panel.locator('summary').click()
      await ask(panel, '怎么报销？')
      await panel.getByText('您想问的是').waitFor()
      server.stand(server.desk(), { region: '340600', insurance: 'resident' })
      await panel.getByRole('button', { name: '更改' }).click()
      expect(await seriousFindings(page)).toEqual([])
      await panel.getByRole('button', { name: '返回' }).click()
      expect(await seriousFindings(page)).toEqual([])
      server.agentSays(server.desk(), '您好')
      await askToRate(server, panel)
      await panel.getByText('非常不满意').click()
      expect(await seriousFindings(page)).toEqual([])
      await panel.getByRole('button', { name: '更多服务' }).click()
      expect(await seriousFindings(page)).toEqual([])
      await panel.getByRole('button', { name: '投诉' }).click()
      await panel.getByRole('button', { name: '提交投诉' }).click()
      expect(await seriousFindings(page)).toEqual([])
    })

  it('grows text and targets in 长辈版, and stays so', async () => {
    const { page, home, ...rest } = await bench.open({ viewport: { width: 375, height: 667 } })
    let { panel } = rest
    await panel.getByRole('switch', { name: '长辈版' }).click()
    await panel.getByRole('button', { name: '异地就医怎么备案？' }).click()
    await panel.locator('.judge').waitFor()
    const small = `[...document.querySelectorAll('.panel *')].filter((e) => e.textContent.trim() && !e.children.length && e.checkVisibility() && !e.closest('.only-heard') && parseFloat(getComputedStyle(e).fontSize) < 18).map((e) => e.textContent)`
    const low = `[...document.querySelectorAll('button, select, summary, .composer textarea')].filter((e) => e.checkVisibility() && (e.getBoundingClientRect().height < 60 || e.getBoundingClientRect().width < 44)).map((e) => e.textContent)`
    expect(await frameOf(page).evaluate(small)).toEqual([])
    expect(await frameOf(page).evaluate(low)).toEqual([])
    for (let press = 0; press < 3; press++) {
      const larger = panel.getByRole('button', { name: '字大' })
      if (await larger.isEnabled()) await larger.click()
    }
    await page.reload()
    panel = await opened(page, home)
    await panel.getByText('跨省异地就医').first().waitFor()
    const size = await frameOf(page).evaluate(
      `getComputedStyle(document.querySelector('.card p:nth-of-type(2)')).fontSize`,
    )
    expect(size).toBe('30px')
  })

  it('fills a small screen, keeps the input in sight and its targets large enough', async () => {
    const { page, panel } = await bench.open({ viewport: { width: 375, height: 667 }, hasTouch: true })
    const box = async () => {
      const { x, y, width, height } = (await page.locator('budayang-widget >> iframe').boundingBox()) ?? {}
      return [x, y, width, height].map((edge) => Math.round(edge ?? -1))
    }
    // It slides in; where it comes to rest is what counts.
    await expect.poll(box).toEqual([0, 0, 375, 667])
    const field = panel.getByRole('textbox')
    const size = await frameOf(page).evaluate<string>(`getComputedStyle(document.querySelector('#write')).fontSize`)
    expect(parseFloat(size)).toBeGreaterThanOrEqual(16)
    await page.setViewportSize({ width: 375, height: 350 })
    const low = await field.boundingBox()
    expect((low?.y ?? 0) + (low?.height ?? 999)).toBeLessThanOrEqual(350)
    const wide = 'document.documentElement.scrollWidth > innerWidth'
    expect(await frameOf(page).evaluate(wide)).toBe(false)
    const tooSmall = `[...document.querySelectorAll('button')].filter((e) => e.checkVisibility() && e.getBoundingClientRect().height < 44).map((e) => e.textContent)`
    expect(await frameOf(page).evaluate(tooSmall)).toEqual([])
  })
})

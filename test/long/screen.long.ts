/**
 * A desk that is worked at for a whole half hour, in a real Chromium: citizens come, are taken, answered and seen off,
 * all by the screen. What the tab holds afterwards is what it held before (D13: memory flat over 30 min).
 */
import { randomUUID } from 'node:crypto'
import type { Browser, CDPSession, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { aHotline, type TestHotline } from '../support/hotline.ts'
import { aColleague, noChromium, openBrowser } from '../support/pages.ts'
import { aVisitor } from '../support/socket-clients.ts'

const minutes = Number(process.env.LONG_MINUTES ?? 30)
/** Who else comes while one is served, and leaves again before anybody has taken them. */
const passersBy = 2
/** Before the first look: the desk keeps the threads of sixty, admin/desk/threads.ts, and from then on no more. */
const warmUp = 65
/** By how much two looks may differ; conversations that were kept, one a few seconds, would be many times this. */
const mayGrow = { heapMb: 4, nodes: 1_500, detached: 1_500, listeners: 300 }
const measures = ['heapMb', 'nodes', 'detached', 'listeners'] as const

let hotline: TestHotline
let browser: Browser
beforeAll(async () => {
  hotline = await aHotline({ env: { QUEUE_MODE: 'claim', BUREAU_CITY: '340600' } })
  browser = await openBrowser()
})
afterAll(async () => {
  await browser.close()
  await hotline.close()
})

type Held = Record<(typeof measures)[number], number>

/** What the tab holds once everything that may go has gone. */
async function held(page: Page, devtools: CDPSession): Promise<Held> {
  for (let n = 0; n < 3; n++) await devtools.send('HeapProfiler.collectGarbage')
  const { usedSize } = await devtools.send('Runtime.getHeapUsage')
  const { nodes, jsEventListeners } = await devtools.send('Memory.getDOMCounters')
  const attached = await page.evaluate<number>(`(() => {
    const walker = document.createTreeWalker(document)
    let count = 1
    while (walker.nextNode()) count++
    return count
  })()`)
  return { heapMb: usedSize / 1_048_576, nodes, detached: nodes - attached, listeners: jsEventListeners }
}

/** One citizen from the first word to the 小结. */
async function serve(page: Page, n: number): Promise<void> {
  const citizen = await aVisitor(hotline.url)
  await citizen.must('turn:say', { clientId: randomUUID(), text: `医保卡丢了怎么办，第 ${n} 位` })
  const { conversationId } = await citizen.must('person:ask', {})
  const here = `[data-conversation="${conversationId}"]`
  await page.locator(here).getByRole('button', { name: /^接待/ }).click()
  await page.locator(`[data-testid="my-row"]${here}`).waitFor()
  const words = `您好，第 ${n} 位市民，请带身份证到窗口补办。`
  await page.getByTestId('composer').fill(words)
  await page.getByTestId('composer').press('Enter')
  await citizen.hears(words)
  await citizen.say('好的，谢谢')
  await page.getByTestId('thread').getByText('好的，谢谢').first().waitFor()
  await page.getByTestId('close-conversation').click()
  await page.getByLabel('小结').fill('补办社保卡')
  await page.getByTestId('summary-tags').getByText('办事指引').click()
  await page.getByTestId('confirm-close').click()
  await page.getByTestId('summary-dialog').waitFor({ state: 'detached' })
  citizen.close()
}

describe.skipIf(noChromium)('a desk', () => {
  it(`holds after ${minutes} minutes of work no more than at their beginning`, async () => {
    const { page } = await aColleague(browser, hotline.url, await hotline.aMember('agent'))
    const devtools = await page.context().newCDPSession(page)
    await page.getByTestId('presence').getByText('在线', { exact: true }).click()
    let served = 0
    for (; served < warmUp; served++) await serve(page, served)
    const before = await held(page, devtools)
    const until = Date.now() + minutes * 60_000
    while (Date.now() < until) {
      for (let n = 0; n < passersBy; n++) {
        const citizen = await aVisitor(hotline.url)
        await citizen.must('person:ask', {})
        await citizen.must('queue:leave', {})
        citizen.close()
      }
      await serve(page, served++)
    }
    const after = await held(page, devtools)
    console.log(JSON.stringify({ minutes, served, before, after }))
    expect(served).toBeGreaterThan(warmUp + minutes)
    for (const what of measures) expect(after[what] - before[what], what).toBeLessThan(mayGrow[what])
  })
})

/**
 * What is wrong with a page as it stands in a real Chromium, one readable line a fault: findings of axe-core, something
 * to be pushed sideways, no title, no heading, a dialog that keeps the focus outside. An empty list is a sound page.
 */
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Frame, Page } from 'playwright-core'
import { expect } from 'vitest'
import { root } from './hotline.ts'

type Finding = { id: string; impact: string | null; help: string; nodes: { html: string; target: unknown[] }[] }
const axe = readFile(join(root, 'node_modules', 'axe-core', 'axe.min.js'), 'utf8')

/**
 * Serious and critical findings. Evaluated from outside: the page's own content policy stays in force.
 * @param within a part of it.
 */
export async function axeFaults(frame: Page | Frame, within = 'html', only: readonly string[] = []): Promise<string[]> {
  if (!(await frame.evaluate<boolean>('"axe" in window'))) await frame.evaluate(await axe)
  await stillness(frame)
  const options = { resultTypes: ['violations'], iframes: false, ...(only.length > 0 && { runOnly: only }) }
  const { violations } = await frame.evaluate<{ violations: Finding[] }>(
    `axe.run(${JSON.stringify(within)}, ${JSON.stringify(options)})`,
  )
  return violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .map(({ id, help, nodes }) => `axe ${id} (${help}): ${nodes.map(({ html }) => html.slice(0, 160)).join(' ')}`)
}

/** What is wider than its place: the page itself, or a pane of it that scrolls. */
export function wideFaults(frame: Page | Frame): Promise<string[]> {
  return frame.evaluate<string[]>(`(() => {
    const named = (e) => e.tagName.toLowerCase() + [...e.classList].map((one) => '.' + one).join('')
    const scrolls = (e) => ['auto', 'scroll'].includes(getComputedStyle(e).overflowX)
    const wide = [...document.querySelectorAll('body *')].filter(
      (e) => e.checkVisibility() && e.scrollWidth > e.clientWidth + 1 && scrolls(e) && !e.matches('textarea, input'),
    )
    const { scrollWidth, clientWidth } = document.documentElement
    return [
      ...(scrollWidth > clientWidth ? ['the page is ' + scrollWidth + ' px wide in ' + clientWidth] : []),
      ...wide.map((e) => named(e) + ' holds ' + e.scrollWidth + ' px in ' + e.clientWidth),
    ]
  })()`)
}

/** A name for the tab, one first heading, and a table with a name behind every chart. */
export function namelessFaults(frame: Page | Frame): Promise<string[]> {
  return frame.evaluate<string[]>(`(() => {
    const headings = [...document.querySelectorAll('h1')].filter((e) => e.textContent.trim() !== '')
    const charts = [...document.querySelectorAll('figure.chart')]
    return [
      ...(document.title.trim() === '' ? ['no title'] : []),
      ...(headings.length === 1 ? [] : [headings.length + ' first headings: ' + headings.map((e) => e.textContent.trim())]),
      ...charts.filter((e) => !e.getAttribute('aria-label')).map(() => 'a chart without a name'),
      ...charts.filter((e) => !e.querySelector('table caption')).map((e) => e.getAttribute('aria-label') + ': no table'),
    ]
  })()`)
}

/** What cannot be read in the dark; the page is left as it is by day. */
export async function darkFaults(page: Page, within = 'html'): Promise<string[]> {
  await page.emulateMedia({ colorScheme: 'dark', reducedMotion: 'reduce' })
  const faults = await axeFaults(page, within, ['color-contrast'])
  await page.emulateMedia({ colorScheme: 'light', reducedMotion: 'reduce' })
  return faults.map((fault) => `in the dark: ${fault}`)
}

/** Colours change from one frame to the next, and on their way are nobody's; what turns for ever is not waited for. */
async function stillness(frame: Page | Frame): Promise<void> {
  await frame.evaluate(`(async () => {
    const isMoving = (one) => Number.isFinite(one.effect?.getComputedTiming().endTime)
    for (let frames = 0; frames < 3 || (frames < 100 && document.getAnimations().some(isMoving)); frames++)
      await new Promise(requestAnimationFrame)
  })()`)
}

const standing = '[role="dialog"]:visible'
const patience = { timeout: 10_000, interval: 20 }

/**
 * Opens every dialog that the page's buttons say they open, one of a kind, and leaves it by Esc: the focus has to go in
 * and to come back.
 * @param met the names of the dialogs, one by one.
 */
export async function dialogFaults(page: Page, met: Set<string>): Promise<string[]> {
  await page.emulateMedia({ colorScheme: 'light', reducedMotion: 'reduce' })
  const faults: string[] = []
  const seen = new Set<string>()
  for (const opener of await page.locator('main button[aria-haspopup="dialog"]:enabled:visible').elementHandles()) {
    const named = (await opener.getAttribute('data-testid')) ?? (await opener.getAttribute('data-to'))
    const kind = named ?? (await opener.innerText())
    if (seen.has(kind)) continue
    seen.add(kind)
    await opener.click()
    await page.locator(standing).last().waitFor()
    const isIn = () => page.evaluate<boolean>(`document.activeElement.closest('[role="dialog"]') !== null`)
    await expect.poll(isIn, { ...patience, message: `the focus is in what ${kind} opens` }).toBe(true)
    const name = (await page.locator(standing).last().getAttribute('aria-label')) ?? ''
    const isFirst = !met.has(name)
    met.add(name)
    if (isFirst) {
      const told = [...(await axeFaults(page, '.el-overlay')), ...(await wideFaults(page))]
      faults.push(...[...told, ...(await darkFaults(page, '.el-overlay'))].map((fault) => `${name}: ${fault}`))
    }
    await page.keyboard.press('Escape')
    await expect.poll(() => page.locator(standing).count(), { ...patience, message: `${name} goes` }).toBe(0)
    const isBack = () => page.evaluate<boolean>(`document.activeElement.matches('main [aria-haspopup="dialog"]')`)
    await expect.poll(isBack, { ...patience, message: `the focus is back from ${name}` }).toBe(true)
  }
  return faults
}

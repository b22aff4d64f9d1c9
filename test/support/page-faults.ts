/**
 * What is wrong with a page as it stands in a real Chromium, one readable line a fault: findings of axe-core, something
 * to be pushed sideways, no title, no heading. An empty list is a sound page.
 */
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Frame, Page } from 'playwright-core'
import { root } from './hotline.ts'

type Finding = { id: string; impact: string | null; help: string; nodes: { html: string; target: unknown[] }[] }
const axe = readFile(join(root, 'node_modules', 'axe-core', 'axe.min.js'), 'utf8')

/** Serious and critical findings. Evaluated from outside: the page's own content policy stays in force. */
export async function axeFaults(frame: Page | Frame): Promise<string[]> {
  await frame.evaluate(await axe)
  const { violations } = await frame.evaluate<{ violations: Finding[] }>(
    `axe.run({ resultTypes: ['violations'], iframes: false })`,
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

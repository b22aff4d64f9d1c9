/** A real Chromium and the widget as it is built, for the tests that need a page. */
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { chromium, type BrowserContextOptions, type FrameLocator, type Page } from 'playwright-core'
import { build } from 'vite'

export const noChromium = Boolean(process.env.BUDAYANG_NO_CHROMIUM)

const switches = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
]

/** Builds the widget into a folder of its own, as `vite build` does for dist/. */
export async function builtWidget() {
  const dist = await mkdtemp(join(tmpdir(), 'budayang-widget-'))
  const configFile = join(import.meta.dirname, '../../web-widget/vite.config.ts')
  await build({ configFile, mode: 'production', logLevel: 'error', build: { outDir: dist } })
  return { dist, remove: () => rm(dist, { recursive: true, force: true }) }
}

export async function aBrowser() {
  const executablePath = process.env.BUDAYANG_CHROMIUM ?? '/usr/bin/chromium'
  const browser = await chromium.launch({ executablePath, args: switches })
  return {
    context: (options: BrowserContextOptions = {}) =>
      browser.newContext({ viewport: { width: 1280, height: 800 }, locale: 'zh-CN', ...options }),
    close: () => browser.close(),
  }
}

export const launcherOf = (page: Page) => page.locator('budayang-widget >> button.launcher')
export const panelOf = (page: Page): FrameLocator => page.frameLocator('budayang-widget >> iframe')

/** Goes to `url`, opens the panel and waits until something can be asked. */
export async function opened(page: Page, url: string): Promise<FrameLocator> {
  await page.goto(url)
  await launcherOf(page).click()
  const panel = panelOf(page)
  await panel.getByRole('textbox').waitFor()
  await panel.locator('.strip.offline').waitFor({ state: 'detached' })
  return panel
}

export async function ask(panel: FrameLocator, text: string) {
  await panel.getByRole('textbox').fill(text)
  await panel.getByRole('textbox').press('Enter')
}

type Finding = { id: string; impact: string | null; nodes: { html: string }[] }

/** Serious and critical findings of axe-core in the panel. Evaluated from outside: the panel's policy stays in force. */
export async function seriousFindings(page: Page): Promise<string[]> {
  const frame = page.frames().find((one) => one.url().includes('/widget/panel.html'))
  if (!frame) throw new Error('no panel on this page')
  await frame.evaluate(await readFile(join(import.meta.dirname, '../../node_modules/axe-core/axe.min.js'), 'utf8'))
  const { violations } = await frame.evaluate<{ violations: Finding[] }>('axe.run()')
  return violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.html).join(' ')}`)
}

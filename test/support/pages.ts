/** The product as people see it, in a real Chromium: a citizen's page, a colleague's console. */
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import type { Browser, FrameLocator, Page } from 'playwright-core'
import { chromium } from 'playwright-core'
import { root } from './hotline.ts'

export const noChromium = Boolean(process.env.BUDAYANG_NO_CHROMIUM)

/** Headless and without its own calls home, which a closed network would refuse by the dozen. */
const switches = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
]

/** @param more switches of Chromium's own, such as the ones that stand in for a microphone. */
export function openBrowser(...more: string[]): Promise<Browser> {
  const executablePath = process.env.BUDAYANG_CHROMIUM ?? '/usr/bin/chromium'
  return chromium.launch({ executablePath, args: [...switches, ...more] })
}

/** A citizen on the front page with the panel open. */
export async function aCitizen(browser: Browser, url: string, viewport = { width: 1280, height: 800 }) {
  const context = await browser.newContext({ viewport, locale: 'zh-CN' })
  const page = await context.newPage()
  const panel = await openPanel(page, url)
  return {
    page,
    panel,
    context,
    ask: async (text: string) => {
      const box = panel.getByRole('textbox')
      await box.fill(text)
      await box.press('Enter')
    },
    close: () => context.close(),
  }
}

export async function openPanel(page: Page, url: string): Promise<FrameLocator> {
  await page.goto(url)
  await page.locator('budayang-widget >> button.launcher').click()
  const panel = page.frameLocator('budayang-widget >> iframe')
  await panel.getByRole('textbox').waitFor()
  return panel
}

/** A colleague, signed in at the console. */
export async function aColleague(browser: Browser, url: string, who: { name: string; password: string }) {
  const context = await browser.newContext({ viewport: { width: 1366, height: 768 }, locale: 'zh-CN' })
  const page = await context.newPage()
  await page.goto(`${url}/console/sign-in`)
  await page.getByLabel('登录名').fill(who.name)
  await page.getByLabel('密码', { exact: true }).fill(who.password)
  await page.getByRole('button', { name: '登录' }).click()
  await page.getByRole('button', { name: '退出登录' }).waitFor()
  return { page, close: () => context.close() }
}

/** Keeps a picture for the README when BUDAYANG_PICTURES is set; otherwise does nothing. */
export async function picture(page: Page, name: string): Promise<void> {
  if (!process.env.BUDAYANG_PICTURES) return
  const folder = join(root, 'docs', 'pictures')
  await mkdir(folder, { recursive: true })
  await page.waitForTimeout(300)
  await page.screenshot({ path: join(folder, `${name}.png`), scale: 'css' })
}

/** The launcher on other people's pages: it changes nothing there, and nothing there changes it. */
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import type { Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { aBrowser, ask, builtWidget, launcherOf, noChromium, opened, panelOf } from './browser.ts'
import { answer } from './sayings.ts'
import { standIn, type StandIn } from './stand-in.ts'

const pageOf = (head: string, body = '') =>
  `<!doctype html><html lang="zh-CN"><head><meta charset="utf-8"><title>单位网站</title>${head}</head><body>${body}</body></html>`
const tag = '<script async src="/widget/loader.js" data-city="141100"></script>'
const hostile =
  '* { font-size: 40px !important; color: red !important; display: block !important; position: static !important; all: unset !important }'
const looks = `getComputedStyle(document.querySelector('budayang-widget').shadowRoot.querySelector('.launcher'))`

let dist: Awaited<ReturnType<typeof builtWidget>>
beforeAll(async () => {
  dist = await builtWidget()
}, 120_000)
afterAll(() => dist.remove())

it('stays within its weight: 6 kB for the loader, 60 kB for the panel, packed', async () => {
  const packed = async (path: string) => gzipSync(await readFile(join(dist.dist, path)), { level: 9 }).length
  expect(await packed('loader.js')).toBeLessThanOrEqual(6_000)
  const files = (await readdir(join(dist.dist, 'assets'))).map((file) => `assets/${file}`)
  const sizes = await Promise.all(['panel.html', ...files].map(packed))
  expect(sizes.reduce((sum, size) => sum + size, 0)).toBeLessThanOrEqual(60_000)
})

describe.skipIf(noChromium)('in a browser', () => {
  let server: StandIn
  let browser: Awaited<ReturnType<typeof aBrowser>>
  let page: Page
  const local = (path: string) => `http://127.0.0.1:${server.port}${path}`

  beforeAll(async () => {
    browser = await aBrowser()
  })
  afterAll(() => browser.close())
  afterEach(async () => {
    await page.context().close()
    await server.close()
  })

  async function aPage(pages: Parameters<typeof standIn>[0]['pages']) {
    server = await standIn({ dist: dist.dist, pages, answer })
    page = await (await browser.context()).newPage()
    return page
  }

  it('shows one launcher though the script stands there twice', async () => {
    await aPage({ '/host': { html: pageOf(tag + tag) } })
    await page.goto(local('/host'))
    await launcherOf(page).waitFor()
    expect(await page.locator('budayang-widget').count()).toBe(1)
    expect(await launcherOf(page).innerText()).toContain('咨询')
  })

  it('fetches nothing but itself until somebody opens it', async () => {
    await aPage({ '/host': { html: pageOf(tag) } })
    await page.goto(local('/host'))
    await launcherOf(page).waitFor()
    await page.waitForTimeout(1_000)
    expect(server.fetched.filter((path) => path !== '/favicon.ico')).toEqual(['/host', '/widget/loader.js'])
    await launcherOf(page).click()
    await panelOf(page).getByRole('textbox').waitFor()
    expect(server.fetched).toContain('/widget/panel.html')
  })

  it("keeps its looks under a page's !important rules", async () => {
    await aPage({ '/plain': { html: pageOf(tag) }, '/hostile': { html: pageOf(`<style>${hostile}</style>${tag}`) } })
    const told: unknown[] = []
    for (const path of ['/plain', '/hostile']) {
      await page.goto(local(path))
      await launcherOf(page).waitFor()
      told.push(
        await page.evaluate(
          `(({ fontSize, color, display, position, width, height, right }) => [fontSize, color, display, position, width, height, right])(${looks})`,
        ),
      )
    }
    expect(told[1]).toEqual(told[0])
    expect(told[0]).toContain('flex')
  })

  it("works under another site's strict content policy without one violation", async () => {
    const pages: NonNullable<Parameters<typeof aPage>[0]> = {}
    await aPage(pages)
    // Another host name is another origin: the page is a stranger to the server that the widget comes from.
    const ours = `http://localhost:${server.port}`
    pages['/strict'] = {
      html: pageOf(`<script async src="${ours}/widget/loader.js"></script>`),
      headers: {
        'content-security-policy': `default-src 'self'; script-src 'self' ${ours}; frame-src ${ours}; connect-src ${ours}`,
      },
    }
    const complaints: string[] = []
    page.on('console', (line) => line.type() === 'error' && complaints.push(line.text()))
    await page.addInitScript(
      `addEventListener('securitypolicyviolation', (v) => console.error('violation', v.violatedDirective))`,
    )
    const panel = await opened(page, local('/strict'))
    await ask(panel, '异地就医怎么备案？')
    await panel.getByText('办理指南').waitFor()
    expect(complaints.filter((text) => !text.includes('404'))).toEqual([])
    expect(await page.locator('[style]').count()).toBe(0)
  })

  it('opens by keyboard, and Esc closes it and gives the focus back', async () => {
    await aPage({ '/host': { html: pageOf(tag, '<a href="#">前面的链接</a>') } })
    await page.goto(local('/host'))
    await launcherOf(page).waitFor()
    await page.keyboard.press('Tab')
    await page.keyboard.press('Tab')
    const focused = `document.activeElement.shadowRoot?.activeElement?.className`
    expect(await page.evaluate(focused)).toBe('launcher')
    await page.keyboard.press('Enter')
    await panelOf(page).locator('#write:focus').waitFor()
    await page.keyboard.press('Escape')
    await page.waitForFunction(`${focused} === 'launcher'`)
    expect(await launcherOf(page).getAttribute('aria-expanded')).toBe('false')
    expect(await page.locator('budayang-widget >> .dialog').isVisible()).toBe(false)
  })

  it('counts what an agent says while it is closed, on the launcher and in the title', async () => {
    await aPage({ '/host': { html: pageOf(tag) } })
    const panel = await opened(page, local('/host'))
    await ask(panel, '异地就医怎么备案？')
    await panel.getByText('办理指南').waitFor()
    await panel.getByRole('button', { name: '收起咨询窗口' }).click()
    server.stand(server.desk(), { state: 'agent', agentNumber: '1001' })
    server.agentSays(server.desk(), '您好，还有什么不清楚的？')
    await page.waitForFunction(`document.title === '(1) 单位网站'`)
    expect(await page.locator('budayang-widget >> .badge').innerText()).toBe('1')
    expect(await launcherOf(page).getAttribute('aria-label')).toContain('1 条新消息')
    await launcherOf(page).click()
    await page.waitForFunction(`document.title === '单位网站'`)
    expect(await page.locator('budayang-widget >> .badge').isVisible()).toBe(false)
  })

  it('does not listen to messages that the page or another frame makes up', async () => {
    await aPage({ '/host': { html: pageOf(tag, '<iframe srcdoc="<p>别的</p>"></iframe>') } })
    const panel = await opened(page, local('/host'))
    await page.evaluate(`(() => {
      const panel = document.querySelector('budayang-widget').shadowRoot.querySelector('iframe').contentWindow
      for (const made of [{ unread: 9 }, 'close', { shown: false, focus: true }, 'budayang:hello']) {
        window.postMessage(made, '*')
        panel.postMessage(made, '*', made === 'budayang:hello' ? [new MessageChannel().port2] : [])
      }
      const script = frames[0].document.createElement('script')
      script.textContent = 'parent.postMessage({ unread: 9 }, "*"); parent.postMessage("close", "*")'
      frames[0].document.body.append(script)
    })()`)
    await page.waitForTimeout(300)
    expect(await page.title()).toBe('单位网站')
    expect(await launcherOf(page).getAttribute('aria-expanded')).toBe('true')
    await panel.getByRole('button', { name: '收起咨询窗口' }).click()
    await page.waitForFunction(`!document.querySelector('budayang-widget').hasAttribute('open')`)
  })

  it('goes on with an open conversation on the next page, and shows the city of its script', async () => {
    await aPage({ '/one': { html: pageOf(tag) }, '/two': { html: pageOf(tag) } })
    const panel = await opened(page, local('/one'))
    expect(await panel.getByRole('combobox').inputValue()).toBe('141100')
    await ask(panel, '怎么报销？')
    await panel.getByText('您想问的是哪一种报销？').waitFor()
    await page.goto(local('/two'))
    await panelOf(page).getByText('您想问的是哪一种报销？').waitFor()
    expect(await panelOf(page).getByText('您想问的是哪一种报销？').count()).toBe(1)
    expect(server.desk().standing.region).toBe('141100')
  })

  it('names no token in any address', async () => {
    const seen: string[] = []
    await aPage({ '/host': { html: pageOf(tag) } })
    page.on('request', (request) => seen.push(request.url()))
    page.on('websocket', (socket) => seen.push(socket.url()))
    await opened(page, local('/host'))
    const token = await page.evaluate<string>(`JSON.parse(localStorage.getItem('budayang:token'))`)
    expect(token.length).toBeGreaterThan(20)
    expect(seen.filter((url) => url.includes(token))).toEqual([])
  })
})
